//! Revocation lists of every kind (RFC 5280, 5): complete, delta, indirect, partitioned; read without copying.

use std::cell::RefCell;
use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::general_name::GeneralName;
use crate::certificate::extension_parts;
use crate::der::{self, DerError, Reader, Tlv};
use crate::name::{self, Canonical};
use crate::oid;

/// All revocation reasons, as the bits of `ReasonFlags` (bit 0 is unused).
pub(super) const ALL_REASONS: u16 = 0x7f80;
/// Most names of one distribution point.
const NAMES_MAX: usize = 64;

/// A list and what it speaks of.
#[derive(Debug)]
pub(super) struct Crl<'a> {
    pub(super) signed: &'a [u8],
    pub(super) algorithm: Tlv<'a>,
    pub(super) signature: &'a [u8],
    pub(super) issuer: Canonical,
    pub(super) this_update: DateTime<Utc>,
    pub(super) next_update: DateTime<Utc>,
    /// CRL number without leading zeros.
    pub(super) number: &'a [u8],
    /// Base number of a delta list.
    pub(super) base: Option<&'a [u8]>,
    pub(super) issuing_point: Option<&'a [u8]>,
    pub(super) scope: Scope,
    pub(super) authority_key: Option<&'a [u8]>,
    entries: &'a [u8],
    /// Which certificates of the pool signed the list, as far as it was asked.
    pub(super) signers: RefCell<HashMap<usize, bool>>,
}

/// Kinds of certificate a list speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kinds {
    All,
    Users,
    Authorities,
    Attributes,
}

impl Kinds {
    /// Whether certificates of an authority, or of anybody else, are among them.
    pub(super) const fn include(self, authority: bool) -> bool {
        match self {
            Self::All => true,
            Self::Users => !authority,
            Self::Authorities => authority,
            Self::Attributes => false,
        }
    }
}

/// `IssuingDistributionPoint`.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) names: Option<Vec<GeneralName>>,
    pub(super) kinds: Kinds,
    pub(super) reasons: u16,
    pub(super) indirect: bool,
}

impl Default for Scope {
    fn default() -> Self {
        Self { names: None, kinds: Kinds::All, reasons: ALL_REASONS, indirect: false }
    }
}

/// One place of `CRLDistributionPoints`.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) names: Option<Vec<GeneralName>>,
    pub(super) reasons: u16,
    /// Issuers of the lists when another than the certificate's issuer.
    pub(super) issuers: Vec<Canonical>,
}

fn number(content: &[u8]) -> Result<&[u8], DerError> {
    let number = der::integer(der::only(content, der::INTEGER)?)?;
    if number.first().is_some_and(|octet| octet & 0x80 != 0) {
        return Err(DerError::Value);
    }
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    Ok(number.get(zeros..).unwrap_or_default())
}

/// Compares two numbers without leading zeros.
pub(super) fn is_at_most(left: &[u8], right: &[u8]) -> bool {
    (left.len(), left) <= (right.len(), right)
}

impl<'a> Crl<'a> {
    /// Reads a list; a critical extension that is not understood makes it useless.
    pub(super) fn parse(raw: &'a [u8]) -> Result<Self, DerError> {
        let mut outer = der::only(raw, der::SEQUENCE)?.inside();
        let signed = outer.take(der::SEQUENCE)?;
        let algorithm = outer.take(der::SEQUENCE)?;
        let signature = der::whole_bits(outer.element()?)?;
        outer.end()?;
        let mut fields = signed.inside();
        if der::small_integer(fields.element()?)? != 1 || fields.take(der::SEQUENCE)?.raw != algorithm.raw {
            return Err(DerError::Value);
        }
        let issuer_raw = fields.take(der::SEQUENCE)?.raw;
        let this_update = der::time(fields.element()?)?;
        let next_update = der::time(fields.element()?)?;
        let entries = fields.optional(der::SEQUENCE)?.map(|list| list.value).unwrap_or_default();
        let extensions = fields.optional(der::context(0))?;
        fields.end()?;
        let mut crl = Self {
            signed: signed.raw,
            algorithm,
            signature,
            issuer: name::canonical(issuer_raw)?,
            this_update,
            next_update,
            number: &[],
            base: None,
            issuing_point: None,
            scope: Scope::default(),
            authority_key: None,
            entries,
            signers: RefCell::default(),
        };
        if let Some(list) = extensions {
            crl.read_extensions(der::only(list.value, der::SEQUENCE)?)?;
        }
        Ok(crl)
    }

