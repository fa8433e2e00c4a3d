//! The forms a text may be asked to have.

use std::{cell::RefCell, collections::BTreeMap};

use chrono::{DateTime, NaiveDate};
use regex::Regex;
use serde_json::Value;
use uuid::Uuid;

/// What a text must look like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    pub(super) shortest: usize,
    pub(super) longest: Option<usize>,
    pub(super) pattern: Option<Regex>,
    pub(super) form: Form,
    pub(super) choices: Vec<String>,
}

/// Patterns that were met so far: the same one stands in many schemas, and is made and kept once.
#[derive(Default)]
pub(super) struct Patterns(RefCell<BTreeMap<String, Option<Regex>>>);

impl Patterns {
    fn get(&self, pattern: &str) -> Option<Regex> {
        let mut known = self.0.borrow_mut();
        known.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).ok()).clone()
    }
}

/// A well-known form of text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Form {
    /// Any text.
    #[default]
    Free,
    /// A UUID.
    Uuid,
    /// An instant by RFC 3339.
    Instant,
    /// A day by RFC 3339.
    Day,
}

impl Texts {
    pub(super) fn compile(schema: &Value, patterns: &Patterns) -> Self {
        let count = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let choices = schema.get("enum").and_then(Value::as_array);
        Self {
            shortest: count("minLength").unwrap_or_default(),
            longest: count("maxLength"),
            pattern: text("pattern").and_then(|pattern| patterns.get(pattern)),
            form: match text("format") {
                Some("uuid") => Form::Uuid,
                Some("date-time") => Form::Instant,
                Some("date") => Form::Day,
                _ => Form::Free,
            },
            choices: choices
                .map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .unwrap_or_default(),
        }
    }

    /// The code and the sentence of what is wrong with `text`, if something is.
    pub(super) fn refusal(&self, text: &str) -> Option<(&'static str, String)> {
        if !self.choices.is_empty() && !self.choices.iter().any(|choice| choice == text) {
            return Some(("choice", format!("must be one of: {}", self.choices.join(", "))));
        }
        let length = text.chars().count();
        if length < self.shortest {
            return Some(("length", format!("must have at least {} characters", self.shortest)));
        }
        if let Some(longest) = self.longest.filter(|longest| length > *longest) {
            return Some(("length", format!("must have at most {longest} characters")));
        }
        if text.contains('\0') {
            return Some(("character", "must not hold the character U+0000".to_owned()));
        }
        if let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
            return Some(("pattern", format!("must match {pattern}")));
        }
        self.form.refusal(text).map(|sentence| ("format", sentence.to_owned()))
    }
}

impl Form {
    fn refusal(self, text: &str) -> Option<&'static str> {
        let fits = match self {
            Self::Free => true,
            Self::Uuid => text.len() == 36 && Uuid::parse_str(text).is_ok(),
            Self::Instant => DateTime::parse_from_rfc3339(text).is_ok(),
            Self::Day => text.len() == 10 && text.parse::<NaiveDate>().is_ok(),
        };
        let sentence = match self {
            Self::Free | Self::Uuid => "must be a UUID",
            Self::Instant => "must be an instant such as 2026-11-20T10:00:00Z",
            Self::Day => "must be a day such as 2026-11-20",
        };
        (!fits).then_some(sentence)
    }
}
