//! Papers that travel with goods: the transit accompanying document with its list of items, as PDF.
//!
//! Nothing here does input or output, signs or knows the time: the sealed text of the code is given.

mod accompanying;
mod code;
mod digest;
mod sheet;

pub use accompanying::accompanying_document;
pub use digest::Digest;

/// Why a paper was not made.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PaperError {
    /// The message is none that a paper is made of.
    #[error("no paper is made of {0}")]
    Message(&'static str),
    /// A code cannot hold its content.
    #[error("failed to draw a code: {0}")]
    Code(String),
    /// The PDF cannot be written.
    #[error("failed to write the PDF: {0}")]
    Pdf(String),
}
