//! Reading the definition tables.
//!
//! A table is one file a message. Its first line names the message and its number in the exchange (and a phase, where only
//! one has it). Every other line is an element: two columns for the phase that alone has it (`5 `, `6 ` or blank), two more
//! for each level, then the name (a group ends in `:`), how often (`1`, `?`, `0..9`), for a value the format and the code
//! list, and the rules. A word that ends in `/5` or `/6` counts in that phase only.

use std::sync::LazyLock;

use super::{Catalogue, Content, Definition, Element};
use crate::format::{Format, formats, in_phase};
use crate::phase::Phase;

/// The tables, one a message.
pub(super) const TABLES: &[&str] = &[
    include_str!("../definitions/cc004c.tbl"),
    include_str!("../definitions/cc007c.tbl"),
    include_str!("../definitions/cc009c.tbl"),
    include_str!("../definitions/cc013c.tbl"),
    include_str!("../definitions/cc014c.tbl"),
    include_str!("../definitions/cc015c.tbl"),
    include_str!("../definitions/cc019c.tbl"),
    include_str!("../definitions/cc022c.tbl"),
    include_str!("../definitions/cc023c.tbl"),
    include_str!("../definitions/cc025c.tbl"),
    include_str!("../definitions/cc026c.tbl"),
    include_str!("../definitions/cc028c.tbl"),
    include_str!("../definitions/cc029c.tbl"),
    include_str!("../definitions/cc034c.tbl"),
    include_str!("../definitions/cc035c.tbl"),
    include_str!("../definitions/cc037c.tbl"),
    include_str!("../definitions/cc043c.tbl"),
    include_str!("../definitions/cc044c.tbl"),
    include_str!("../definitions/cc045c.tbl"),
    include_str!("../definitions/cc051c.tbl"),
    include_str!("../definitions/cc054c.tbl"),
    include_str!("../definitions/cc055c.tbl"),
    include_str!("../definitions/cc056c.tbl"),
    include_str!("../definitions/cc057c.tbl"),
    include_str!("../definitions/cc060c.tbl"),
    include_str!("../definitions/cc140c.tbl"),
    include_str!("../definitions/cc141c.tbl"),
    include_str!("../definitions/cc170c.tbl"),
    include_str!("../definitions/cc182c.tbl"),
    include_str!("../definitions/cc224c.tbl"),
    include_str!("../definitions/cc225c.tbl"),
    include_str!("../definitions/cc228c.tbl"),
    include_str!("../definitions/cc229c.tbl"),
    include_str!("../definitions/cc231c.tbl"),
    include_str!("../definitions/cc906c.tbl"),
    include_str!("../definitions/cc917c.tbl"),
    include_str!("../definitions/cc928c.tbl"),
];

static FORMATS_P5: LazyLock<Vec<Format>> = LazyLock::new(|| formats(Phase::P5));
static FORMATS_P6: LazyLock<Vec<Format>> = LazyLock::new(|| formats(Phase::P6));

struct Line {
    depth: usize,
    words: Vec<&'static str>,
}

/// Read every table in every phase; what cannot be read is left out, and a test holds that nothing is.
pub(super) fn load() -> Catalogue {
    let mut definitions: Vec<Definition> = Phase::ALL
        .into_iter()
        .flat_map(|phase| TABLES.iter().filter_map(move |text| message(text, phase)))
        .collect();
    let mut names = Vec::new();
    for definition in &definitions {
        collect(&definition.root, &mut names);
    }
    names.sort_unstable();
    names.dedup();
    for (place, definition) in definitions.iter_mut().enumerate() {
        definition.place = place;
        definition.size = number(&mut definition.root, &names, 0);
    }
    Catalogue { definitions, names }
}

fn collect(element: &Element, names: &mut Vec<&'static str>) {
    names.push(element.name);
    for child in element.children() {
        collect(child, names);
    }
}

