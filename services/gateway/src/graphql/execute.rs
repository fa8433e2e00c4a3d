//! Execution of one GraphQL request: weighed, answered, every error with its code.

use async_graphql::{Response, Value, parser::types::OperationType};
use customs_kernel::Problem;
use serde_json::{Map, json};

use super::{ask::Asker, guard, request::Asked, schema::Schema};
use crate::{Gateway, auth::Visit, problem};

/// A request that was weighed and may be executed.
pub(super) struct Ready {
    /// What the request is.
    pub(super) kind: OperationType,
    request: async_graphql::Request,
}

/// The answer to a request, as it goes to the client.
pub(super) struct Answer {
    /// The JSON of GraphQL.
    pub(super) body: serde_json::Value,
    /// Whether there is a `data` entry: execution has begun.
    pub(super) begun: bool,
}

impl Ready {
    /// Weighs what was `asked` on behalf of `visit`; `key` makes its effects happen once.
    pub(super) fn new(
        gateway: &Gateway,
        visit: &Visit,
        asked: Asked,
        key: Option<String>,
    ) -> Result<Self, Problem> {
        let limits = &gateway.config().limits;
        let weighed = guard::weigh(&asked.query, asked.operation.as_deref(), &asked.variables, limits)?;
        let key = asked.key().map(str::to_owned).or(key);
        let asker = Asker { gateway: gateway.clone(), visit: visit.clone(), key };
        let mut request = asked.into_request().data(asker);
        request.set_parsed_query(weighed.document);
        Ok(Self { kind: weighed.kind, request })
    }

    /// The request for the library.
    pub(super) fn into_request(self) -> async_graphql::Request {
        self.request
    }

    /// Executes a query or a mutation.
    pub(super) async fn execute(self, schema: &Schema, correlation_id: &str) -> Answer {
        Answer::new(schema.execute(self.request).await, correlation_id)
    }
}

impl Answer {
    /// The answer that the library gave, every error coded.
    pub(super) fn new(mut response: Response, correlation_id: &str) -> Self {
        for error in &mut response.errors {
            problem::coded(error, correlation_id);
        }
        // An error without a path was met before anything was executed.
        let begun =
            response.data != Value::Null || response.errors.iter().all(|error| !error.path.is_empty());
        let mut body = Map::new();
        if !response.errors.is_empty() {
            body.insert("errors".to_owned(), json!(response.errors));
        }
        if begun {
            body.insert("data".to_owned(), json!(response.data));
        }
        Self { body: body.into(), begun }
    }

    /// The answer that nothing was executed because of `problem`.
    pub(super) fn refusal(problem: &Problem, correlation_id: &str) -> Self {
        let error = problem::error(problem, correlation_id);
        let error = json!({"message": error.message, "extensions": error.extensions});
        Self { body: json!({"errors": [error]}), begun: false }
    }
}
