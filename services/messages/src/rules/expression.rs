//! The small language of the rules: its terms and how they are read.
//!
//! What is read speaks of elements by name (`Path`); compiled for one message it speaks of places in its definition.

use crate::definition::{Element, name_id};

/// A statement about a group; it holds, does not hold, or cannot be told.
#[derive(Debug)]
pub(super) enum Expression<P = Path> {
    Any(Vec<Expression<P>>),
    All(Vec<Expression<P>>),
    Not(Box<Expression<P>>),
    Present(P),
    Compare(Operand<P>, Relation, Operand<P>),
    In(Operand<P>, Set),
    /// Whether one, or every, element at the path fulfils the statement.
    Quantified {
        every: bool,
        path: P,
        inner: Box<Expression<P>>,
    },
    Test(Test, P),
    /// Whether every value at the first path is one at the second.
    Among(P, P),
    Accepted,
    /// Whether the rules of the transitional period hold.
    Transitional,
    /// What the definition of the message settles for all messages of its kind.
    Settled(bool),
    /// A statement that is the same everywhere in a message, with its number: it is decided once.
    Once(usize, Box<Expression<P>>),
}

/// A path of elements from one of four starting points.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) origin: Origin,
    pub(super) up: usize,
    pub(super) steps: Vec<u16>,
    pub(super) text: &'static str,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Origin {
    /// The element in question.
    Here,
    /// The element in which the rule is asked.
    Context,
    /// The root of the message.
    Root,
    /// The root of the message before this one.
    Prior,
}

#[derive(Debug)]
pub(super) enum Operand<P = Path> {
    Text(&'static str),
    Number(i128),
    Value(P),
    /// The first characters.
    First(usize, P),
    /// The last characters.
    Last(usize, P),
    /// The character at a place, counted from 1.
    At(usize, P),
    Length(P),
    Count(P),
    Sum(P),
    Max(P),
    /// The name of the message.
    Name,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Relation {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
pub(super) enum Set {
    Words(Vec<&'static str>),
    /// A published list by name; where it is not known it counts as empty if `lenient`.
    List {
        name: &'static str,
        lenient: bool,
    },
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Test {
    /// The identification number is in the register.
    Known,
    Lowercase,
    CheckDigit,
    Flight,
    Eori,
    /// Sub-heading and nomenclature digits together are a code of the tariff.
    Tariff,
}

/// Reads expressions word by word.
pub(super) struct Reader<'w> {
    words: &'w [&'static str],
}

impl<'w> Reader<'w> {
    pub(super) fn new(words: &'w [&'static str]) -> Self {
        Self { words }
    }

    /// The one expression of all words.
    pub(super) fn whole(mut self) -> Option<Expression> {
        let expression = self.any()?;
        self.words.is_empty().then_some(expression)
    }

    fn take(&mut self) -> Option<&'static str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.words.first() == Some(&word);
        if found {
            self.take();
        }
        found
    }

    fn any(&mut self) -> Option<Expression> {
        let mut terms = vec![self.all()?];
        while self.eat("or") {
            terms.push(self.all()?);
        }
        if terms.len() == 1 { terms.pop() } else { Some(Expression::Any(terms)) }
    }

    fn all(&mut self) -> Option<Expression> {
        let mut terms = vec![self.term()?];
        while self.eat("and") {
            terms.push(self.term()?);
        }
        if terms.len() == 1 { terms.pop() } else { Some(Expression::All(terms)) }
    }

    fn term(&mut self) -> Option<Expression> {
        let word = self.take()?;
        let test = match word {
            "not" => return Some(Expression::Not(Box::new(self.term()?))),
            "(" => {
                let inner = self.any()?;
                return self.eat(")").then_some(inner);
            }
            "any" | "all" => {
                let path = Path::read(self.take()?)?;
                let inner = if self.eat("(") { self.any()? } else { return None };
                let inner = Box::new(inner);
                return self.eat(")").then_some(Expression::Quantified { every: word == "all", path, inner });
            }
            "present" => return Some(Expression::Present(Path::read(self.take()?)?)),
            "absent" => {
                let present = Expression::Present(Path::read(self.take()?)?);
                return Some(Expression::Not(Box::new(present)));
            }
            "among" => return Some(Expression::Among(Path::read(self.take()?)?, Path::read(self.take()?)?)),
            "accepted" => return Some(Expression::Accepted),
            "transitional" => return Some(Expression::Transitional),
            "known" => Test::Known,
            "lowercase" => Test::Lowercase,
            "check-digit" => Test::CheckDigit,
            "flight" => Test::Flight,
            "eori" => Test::Eori,
            "tariff" => Test::Tariff,
            _ => return self.comparison(word),
        };
        Some(Expression::Test(test, Path::read(self.take()?)?))
    }

    fn comparison(&mut self, word: &'static str) -> Option<Expression> {
        let left = Operand::read(word)?;
        let relation = match self.take()? {
            "=" => Relation::Equal,
            "<" => Relation::Less,
            "<=" => Relation::LessOrEqual,
            ">" => Relation::Greater,
            ">=" => Relation::GreaterOrEqual,
            kind @ ("in" | "in?") => {
                return Some(Expression::In(left, self.set(kind == "in?")?));
            }
            _ => return None,
        };
        Some(Expression::Compare(left, relation, Operand::read(self.take()?)?))
    }

    fn set(&mut self, lenient: bool) -> Option<Set> {
        if self.eat("{") {
            let mut words = Vec::new();
            while !self.eat("}") {
                words.push(self.take()?);
            }
            return Some(Set::Words(words));
        }
        let name = super::lookups::list_name(self.take()?)?;
        Some(Set::List { name, lenient })
    }
}

impl Path {
    pub(super) fn read(text: &'static str) -> Option<Self> {
        let (origin, rest) = if let Some(rest) = text.strip_prefix("^/") {
            (Origin::Prior, rest)
        } else if let Some(rest) = text.strip_prefix("@/") {
            (Origin::Context, rest)
        } else if let Some(rest) = text.strip_prefix('/') {
            (Origin::Root, rest)
        } else {
            (Origin::Here, text)
        };
        let mut path = Self { origin, up: 0, steps: Vec::new(), text: rest };
        for step in rest.split('/').filter(|step| !step.is_empty()) {
            if step == "." {
                continue;
            }
            if step == ".." {
                path.up += 1;
            } else {
                path.steps.push(name_id(step)?);
            }
        }
        Some(path)
    }

