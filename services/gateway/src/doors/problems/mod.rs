//! The door of the problem catalogue: every way in which a request can be refused, by its code.

use actix_web::HttpResponse;
use async_graphql::{Object, SimpleObject};
use customs_kernel::{Problem, ProblemKind, problem, role::ANYONE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    input::Schemas,
    rest::{Call, Face::Query, Operation, Output, Verb, json, negotiate},
};

const TAG: &str = "Problems";

/// The catalogues of all services, in the order in which they are listed.
const CATALOGUES: &[&[ProblemKind]] = &[
    problem::ALL,
    customs_gateway_contract::problems::ALL,
    customs_signatures::Fault::PROBLEMS,
    customs_declarations_contract::problems::ALL,
    customs_guarantees_contract::problems::ALL,
    customs_references_contract::problems::ALL,
    customs_web_broker_contract::problems::ALL,
    customs_notifications_contract::problems::ALL,
];

/// List every way in which a request can be refused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListProblems {}

/// Look up one way in which a request can be refused; the address is the type of the problem documents.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FindProblem {
    /// Its code.
    #[schema(max_length = 100, pattern = "^[a-z0-9-]+$")]
    code: String,
}

/// One way in which a request can be refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProblemEntry {
    /// Stable slug: `code` of problem documents and of GraphQL errors.
    #[schema(max_length = 100)]
    code: String,
    /// Status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: i32,
    /// One line, the same for every occurrence.
    #[schema(max_length = 200)]
    title: String,
    /// Whether the same request may succeed later.
    again: bool,
}

/// Every way in which a request can be refused.
#[derive(Serialize, ToSchema)]
struct ProblemCatalogue {
    /// The entries.
    #[schema(max_items = 1000)]
    items: Vec<ProblemEntry>,
}

/// The operations of the catalogue.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::own::<ListProblems>(
            Verb::Get,
            "/problems",
            "problems",
            TAG,
            ("gateway.list-problems", ANYONE),
            Output::Json(Schemas::named::<ProblemCatalogue>),
            |call| Box::pin(async move { list(&call) }),
        )
        .face(Query("problems")),
        Operation::own::<FindProblem>(
            Verb::Get,
            "/problems/{code}",
            "problem",
            TAG,
            ("gateway.find-problem", ANYONE),
            Output::Json(Schemas::named::<ProblemEntry>),
            |call| Box::pin(async move { find(&call) }),
        )
        .face(Query("problems")),
    ]
}

fn entries() -> impl Iterator<Item = ProblemEntry> {
    CATALOGUES.iter().flat_map(|catalogue| catalogue.iter()).map(|kind| ProblemEntry {
        code: kind.code.to_owned(),
        status: i32::from(kind.status),
        title: kind.title.to_owned(),
        again: kind.again,
    })
}

fn list(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    call.address::<ListProblems>()?;
    let catalogue = ProblemCatalogue { items: entries().collect() };
    Ok(json(call, &serde_json::to_value(catalogue).unwrap_or_default()))
}

fn find(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    let FindProblem { code } = call.address()?;
    let entry = entries().find(|entry| entry.code == code);
    let entry = entry.ok_or_else(|| problem::NOT_FOUND.because("there is no problem of this code"))?;
    Ok(json(call, &serde_json::to_value(entry).unwrap_or_default()))
}

/// Questions about problems.
#[derive(Default)]
pub(crate) struct ProblemsQuery;

#[Object]
impl ProblemsQuery {
    /// Every way in which a request can be refused, or the one of a code.
    async fn problems(
        &self,
        #[graphql(desc = "Only the one of this code.")] code: Option<String>,
    ) -> Vec<ProblemEntry> {
        entries().filter(|entry| code.as_ref().is_none_or(|code| *code == entry.code)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_code_stands_for_two_problems() {
        let codes: Vec<String> = entries().map(|entry| entry.code).collect();
        let different: BTreeSet<&String> = codes.iter().collect();
        assert_eq!(different.len(), codes.len(), "{codes:?}");
        assert!(entries().all(|entry| (400..600).contains(&entry.status)));
    }
}
