//! Holding a text against a format.

use std::borrow::Cow;

use super::pattern::is_separator;
use super::{Base, Format, Shape, calendar};
use crate::code::ErrorCode;

/// Why a text does not have its format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// More characters than the most allowed.
    TooLong(usize),
    /// Fewer characters than the least allowed.
    TooShort(usize),
    /// Not in the pattern of the format named.
    Pattern(&'static str),
    /// Not one of the technical code list of the format named.
    NotListed(&'static str),
    /// Not a value of the kind named at all.
    Kind(&'static str),
    /// Below the least value.
    Below(u64),
    /// Above the greatest value.
    Above(u64),
    /// More digits, or more digits after the point, than allowed.
    Digits(usize, usize),
    /// In the form of a date or time, but no such day or time exists.
    NoSuchDay,
}

impl Fault {
    /// The code under which it is reported.
    pub fn code(self) -> ErrorCode {
        match self {
            Self::TooLong(_) | Self::Digits(..) => ErrorCode::TooLong,
            Self::TooShort(_) => ErrorCode::TooShort,
            Self::Pattern(_) => ErrorCode::Pattern,
            Self::NotListed(_) => ErrorCode::CodeList,
            Self::Kind(_) | Self::NoSuchDay => ErrorCode::Type,
            Self::Below(_) => ErrorCode::BelowMinimum,
            Self::Above(_) => ErrorCode::AboveMaximum,
        }
    }
}

impl Format {
    /// The text as it counts: white space treated as the format says.
    pub fn normalise<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.base {
            Base::Text => replaced(text),
            Base::Token
            | Base::Date
            | Base::DateTime
            | Base::Integer { .. }
            | Base::Decimal { .. }
            | Base::Base64 => collapsed(text),
        }
    }

    /// What is wrong with a normalised text by the published schemas of the JSON form, if anything.
    ///
    /// They do not ask whether a day exists, and where a format has several patterns one is enough for them.
    pub fn fault_in_json(&self, text: &str) -> Option<Fault> {
        let fault = self.fault(text)?;
        let excused = match (fault, &self.shape) {
            (Fault::NoSuchDay, _) => true,
            (Fault::Pattern(_), Shape::Patterns(patterns)) => patterns.iter().any(|one| one.fits(text)),
            _ => false,
        };
        (!excused).then_some(fault)
    }

    /// What is wrong with a normalised text, if anything.
    pub fn fault(&self, text: &str) -> Option<Fault> {
        match self.base {
            Base::Text | Base::Token => self.text_fault(text),
            Base::Date if !calendar::looks_like_date(text) => Some(Fault::Pattern(self.name)),
            Base::Date => (!calendar::is_day(text)).then_some(Fault::NoSuchDay),
            Base::DateTime if !calendar::looks_like_instant(text) => Some(Fault::Pattern(self.name)),
            Base::DateTime => (!calendar::is_instant(text)).then_some(Fault::NoSuchDay),
            Base::Integer { min, max, zeros } => integer_fault(text, min, max, zeros),
            Base::Decimal { digits, fraction, nonzero } => decimal_fault(text, digits, fraction, nonzero),
            Base::Base64 => (!is_base64(text)).then_some(Fault::Kind("base64")),
        }
    }

    fn text_fault(&self, text: &str) -> Option<Fault> {
        let length = if text.is_ascii() { text.len() } else { text.chars().count() };
        if length > self.longest {
            return Some(Fault::TooLong(self.longest));
        }
        if length < self.shortest {
            return Some(Fault::TooShort(self.shortest));
        }
        let fits = match &self.shape {
            Shape::Any => true,
            Shape::Trimmed => !text.starts_with(is_separator) && !text.ends_with(is_separator),
            Shape::Patterns(patterns) => patterns.iter().all(|one| one.fits(text)),
            Shape::Listed(values) => {
                return (!values.contains(&text)).then_some(Fault::NotListed(self.name));
            }
        };
        (!fits).then_some(Fault::Pattern(self.name))
    }
}

fn integer_fault(text: &str, min: u64, max: u64, zeros: bool) -> Option<Fault> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Fault::Kind("integer"));
    }
    if !zeros && text.len() > 1 && text.starts_with('0') {
        return Some(Fault::Pattern("integer"));
    }
    match text.parse::<u64>() {
        Ok(value) if value < min => Some(Fault::Below(min)),
        Ok(value) if value <= max => None,
        _ => Some(Fault::Above(max)),
    }
}