    /// The element of a definition to which it leads from `group`; none for the message before, or where it climbs.
    pub(super) fn element(
        &self,
        root: &'static Element,
        group: &'static Element,
    ) -> Option<&'static Element> {
        let start = match self.origin {
            Origin::Root => root,
            Origin::Here | Origin::Context if self.up == 0 => group,
            Origin::Here | Origin::Context | Origin::Prior => return None,
        };
        self.steps.iter().try_fold(start, |at, step| at.child_by_id(*step))
    }
}

impl Operand {
    fn read(word: &'static str) -> Option<Self> {
        if let Some(text) = word.strip_prefix('\'') {
            return text.strip_suffix('\'').map(Self::Text);
        }
        if word == "name" {
            return Some(Self::Name);
        }
        if word.starts_with(|character: char| character.is_ascii_digit()) {
            return super::number::read(word).map(Self::Number);
        }
        let Some((function, rest)) = word.split_once('(') else { return Path::read(word).map(Self::Value) };
        let path = Path::read(rest.strip_suffix(')')?)?;
        Some(match function {
            "first1" => Self::First(1, path),
            "first2" => Self::First(2, path),
            "first3" => Self::First(3, path),
            "first10" => Self::First(10, path),
            "last2" => Self::Last(2, path),
            "at17" => Self::At(17, path),
            "length" => Self::Length(path),
            "count" => Self::Count(path),
            "sum" => Self::Sum(path),
            "max" => Self::Max(path),
            _ => return None,
        })
    }
}

impl<P> Operand<P> {
    /// The path whose values it takes.
    pub(super) fn path(&self) -> Option<&P> {
        match self {
            Self::Text(_) | Self::Number(_) | Self::Name => None,
            Self::Value(path)
            | Self::First(_, path)
            | Self::Last(_, path)
            | Self::At(_, path)
            | Self::Length(path)
            | Self::Count(path)
            | Self::Sum(path)
            | Self::Max(path) => Some(path),
        }
    }

    /// The same with another kind of path.
    pub(super) fn with<Q>(&self, path: &mut dyn FnMut(&P) -> Q) -> Operand<Q> {
        match self {
            Self::Text(text) => Operand::Text(text),
            Self::Number(number) => Operand::Number(*number),
            Self::Name => Operand::Name,
            Self::Value(one) => Operand::Value(path(one)),
            Self::First(count, one) => Operand::First(*count, path(one)),
            Self::Last(count, one) => Operand::Last(*count, path(one)),
            Self::At(place, one) => Operand::At(*place, path(one)),
            Self::Length(one) => Operand::Length(path(one)),
            Self::Count(one) => Operand::Count(path(one)),
            Self::Sum(one) => Operand::Sum(path(one)),
            Self::Max(one) => Operand::Max(path(one)),
        }
    }
}
