//! The words of the catalogue: what elements and messages are called, and what to write into them.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::finding::Text;

const LABELS: &str = include_str!("labels.tbl");
const HINTS: &str = include_str!("hints.tbl");
const KINDS: &str = include_str!("kinds.tbl");

type Words = HashMap<&'static str, Text>;

static LABEL: LazyLock<Words> = LazyLock::new(|| words(LABELS));
static HINT: LazyLock<Words> = LazyLock::new(|| words(HINTS));

/// What an element at a path is called.
pub(super) fn label(path: &str) -> Option<Text> {
    find(&LABEL, path)
}

/// What to write into it, where that is not plain.
pub(super) fn hint(path: &str) -> Option<Text> {
    find(&HINT, path)
}

/// Who sends a message to whom, and what it is called.
pub(super) fn kind(message_type: &str) -> Option<(&'static str, &'static str, Text)> {
    let mut lines = KINDS.lines().map(|line| line.split(" | ").collect::<Vec<_>>());
    let line = lines.find(|parts| parts.first() == Some(&message_type))?;
    let [_, way, en, ru, kk] = line.as_slice() else { return None };
    let (sender, recipient) = way.split_once(' ')?;
    Some((sender, recipient, Text::fixed(en, ru, kk)))
}

/// The words for the longest end of the path that the table has.
fn find(words: &Words, path: &str) -> Option<Text> {
    let name = path.rsplit('/').next()?;
    let pair = path.rmatch_indices('/').nth(1).map_or(path, |(at, _)| &path[at + 1..]);
    words.get(pair).or_else(|| words.get(name)).cloned()
}

fn words(table: &'static str) -> Words {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut parts = line.split(" | ");
            let key = parts.next()?;
            Some((key, Text::fixed(parts.next()?, parts.next()?, parts.next()?)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_has_three_languages_and_its_own_key() {
        for table in [LABELS, HINTS] {
            let lines = table.lines().filter(|line| !line.starts_with('#')).count();
            let read = words(table);
            assert_eq!(read.len(), lines);
            for (key, text) in read {
                assert!(![&text.en, &text.ru, &text.kk].iter().any(|one| one.trim().is_empty()), "{key}");
            }
        }
    }

    #[test]
    fn the_longer_end_of_a_path_wins() {
        assert_eq!(label("Consignment/Incident/code").unwrap().en, "Kind of incident");
        assert_eq!(label("Consignment/Something/code").unwrap().en, "Code");
        assert_eq!(label("LRN").unwrap().kk, "Жергілікті нөмір (LRN)");
        assert!(label("Consignment/Nothing").is_none());
    }
}
