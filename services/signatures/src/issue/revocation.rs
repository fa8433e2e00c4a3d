//! Certificate revocation lists (RFC 5280, 5) of an authority.

use chrono::{DateTime, Utc};

use super::{Authority, IssueError};
use crate::certificate::{Certificate, issuer_and_serial};
use crate::{der, encode, oid};

/// Reason of a revocation (RFC 5280, 5.3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the names are those of RFC 5280")]
pub enum RevocationReason {
    Unspecified,
    KeyCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    CertificateHold,
    PrivilegeWithdrawn,
}

/// A revoked certificate.
#[derive(Clone, Debug)]
pub struct Revoked {
    serial: Vec<u8>,
    at: DateTime<Utc>,
    reason: RevocationReason,
}

impl Revoked {
    /// Revokes a certificate (DER).
    pub fn new(certificate: &[u8], at: DateTime<Utc>, reason: RevocationReason) -> Result<Self, IssueError> {
        let (_, serial) = issuer_and_serial(certificate)?;
        Ok(Self { serial: serial.to_vec(), at, reason })
    }

    /// Revokes by serial number (hexadecimal, as reports carry it).
    pub fn by_serial(serial: &str, at: DateTime<Utc>, reason: RevocationReason) -> Result<Self, IssueError> {
        let serial = hex::decode(serial).map_err(|_| der::DerError::Value)?;
        Ok(Self { serial, at, reason })
    }
}

impl RevocationReason {
    pub(super) const fn code(self) -> Option<u8> {
        match self {
            Self::Unspecified => None,
            Self::KeyCompromise => Some(1),
            Self::AffiliationChanged => Some(3),
            Self::Superseded => Some(4),
            Self::CessationOfOperation => Some(5),
            Self::CertificateHold => Some(6),
            Self::PrivilegeWithdrawn => Some(9),
        }
    }
}

impl Authority {
    /// The list (DER) number `number` of this authority's revoked certificates.
    pub fn revocation_list(
        &self,
        number: u64,
        this_update: DateTime<Utc>,
        next_update: DateTime<Utc>,
        revoked: &[Revoked],
    ) -> Result<Vec<u8>, IssueError> {
        let own = self.certificate.to_der()?;
        let own = Certificate::parse(&own)?;
        let algorithm = self.key.algorithm();
        let mut fields = vec![
            encode::number(1),
            algorithm.clone(),
            own.subject.to_vec(),
            encode::time(this_update),
            encode::time(next_update),
        ];
        if !revoked.is_empty() {
            let entries: Vec<Vec<u8>> = revoked.iter().map(entry).collect();
            fields.push(encode::sequence(&[&entries.concat()]));
        }
        let mut extensions = vec![extension(oid::EXT_CRL_NUMBER, &encode::number(number))];
        if let Some(id) = own.extensions.subject_key_id {
            let issuer = encode::sequence(&[&encode::tlv(der::context_primitive(0), &[id])]);
            extensions.push(extension(oid::EXT_AUTHORITY_KEY_ID, &issuer));
        }
        fields.push(encode::tlv(der::context(0), &[&encode::sequence(&[&extensions.concat()])]));
        self.sign_list(&encode::sequence(&[&fields.concat()]))
    }

    /// A list around `signed`, a `TBSCertList` (DER) of any content.
    pub fn sign_list(&self, signed: &[u8]) -> Result<Vec<u8>, IssueError> {
        let signature = self.key.sign(signed)?;
        Ok(encode::sequence(&[signed, &self.key.algorithm(), &encode::bits(&signature)]))
    }
}

fn entry(revoked: &Revoked) -> Vec<u8> {
    let mut fields = vec![encode::tlv(der::INTEGER, &[&revoked.serial]), encode::time(revoked.at)];
    if let Some(code) = revoked.reason.code() {
        let reason = extension(oid::EXT_CRL_REASON, &encode::tlv(der::ENUMERATED, &[&[code]]));
        fields.push(encode::sequence(&[&reason]));
    }
    encode::sequence(&[&fields.concat()])
}

fn extension(kind: &[u8], value: &[u8]) -> Vec<u8> {
    encode::sequence(&[&encode::oid(kind), &encode::octets(value)])
}
