//! The small language of the rules: its terms and how they are read.

use crate::definition::{Element, name_id};

/// A statement about a group; it holds, does not hold, or cannot be told.
#[derive(Debug)]
pub(super) enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Present(Path),
    Compare(Operand, Relation, Operand),
    In(Operand, Set),
    /// Whether one, or every, element at the path fulfils the statement.
    Quantified {
        every: bool,
        path: Path,
        inner: Box<Expression>,
    },
    Test(Test, Path),
    /// Whether every value at the first path is one at the second.
    Among(Path, Path),
    Accepted,
    /// Whether the rules of the transitional period hold.
    Transitional,
    /// A statement that does not depend on the context, with its number: it is decided once for a message.
    Once(usize, Box<Expression>),
}

/// A path of elements from one of four starting points.
#[derive(Debug)]
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
pub(super) enum Operand {
    Text(&'static str),
    Number(i128),
    Value(Path),
    /// The first characters.
    First(usize, Path),
    /// The last characters.
    Last(usize, Path),
    /// The character at a place, counted from 1.
    At(usize, Path),
    Length(Path),
    Count(Path),
    Sum(Path),
    Max(Path),
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

#[derive(Debug)]
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
    /// How many statements are decided once.
    once: &'w mut usize,
}

impl<'w> Reader<'w> {
    pub(super) fn new(words: &'w [&'static str], once: &'w mut usize) -> Self {
        Self { words, once }
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
            "present" => return self.present(),
            "absent" => return Some(Expression::Not(Box::new(self.present()?))),
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

    fn present(&mut self) -> Option<Expression> {
        let path = Path::read(self.take()?)?;
        let fixed = path.is_fixed();
        Some(self.once(fixed, Expression::Present(path)))
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
                let set = self.set(kind == "in?")?;
                let fixed = left.is_fixed();
                return Some(self.once(fixed, Expression::In(left, set)));
            }
            _ => return None,
        };
        let right = Operand::read(self.take()?)?;
        let fixed = left.is_fixed() && right.is_fixed();
        Some(self.once(fixed, Expression::Compare(left, relation, right)))
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

    fn once(&mut self, fixed: bool, expression: Expression) -> Expression {
        if !fixed {
            return expression;
        }
        *self.once += 1;
        Expression::Once(*self.once - 1, Box::new(expression))
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

    /// Whether it leads to the same elements from everywhere.
    fn is_fixed(&self) -> bool {
        matches!(self.origin, Origin::Root | Origin::Prior)
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

    fn is_fixed(&self) -> bool {
        match self {
            Self::Text(_) | Self::Number(_) | Self::Name => true,
            Self::Value(path)
            | Self::First(_, path)
            | Self::Last(_, path)
            | Self::At(_, path)
            | Self::Length(path)
            | Self::Count(path)
            | Self::Sum(path)
            | Self::Max(path) => path.is_fixed(),
        }
    }
}
