//! A small pattern language: character classes, repetition, groups and alternatives, always matching the whole text.

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    branches: Vec<Sequence>,
    source: &'static str,
}

type Sequence = Vec<Piece>;

#[derive(Debug)]
struct Piece {
    atom: Atom,
    min: u32,
    max: u32,
}

#[derive(Debug)]
enum Atom {
    Class(Class),
    Group(Vec<Sequence>),
}

/// A set of characters: a bit for each of ASCII, and a rule for the others.
#[derive(Clone, Copy, Debug, Default)]
struct Class {
    ascii: u128,
    others: Others,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Others {
    #[default]
    None,
    All,
    NoSeparator,
}

impl Pattern {
    /// Compile a pattern; `None` where it uses something the language does not have.
    pub(super) fn compile(source: &'static str) -> Option<Self> {
        let mut reader = Compiler { rest: source };
        let branches = reader.branches(0)?;
        reader.rest.is_empty().then_some(Self { branches, source })
    }

    /// Whether the whole of `text` fits.
    pub(super) fn fits(&self, text: &str) -> bool {
        self.branches.iter().any(|branch| run(branch, text, &str::is_empty))
    }

    /// The pattern as it was written.
    pub(super) fn source(&self) -> &'static str {
        self.source
    }
}

/// Whether a character is a Unicode separator.
pub(super) fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

impl Class {
    fn has(self, character: char) -> bool {
        let code = u32::from(character);
        if code < 128 {
            return self.ascii & (1_u128 << code) != 0;
        }
        match self.others {
            Others::None => false,
            Others::All => true,
            Others::NoSeparator => !is_separator(character),
        }
    }

    fn with(mut self, from: char, to: char) -> Self {
        for code in u32::from(from)..=u32::from(to).min(127) {
            self.ascii |= 1_u128 << code;
        }
        self
    }

    fn inverted(self) -> Self {
        let others = if self.others == Others::None { Others::All } else { Others::None };
        Self { ascii: !self.ascii, others }
    }

    fn any() -> Self {
        Self::default().with('\n', '\n').with('\r', '\r').inverted()
    }
}

fn run(pieces: &[Piece], text: &str, next: &dyn Fn(&str) -> bool) -> bool {
    let Some((piece, rest)) = pieces.split_first() else { return next(text) };
    match &piece.atom {
        Atom::Class(class) => run_class(*class, piece, text, &|left| run(rest, left, next)),
        Atom::Group(branches) => repeat(branches, piece.min, piece.max, text, &|left| run(rest, left, next)),
    }
}

fn run_class(class: Class, piece: &Piece, text: &str, next: &dyn Fn(&str) -> bool) -> bool {
    let (mut taken, mut end) = (0, 0);
    for character in text.chars() {
        if taken == piece.max || !class.has(character) {
            break;
        }
        taken += 1;
        end += character.len_utf8();
    }
    loop {
        if taken < piece.min {
            return false;
        }
        if next(text.get(end..).unwrap_or_default()) {
            return true;
        }
        let Some(last) = text.get(..end).and_then(|head| head.chars().next_back()) else { return false };
        end -= last.len_utf8();
        taken -= 1;
    }
}

fn repeat(branches: &[Sequence], min: u32, max: u32, text: &str, next: &dyn Fn(&str) -> bool) -> bool {
    let again = |left: &str| {
        if left.len() == text.len() {
            return next(left);
        }
        repeat(branches, min.saturating_sub(1), max - 1, left, next)
    };
    (max > 0 && branches.iter().any(|branch| run(branch, text, &again))) || (min == 0 && next(text))
}

struct Compiler<'s> {
    rest: &'s str,
}

