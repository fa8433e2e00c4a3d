//! Single values of published files: texts that may be numbers, days in two spellings.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A text, a number written as one, or nothing.
#[derive(Debug, Default)]
pub(super) struct Text(pub(super) Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Text, E> {
        if text.contains('\0') {
            Err(E::custom("a text contains a null character"))
        } else {
            Ok(Text(Some(text)))
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Text, E> {
        Ok(Text(Some(truth.to_string())))
    }

    fn visit_unit<E: Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_none<E: Error>(self) -> Result<Text, E> {
        Ok(Text(None))
    }
}

/// The day in `text`, as `2025-02-12` or `12-02-2025`.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%d-%m-%Y"))
        .ok()
        .filter(|day| (1000..=9999).contains(&day.year()))
        .ok_or_else(|| format!("{text:?} is not a day"))
}

/// Whether `state` says that an entry may not be used; any other word than the two is an error.
pub(super) fn invalid(state: Option<&str>) -> Result<bool, String> {
    match state {
        None | Some("valid") => Ok(false),
        Some("invalid") => Ok(true),
        Some(other) => Err(format!("{other:?} is not a state of an entry")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_both_spellings() {
        let expected = NaiveDate::from_ymd_opt(2025, 2, 12);
        assert_eq!(day("2025-02-12").ok(), expected);
        assert_eq!(day("12-02-2025").ok(), expected);
        assert!(day("2025-02-30").is_err());
        assert!(day("soon").is_err());
        assert!(day("0999-01-01").is_err());
        assert!(day("+10000-01-01").is_err());
    }
}
