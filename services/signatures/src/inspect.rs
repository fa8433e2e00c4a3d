//! What octets say, before anybody is asked whether it may be believed: for people who look and for published samples.

use chrono::{DateTime, Utc};

use crate::algorithm;
use crate::certificate::Certificate;
use crate::claim::{purpose, refused};
use crate::cms::SignedData;
use crate::der::{self, DerError};
use crate::fault::Fault;
use crate::identity::{self, Identity, IdentityScheme};
use crate::name::Name;
use crate::oid;
use crate::refusal::PathRefusal;
use crate::report::{CertificateFacts, Finding, RevocationStatus, Step};
use crate::timestamp::Statement;
use crate::trust::ocsp;

/// A certificate read, not verified.
#[derive(Clone, Debug)]
pub struct CertificateReading {
    /// Names, numbers and dates.
    pub facts: CertificateFacts,
    /// Whom it names.
    pub identity: Identity,
    /// Why it may not sign documents, if it may not.
    pub purpose: Option<PathRefusal>,
    /// Why its key cannot verify signatures here, if it cannot.
    pub key: Option<PathRefusal>,
}

/// Reads a certificate (DER); identities by the first of `schemes` that recognises the subject.
pub fn read_certificate(raw: &[u8], schemes: &[IdentityScheme]) -> Result<CertificateReading, DerError> {
    let certificate = Certificate::parse(raw)?;
    let subject = Name::parse(certificate.subject)?;
    Ok(CertificateReading {
        facts: certificate.facts(),
        identity: identity::identify(&subject, certificate.extensions.usages(), schemes),
        purpose: purpose(&certificate).err().map(PathRefusal::from),
        key: algorithm::public_key(certificate.spki).err().map(refused).map(PathRefusal::from),
    })
}

/// Status of one certificate in a response, not verified.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StatusReading {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// What is said of it.
    pub status: RevocationStatus,
}

/// Reads the statuses of an OCSP response (DER).
pub fn read_ocsp(raw: &[u8]) -> Result<Vec<StatusReading>, PathRefusal> {
    let read =
        ocsp::read(raw).map_err(|error| Finding::new(Step::Format, Fault::Malformed, error.to_string()));
    let status =
        |(serial, status): (Vec<u8>, RevocationStatus)| StatusReading { serial: hex::encode(serial), status };
    Ok(read?.into_iter().map(status).collect())
}

/// From when until when a list of revoked certificates (DER) counts, as it says itself.
pub fn list_validity(raw: &[u8]) -> Result<(DateTime<Utc>, DateTime<Utc>), DerError> {
    let mut signed = der::only(raw, der::SEQUENCE)?.inside().take(der::SEQUENCE)?.inside();
    signed.take(der::INTEGER)?;
    signed.take(der::SEQUENCE)?;
    signed.take(der::SEQUENCE)?;
    Ok((der::time(signed.element()?)?, der::time(signed.element()?)?))
}

/// A timestamp token read, not verified.
#[derive(Clone, Debug)]
pub struct TimestampReading {
    /// Policy, dotted.
    pub policy: String,
    /// Time it states.
    pub time: DateTime<Utc>,
    /// The stamped digest.
    pub digest: Vec<u8>,
    /// Why the algorithm of that digest is not taken, if it is not.
    pub imprint: Option<PathRefusal>,
    /// The authority's certificate, where the token brings it.
    pub authority: Option<CertificateFacts>,
}

/// Reads a timestamp token (DER).
pub fn read_timestamp(raw: &[u8]) -> Result<TimestampReading, PathRefusal> {
    let malformed = |error: DerError| Finding::new(Step::Format, Fault::Malformed, error.to_string());
    let message = SignedData::parse(raw).map_err(malformed)?;
    let content = message.content.filter(|_| message.content_type == oid::TST_INFO);
    let statement = Statement::parse(content.unwrap_or_default()).map_err(malformed)?;
    let raw = message.signers.first().and_then(|signer| message.certificate_of(signer.id));
    let authority = raw.and_then(|raw| Certificate::parse(raw).ok());
    Ok(TimestampReading {
        policy: oid::dotted(statement.policy),
        time: statement.time,
        digest: statement.imprint.to_vec(),
        authority: authority.map(|certificate| certificate.facts()),
        imprint: algorithm::digest(statement.imprint_digest).err().map(refused).map(PathRefusal::from),
    })
}
