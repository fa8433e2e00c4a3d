//! One GraphQL request, read from an address, a body or a socket.

use async_graphql::{Request, Variables};
use customs_gateway_contract::problems;
use customs_kernel::{Finding, Problem, problem};
use serde_json::{Map, Value};

/// One GraphQL request with parameters of the right kinds.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The document.
    pub(crate) query: String,
    /// Which of its operations.
    pub(crate) operation: Option<String>,
    /// Values of its variables.
    pub(crate) variables: Variables,
    extensions: Map<String, Value>,
}

impl Asked {
    /// The request in `body`, the JSON that a client sent.
    pub(crate) fn from_body(body: Value) -> Result<Self, Problem> {
        match body {
            Value::Object(fields) => Self::from_fields(fields),
            Value::Array(_) => Err(problems::GRAPHQL_BATCH.because("several requests in one are not served")),
            _ => Err(problem::INPUT_INVALID.because("a GraphQL request is a JSON object").at("")),
        }
    }

    /// The request in the parameters of an address.
    pub(crate) fn from_parameters(pairs: impl Iterator<Item = (String, String)>) -> Result<Self, Problem> {
        let mut fields = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "query" | "operationName" => Value::String(text),
                "variables" | "extensions" => serde_json::from_str(&text).map_err(|_| {
                    problem::INPUT_INVALID.because(format!("{name} is not JSON")).at(format!("/{name}"))
                })?,
                _ => continue,
            };
            fields.insert(name, value);
        }
        Self::from_fields(fields)
    }

    fn from_fields(mut fields: Map<String, Value>) -> Result<Self, Problem> {
        let mut wrong = Vec::new();
        let mut take = |name: &str| fields.remove(name).filter(|value| !value.is_null());
        let query = match take("query") {
            Some(Value::String(query)) => query,
            Some(_) => refuse(&mut wrong, "query", "must be a text"),
            None => refuse(&mut wrong, "query", "is missing"),
        };
        let operation = match take("operationName") {
            Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
            None => None,
            Some(_) => refuse(&mut wrong, "operationName", "must be a text"),
        };
        let mut object = |name: &str| match take(name) {
            Some(Value::Object(object)) => object,
            None => Map::new(),
            Some(_) => refuse(&mut wrong, name, "must be an object"),
        };
        let (variables, extensions) = (object("variables"), object("extensions"));
        if !wrong.is_empty() {
            return Err(problem::INPUT_INVALID.because("a parameter is not valid").with_errors(wrong));
        }
        Ok(Self { query, operation, variables: Variables::from_json(Value::Object(variables)), extensions })
    }

    /// The idempotency key that the client put into the request itself.
    pub(crate) fn key(&self) -> Option<&str> {
        self.extensions.get("idempotencyKey").and_then(Value::as_str)
    }

    /// The request as the library takes it.
    pub(crate) fn into_request(self) -> Request {
        let mut request = Request::new(self.query).variables(self.variables);
        request.operation_name = self.operation;
        request
    }
}

fn refuse<T: Default>(wrong: &mut Vec<Finding>, name: &str, sentence: &str) -> T {
    wrong.push(Finding::new("type", format!("/{name}"), sentence));
    T::default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_is_like_absent() {
        let asked = Asked::from_body(
            json!({"query": "{a}", "operationName": null, "variables": null, "extensions": null, "id": 1}),
        );
        assert_eq!(asked.unwrap().query, "{a}");
    }

    #[test]
    fn every_parameter_of_the_wrong_kind_is_named() {
        let problem = Asked::from_body(json!({"operationName": 1, "variables": [], "extensions": "x"}));
        let pointers: Vec<_> = problem.unwrap_err().errors.into_iter().map(|it| it.pointer).collect();
        assert_eq!(pointers, ["/query", "/operationName", "/variables", "/extensions"]);
    }

    #[test]
    fn a_batch_is_refused() {
        let batch = json!([{"query": "{a}"}, {"query": "{a}"}]);
        assert_eq!(Asked::from_body(batch).unwrap_err().code, "graphql-batch");
    }
}
