//! A certificate (RFC 5280) read without copying: the fields the profile decides on.

use chrono::{DateTime, Utc};

use crate::der::{self, DerError, Tlv};
use crate::name::Name;
use crate::oid;
use crate::report::CertificateFacts;

/// Bit of key usage, most significant bit first (RFC 5280, 4.2.1.3).
const CONTENT_COMMITMENT: u16 = 1 << 14;
const DIGITAL_SIGNATURE: u16 = 1 << 15;
const KEY_CERT_SIGN: u16 = 1 << 10;
const CRL_SIGN: u16 = 1 << 9;

/// The parts of a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Certificate<'a> {
    pub(crate) raw: &'a [u8],
    /// The signed part, as encoded.
    pub(crate) signed: &'a [u8],
    pub(crate) serial: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) subject: &'a [u8],
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) not_after: DateTime<Utc>,
    pub(crate) spki: &'a [u8],
    pub(crate) key_bits: &'a [u8],
    pub(crate) algorithm: Tlv<'a>,
    pub(crate) signature: &'a [u8],
    pub(crate) extensions: Extensions<'a>,
}

/// The extensions the profile decides on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions<'a> {
    pub(crate) key_usage: Option<u16>,
    pub(crate) extended_key_usage: Option<Vec<&'a [u8]>>,
    pub(crate) extended_key_usage_critical: bool,
    pub(crate) policies: Vec<&'a [u8]>,
    pub(crate) is_authority: bool,
    pub(crate) path_length: Option<u32>,
    pub(crate) subject_key_id: Option<&'a [u8]>,
    /// Every extension: identifier, criticality, content.
    all: Vec<(&'a [u8], bool, &'a [u8])>,
}

/// Issuer, serial number and the reader behind them, for finding a certificate without reading all of it.
pub(crate) fn issuer_and_serial(raw: &[u8]) -> Result<(&[u8], &[u8]), DerError> {
    let mut signed = der::only(raw, der::SEQUENCE)?.inside().take(der::SEQUENCE)?.inside();
    signed.optional(der::context(0))?;
    let serial = der::integer(signed.element()?)?;
    signed.take(der::SEQUENCE)?;
    let issuer = signed.take(der::SEQUENCE)?.raw;
    Ok((issuer, serial))
}

impl<'a> Certificate<'a> {
    /// Reads one certificate with nothing after it.
    pub(crate) fn parse(raw: &'a [u8]) -> Result<Self, DerError> {
        let mut outer = der::only(raw, der::SEQUENCE)?.inside();
        let signed = outer.take(der::SEQUENCE)?;
        let algorithm = outer.take(der::SEQUENCE)?;
        let signature = der::whole_bits(outer.element()?)?;
        outer.end()?;

        let mut fields = signed.inside();
        let version = fields.optional(der::context(0))?;
        let version = match version {
            Some(version) => der::small_integer(der::only(version.value, der::INTEGER)?)?,
            None => 0,
        };
        let serial = der::integer(fields.element()?)?;
        if serial.len() > 21 {
            return Err(DerError::Value);
        }
        if fields.take(der::SEQUENCE)?.raw != algorithm.raw {
            return Err(DerError::Value);
        }
        let issuer = fields.take(der::SEQUENCE)?.raw;
        let mut validity = fields.take(der::SEQUENCE)?.inside();
        let not_before = der::time(validity.element()?)?;
        let not_after = der::time(validity.element()?)?;
        validity.end()?;
        let subject = fields.take(der::SEQUENCE)?.raw;
        let spki = fields.take(der::SEQUENCE)?;
        let mut key = spki.inside();
        key.take(der::SEQUENCE)?;
        let key_bits = der::whole_bits(key.element()?)?;
        key.end()?;
        fields.optional(der::context_primitive(1))?;
        fields.optional(der::context_primitive(2))?;
        let extensions = match fields.optional(der::context(3))? {
            Some(_) if version != 2 => return Err(DerError::Value),
            Some(list) => Extensions::parse(der::only(list.value, der::SEQUENCE)?)?,
            None => Extensions::default(),
        };
        fields.end()?;
        Ok(Self {
            raw,
            signed: signed.raw,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            spki: spki.raw,
            key_bits,
            algorithm,
            signature,
            extensions,
        })
    }

    pub(crate) fn sha256(&self) -> [u8; 32] {
        openssl::sha::sha256(self.raw)
    }

    /// Name and key of the certificate as an issuer: what its certificates and CRLs are found by.
    pub(crate) fn issuer_id(&self) -> [u8; 32] {
        let mut hash = openssl::sha::Sha256::new();
        hash.update(self.subject);
        hash.update(self.spki);
        hash.finish()
    }

