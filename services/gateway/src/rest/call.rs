//! One request to one operation: its input, checked part by part.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use customs_kernel::{Finding, Problem, problem};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    Operation, once,
    row::{Part, Row},
    version,
};
use crate::{Gateway, auth::Visit, edge, input::json};

/// One request to one operation.
pub(crate) struct Call {
    /// The gateway.
    pub(crate) gateway: Gateway,
    /// The row of the table.
    pub(crate) row: Arc<Row>,
    /// The request without its body.
    pub(crate) request: HttpRequest,
    /// The body, until it is read.
    pub(crate) payload: Option<web::Payload>,
    /// Who asks.
    pub(crate) visit: Visit,
}

impl Call {
    /// The operation that is called.
    pub(crate) fn operation(&self) -> &Operation {
        &self.row.operation
    }

    /// The header `name`, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        edge::header(&self.request, name)
    }

    /// The whole input: path, address, body and version; everything that is wrong with it is told at once.
    pub(crate) async fn input(&mut self) -> Result<Value, Problem> {
        // A request without its key is refused before anything else about it is read.
        once(self, b"")?;
        let mut findings = Vec::new();
        let mut input = self.addressed(&mut findings)?;
        if let Value::Object(body) = self.body(&mut findings).await? {
            input.extend(body);
        }
        verdict(findings)?;
        if let Some(field) = self.operation().version {
            let version = version::wanted(self.header("if-match"))?;
            input.insert(field.to_owned(), version.into());
        }
        Ok(Value::Object(input))
    }

    /// The input of an operation whose body is a document: what stands in the address.
    pub(crate) fn address<I: DeserializeOwned>(&self) -> Result<I, Problem> {
        let mut findings = Vec::new();
        let input = self.addressed(&mut findings)?;
        verdict(findings)?;
        read(Value::Object(input))
    }

    /// The body as it was sent.
    pub(crate) async fn octets(&mut self) -> Result<bytes::Bytes, Problem> {
        match self.payload.take() {
            Some(payload) => {
                edge::body(&self.request, payload, self.gateway.config().limits.body_octets_max).await
            }
            None => Ok(bytes::Bytes::new()),
        }
    }

    fn addressed(&self, findings: &mut Vec<Finding>) -> Result<Map<String, Value>, Problem> {
        let unreadable = |_| problem::INPUT_INVALID.because("the address cannot be read");
        // Only a list is read without knowing the names; it has the order of the path.
        let texts: Vec<String> = self
            .request
            .match_info()
            .load()
            .map_err(|_| problem::NOT_FOUND.because("there is no such thing"))?;
        let names = self.request.match_info().iter().map(|(name, _)| name.to_owned());
        let path: Vec<(String, String)> = names.zip(texts).collect();
        let query = web::Query::<Vec<(String, String)>>::from_query(self.request.query_string());
        let mut input = parameters(&self.row.path, path.into_iter(), findings);
        let query = query.map_err(unreadable)?.into_inner();
        if !self.operation().verb.has_body() {
            input.extend(parameters(&self.row.query, query.into_iter(), findings));
        }
        Ok(input)
    }

    async fn body(&mut self, findings: &mut Vec<Finding>) -> Result<Value, Problem> {
        if !self.operation().verb.has_body() {
            return Ok(Value::Null);
        }
        let octets = self.octets().await?;
        let mut body = if octets.is_empty() && self.row.body.schema.required.is_empty() {
            Value::Object(Map::new())
        } else {
            edge::require_json(&self.request)?;
            json::read(&octets, self.gateway.config().limits.json_depth_max)?
        };
        findings.extend(self.row.body.shape.findings(&body));
        self.row.body.shape.settle(&mut body);
        Ok(body)
    }
}

/// `input` as the type it was checked for.
pub(crate) fn read<I: DeserializeOwned>(input: Value) -> Result<I, Problem> {
    serde_json::from_value(input).map_err(|error| problem::INPUT_INVALID.because(error.to_string()).at(""))
}

fn parameters(
    part: &Part,
    pairs: impl Iterator<Item = (String, String)>,
    findings: &mut Vec<Finding>,
) -> Map<String, Value> {
    let mut input = Map::new();
    for (name, text) in pairs {
        let value =
            part.shape.field(&name).map_or_else(|| Value::from(text.as_str()), |shape| shape.read(&text));
        if input.insert(name.clone(), value).is_some() {
            findings.push(Finding::new("parameter-twice", format!("/{name}"), "this parameter stands twice"));
        }
    }
    let input = Value::Object(input);
    findings.extend(part.shape.findings(&input));
    match input {
        Value::Object(input) => input,
        _ => Map::new(),
    }
}

fn verdict(findings: Vec<Finding>) -> Result<(), Problem> {
    match findings.as_slice() {
        [] => Ok(()),
        [one] => {
            let detail = format!("{} {}", one.pointer, one.message);
            Err(problem::INPUT_INVALID.because(detail).with_errors(findings))
        }
        several => {
            let detail = format!("{} things are wrong with the input", several.len());
            Err(problem::INPUT_INVALID.because(detail).with_errors(findings))
        }
    }
}
