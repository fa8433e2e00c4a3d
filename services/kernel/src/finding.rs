//! One broken rule in a document, told so that it can be mended.

use serde::{Deserialize, Serialize};

/// What would mend a finding, so that a program can do it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "op", content = "value", rename_all = "lowercase")]
pub enum Correction {
    /// Put this value in the place of the one that stands there.
    Replace(String),
    /// Take away what stands there.
    Remove,
    /// Fill what is missing there.
    Add,
}

impl Correction {
    /// What to do: `replace`, `remove` or `add`.
    pub const fn op(&self) -> &'static str {
        match self {
            Self::Replace(_) => "replace",
            Self::Remove => "remove",
            Self::Add => "add",
        }
    }

    /// The value to put there, where one is.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Replace(value) => Some(value),
            Self::Remove | Self::Add => None,
        }
    }
}

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What kind of error: a functional error code of NCTS (12, 13, 14, 15, 26, 92 ...) or a slug.
    pub code: String,
    /// The rule that is broken, such as `C0030`; empty for a structural error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Where: an element path of the message or a JSON Pointer into the input.
    pub pointer: String,
    /// The value found there, shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong, for a person.
    pub message: String,
    /// What would mend it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The same for a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// Line in the document as sent, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the document as sent, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Finding {
    /// A finding of `code` at `pointer`.
    pub fn new(code: impl Into<String>, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), pointer: pointer.into(), message: message.into(), ..Self::default() }
    }

    /// The same, naming the rule.
    #[must_use]
    pub fn by_rule(mut self, rule: impl Into<String>) -> Self {
        self.rule = Some(rule.into());
        self
    }

    /// The same, with the value that was found.
    #[must_use]
    pub fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The same, with what would mend it.
    #[must_use]
    pub fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}
