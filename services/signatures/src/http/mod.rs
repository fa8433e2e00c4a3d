//! HTTP Message Signatures (RFC 9421) between systems: verified and made under one profile, refused by stable codes.
//!
//! They protect transport between systems whose keys are known; they never replace the signature of a document.

mod fields;
mod key;
mod message;
mod presented;
mod profile;
mod sign;

pub use key::{HttpAlgorithm, HttpKey};
pub use message::{HttpMessage, signature_base};
pub use presented::{PresentedError, PresentedKey};
pub use profile::{HttpHead, HttpProfile, HttpRefusal, HttpSignature};
pub use sign::HttpSigner;
