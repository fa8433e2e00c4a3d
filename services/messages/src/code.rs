//! The codes under which errors in messages are reported.

use serde::{Serialize, Serializer};

/// A code of CL030 (structure) or CL180 (function).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ErrorCode {
    /// 12: not a value of the code list.
    CodeList,
    /// 13: missing.
    Missing,
    /// 14: against a rule.
    Rule,
    /// 15: not allowed here.
    NotAllowed,
    /// 35: too many repetitions.
    TooMany,
    /// 39: too long.
    TooLong,
    /// 40: too short.
    TooShort,
    /// 50: not a value of its type.
    Type,
    /// 51: not in its pattern.
    Pattern,
    /// 52: not a document of the format at all.
    Malformed,
    /// 53: characters that may not occur.
    Characters,
    /// 54: below the least value.
    BelowMinimum,
    /// 55: above the greatest value.
    AboveMaximum,
}

impl ErrorCode {
    /// The number of the code list.
    pub const fn number(self) -> &'static str {
        match self {
            Self::CodeList => "12",
            Self::Missing => "13",
            Self::Rule => "14",
            Self::NotAllowed => "15",
            Self::TooMany => "35",
            Self::TooLong => "39",
            Self::TooShort => "40",
            Self::Type => "50",
            Self::Pattern => "51",
            Self::Malformed => "52",
            Self::Characters => "53",
            Self::BelowMinimum => "54",
            Self::AboveMaximum => "55",
        }
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.number())
    }
}
