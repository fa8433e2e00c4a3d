//! A small certification authority and signer, for the demonstration nation, sandboxes and tests.

mod authority;
mod authority_of_time;
mod credential;
mod key;
mod pkcs11;
mod revocation;
mod sign;
mod status;
mod timestamp;

pub use authority::{Authority, Subject, Usage, Validity};
pub use authority_of_time::{TIMESTAMP_QUERY, TIMESTAMP_REPLY, timestamp_of, timestamp_request};
pub use credential::Credential;
pub use key::{DeviceKey, KeyKind, SigningKey};
pub use pkcs11::DeviceAddress;
pub use revocation::{RevocationReason, Revoked};
pub use sign::{Evidence, sign_detached};
pub use status::ocsp_response;

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
    /// A key that is kept in a device was asked for its private half.
    #[error("key does not leave its device")]
    OnDevice,
    /// The device refused, or is not there.
    #[error("device refused: {0}")]
    Device(String),
    /// What is to be signed is no XML document.
    #[error("what is to be signed is no XML document whose root element has an end tag")]
    Document,
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
