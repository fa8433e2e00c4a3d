//! OCSP responses (RFC 6960), verified once under their issuer, kept as the statuses they give.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Authority, TrustError};
use crate::algorithm::identifier_hash;
use crate::certificate::Certificate;
use crate::der::{self, DerError, Tlv};
use crate::oid;
use crate::report::{RevocationFacts, RevocationSource, RevocationStatus};

/// Longest life of a response that does not state its next update, and longest age of any good one.
pub(crate) const AGE_MAX: TimeDelta = TimeDelta::hours(1);

/// Validity of a delegated responder's certificate.
type Term = (DateTime<Utc>, DateTime<Utc>);

/// The status of one certificate as a responder gave it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) issuer: [u8; 32],
    serial: Vec<u8>,
    status: RevocationStatus,
    reason: Option<u8>,
    this_update: DateTime<Utc>,
    next_update: DateTime<Utc>,
    /// Validity of the delegated responder's certificate.
    responder: Option<Term>,
}

impl Answer {
    /// What the answer says of `certificate` at `at`, `None` when it is about another one or not trusted then.
    pub(crate) fn status(
        &self,
        issuer: &[u8; 32],
        certificate: &Certificate<'_>,
        at: DateTime<Utc>,
    ) -> Option<RevocationFacts> {
        let trusted = self.responder.is_none_or(|(from, until)| from <= at && at <= until);
        if self.issuer != *issuer || self.serial != certificate.serial || !trusted {
            return None;
        }
        Some(RevocationFacts {
            cert: hex::encode(certificate.sha256()),
            source: RevocationSource::Ocsp,
            this_update: self.this_update,
            next_update: self.next_update,
            number: None,
            status: self.status,
            reason: self.reason.map(|reason| super::reason(reason).to_owned()),
        })
    }
}

/// Verifies a response under one of `authorities` and reads the answers about that issuer's certificates.
pub(crate) fn import<'a>(
    raw: &[u8],
    authorities: &(impl Iterator<Item = &'a Authority> + Clone),
) -> Result<Vec<Answer>, TrustError> {
    import_basic(basic(raw)?, authorities)
}

/// The `BasicOCSPResponse` of a successful `OCSPResponse`.
fn basic(raw: &[u8]) -> Result<&[u8], TrustError> {
    let mut outer = der::only(raw, der::SEQUENCE)?.inside();
    if outer.take(der::ENUMERATED)?.value != [0] {
        return Err(TrustError::Unsuccessful);
    }
    let mut wrapped = der::only(outer.take(der::context(0))?.value, der::SEQUENCE)?.inside();
    outer.end()?;
    if wrapped.take(der::OID)?.value != oid::OCSP_BASIC {
        return Err(TrustError::Scope);
    }
    let basic = wrapped.take(der::OCTET_STRING)?.value;
    wrapped.end()?;
    Ok(basic)
}

/// Serial numbers and statuses of a response, whoever signed it.
pub(crate) fn read(raw: &[u8]) -> Result<Vec<(Vec<u8>, RevocationStatus)>, TrustError> {
    let signed = der::only(basic(raw)?, der::SEQUENCE)?.inside().take(der::SEQUENCE)?;
    let (_, singles) = response(signed)?;
    let status = |single: &Single<'_>| Ok((single.serial.to_vec(), single.status()?.0));
    singles.iter().map(status).collect()
}

/// Verifies a `BasicOCSPResponse` like [`import`].
pub(crate) fn import_basic<'a>(
    basic: &[u8],
    authorities: &(impl Iterator<Item = &'a Authority> + Clone),
) -> Result<Vec<Answer>, TrustError> {
    let mut basic = der::only(basic, der::SEQUENCE)?.inside();
    let signed = basic.take(der::SEQUENCE)?;
    let algorithm = basic.take(der::SEQUENCE)?;
    let signature = der::whole_bits(basic.element()?)?;
    let embedded = match basic.optional(der::context(0))? {
        Some(list) => der::only(list.value, der::SEQUENCE)?.inside().elements(8)?,
        None => Vec::new(),
    };
    basic.end()?;

    let mut answers = Vec::new();
    let (named, singles) = response(signed)?;
    for single in singles {
        let issuer = authorities.clone().find(|authority| single.is_issued_by(authority));
        let issuer = issuer.ok_or(TrustError::UnknownIssuer)?;
        let responder = responder(issuer, &embedded, named, signed, algorithm, signature)?;
        answers.push(single.answer(issuer, responder)?);
    }
    Ok(answers)
}

