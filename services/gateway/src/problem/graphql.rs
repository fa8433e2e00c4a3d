//! A refusal as an error of GraphQL: the same code, status and findings, in `extensions`.

use async_graphql::{Error, ErrorExtensionValues, ErrorExtensions as _, ServerError, Value};
use customs_gateway_contract::problems;
use customs_kernel::{Problem, ProblemKind};

/// The error that tells `problem`.
pub(crate) fn error(problem: &Problem, correlation_id: &str) -> Error {
    Error::new(problem.detail.clone()).extend_with(|_, values| {
        extensions(problem, correlation_id, values);
    })
}

/// Writes what machines need of `problem` into `values`.
pub(crate) fn extensions(problem: &Problem, correlation_id: &str, values: &mut ErrorExtensionValues) {
    values.set("code", problem.code.as_ref());
    values.set("status", i32::from(problem.status));
    values.set("title", problem.title.as_ref());
    values.set("correlationId", correlation_id);
    if let Some(seconds) = problem.retry_after_s {
        values.set("retryAfter", i64::from(seconds));
    }
    // The first finding stands at the top as well, for clients that show one error a field.
    if let Some(first) = problem.errors.first() {
        values.set("pointer", first.pointer.as_str());
        for (name, text) in [("rule", &first.rule), ("value", &first.value), ("fix", &first.fix)] {
            if let Some(text) = text {
                values.set(name, text.as_str());
            }
        }
        let errors = serde_json::to_value(&problem.errors).unwrap_or_default();
        values.set("errors", Value::from_json(errors).unwrap_or_default());
    }
}

/// Gives an error that the library made a code, a status and the correlation id; ours have them already.
pub(crate) fn coded(error: &mut ServerError, correlation_id: &str) {
    let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if values.get("code").is_some() {
        return;
    }
    let kind: ProblemKind = if error.path.is_empty() {
        problems::GRAPHQL_INVALID
    } else {
        customs_kernel::problem::INPUT_INVALID
    };
    extensions(&kind.because(error.message.as_str()), correlation_id, values);
}