    fn read_extensions(&mut self, list: Tlv<'a>) -> Result<(), DerError> {
        let mut seen: Vec<&[u8]> = Vec::new();
        for extension in list.inside().elements(32)? {
            let (kind, critical, value) = extension_parts(extension)?;
            if seen.contains(&kind) {
                return Err(DerError::Value);
            }
            seen.push(kind);
            if kind == oid::EXT_CRL_NUMBER && !critical {
                self.number = number(value)?;
            } else if kind == oid::EXT_DELTA_CRL {
                self.base = Some(number(value)?);
            } else if kind == oid::EXT_ISSUING_DISTRIBUTION_POINT {
                self.issuing_point = Some(value);
                self.scope = scope(value, &self.issuer)?;
            } else if kind == oid::EXT_AUTHORITY_KEY_ID {
                self.authority_key = authority_key(value)?.0;
            } else if critical {
                return Err(DerError::Unexpected);
            }
        }
        Ok(())
    }

    /// Reason of the entry for a certificate; entries name their issuer only in indirect lists.
    pub(super) fn find(&self, issuer: &Canonical, serial: &[u8]) -> Result<Option<u8>, DerError> {
        let mut rest = Reader::new(self.entries);
        let mut current = self.issuer == *issuer;
        let mut found = None;
        while !rest.is_empty() {
            let mut fields = rest.take(der::SEQUENCE)?.inside();
            let listed = der::integer(fields.element()?)?;
            der::time(fields.element()?)?;
            let mut reason = 0;
            if let Some(list) = fields.optional(der::SEQUENCE)? {
                for extension in list.inside().elements(8)? {
                    let (kind, critical, value) = extension_parts(extension)?;
                    if kind == oid::EXT_CRL_REASON {
                        reason = match der::only(value, der::ENUMERATED)?.value {
                            [reason] => *reason,
                            _ => return Err(DerError::Value),
                        };
                    } else if kind == oid::EXT_CERTIFICATE_ISSUER && self.scope.indirect {
                        let names = GeneralName::read_all(der::only(value, der::SEQUENCE)?, NAMES_MAX)?;
                        current = names.contains(&GeneralName::Directory(issuer.clone()));
                    } else if critical {
                        return Err(DerError::Unexpected);
                    }
                }
            }
            fields.end()?;
            if current && listed == serial {
                found = Some(reason);
            }
        }
        Ok(found)
    }
}

fn scope(content: &[u8], issuer: &Canonical) -> Result<Scope, DerError> {
    let mut parts = der::only(content, der::SEQUENCE)?.inside();
    let flag = |parts: &mut Reader<'_>, tag: u8| -> Result<bool, DerError> {
        match parts.optional(der::context_primitive(tag))?.map(|flag| flag.value) {
            None => Ok(false),
            Some([0xff]) => Ok(true),
            Some(_) => Err(DerError::Value),
        }
    };
    let names = parts.optional(der::context(0))?;
    let names = names.map(|point| point_names(point.value, issuer)).transpose()?;
    let users_only = flag(&mut parts, 1)?;
    let authorities_only = flag(&mut parts, 2)?;
    let reasons = parts.optional(der::context_primitive(3))?.map(reason_flags).transpose()?;
    let indirect = flag(&mut parts, 4)?;
    let attributes_only = flag(&mut parts, 5)?;
    parts.end()?;
    let kinds = match (users_only, authorities_only, attributes_only) {
        (false, false, false) => Kinds::All,
        (true, false, false) => Kinds::Users,
        (false, true, false) => Kinds::Authorities,
        (false, false, true) => Kinds::Attributes,
        _ => return Err(DerError::Value),
    };
    Ok(Scope { names, kinds, reasons: reasons.unwrap_or(ALL_REASONS), indirect })
}

