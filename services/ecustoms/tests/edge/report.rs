//! What a test with many cases has found: everything is told at the end, not only the first.

use serde_json::Value;

use crate::client::Answer;

/// What was found wrong so far.
#[derive(Default)]
pub(crate) struct Report {
    cases: usize,
    wrong: Vec<String>,
}

impl Report {
    /// Notes the outcome of a case.
    pub(crate) fn note(&mut self, case: &str, outcome: Result<(), String>) {
        self.cases += 1;
        if let Err(why) = outcome {
            self.wrong.push(format!("{case}: {why}"));
        }
    }

    /// Notes that `answer` must be a problem with one of `codes`.
    pub(crate) fn refused(&mut self, case: &str, answer: &Answer, codes: &[(u16, &str)]) {
        self.note(case, is_problem(answer, codes));
    }

    /// Fails where anything was found wrong.
    pub(crate) fn end(self) {
        assert!(self.cases > 0, "nothing was tried");
        assert!(
            self.wrong.is_empty(),
            "{} of {} cases:\n{}",
            self.wrong.len(),
            self.cases,
            self.wrong.join("\n")
        );
    }
}

/// Whether `answer` is a whole problem document with one of `codes`, each with its status.
pub(crate) fn is_problem(answer: &Answer, codes: &[(u16, &str)]) -> Result<(), String> {
    let told = || format!("expected {codes:?}, got {} {:.400}", answer.status, answer.text());
    let problem = answer.json();
    let code = problem["code"].as_str().unwrap_or_default();
    if !codes.contains(&(answer.status, code)) {
        return Err(told());
    }
    if !answer.header("content-type").starts_with("application/problem+json") {
        return Err(format!("is {}, not a problem", answer.header("content-type")));
    }
    for name in ["title", "detail", "instance", "correlationId"] {
        if problem[name].as_str().is_none_or(str::is_empty) {
            return Err(format!("has no {name}: {problem}"));
        }
    }
    if problem["status"] != answer.status || problem["type"] != format!("/problems/{code}") {
        return Err(format!("does not agree with itself: {problem}"));
    }
    if problem["correlationId"] != answer.header("x-correlation-id") {
        return Err(format!("is of another correlation id than {}", answer.header("x-correlation-id")));
    }
    for error in problem["errors"].as_array().into_iter().flatten() {
        if error["code"].as_str().is_none_or(str::is_empty) || error["pointer"].as_str().is_none() {
            return Err(format!("has an error without code or pointer: {error}"));
        }
    }
    Ok(())
}

/// The same, where at least one error names its place.
pub(crate) fn names_its_place(answer: &Answer, codes: &[(u16, &str)]) -> Result<(), String> {
    is_problem(answer, codes)?;
    if answer.json()["errors"].as_array().is_none_or(Vec::is_empty) {
        return Err(format!("names no place: {:.400}", answer.text()));
    }
    Ok(())
}

/// Whether the first error of a GraphQL `answer` has one of `codes`.
pub(crate) fn is_graphql_error(answer: &Answer, statuses: &[u16], codes: &[&str]) -> Result<(), String> {
    let body = answer.json();
    let extensions = &body["errors"][0]["extensions"];
    let code = extensions["code"].as_str().unwrap_or_default();
    if !statuses.contains(&answer.status) || !codes.contains(&code) {
        return Err(format!("expected {statuses:?} {codes:?}, got {} {:.400}", answer.status, answer.text()));
    }
    if extensions["correlationId"].as_str().is_none() || body["errors"][0]["message"] == Value::Null {
        return Err(format!("does not tell enough: {body}"));
    }
    Ok(())
}
