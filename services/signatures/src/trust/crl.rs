//! Certificate revocation lists (RFC 5280, 5), read and verified once, kept as a sorted array of serial numbers.

use chrono::{DateTime, Utc};

use super::{Authority, TrustError};
use crate::certificate::extension_parts;
use crate::der::{self, DerError, Tlv};
use crate::oid;
use crate::report::{RevocationFacts, RevocationSource, RevocationStatus};

/// Kinds of certificate a list speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scope {
    All,
    UsersOnly,
    AuthoritiesOnly,
}

/// Serial number that compares by value of its DER content: length first, then octets.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Serial {
    length: u8,
    octets: [u8; 21],
}

impl Serial {
    fn new(content: &[u8]) -> Option<Self> {
        let mut octets = [0; 21];
        octets.get_mut(..content.len())?.copy_from_slice(content);
        Some(Self { length: u8::try_from(content.len()).ok()?, octets })
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    serial: Serial,
    reason: u8,
}

/// A verified list of one issuer.
#[derive(Debug)]
pub(crate) struct Crl {
    number: Vec<u8>,
    this_update: DateTime<Utc>,
    next_update: DateTime<Utc>,
    scope: Scope,
    entries: Vec<Entry>,
}

/// The issuer's name of a list, before anything is verified.
pub(crate) fn issuer_name(raw: &[u8]) -> Result<&[u8], DerError> {
    let mut signed = der::only(raw, der::SEQUENCE)?.inside().take(der::SEQUENCE)?.inside();
    signed.take(der::INTEGER)?;
    signed.take(der::SEQUENCE)?;
    Ok(signed.take(der::SEQUENCE)?.raw)
}

impl Crl {
    /// Verifies the list under `issuer` and reads it.
    pub(crate) fn import(raw: &[u8], issuer: &Authority) -> Result<Self, TrustError> {
        let mut outer = der::only(raw, der::SEQUENCE)?.inside();
        let signed = outer.take(der::SEQUENCE)?;
        let algorithm = outer.take(der::SEQUENCE)?;
        let signature = der::whole_bits(outer.element()?)?;
        outer.end()?;
        if !issuer.may_sign_crls || !issuer.signed(signed.raw, algorithm, signature)? {
            return Err(TrustError::Signature);
        }
        Self::read(signed, algorithm)
    }

    fn read(signed: Tlv<'_>, algorithm: Tlv<'_>) -> Result<Self, TrustError> {
        let mut fields = signed.inside();
        if der::small_integer(fields.element()?)? != 1 || fields.take(der::SEQUENCE)?.raw != algorithm.raw {
            return Err(TrustError::Malformed(DerError::Value));
        }
        fields.take(der::SEQUENCE)?;
        let this_update = der::time(fields.element()?)?;
        let mut next = fields.element()?;
        if next.tag != der::UTC_TIME && next.tag != der::GENERALIZED_TIME {
            return Err(TrustError::Malformed(DerError::Unexpected));
        }
        let next_update = der::time(next)?;
        let mut entries = Vec::new();
        if let Some(list) = fields.optional(der::SEQUENCE)? {
            let mut rest = list.inside();
            while !rest.is_empty() {
                next = rest.take(der::SEQUENCE)?;
                entries.push(entry(next)?);
            }
        }
        entries.sort_unstable_by_key(|entry| entry.serial);
        let mut crl = Self { number: Vec::new(), this_update, next_update, scope: Scope::All, entries };
        if let Some(list) = fields.optional(der::context(0))? {
            crl.read_extensions(der::only(list.value, der::SEQUENCE)?)?;
        }
        fields.end()?;
        Ok(crl)
    }

    fn read_extensions(&mut self, list: Tlv<'_>) -> Result<(), TrustError> {
        for extension in list.inside().elements(32)? {
            let (kind, critical, value) = extension_parts(extension)?;
            if kind == oid::EXT_CRL_NUMBER {
                let number = der::integer(der::only(value, der::INTEGER)?)?;
                self.number = number.iter().copied().skip_while(|octet| *octet == 0).collect();
            } else if kind == oid::EXT_ISSUING_DISTRIBUTION_POINT {
                self.scope = scope(value)?;
            } else if critical {
                return Err(TrustError::Scope);
            }
        }
        Ok(())
    }

    /// Whether this list replaces `other`: higher CRL number, then later update.
    pub(crate) fn is_newer_than(&self, other: &Self) -> bool {
        self.rank() > other.rank()
    }

    /// From when until when the list counts, as it says itself.
    pub(crate) const fn validity(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.this_update, self.next_update)
    }

    /// How many certificates it names.
    pub(crate) const fn revoked(&self) -> usize {
        self.entries.len()
    }

    fn rank(&self) -> (usize, &[u8], DateTime<Utc>) {
        (self.number.len(), &self.number, self.this_update)
    }

    /// What the list says of one serial number, `None` when it does not speak of such certificates.
    pub(crate) fn status(
        &self,
        serial: &[u8],
        is_authority: bool,
        certificate: &[u8; 32],
    ) -> Option<RevocationFacts> {
        match self.scope {
            Scope::UsersOnly if is_authority => return None,
            Scope::AuthoritiesOnly if !is_authority => return None,
            Scope::All | Scope::UsersOnly | Scope::AuthoritiesOnly => {}
        }
        let serial = Serial::new(serial)?;
        let entry = self.entries.binary_search_by_key(&serial, |entry| entry.serial).ok();
        let entry = entry.and_then(|at| self.entries.get(at));
        let status = match entry.map(|entry| entry.reason) {
            None => RevocationStatus::Good,
            Some(6) => RevocationStatus::OnHold,
            Some(_) => RevocationStatus::Revoked,
        };
        Some(RevocationFacts {
            cert: hex::encode(certificate),
            source: RevocationSource::Crl,
            this_update: self.this_update,
            next_update: self.next_update,
            number: (!self.number.is_empty()).then(|| hex::encode(&self.number)),
            status,
            reason: entry.map(|entry| super::reason(entry.reason).to_owned()),
        })
    }
}

fn entry(raw: Tlv<'_>) -> Result<Entry, TrustError> {
    let mut fields = raw.inside();
    let serial = Serial::new(der::integer(fields.element()?)?).ok_or(DerError::Value)?;
    der::time(fields.element()?)?;
    let mut reason = 0;
    if let Some(list) = fields.optional(der::SEQUENCE)? {
        for extension in list.inside().elements(8)? {
            let (kind, critical, value) = extension_parts(extension)?;
            if kind == oid::EXT_CRL_REASON {
                reason = match der::only(value, der::ENUMERATED)?.value {
                    [reason] => *reason,
                    _ => return Err(TrustError::Malformed(DerError::Value)),
                };
            } else if critical {
                return Err(TrustError::Scope);
            }
        }
    }
    fields.end()?;
    Ok(Entry { serial, reason })
}

/// `IssuingDistributionPoint`: only lists for all reasons, of their own issuer and without partitions.
fn scope(value: &[u8]) -> Result<Scope, TrustError> {
    let mut parts = der::only(value, der::SEQUENCE)?.inside();
    let users = parts.optional(der::context_primitive(1))?.is_some();
    let authorities = parts.optional(der::context_primitive(2))?.is_some();
    match (users, authorities, parts.is_empty()) {
        (true, false, true) => Ok(Scope::UsersOnly),
        (false, true, true) => Ok(Scope::AuthoritiesOnly),
        (false, false, true) => Ok(Scope::All),
        _ => Err(TrustError::Scope),
    }
}
