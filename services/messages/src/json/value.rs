//! A JSON document as read: values with their places, numbers as written.

use crate::document::Place;

/// One value.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) place: Place,
    pub(super) kind: Kind,
}

/// What the value is.
#[derive(Debug)]
pub(super) enum Kind {
    Object(Vec<Member>),
    Array(Vec<Value>),
    Text(String),
    Number(String),
    /// `true`, `false` or `null`.
    Word(&'static str),
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) place: Place,
    pub(super) value: Value,
}

impl Value {
    /// The value as a person would write it, for a finding.
    pub(super) fn show(&self) -> String {
        match &self.kind {
            Kind::Object(_) => "{...}".to_owned(),
            Kind::Array(_) => "[...]".to_owned(),
            Kind::Text(text) | Kind::Number(text) => text.clone(),
            Kind::Word(word) => (*word).to_owned(),
        }
    }
}

impl Kind {
    /// What the value is, in a word.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Object(_) => "object",
            Self::Array(_) => "array",
            Self::Text(_) => "string",
            Self::Number(_) => "number",
            Self::Word(_) => "literal",
        }
    }
}
