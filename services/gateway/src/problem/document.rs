//! The problem document of RFC 9457, with every single error in it.

use customs_kernel::{Finding, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was refused (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProblemDocument {
    /// Address of the kind of problem.
    #[serde(rename = "type")]
    #[schema(max_length = 200, format = "uri-reference")]
    kind: String,
    /// One line, the same for every occurrence.
    #[schema(max_length = 200)]
    title: String,
    /// Status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: i32,
    /// What went wrong this time.
    detail: String,
    /// The request that was refused.
    #[schema(format = "uri-reference")]
    instance: String,
    /// Stable slug of the kind of problem.
    #[schema(max_length = 100)]
    code: String,
    /// Links the refusal to the logs.
    #[schema(max_length = 255)]
    correlation_id: String,
    /// Everything that is wrong, where fields can be named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10_000, required = false)]
    errors: Vec<ProblemError>,
}

/// What would mend an error, so that a program can do it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemCorrection {
    /// What to do at the pointer: `replace`, `remove` or `add`.
    #[schema(max_length = 10)]
    op: &'static str,
    /// The value to put there, for `replace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProblemError {
    /// What kind of error: a code of the procedure or a slug.
    #[schema(max_length = 100)]
    code: String,
    /// The rule that is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    rule: Option<String>,
    /// Where: a JSON Pointer into the input, a parameter or an element path.
    pointer: String,
    /// The value found there, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// What is wrong.
    message: String,
    /// What would mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
    /// The same for a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<ProblemCorrection>,
    /// Line in the document as sent, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// Column in the document as sent, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

impl ProblemDocument {
    /// The document for `problem`, met by the request `instance`.
    pub(crate) fn new(problem: &Problem, instance: &str, correlation_id: &str) -> Self {
        Self {
            kind: format!("/problems/{}", problem.code),
            title: problem.title.clone().into_owned(),
            status: i32::from(problem.status),
            detail: problem.detail.clone(),
            instance: instance.to_owned(),
            code: problem.code.clone().into_owned(),
            correlation_id: correlation_id.to_owned(),
            errors: problem.errors.iter().cloned().map(ProblemError::from).collect(),
        }
    }
}

impl From<Finding> for ProblemError {
    fn from(finding: Finding) -> Self {
        let Finding { code, rule, pointer, value, message, fix, correction, line, column } = finding;
        let correction =
            correction.map(|one| ProblemCorrection { op: one.op(), value: one.value().map(str::to_owned) });
        Self { code, rule, pointer, value, message, fix, correction, line, column }
    }
}
