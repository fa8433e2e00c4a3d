//! A small certification authority and signer, for the demonstration nation, sandboxes and tests.

mod authority;
mod credential;
mod key;
mod revocation;
mod sign;
mod timestamp;

pub use authority::{Authority, Subject, Usage, Validity};
pub use credential::Credential;
pub use key::{KeyKind, SigningKey};
pub use revocation::{RevocationReason, Revoked};
pub use sign::sign_detached;

use openssl::error::ErrorStack;

use crate::der::DerError;

/// Why something cannot be issued or signed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IssueError {
    /// A certificate or key that cannot be read.
    #[error("damaged encoding: {0}")]
    Malformed(#[from] DerError),
    /// A key file that does not open with the password, or holds no key and certificate.
    #[error("key file does not open with this password or holds no key and certificate")]
    KeyFile,
    /// The private key is not the certificate's.
    #[error("private key is not the certificate's")]
    OtherKey,
    /// A key of another kind or size than the profile takes.
    #[error("key is of another kind than the profile takes")]
    KeyKind,
    /// A policy or role that is no object identifier.
    #[error("policy or role is no object identifier")]
    Identifier,
    /// The cryptographic library failed.
    #[error("cryptographic library failed: {0}")]
    Library(String),
}

impl From<ErrorStack> for IssueError {
    fn from(error: ErrorStack) -> Self {
        Self::Library(
            error.errors().first().and_then(openssl::error::Error::reason).unwrap_or("unknown").to_owned(),
        )
    }
}