fn decimal_fault(text: &str, digits: usize, fraction: usize, nonzero: bool) -> Option<Fault> {
    let (whole, part) = match text.split_once('.') {
        Some((_, "")) => return Some(Fault::Kind("decimal")),
        Some((whole, part)) => (whole, part),
        None => (text, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Some(Fault::Kind("decimal"));
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Some(Fault::Pattern("decimal"));
    }
    let part = part.trim_end_matches('0');
    let significant = whole.trim_start_matches('0').len() + part.len();
    if part.len() > fraction || significant > digits {
        return Some(Fault::Digits(digits, fraction));
    }
    (nonzero && significant == 0).then_some(Fault::Below(1))
}

fn is_base64(text: &str) -> bool {
    let bytes: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    bytes.len().is_multiple_of(4)
        && padding <= 2
        && bytes
            .iter()
            .take(bytes.len() - padding)
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'+' || *byte == b'/')
}

fn replaced(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r')) {
        return Cow::Owned(text.replace("\r\n", "\n").replace(['\t', '\n', '\r'], " "));
    }
    Cow::Borrowed(text)
}

fn collapsed(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte > b' ') {
        return Cow::Borrowed(text);
    }
    let space = |character: char| matches!(character, ' ' | '\t' | '\n' | '\r');
    let text = text.trim_matches(space);
    let bytes = text.as_bytes();
    let tidy = !bytes.iter().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r'))
        && !bytes.windows(2).any(|pair| pair == b"  ");
    if tidy {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split(space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::formats;
    use crate::phase::Phase;

    fn fault(format: &str, text: &str) -> Option<Fault> {
        let formats = formats(Phase::P6);
        let format = formats.iter().find(|one| one.name == format).unwrap();
        format.fault(&format.normalise(text))
    }

    #[test]
    fn each_kind_of_fault_has_its_code() {
        for (format, text, code) in [
            ("text..22", "LRN 1", None),
            ("text..22", "", Some("40")),
            ("text..22", " LRN", Some("51")),
            ("text..22", "12345678901234567890123", Some("39")),
            ("an..35", "  padded  ", None),
            ("int1..99999", "1", None),
            ("int1..99999", "0", Some("54")),
            ("int1..99999", "100000", Some("55")),
            ("int1..99999", "01", Some("51")),
            ("int1..99999", "x", Some("50")),
            ("int0..99999999z", "007", None),
            ("n..16,6+", "0.000001", None),
            ("n..16,6+", "0.0", Some("54")),
            ("n..16,6+", "1.0000001", Some("39")),
            ("n..16,6", "0", None),
            ("n..16,2", "1.", Some("50")),
            ("datetime", "2026-05-01T09:00:00Z", Some("51")),
            ("date", "2026-02-30", Some("50")),
            ("flag", "2", Some("12")),
            ("mrn", "26KZ00057010100QJ1", None),
            ("mrn", "26KZ00057010100QX1", Some("51")),
            ("grn", "26KZ0000000000017", None),
            ("grn", "26KZ0000000000017A000001", None),
        ] {
            assert_eq!(fault(format, text).map(|one| one.code().number()), code, "{format} {text:?}");
        }
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        assert_eq!(fault("text..70", &"қ".repeat(70)), None);
        assert_eq!(fault("text..70", &"қ".repeat(71)), Some(Fault::TooLong(70)));
    }
}
