//! Digital signatures of documents under the profile EC-SIG-1: verification, evidence, and a small authority.
//!
//! * [`Verifier`] checks a detached CMS signature against a [`TrustStore`] and a [`Profile`]; it is synchronous, uses
//!   no network and no clock of its own, and says beforehand what is known to be quick.
//! * [`VerifiedDocument`] is the only proof that a document was accepted; [`SealedEvidence`] carries it between services.
//! * [`SignatureRefusal`] has the stable [`Code`] and the whole [`Report`]; [`Fault`] is the one table of both.
//! * [`PathSource`] validates certification paths after RFC 5280; [`http`] signs and verifies messages after RFC 9421.
//! * [`Seal`] signs in the name of the suite, with keys from files or devices that are changed while it is in use.
//! * [`BundleHash`] is how a gateway and whoever hands out trust tell each other which bundle they mean.
//! * [`archive`] keeps many pieces of evidence under one timestamp, renewed as it ages.
//! * [`issue`] makes authorities, certificates, revocation lists, key files and signatures for sandboxes and tests.

#![forbid(unsafe_code)]

mod algorithm;
pub mod archive;
mod bundle;
mod certificate;
mod claim;
mod cms;
mod der;
mod encode;
mod evidence;
mod fault;
pub mod http;
mod identity;
mod inspect;
pub mod issue;
mod jws;
mod message;
mod name;
mod oid;
mod path;
mod profile;
mod quick;
mod raw;
mod refusal;
mod replay;
mod report;
mod seal;
mod summary;
mod timestamp;
mod trust;
mod verify;
mod xml;

pub use bundle::{BUNDLE_FOLDERS, BundleHash};
pub use der::DerError;
pub use evidence::{EvidenceError, EvidenceKey, SealedEvidence, VerifiedDocument};
pub use fault::{Code, Fault, Indication, SubIndication};
pub use identity::{
    CheckDigit, IdAttribute, IdRule, Identity, IdentityScheme, WrongCheckDigit, kazakhstan_check_digit,
};
pub use inspect::{
    CertificateReading, StatusReading, TimestampReading, list_validity, read_certificate, read_ocsp,
    read_timestamp,
};
pub use jws::jws_is_intact_under;
pub use message::Language;
pub use path::{PathSource, Revocation, Rules, ValidPath};
pub use profile::{Profile, StatusRules};
pub use raw::{RawScheme, is_signed};
pub use refusal::{PathRefusal, SignatureRefusal};
pub use replay::{ProcessReplayGuard, ReplayGuard, ReplayKey, Replayed};
pub use report::{
    Algorithms, Authorisation, CertificateFacts, Check, CheckResult, Coverage, Level, Report,
    RevocationFacts, RevocationSource, RevocationStatus, SignerReport, Step, TimestampFacts,
};
pub use seal::{SEAL_TOKEN_CHARACTERS_MAX, Seal, SealError, SealedToken};
pub use trust::{TrustError, TrustFacts, TrustStore, TrustStoreBuilder, TrustedAuthority, TrustedList};
pub use verify::Verifier;
pub use xml::{XmlForm, xml_is_intact_under_own_key};
