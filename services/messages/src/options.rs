//! How documents are read, in either form.

use crate::phase::Phase;

/// How much of a document is read before it is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: usize,
    /// Elements within elements.
    pub depth: usize,
    /// Elements.
    pub elements: usize,
    /// Errors listed.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 << 20, depth: 32, elements: 400_000, findings: 9_999 }
    }
}

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// The phase to read it in, whatever it says of itself.
    pub phase: Option<Phase>,
    /// The phase of a document that names none.
    pub default_phase: Phase,
    /// Whether an enveloped signature directly in the root element (XML-DSig) is passed over, as where it has been verified.
    pub signed_within: bool,
    /// The limits.
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { phase: None, default_phase: Phase::P6, signed_within: false, limits: Limits::default() }
    }
}