fn reason_flags(flags: Tlv<'_>) -> Result<u16, DerError> {
    let flags = der::named_bits(Tlv { tag: der::BIT_STRING, ..flags })?;
    Ok(flags & ALL_REASONS)
}

/// `DistributionPointName`; a relative name is completed with that of the list's issuer.
fn point_names(content: &[u8], issuer: &Canonical) -> Result<Vec<GeneralName>, DerError> {
    let mut parts = Reader::new(content);
    let choice = parts.element()?;
    parts.end()?;
    match choice.tag {
        tag if tag == der::context(0) => GeneralName::read_all(choice, NAMES_MAX),
        tag if tag == der::context(1) => {
            let mut whole = issuer.clone();
            whole.push(name::relative(choice.inside())?);
            Ok(vec![GeneralName::Directory(whole)])
        }
        _ => Err(DerError::Unexpected),
    }
}

impl Point {
    /// Reads the distribution points of a certificate whose issuer has this name.
    pub(super) fn read_all(content: &[u8], issuer: &Canonical) -> Result<Vec<Self>, DerError> {
        let elements = der::only(content, der::SEQUENCE)?.inside().elements(NAMES_MAX)?;
        elements.into_iter().map(|element| Self::read(element, issuer)).collect()
    }

    fn read(element: Tlv<'_>, issuer: &Canonical) -> Result<Self, DerError> {
        let mut parts = element.expect(der::SEQUENCE)?.inside();
        let point = parts.optional(der::context(0))?;
        let reasons = parts.optional(der::context_primitive(1))?.map(reason_flags).transpose()?;
        let issuers = match parts.optional(der::context(2))? {
            Some(list) => GeneralName::read_all(list, NAMES_MAX)?,
            None => Vec::new(),
        };
        parts.end()?;
        let directory = |name| if let GeneralName::Directory(name) = name { Some(name) } else { None };
        let issuers: Vec<Canonical> = issuers.into_iter().filter_map(directory).collect();
        let relative_to = issuers.first().unwrap_or(issuer);
        let names = point.map(|point| point_names(point.value, relative_to)).transpose()?;
        Ok(Self { names, reasons: reasons.unwrap_or(ALL_REASONS), issuers })
    }

    /// Whether a list of this scope is published here: one of its names is one of ours, or it names no place.
    pub(super) fn is_of(&self, scope: Option<&[GeneralName]>) -> bool {
        let Some(scope) = scope else { return true };
        match &self.names {
            Some(names) => names.iter().any(|name| scope.contains(name)),
            None => self.issuers.iter().any(|name| scope.contains(&GeneralName::Directory(name.clone()))),
        }
    }

    /// The point of a certificate that names none: the lists of its issuer.
    pub(super) fn of_issuer(issuer: &Canonical) -> Self {
        let names = Some(vec![GeneralName::Directory(issuer.clone())]);
        Self { names, reasons: ALL_REASONS, issuers: Vec::new() }
    }
}

/// Key identifier, and whether issuer and serial number are given too, of `AuthorityKeyIdentifier`.
pub(super) fn authority_key(content: &[u8]) -> Result<(Option<&[u8]>, Option<Issued<'_>>), DerError> {
    let mut parts = der::only(content, der::SEQUENCE)?.inside();
    let key = parts.optional(der::context_primitive(0))?.map(|key| key.value);
    let issuer = parts.optional(der::context(1))?;
    let serial = parts.optional(der::context_primitive(2))?.map(|serial| serial.value);
    parts.end()?;
    match (issuer, serial) {
        (None, None) => Ok((key, None)),
        (Some(issuer), Some(serial)) => {
            Ok((key, Some(Issued { names: GeneralName::read_all(issuer, NAMES_MAX)?, serial })))
        }
        _ => Err(DerError::Value),
    }
}

/// Issuer and serial number of the certificate that holds the signing key.
#[derive(Debug)]
pub(super) struct Issued<'a> {
    pub(super) names: Vec<GeneralName>,
    pub(super) serial: &'a [u8],
}
