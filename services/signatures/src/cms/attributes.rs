//! Signed attributes (RFC 5652, 5.3; RFC 5035; RFC 6211): each at most once, in DER order.

use chrono::{DateTime, Utc};

use crate::algorithm::{self, Digest};
use crate::certificate::Certificate;
use crate::der::{self, DerError, Tlv};
use crate::fault::Fault;
use crate::name;
use crate::oid;
use crate::report::{Finding, Step};

/// Most attributes of one signer.
const ATTRIBUTES_MAX: usize = 32;

/// The signed attributes of one signer.
#[derive(Debug, Default)]
pub(crate) struct SignedAttributes<'a> {
    pub(crate) content_type: Option<&'a [u8]>,
    pub(crate) message_digest: Option<&'a [u8]>,
    pub(crate) signing_certificate: Option<EssCertificate<'a>>,
    pub(crate) signing_time: Option<DateTime<Utc>>,
    pub(crate) protection: Option<Tlv<'a>>,
    /// Attributes beyond the profile, dotted.
    pub(crate) others: Vec<String>,
}

/// The first certificate identifier of signing-certificate-v2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EssCertificate<'a> {
    /// `AlgorithmIdentifier` of the hash; SHA-256 when absent.
    hash: Option<Tlv<'a>>,
    value: &'a [u8],
    issuer_serial: Option<Tlv<'a>>,
}

/// Identifier and value set of one attribute.
pub(super) fn parts(attribute: Tlv<'_>) -> Result<(&[u8], Tlv<'_>), DerError> {
    let mut parts = attribute.expect(der::SEQUENCE)?.inside();
    let kind = parts.take(der::OID)?.value;
    let values = parts.take(der::SET)?;
    parts.end()?;
    if values.value.is_empty() { Err(DerError::Value) } else { Ok((kind, values)) }
}

impl<'a> SignedAttributes<'a> {
    /// Reads the attributes behind their implicit tag.
    pub(crate) fn parse(signed: Tlv<'a>) -> Result<Self, DerError> {
        let attributes = signed.inside().elements(ATTRIBUTES_MAX)?;
        if attributes.is_empty() || !attributes.is_sorted_by(|left, right| left.raw < right.raw) {
            return Err(DerError::Value);
        }
        let mut found = Self::default();
        let mut seen: Vec<&[u8]> = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let (kind, values) = parts(attribute)?;
            if seen.contains(&kind) {
                return Err(DerError::Value);
            }
            seen.push(kind);
            found.read(kind, values)?;
        }
        Ok(found)
    }

    fn read(&mut self, kind: &[u8], values: Tlv<'a>) -> Result<(), DerError> {
        if kind == oid::ATTR_CONTENT_TYPE {
            self.content_type = Some(der::only(values.value, der::OID)?.value);
        } else if kind == oid::ATTR_MESSAGE_DIGEST {
            self.message_digest = Some(der::only(values.value, der::OCTET_STRING)?.value);
        } else if kind == oid::ATTR_SIGNING_CERTIFICATE_V2 {
            self.signing_certificate = Some(EssCertificate::parse(der::only(values.value, der::SEQUENCE)?)?);
        } else if kind == oid::ATTR_SIGNING_TIME {
            let mut value = values.inside();
            self.signing_time = Some(der::time(value.element()?)?);
            value.end()?;
        } else if kind == oid::ATTR_ALGORITHM_PROTECTION {
            self.protection = Some(der::only(values.value, der::SEQUENCE)?);
        } else {
            self.others.push(oid::dotted(kind));
        }
        Ok(())
    }

    /// Content type, message digest and algorithm protection, against what stands outside the attributes.
    pub(crate) fn agree(
        &self,
        content_type: &[u8],
        digest: Tlv<'_>,
        algorithm: Tlv<'_>,
    ) -> Result<&'a [u8], Finding> {
        let wrong = |detail: &str| Finding::new(Step::Format, Fault::AttributesWrong, detail);
        match self.content_type {
            None => return Err(wrong("signed attribute contentType is missing")),
            Some(found) if found != content_type => {
                return Err(wrong("signed attribute contentType is not the type of the content"));
            }
            Some(_) => {}
        }
        if let Some(protection) = self.protection {
            protected(protection, digest, algorithm)
                .map_err(|_| wrong("signed attribute cmsAlgorithmProtection contradicts the algorithms"))?;
        }
        self.message_digest.ok_or_else(|| wrong("signed attribute messageDigest is missing"))
    }
}

/// `CMSAlgorithmProtection` (RFC 6211) must repeat both algorithm identifiers.
fn protected(protection: Tlv<'_>, digest: Tlv<'_>, algorithm: Tlv<'_>) -> Result<(), DerError> {
    let mut parts = protection.inside();
    let same_digest = parts.take(der::SEQUENCE)?.raw == digest.raw;
    let same_algorithm = parts.take(der::context(1))?.value == algorithm.value;
    parts.end()?;
    if same_digest && same_algorithm { Ok(()) } else { Err(DerError::Value) }
}

impl<'a> EssCertificate<'a> {
    fn parse(attribute: Tlv<'a>) -> Result<Self, DerError> {
        let mut parts = attribute.inside();
        let list = parts.take(der::SEQUENCE)?;
        parts.optional(der::SEQUENCE)?;
        parts.end()?;
        let mut first = list.inside().take(der::SEQUENCE)?.inside();
        let hash = first.optional(der::SEQUENCE)?;
        let value = first.take(der::OCTET_STRING)?.value;
        let issuer_serial = first.optional(der::SEQUENCE)?;
        first.end()?;
        Ok(Self { hash, value, issuer_serial })
    }

    /// The hash that is told, where it is one by SHA-256.
    pub(crate) fn sha256(&self) -> Option<[u8; 32]> {
        let by_sha256 = self.hash.is_none_or(|hash| algorithm::digest(hash) == Ok(Digest::Sha256));
        if by_sha256 { self.value.try_into().ok() } else { None }
    }

    /// Whether the identifier is that of `certificate`, whose SHA-256 is at hand.
    pub(crate) fn names(&self, certificate: &[u8], sha256: &[u8; 32]) -> Result<bool, Finding> {
        let refused = |fault: algorithm::AlgorithmFault| Finding::new(Step::Ident, fault.fault, fault.detail);
        let same_hash = match self.hash {
            None => self.value == sha256,
            Some(hash) => match algorithm::digest(hash).map_err(refused)? {
                Digest::Sha256 => self.value == sha256,
                other => self.value == other.of(certificate),
            },
        };
        Ok(same_hash
            && self.issuer_serial.is_none_or(|named| names_issuer(named, certificate).unwrap_or(false)))
    }
}

/// `IssuerSerial` (RFC 5035, 5): one directory name and the serial number.
fn names_issuer(named: Tlv<'_>, certificate: &[u8]) -> Result<bool, DerError> {
    let certificate = Certificate::parse(certificate)?;
    let mut parts = named.inside();
    let names = parts.take(der::SEQUENCE)?;
    let serial = der::integer(parts.element()?)?;
    parts.end()?;
    let directory = der::only(names.value, der::context(4))?.value;
    Ok(name::is_name(directory) && directory == certificate.issuer && serial == certificate.serial)
}