/// Number an element and everything below it from `slot` on; says which number comes next.
fn number(element: &mut Element, names: &[&'static str], slot: usize) -> usize {
    let place = names.binary_search(&element.name).unwrap_or_default();
    element.id = u16::try_from(place).unwrap_or(u16::MAX);
    element.slot = slot;
    let mut next = slot + 1;
    if let Content::Group { children, ids } = &mut element.content {
        for child in children {
            next = number(child, names, next);
            ids.push(child.id);
        }
    }
    next
}

fn message(text: &'static str, phase: Phase) -> Option<Definition> {
    let mut lines = text.lines();
    let mut head = lines.next()?.split(' ');
    let (message_type, ie) = (head.next()?, head.next()?);
    if head.next().is_some_and(|only| only != phase.digit()) {
        return None;
    }
    let lines: Vec<Line> = lines.filter_map(|line| split(line, phase)).collect();
    let mut at = 0;
    let children = group(&lines, &mut at, 0, phase)?;
    let content = Content::Group { children, ids: Vec::new() };
    let root = Element { name: message_type, id: 0, slot: 0, min: 1, max: 1, content, rules: Vec::new() };
    Some(Definition { message_type, number: ie, phase, root, size: 0, place: 0 })
}

fn split(line: &'static str, phase: Phase) -> Option<Line> {
    let (mark, rest) = line.split_at_checked(2)?;
    if !mark.trim().is_empty() && mark.trim() != phase.digit() {
        return None;
    }
    let text = rest.trim_start();
    let words = text.split(' ').filter_map(|word| in_phase(word, phase)).collect();
    Some(Line { depth: (rest.len() - text.len()) / 2, words })
}

fn group(lines: &[Line], at: &mut usize, depth: usize, phase: Phase) -> Option<Vec<Element>> {
    let mut elements = Vec::new();
    while let Some(line) = lines.get(*at) {
        if line.depth < depth {
            break;
        }
        *at += 1;
        elements.push(element(line, lines, at, phase)?);
    }
    Some(elements)
}

fn element(line: &Line, lines: &[Line], at: &mut usize, phase: Phase) -> Option<Element> {
    let (name, often) = (*line.words.first()?, *line.words.get(1)?);
    let (min, max) = cardinality(often)?;
    let mut rest = line.words.get(2..)?.iter().copied();
    let (name, content) = if let Some(name) = name.strip_suffix(':') {
        let children = group(lines, at, line.depth + 1, phase)?;
        (name, Content::Group { children, ids: Vec::new() })
    } else {
        let format = find(rest.next()?, phase)?;
        let list = rest.clone().next().filter(|word| word.starts_with("CL"));
        if list.is_some() {
            rest.next();
        }
        (name, Content::Value { format, list })
    };
    Some(Element { name, id: 0, slot: 0, min, max, content, rules: rest.collect() })
}

fn cardinality(often: &str) -> Option<(u32, u32)> {
    match often {
        "1" => Some((1, 1)),
        "?" => Some((0, 1)),
        _ => {
            let (min, max) = often.split_once("..")?;
            Some((min.parse().ok()?, max.parse().ok()?))
        }
    }
}

fn find(name: &str, phase: Phase) -> Option<&'static Format> {
    let formats = match phase {
        Phase::P5 => &FORMATS_P5,
        Phase::P6 => &FORMATS_P6,
    };
    formats.iter().find(|one| one.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(element: &Element) -> usize {
        1 + element.children().iter().map(count).sum::<usize>()
    }

    #[test]
    fn every_line_of_every_table_becomes_an_element() {
        let catalogue = load();
        for text in TABLES {
            let head: Vec<&str> = text.lines().next().unwrap().split(' ').collect();
            for phase in Phase::ALL {
                if head.get(2).is_some_and(|only| *only != phase.digit()) {
                    continue;
                }
                let found = catalogue
                    .definitions
                    .iter()
                    .find(|one| one.phase == phase && one.message_type == head[0])
                    .unwrap_or_else(|| panic!("{head:?} {phase:?}"));
                let lines = text.lines().skip(1).filter(|line| split(line, phase).is_some()).count();
                assert_eq!(count(&found.root), lines + 1, "{head:?} {phase:?}");
            }
        }
    }
}
