//! The phases of the transit system whose message formats are known.

use serde::{Deserialize, Serialize};

/// A phase of the common transit system; each has its own message formats.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Phase {
    /// Phase 5 (`NCTS5.0`, `NCTS5.1`).
    P5,
    /// Phase 6 (`NCTS6`).
    P6,
}

impl Phase {
    /// Every phase, oldest first.
    pub const ALL: [Self; 2] = [Self::P5, Self::P6];

    /// The phase that a `PhaseID` attribute names.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "NCTS5.0" | "NCTS5.1" => Some(Self::P5),
            "NCTS6" => Some(Self::P6),
            _ => None,
        }
    }

    /// The `PhaseID` attribute that we write.
    pub const fn id(self) -> &'static str {
        match self {
            Self::P5 => "NCTS5.1",
            Self::P6 => "NCTS6",
        }
    }

    /// The digit that marks the phase in the definition tables.
    pub(crate) const fn digit(self) -> &'static str {
        match self {
            Self::P5 => "5",
            Self::P6 => "6",
        }
    }
}