/// Who signed the response: the issuer itself (`None`) or a delegate of its, with the delegate's validity.
fn responder(
    issuer: &Authority,
    embedded: &[Tlv<'_>],
    named: Tlv<'_>,
    signed: Tlv<'_>,
    algorithm: Tlv<'_>,
    signature: &[u8],
) -> Result<Option<Term>, TrustError> {
    if is_named(issuer, named) && issuer.signed(signed.raw, algorithm, signature)? {
        return Ok(None);
    }
    for raw in embedded {
        let delegate = Certificate::parse(raw.raw)?;
        let entitled = delegate.extensions.usages().contains(&oid::EKU_OCSP_SIGNING)
            && delegate.extensions.may_sign()
            && delegate.issuer == issuer.subject.as_slice();
        if !entitled || !issuer.signed(delegate.signed, delegate.algorithm, delegate.signature)? {
            continue;
        }
        let delegate_key = Authority::from_der(raw.raw)?;
        if is_named(&delegate_key, named) && delegate_key.signed(signed.raw, algorithm, signature)? {
            return Ok(Some((delegate.not_before, delegate.not_after)));
        }
    }
    Err(TrustError::Signature)
}

struct Single<'a> {
    hash: &'a [u8],
    name_hash: &'a [u8],
    key_hash: &'a [u8],
    serial: &'a [u8],
    status: Tlv<'a>,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
}

/// The responder's identifier and the single answers of `ResponseData`.
fn response(signed: Tlv<'_>) -> Result<(Tlv<'_>, Vec<Single<'_>>), DerError> {
    let mut fields = signed.inside();
    fields.optional(der::context(0))?;
    let named = fields.element()?;
    fields.take(der::GENERALIZED_TIME)?;
    let list = fields.take(der::SEQUENCE)?.inside().elements(256)?;
    let singles = list.into_iter().map(Single::parse).collect::<Result<_, _>>()?;
    Ok((named, singles))
}

/// `ResponderID`: the subject's name, or the SHA-1 of its key.
fn is_named(responder: &Authority, named: Tlv<'_>) -> bool {
    match named.tag {
        tag if tag == der::context(1) => responder.subject == named.value,
        tag if tag == der::context(2) => der::only(named.value, der::OCTET_STRING)
            .is_ok_and(|hash| identifier_hash(oid::SHA1, &responder.key_bits).as_deref() == Some(hash.value)),
        _ => false,
    }
}

impl<'a> Single<'a> {
    fn parse(raw: Tlv<'a>) -> Result<Self, DerError> {
        let mut fields = raw.expect(der::SEQUENCE)?.inside();
        let mut id = fields.take(der::SEQUENCE)?.inside();
        let hash = id.take(der::SEQUENCE)?.inside().take(der::OID)?.value;
        let name_hash = id.take(der::OCTET_STRING)?.value;
        let key_hash = id.take(der::OCTET_STRING)?.value;
        let serial = der::integer(id.element()?)?;
        id.end()?;
        let status = fields.element()?;
        let this_update = der::time(fields.element()?)?;
        let next_update = match fields.optional(der::context(0))? {
            Some(next) => Some(der::time(der::only(next.value, der::GENERALIZED_TIME)?)?),
            None => None,
        };
        Ok(Self { hash, name_hash, key_hash, serial, status, this_update, next_update })
    }

    fn is_issued_by(&self, authority: &Authority) -> bool {
        identifier_hash(self.hash, &authority.subject).as_deref() == Some(self.name_hash)
            && identifier_hash(self.hash, &authority.key_bits).as_deref() == Some(self.key_hash)
    }

    /// What is said of the certificate, and the reason of a revocation.
    fn status(&self) -> Result<(RevocationStatus, Option<u8>), DerError> {
        let mut reason = None;
        let status = match self.status.tag {
            tag if tag == der::context_primitive(0) => RevocationStatus::Good,
            tag if tag == der::context(1) => {
                let mut fields = self.status.inside();
                der::time(fields.element()?)?;
                if let Some(stated) = fields.optional(der::context(0))? {
                    reason = der::only(stated.value, der::ENUMERATED)?.value.first().copied();
                }
                if reason == Some(6) { RevocationStatus::OnHold } else { RevocationStatus::Revoked }
            }
            tag if tag == der::context_primitive(2) => RevocationStatus::Unknown,
            _ => return Err(DerError::Unexpected),
        };
        Ok((status, reason))
    }

    fn answer(&self, issuer: &Authority, responder: Option<Term>) -> Result<Answer, DerError> {
        let (status, reason) = self.status()?;
        let oldest = self.this_update + AGE_MAX;
        Ok(Answer {
            issuer: issuer.id,
            serial: self.serial.to_vec(),
            status,
            reason,
            this_update: self.this_update,
            next_update: self.next_update.map_or(oldest, |next| next.min(oldest)),
            responder,
        })
    }
}
