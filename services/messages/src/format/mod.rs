//! The formats of values: what a text must look like to stand in an element.

mod calendar;
mod check;
mod describe;
mod pattern;
mod table;

pub use check::Fault;
pub use describe::FormatFacts;
use pattern::Pattern;
pub(crate) use table::{formats, in_phase};

/// A format of the tables, such as `an..35`, `n..16,6` or `datetime`.
#[derive(Debug)]
pub struct Format {
    name: &'static str,
    base: Base,
    shortest: usize,
    longest: usize,
    shape: Shape,
}

/// What kind of value it is and how white space in it is treated.
#[derive(Debug)]
enum Base {
    /// Line ends and tabs become spaces; spaces count.
    Text,
    /// Outer spaces fall away and inner runs become one.
    Token,
    Date,
    DateTime,
    Integer {
        min: u64,
        max: u64,
        zeros: bool,
    },
    Decimal {
        digits: usize,
        fraction: usize,
        nonzero: bool,
    },
    Base64,
}

/// What the characters must look like beyond their number.
#[derive(Debug)]
enum Shape {
    Any,
    /// No space at either end.
    Trimmed,
    /// Every one of these patterns.
    Patterns(Vec<Pattern>),
    /// One of a technical code list.
    Listed(Vec<&'static str>),
}

impl Format {
    /// The name of the format in the tables.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the JSON form writes it as a number.
    pub fn is_number(&self) -> bool {
        matches!(self.base, Base::Integer { .. } | Base::Decimal { .. })
    }

    /// Whether it is a whole number.
    pub fn is_integer(&self) -> bool {
        matches!(self.base, Base::Integer { .. })
    }

    /// Whether it is a date or a date and time.
    pub fn is_instant(&self) -> bool {
        matches!(self.base, Base::Date | Base::DateTime)
    }

    /// The most characters a value can have, where that is limited.
    pub fn longest(&self) -> Option<usize> {
        (self.longest != usize::MAX).then_some(self.longest)
    }

    /// The values of its technical code list, if it has one.
    pub fn listed(&self) -> Option<&[&'static str]> {
        match &self.shape {
            Shape::Listed(values) => Some(values),
            Shape::Any | Shape::Trimmed | Shape::Patterns(_) => None,
        }
    }
}
