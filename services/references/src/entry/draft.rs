//! An entry as a file has it, before it is compared with what stands.

use chrono::NaiveDate;
use customs_references_contract::OfficeHours;
use serde::{Deserialize, Serialize};

/// An entry as a file has it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Draft {
    /// The code, or the reference number of an office.
    pub(crate) code: String,
    /// First day; a file without dates names none.
    pub(crate) valid_from: Option<NaiveDate>,
    /// First day after; open if absent.
    pub(crate) valid_to: Option<NaiveDate>,
    /// Whether the code may be used; a withdrawn one is published as invalid.
    pub(crate) invalid: bool,
    /// Words to select by, each with a space before and after: the roles of an office.
    pub(crate) tags: String,
    /// Names by language, a JSON object; empty without any.
    pub(crate) labels: String,
    /// Further facts, a JSON object; empty without any.
    pub(crate) properties: String,
    /// The names in small letters, to search in.
    pub(crate) search: String,
}

/// The further facts of a customs office.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct OfficeProperties {
    /// Country, two letters.
    pub(crate) country: String,
    /// Time zone by the IANA data base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) zone: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<String>,
    /// When the office is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) hours: Vec<OfficeHours>,
}

impl Draft {
    /// The same draft with names by language; the order of languages counts for nothing.
    pub(crate) fn named(mut self, mut labels: Vec<(String, String)>) -> Self {
        labels.sort_unstable();
        labels.dedup_by(|one, other| one.0 == other.0);
        self.search = labels.iter().map(|(_, text)| text.to_lowercase()).collect::<Vec<_>>().join("\n");
        self.labels = object(&labels);
        self
    }

    /// The same draft with further facts.
    pub(crate) fn with_properties(mut self, mut properties: Vec<(String, String)>) -> Self {
        properties.sort_unstable();
        self.properties = object(&properties);
        self
    }
}

/// `pairs` as a JSON object in their order; empty without any.
fn object(pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let members: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}:{}", quoted(name), quoted(value))).collect();
    format!("{{{}}}", members.join(","))
}

/// What tells whether an entry reads differently: everything but its first day (FNV-1a).
pub(crate) fn digest(draft: &Draft) -> i64 {
    let end = draft.valid_to.map(|day| day.to_string()).unwrap_or_default();
    let state = if draft.invalid { "-" } else { "+" };
    let parts = [&draft.labels, &draft.properties, &draft.tags, end.as_str(), state];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    i64::from_le_bytes(hash.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(labels: &[(&str, &str)]) -> Draft {
        let labels = labels.iter().map(|(one, two)| ((*one).to_owned(), (*two).to_owned())).collect();
        Draft { code: "KZ".to_owned(), ..Draft::default() }.named(labels)
    }

    #[test]
    fn the_order_of_languages_counts_for_nothing() {
        let one = named(&[("en", "Kazakhstan"), ("ru", "Казахстан")]);
        let other = named(&[("ru", "Казахстан"), ("en", "Kazakhstan")]);
        assert_eq!(digest(&one), digest(&other));
        assert_eq!(one.labels, r#"{"en":"Kazakhstan","ru":"Казахстан"}"#);
        assert_eq!(one.search, "kazakhstan\nказахстан");
    }

    #[test]
    fn another_name_or_state_is_another_digest() {
        let one = named(&[("en", "Kazakhstan")]);
        assert_ne!(digest(&one), digest(&named(&[("en", "Qazaqstan")])));
        assert_ne!(digest(&one), digest(&Draft { invalid: true, ..one.clone() }));
    }
}
