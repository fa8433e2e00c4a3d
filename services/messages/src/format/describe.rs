//! A format told to programs that build forms.

use serde::Serialize;

use super::{Base, Format, Shape};

/// What a program needs to know of a format to offer and check a field.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FormatFacts {
    /// Its name in the tables, such as `text..70`.
    pub name: &'static str,
    /// `text`, `integer`, `decimal`, `date`, `dateTime`, `flag` or `binary`.
    pub kind: &'static str,
    /// The fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// The most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Regular expressions in the dialect of ECMAScript (with the flag `u`), each of which the whole text fits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
    /// The least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u64>,
    /// The greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<u64>,
    /// The most digits of a decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digits: Option<u32>,
    /// The most digits after the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fraction_digits: Option<u32>,
    /// Whether a decimal must be greater than zero.
    pub above_zero: bool,
    /// The values of a technical code list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<&'static str>,
}

/// Formats of patterns, each with another whose patterns take all of its texts.
const WITHIN: [(&str, &str); 4] = [
    ("e-mail", "e-mail-loose"),
    ("ascii..17", "printable..17"),
    ("ascii..35", "printable..35"),
    ("ascii..35", "printable..70"),
];

impl Format {
    /// The format as facts.
    pub fn facts(&self) -> FormatFacts {
        let mut facts = FormatFacts { name: self.name, kind: self.kind(), ..FormatFacts::default() };
        facts.min_length = (self.shortest > 0).then(|| narrow(self.shortest));
        facts.max_length = self.longest().map(narrow);
        match &self.shape {
            Shape::Any => {}
            Shape::Trimmed => facts.patterns = vec![r"\P{Z}(?:.*\P{Z})?".to_owned()],
            Shape::Patterns(patterns) => {
                facts.patterns = patterns.iter().map(|one| ecmascript(one.source())).collect();
            }
            Shape::Listed(values) => facts.values.clone_from(values),
        }
        match self.base {
            Base::Integer { min, max, .. } => (facts.minimum, facts.maximum) = (Some(min), Some(max)),
            Base::Decimal { digits, fraction, nonzero } => {
                facts.digits = Some(narrow(digits));
                facts.fraction_digits = Some(narrow(fraction));
                facts.above_zero = nonzero;
            }
            Base::Text | Base::Token | Base::Date | Base::DateTime | Base::Base64 => {}
        }
        facts
    }

    /// Whether every text of this format has the other format as well.
    pub(crate) fn fits_into(&self, other: &Self) -> bool {
        if self.name == other.name {
            return true;
        }
        let lengths = other.shortest <= self.shortest && self.longest <= other.longest;
        match (&self.base, &other.base) {
            (Base::Text | Base::Token, Base::Text | Base::Token) => {
                let shape = match (&self.shape, &other.shape) {
                    (_, Shape::Any) | (Shape::Trimmed, Shape::Trimmed) => true,
                    (Shape::Patterns(_), Shape::Trimmed) => !self.name.starts_with("printable"),
                    (Shape::Patterns(_), Shape::Patterns(_)) => WITHIN.contains(&(self.name, other.name)),
                    (Shape::Listed(values), Shape::Listed(wider)) => {
                        values.iter().all(|one| wider.contains(one))
                    }
                    _ => false,
                };
                lengths && shape
            }
            (Base::Integer { min, max, .. }, Base::Integer { min: least, max: most, .. }) => {
                least <= min && max <= most
            }
            (
                Base::Decimal { digits, fraction, nonzero },
                Base::Decimal { digits: wide, fraction: fine, nonzero: strict },
            ) => digits <= wide && fraction <= fine && (*nonzero || !strict),
            _ => false,
        }
    }

    fn kind(&self) -> &'static str {
        match (&self.base, self.name) {
            (_, "flag") => "flag",
            (Base::Text | Base::Token, _) => "text",
            (Base::Date, _) => "date",
            (Base::DateTime, _) => "dateTime",
            (Base::Integer { .. }, _) => "integer",
            (Base::Decimal { .. }, _) => "decimal",
            (Base::Base64, _) => "binary",
        }
    }
}

/// A pattern of XML Schema in the dialect of ECMAScript: the same but for the one block that it does not name.
fn ecmascript(pattern: &str) -> String {
    pattern.replace(r"\p{IsBasicLatin}", r"[\u0000-\u007f]")
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::format::formats;
    use crate::phase::Phase;

    #[test]
    fn a_format_tells_what_a_form_needs() {
        let formats = formats(Phase::P6);
        let facts = |name: &str| formats.iter().find(|one| one.name() == name).unwrap().facts();
        assert_eq!((facts("text..70").max_length, facts("text..70").kind), (Some(70), "text"));
        assert_eq!((facts("n..16,6+").digits, facts("n..16,6+").above_zero), (Some(16), true));
        assert_eq!((facts("int1..1999").minimum, facts("int1..1999").maximum), (Some(1), Some(1999)));
        assert_eq!((facts("flag").kind, facts("flag").values), ("flag", vec!["0", "1"]));
        assert_eq!(facts("office").patterns, ["[A-Z]{2}[A-Z0-9]{6}"]);
        assert!(facts("e-mail").patterns[1].contains("u007f"));
        assert_eq!(facts("datetime").kind, "dateTime");
    }
}