    pub(crate) fn facts(&self) -> CertificateFacts {
        let line = |raw| Name::parse(raw).map_or_else(|_| hex::encode(raw), |name| name.line());
        CertificateFacts {
            sha256: hex::encode(self.sha256()),
            serial: hex::encode(self.serial),
            subject: line(self.subject),
            issuer: line(self.issuer),
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }
}

impl<'a> Extensions<'a> {
    fn parse(list: Tlv<'a>) -> Result<Self, DerError> {
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut found = Self::default();
        for extension in list.inside().elements(64)? {
            let (kind, critical, value) = extension_parts(extension)?;
            if seen.contains(&kind) {
                return Err(DerError::Value);
            }
            seen.push(kind);
            found.read(kind, critical, value)?;
            found.all.push((kind, critical, value));
        }
        Ok(found)
    }

    /// Content of the extension `kind`.
    pub(crate) fn content(&self, kind: &[u8]) -> Option<&'a [u8]> {
        self.all.iter().find(|(found, ..)| *found == kind).map(|(.., value)| *value)
    }

    /// Identifiers of the critical extensions.
    pub(crate) fn critical(&self) -> impl Iterator<Item = &'a [u8]> {
        self.all.iter().filter(|(_, critical, _)| *critical).map(|(kind, ..)| *kind)
    }

    fn read(&mut self, kind: &[u8], critical: bool, value: &'a [u8]) -> Result<(), DerError> {
        if kind == oid::EXT_KEY_USAGE {
            self.key_usage = Some(der::named_bits(der::only(value, der::BIT_STRING)?)?);
        } else if kind == oid::EXT_EXTENDED_KEY_USAGE {
            let mut usages = Vec::new();
            for usage in der::only(value, der::SEQUENCE)?.inside().elements(64)? {
                usages.push(usage.expect(der::OID)?.value);
            }
            self.extended_key_usage = Some(usages);
            self.extended_key_usage_critical = critical;
        } else if kind == oid::EXT_POLICIES {
            for policy in der::only(value, der::SEQUENCE)?.inside().elements(64)? {
                self.policies.push(policy.expect(der::SEQUENCE)?.inside().take(der::OID)?.value);
            }
        } else if kind == oid::EXT_BASIC_CONSTRAINTS {
            let mut parts = der::only(value, der::SEQUENCE)?.inside();
            self.is_authority = parts.optional(der::BOOLEAN)?.map_or(Ok(false), der::boolean)?;
            self.path_length = parts.optional(der::INTEGER)?.map(der::small_integer).transpose()?;
            parts.end()?;
        } else if kind == oid::EXT_SUBJECT_KEY_ID {
            self.subject_key_id = Some(der::only(value, der::OCTET_STRING)?.value);
        }
        Ok(())
    }

    pub(crate) fn may_commit_content(&self) -> bool {
        self.key_usage.is_some_and(|usage| usage & CONTENT_COMMITMENT != 0)
    }

    /// Whether the key may make signatures of any kind; a certificate that does not say may.
    pub(crate) fn may_sign(&self) -> bool {
        self.key_usage.is_none_or(|usage| usage & (CONTENT_COMMITMENT | DIGITAL_SIGNATURE) != 0)
    }

    pub(crate) fn may_sign_crls(&self) -> bool {
        self.key_usage.is_none_or(|usage| usage & CRL_SIGN != 0)
    }

    /// Whether the key may sign certificates; a certificate that does not say may.
    pub(crate) fn may_sign_certificates(&self) -> bool {
        self.key_usage.is_none_or(|usage| usage & KEY_CERT_SIGN != 0)
    }

    pub(crate) fn usages(&self) -> &[&'a [u8]] {
        self.extended_key_usage.as_deref().unwrap_or_default()
    }

    /// Whether the extended key usage leaves room for signing documents.
    pub(crate) fn may_sign_documents(&self) -> bool {
        const OTHER: [&[u8]; 4] =
            [oid::EKU_SERVER_AUTH, oid::EKU_CLIENT_AUTH, oid::EKU_OCSP_SIGNING, oid::EKU_TIME_STAMPING];
        self.extended_key_usage
            .as_ref()
            .is_none_or(|usages| usages.iter().any(|usage| !OTHER.contains(usage)))
    }
}

/// Identifier, criticality and content of one extension.
pub(crate) fn extension_parts(extension: Tlv<'_>) -> Result<(&[u8], bool, &[u8]), DerError> {
    let mut parts = extension.expect(der::SEQUENCE)?.inside();
    let kind = parts.take(der::OID)?.value;
    let critical = parts.optional(der::BOOLEAN)?.map_or(Ok(false), der::boolean)?;
    let value = parts.take(der::OCTET_STRING)?.value;
    parts.end()?;
    Ok((kind, critical, value))
}
