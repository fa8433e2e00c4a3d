//! Reading the tables of rules.

use chrono::NaiveDate;

use super::expression::{Expression, Path, Reader};
use crate::phase::Phase;

const CONDITIONS: &str = include_str!("conditions.tbl");
const VALUES: &str = include_str!("values.tbl");

/// Both tables.
pub(super) const TEXTS: [&str; 2] = [CONDITIONS, VALUES];

/// All rules.
pub(super) struct Table {
    pub(super) blocks: Vec<Block>,
    /// What could not be read.
    pub(super) unreadable: Vec<&'static str>,
}

/// One rule in one kind of group.
pub(super) struct Block {
    pub(super) id: &'static str,
    pub(super) phase: Option<Phase>,
    pub(super) place: Where,
    /// The messages it is for, where the definitions do not mark them.
    pub(super) messages: Vec<&'static str>,
    /// Whether it is asked only in, or only after, the transitional period of phase 5.
    pub(super) period: Period,
    /// The first legal date on which it is in force.
    pub(super) from: Option<NaiveDate>,
    /// The last one.
    pub(super) until: Option<NaiveDate>,
    pub(super) guard: Option<Expression>,
    pub(super) body: Body,
    pub(super) words: [&'static str; 3],
    /// The rule as it stands in the table, without the words.
    pub(super) statement: &'static str,
}

/// When a rule is asked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Period {
    #[default]
    Always,
    Transition,
    Final,
}

/// The groups in which a rule is asked.
pub(super) enum Where {
    /// Every group with an element that the definitions mark with the rule.
    Marked,
    /// Every group whose elements are all optional.
    Everywhere,
    /// The groups at a path.
    At(&'static str),
}

/// What a rule demands.
pub(super) enum Body<P = Path> {
    Cases(Vec<Case<P>>),
    Must {
        holds: Expression<P>,
        on: P,
    },
    Unique(P),
    /// The values of that name differ among the groups of one kind.
    Distinct(P),
    Ordinal(P),
    Running(P),
    Differ {
        group: P,
        /// As it is named from the group.
        part: P,
    },
    Amendment,
    Filled,
    /// Where the first condition decides on an element, the second is not asked of it.
    Order(&'static str, &'static str),
}

/// One case of a condition: the first that holds counts.
pub(super) struct Case<P = Path> {
    pub(super) when: Option<Expression<P>>,
    pub(super) required: Vec<P>,
    pub(super) forbidden: Vec<P>,
}

impl Block {
    /// Whether it holds on a legal date.
    pub(super) fn in_force(&self, on: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until)
    }

    /// Whether it is told among the conditions and not among the rules.
    pub(super) fn is_condition(&self) -> bool {
        self.id.starts_with(['B', 'C'])
    }
}

