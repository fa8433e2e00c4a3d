//! Revocation evidence that travels inside a message: lists and status responses, read later against their issuers.

use crate::der::{self, DerError, Tlv};
use crate::oid;

/// Most lists and responses of one message.
const EVIDENCE_MAX: usize = 16;

/// Revocation lists and OCSP responses (DER) that came along; nothing here is verified yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stapled<'a> {
    pub(crate) lists: Vec<&'a [u8]>,
    /// `BasicOCSPResponse`s.
    pub(crate) responses: Vec<&'a [u8]>,
    /// Something else than lists stood in the message itself.
    pub(crate) other: bool,
}

impl<'a> Stapled<'a> {
    /// `RevocationInfoChoices` (RFC 5652, 10.2.1; RFC 5940): lists, and status responses as another format.
    pub(super) fn of_message(set: Tlv<'a>) -> Result<Self, DerError> {
        let mut found = Self::default();
        for element in set.inside().elements(EVIDENCE_MAX)? {
            if element.tag == der::SEQUENCE {
                found.lists.push(element.raw);
                continue;
            }
            found.other = true;
            if element.tag != der::context(1) {
                continue;
            }
            let mut format = element.inside();
            let kind = format.take(der::OID)?.value;
            let response = format.element()?;
            format.end()?;
            if kind == oid::OCSP_RESPONSE
                && let Some(basic) = basic(response)?
            {
                found.responses.push(basic);
            }
        }
        Ok(found)
    }

    /// `RevocationValues` (ETSI EN 319 122-1, A.1.2.1).
    pub(super) fn add_values(&mut self, values: Tlv<'a>) -> Result<(), DerError> {
        let mut fields = values.inside();
        if let Some(lists) = fields.optional(der::context(0))? {
            let lists = der::only(lists.value, der::SEQUENCE)?.inside().elements(EVIDENCE_MAX)?;
            self.lists.extend(lists.iter().map(|list| list.raw));
        }
        if let Some(responses) = fields.optional(der::context(1))? {
            let responses = der::only(responses.value, der::SEQUENCE)?.inside().elements(EVIDENCE_MAX)?;
            self.responses.extend(responses.iter().map(|response| response.raw));
        }
        if self.lists.len() + self.responses.len() > EVIDENCE_MAX {
            return Err(DerError::TooMany);
        }
        Ok(())
    }

    /// This and `more` together.
    pub(crate) fn and(&self, more: &Self) -> Self {
        Self {
            lists: [self.lists.as_slice(), &more.lists].concat(),
            responses: [self.responses.as_slice(), &more.responses].concat(),
            other: self.other || more.other,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.responses.is_empty()
    }
}

/// The `BasicOCSPResponse` of a successful `OCSPResponse`.
fn basic(response: Tlv<'_>) -> Result<Option<&[u8]>, DerError> {
    let mut outer = response.expect(der::SEQUENCE)?.inside();
    if outer.take(der::ENUMERATED)?.value != [0] {
        return Ok(None);
    }
    let mut wrapped = der::only(outer.take(der::context(0))?.value, der::SEQUENCE)?.inside();
    let kind = wrapped.take(der::OID)?.value;
    let octets = wrapped.take(der::OCTET_STRING)?.value;
    Ok((kind == oid::OCSP_BASIC).then_some(octets))
}
