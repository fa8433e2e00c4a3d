//! Reading the table of formats and the technical code lists.

use super::pattern::Pattern;
use super::{Base, Format, Shape};
use crate::phase::Phase;

const FORMATS: &str = include_str!("../definitions/formats.tbl");
const TECHNICAL: &str = include_str!("../definitions/technical.tbl");

/// The formats as one phase has them; a line that cannot be read is left out, and a test holds that none is.
pub(crate) fn formats(phase: Phase) -> Vec<Format> {
    FORMATS.lines().filter_map(|line| format(line, phase)).collect()
}

/// The technical code lists of one phase: number and values.
pub(crate) fn technical_lists(phase: Phase) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut lists: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for line in TECHNICAL.lines() {
        let mut words = line.split(' ');
        let Some(number) = words.next() else { continue };
        let values = words.filter_map(|word| in_phase(word, phase));
        match lists.last_mut() {
            Some((last, known)) if *last == number => known.extend(values),
            _ => lists.push((number, values.collect())),
        }
    }
    lists
}

/// A word of a table, unless its mark `/5` or `/6` says that it belongs to another phase.
pub(crate) fn in_phase(word: &'static str, phase: Phase) -> Option<&'static str> {
    match word.rsplit_once('/') {
        Some((head, mark @ ("5" | "6"))) => (mark == phase.digit()).then_some(head),
        _ => Some(word),
    }
}

fn format(line: &'static str, phase: Phase) -> Option<Format> {
    let (line, patterns) = match line.split_once(" pat ") {
        Some((head, patterns)) => (head, Some(patterns)),
        None => (line, None),
    };
    let mut words = line.split(' ');
    let (name, base) = (words.next()?, words.next()?);
    let words: Vec<&'static str> = words.collect();
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key));
    let base = match base {
        "text" => Base::Text,
        "token" => Base::Token,
        "date" => Base::Date,
        "datetime" => Base::DateTime,
        "base64" => Base::Base64,
        "integer" => Base::Integer {
            min: value("min=")?.parse().ok()?,
            max: value("max=")?.parse().ok()?,
            zeros: words.contains(&"zeros"),
        },
        "decimal" => Base::Decimal {
            digits: value("digits=")?.parse().ok()?,
            fraction: value("fraction=")?.parse().ok()?,
            nonzero: words.contains(&"nonzero"),
        },
        _ => return None,
    };
    let (shortest, longest) = match value("len=") {
        None => (0, usize::MAX),
        Some(length) => {
            let (least, most) = length.split_once("..").unwrap_or((length, length));
            (least.parse().ok()?, most.parse().ok()?)
        }
    };
    let shape = shape(&words, patterns, phase)?;
    Some(Format { name, base, shortest, longest, shape })
}

fn shape(words: &[&'static str], patterns: Option<&'static str>, phase: Phase) -> Option<Shape> {
    if let Some(patterns) = patterns {
        let compiled = patterns.split(" && ").map(Pattern::compile);
        return compiled.collect::<Option<Vec<_>>>().map(Shape::Patterns);
    }
    if words.contains(&"trimmed") {
        return Some(Shape::Trimmed);
    }
    let Some(at) = words.iter().position(|word| *word == "list") else { return Some(Shape::Any) };
    let number = words.get(at + 1)?;
    let (_, values) = technical_lists(phase).into_iter().find(|(one, _)| one == number)?;
    Some(Shape::Listed(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_format_table_is_read() {
        for phase in Phase::ALL {
            assert_eq!(formats(phase).len(), FORMATS.lines().count());
        }
    }

    #[test]
    fn technical_lists_differ_by_phase() {
        let size = |phase| {
            let lists = technical_lists(phase);
            lists.iter().find(|(number, _)| *number == "CL060").map(|(_, values)| values.len())
        };
        assert_eq!((size(Phase::P5), size(Phase::P6)), (Some(91), Some(125)));
    }
}