/// Read tables; a block that cannot be read is kept apart, and a test holds that none is.
pub(super) fn load(texts: &[&'static str]) -> Table {
    let mut table = Table { blocks: Vec::new(), unreadable: Vec::new() };
    for text in sections(texts) {
        match block(text) {
            Some(block) => table.blocks.push(block),
            None => table.unreadable.push(text),
        }
    }
    for at in 0..table.blocks.len() {
        let id = table.blocks[at].id;
        let told = table.blocks.iter().find(|one| one.id == id && !one.words[0].is_empty());
        if let Some(words) = told.map(|one| one.words) {
            table.blocks[at].words = words;
        }
    }
    table
}

/// The texts of the blocks: everything up to the next line that does not begin with a space.
fn sections(texts: &[&'static str]) -> impl Iterator<Item = &'static str> {
    let split = |text: &'static str| text.split("\n\n").map(str::trim_end);
    texts.iter().copied().flat_map(split).filter(|section| !section.starts_with('#') && !section.is_empty())
}

fn block(text: &'static str) -> Option<Block> {
    let mut lines = text.lines();
    let (head, place) = lines.next()?.split_once(" at ")?;
    let (id, phase) = match head.split_once('/') {
        Some((id, "5")) => (id, Some(Phase::P5)),
        Some((id, "6")) => (id, Some(Phase::P6)),
        Some(_) => return None,
        None => (head, None),
    };
    let place = match place {
        "@" => Where::Marked,
        "*" => Where::Everywhere,
        "/" => Where::At(""),
        path => Where::At(path),
    };
    let mut draft = Draft::default();
    for line in lines {
        draft.line(line.strip_prefix("  ")?)?;
    }
    let body = draft.body()?;
    let Draft { period, from, until, messages, guard, words, .. } = draft;
    let statement = text.split("\n  en ").next().unwrap_or(text);
    Some(Block { id, phase, place, messages, period, from, until, guard, body, words, statement })
}

#[derive(Default)]
struct Draft {
    period: Period,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    messages: Vec<&'static str>,
    guard: Option<Expression>,
    cases: Vec<Case>,
    must: Option<Expression>,
    on: Option<Path>,
    other: Option<Body>,
    words: [&'static str; 3],
}

impl Draft {
    fn line(&mut self, line: &'static str) -> Option<()> {
        let (key, rest) = line.split_once(' ').unwrap_or((line, ""));
        let words: Vec<&'static str> = rest.split(' ').collect();
        match key {
            "final" => self.period = Period::Final,
            "transition" => self.period = Period::Transition,
            "from" => self.from = Some(rest.parse().ok()?),
            "until" => self.until = Some(rest.parse().ok()?),
            "order" => {
                let (earlier, later) = rest.split_once(' ')?;
                self.other = Some(Body::Order(earlier, later));
            }
            "of" => self.messages = words,
            "when" => self.guard = Some(Reader::new(&words).whole()?),
            "if" => {
                let then = words.iter().position(|word| *word == "then")?;
                let when = Some(Reader::new(words.get(..then)?).whole()?);
                self.cases.push(case(when, words.get(then + 1..)?)?);
            }
            "else" => self.cases.push(case(None, &words)?),
            "must" => self.must = Some(Reader::new(&words).whole()?),
            "on" => self.on = Some(Path::read(rest)?),
            "unique" => self.other = Some(Body::Unique(Path::read(rest)?)),
            "distinct" => self.other = Some(Body::Distinct(Path::read(rest)?)),
            "ordinal" => self.other = Some(Body::Ordinal(Path::read(rest)?)),
            "running" => self.other = Some(Body::Running(Path::read(rest)?)),
            "differ" => {
                let (group, part) = rest.split_once(' ')?;
                self.other = Some(Body::Differ { group: Path::read(group)?, part: Path::read(part)? });
            }
            "amendment" => self.other = Some(Body::Amendment),
            "filled" => self.other = Some(Body::Filled),
            "en" => self.words[0] = rest,
            "ru" => self.words[1] = rest,
            "kk" => self.words[2] = rest,
            _ => return None,
        }
        Some(())
    }

    fn body(&mut self) -> Option<Body> {
        if let Some(body) = self.other.take() {
            return Some(body);
        }
        if let Some(holds) = self.must.take() {
            return Some(Body::Must { holds, on: self.on.take()? });
        }
        (!self.cases.is_empty()).then(|| Body::Cases(std::mem::take(&mut self.cases)))
    }
}

fn case(when: Option<Expression>, words: &[&'static str]) -> Option<Case> {
    let mut case = Case { when, required: Vec::new(), forbidden: Vec::new() };
    let mut kind = "";
    for word in words {
        match (*word, kind) {
            ("R" | "N" | "O", _) => kind = word,
            (path, "R") => case.required.push(Path::read(path)?),
            (path, "N") => case.forbidden.push(Path::read(path)?),
            _ => return None,
        }
    }
    Some(case)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_of_the_tables_is_read_and_told_in_three_languages() {
        for text in sections(&TEXTS) {
            assert!(block(text).is_some(), "{text}");
        }
        for block in load(&TEXTS).blocks {
            assert!(block.words.iter().all(|words| !words.is_empty()), "{}", block.id);
        }
    }
}
