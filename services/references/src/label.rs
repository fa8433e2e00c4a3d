//! Names in languages, and the few words that stand for a kind: as they are kept and as they are told.

use std::collections::BTreeMap;

use customs_references_contract::{ChangeKind, CodeProperty, ReferenceLabel};

/// The language that stands in where the one asked for is missing.
const FALLBACK: &str = "en";

/// The names that are kept as `text`.
pub(crate) fn read(text: &str) -> Vec<ReferenceLabel> {
    members(text).into_iter().map(|(language, text)| ReferenceLabel { language, text }).collect()
}

/// The further facts that are kept as `text`.
pub(crate) fn properties(text: &str) -> Vec<CodeProperty> {
    members(text).into_iter().map(|(name, value)| CodeProperty { name, value }).collect()
}

fn members(text: &str) -> BTreeMap<String, String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Only the name in `language`, or in English where there is none, or the first.
pub(crate) fn only(labels: Vec<ReferenceLabel>, language: &str) -> Vec<ReferenceLabel> {
    let wanted = labels
        .iter()
        .position(|label| label.language == language)
        .or_else(|| labels.iter().position(|label| label.language == FALLBACK))
        .unwrap_or_default();
    labels.into_iter().skip(wanted).take(1).collect()
}

/// The names of `labels` and those of `more` in languages that are missing.
pub(crate) fn add(labels: &mut Vec<ReferenceLabel>, more: Vec<ReferenceLabel>) {
    for label in more {
        if labels.iter().all(|known| known.language != label.language) {
            labels.push(label);
        }
    }
    labels.sort_unstable_by(|one, other| one.language.cmp(&other.language));
}

/// The word under which `kind` is kept.
pub(crate) const fn change(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Changed => "changed",
        ChangeKind::Removed => "removed",
    }
}

/// The kind that is kept as `word`.
pub(crate) fn change_of(word: &str) -> ChangeKind {
    match word {
        "added" => ChangeKind::Added,
        "removed" => ChangeKind::Removed,
        _ => ChangeKind::Changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_falls_back_to_english() {
        let labels = read(r#"{"en":"Box","ru":"Ящик"}"#);
        assert_eq!(only(labels.clone(), "ru")[0].text, "Ящик");
        assert_eq!(only(labels, "kk")[0].text, "Box");
        assert!(only(Vec::new(), "kk").is_empty());
    }

    #[test]
    fn names_of_another_dataset_fill_only_what_is_missing() {
        let mut labels = read(r#"{"en":"Box"}"#);
        add(&mut labels, read(r#"{"en":"Case","ru":"Ящик"}"#));
        let texts: Vec<_> = labels.iter().map(|label| label.text.as_str()).collect();
        assert_eq!(texts, ["Box", "Ящик"]);
    }
}