impl Compiler<'_> {
    fn take(&mut self) -> Option<char> {
        let character = self.rest.chars().next()?;
        self.rest = self.rest.get(character.len_utf8()..)?;
        Some(character)
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(prefix) else { return false };
        self.rest = rest;
        true
    }

    fn branches(&mut self, depth: u32) -> Option<Vec<Sequence>> {
        let mut branches = vec![Sequence::new()];
        while !(self.rest.is_empty() || depth > 0 && self.rest.starts_with(')')) {
            if self.eat("|") {
                branches.push(Sequence::new());
                continue;
            }
            let atom = self.atom(depth)?;
            let (min, max) = self.repetition()?;
            branches.last_mut()?.push(Piece { atom, min, max });
        }
        Some(branches)
    }

    fn atom(&mut self, depth: u32) -> Option<Atom> {
        if self.eat("(") {
            let group = self.branches(depth + 1)?;
            return self.eat(")").then_some(Atom::Group(group));
        }
        if self.eat("[") {
            return self.class().map(Atom::Class);
        }
        if self.eat("\\P{Z}") {
            let class = Class { others: Others::NoSeparator, ..Class::default().with('\0', '\u{7f}') };
            return Some(Atom::Class(Class { ascii: class.ascii & !(1_u128 << u32::from(' ')), ..class }));
        }
        if self.eat("\\p{IsBasicLatin}") {
            return Some(Atom::Class(Class::default().with('\0', '\u{7f}')));
        }
        if self.eat(".") {
            return Some(Atom::Class(Class::any()));
        }
        if self.rest.starts_with([')', ']', '}', '*', '+', '?']) {
            return None;
        }
        let literal = self.literal()?;
        Some(Atom::Class(Class::default().with(literal, literal)))
    }

    fn literal(&mut self) -> Option<char> {
        let character = self.take()?;
        let character = if character == '\\' { self.take()? } else { character };
        character.is_ascii().then_some(character)
    }

    fn class(&mut self) -> Option<Class> {
        let inverted = self.eat("^");
        let mut class = Class::default();
        while !self.eat("]") {
            let from = self.literal()?;
            let range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            let to = if range && self.eat("-") { self.literal()? } else { from };
            class = class.with(from, to);
        }
        Some(if inverted { class.inverted() } else { class })
    }

    fn repetition(&mut self) -> Option<(u32, u32)> {
        if self.eat("*") {
            return Some((0, u32::MAX));
        }
        if self.eat("+") {
            return Some((1, u32::MAX));
        }
        if self.eat("?") {
            return Some((0, 1));
        }
        if !self.eat("{") {
            return Some((1, 1));
        }
        let (inside, rest) = self.rest.split_once('}')?;
        self.rest = rest;
        let (min, max) = inside.split_once(',').unwrap_or((inside, inside));
        Some((min.parse().ok()?, max.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &'static str, text: &str) -> bool {
        Pattern::compile(pattern).unwrap().fits(text)
    }

    #[test]
    fn the_whole_text_must_fit() {
        let office = "[A-Z]{2}[A-Z0-9]{6}";
        assert!(fits(office, "KZ570101"));
        for wrong in ["KZ57010", "KZ5701011", "kz570101", "K1570101", ""] {
            assert!(!fits(office, wrong), "{wrong}");
        }
    }

    #[test]
    fn alternatives_groups_and_escapes_work() {
        let number = "(0|[1-9][0-9]{0,2})";
        assert!(fits(number, "0") && fits(number, "17") && fits(number, "999"));
        assert!(!fits(number, "017") && !fits(number, "1000") && !fits(number, ""));
        let mail = "\\P{Z}[^@]*@[^\\.]+\\..*\\P{Z}";
        assert!(fits(mail, "a.b@c.kz") && !fits(mail, "a.b@ckz") && !fits(mail, " a@c.kz"));
        let latitude = "[+-]?([0-8]?[0-9]\\.[0-9]{5,7}|90.000000?0?)";
        assert!(fits(latitude, "-43.23512") && fits(latitude, "90.00000") && !fits(latitude, "91.00000"));
        let longitude = "[+-]?((0?[0-9]?|1[0-7])[0-9]\\.[0-9]{5,7}|180.000000?0?)";
        assert!(fits(longitude, "+1.00000") && fits(longitude, "179.12345") && !fits(longitude, "181.00000"));
    }

    #[test]
    fn letters_beyond_ascii_are_characters_like_others() {
        assert!(fits("\\P{Z}(.*\\P{Z})?", "Қорғас Шекара"));
        assert!(!fits("\\P{Z}(.*\\P{Z})?", "Қорғас\u{a0}"));
        assert!(!fits("[ -~]{1,35}", "Қорғас"));
    }

    #[test]
    fn what_the_language_lacks_is_refused() {
        for wrong in ["(a", "[a", "a)", "a{2", "\\", "é"] {
            assert!(Pattern::compile(wrong).is_none(), "{wrong}");
        }
    }
}
