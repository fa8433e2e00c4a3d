//! Detached signatures (CMS, CAdES baseline B) as the profile EC-SIG-1 asks for them.

use chrono::{DateTime, Utc};

use super::{Credential, IssueError, SigningKey};
use crate::certificate::issuer_and_serial;
use crate::{der, encode, oid};

/// What is signed, beside the signer.
pub(super) struct Content<'a> {
    pub(super) kind: &'a [u8],
    pub(super) octets: &'a [u8],
    pub(super) attached: bool,
}

/// Detached signature (CMS, DER) over exactly `payload`, with `certificate` and `chain` embedded.
pub fn sign_detached(
    key: &SigningKey,
    certificate: &[u8],
    chain: &[Vec<u8>],
    payload: &[u8],
    signing_time: DateTime<Utc>,
) -> Result<Vec<u8>, IssueError> {
    let content = Content { kind: oid::CMS_DATA, octets: payload, attached: false };
    let signer = signer_info(key, certificate, &content, signing_time)?;
    let mut embedded = vec![certificate.to_vec()];
    embedded.extend(chain.iter().cloned());
    Ok(signed_data(&content, &embedded, &[], vec![(digest_algorithm(key), signer.complete(&[]))]))
}

/// Revocation evidence to embed in a message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Revocation lists (DER).
    pub lists: &'a [Vec<u8>],
    /// `BasicOCSPResponse`s (DER).
    pub responses: &'a [Vec<u8>],
    /// Inside the signature's unsigned attributes (CAdES revocation values) and not beside the certificates.
    pub as_values: bool,
}

impl Credential {
    /// Detached signature with revocation evidence embedded, so that it can be verified offline.
    pub fn sign_with_evidence(
        &self,
        payload: &[u8],
        signing_time: DateTime<Utc>,
        evidence: Evidence<'_>,
    ) -> Result<Vec<u8>, IssueError> {
        let content = Content { kind: oid::CMS_DATA, octets: payload, attached: false };
        let signer = signer_info(self.key(), self.certificate(), &content, signing_time)?;
        let mut embedded = vec![self.certificate().to_vec()];
        embedded.extend(self.chain().iter().cloned());
        let digest = digest_algorithm(self.key());
        if evidence.as_values {
            let lists = encode::sequence(&[&evidence.lists.concat()]);
            let responses = encode::sequence(&[&evidence.responses.concat()]);
            let values = encode::sequence(&[
                &encode::tlv(der::context(0), &[&lists]),
                &encode::tlv(der::context(1), &[&responses]),
            ]);
            let unsigned = attribute(oid::ATTR_REVOCATION_VALUES, &values);
            return Ok(signed_data(&content, &embedded, &[], vec![(digest, signer.complete(&[unsigned]))]));
        }
        let mut choices = evidence.lists.to_vec();
        choices.extend(evidence.responses.iter().map(|basic| {
            let response = super::ocsp_response(basic);
            encode::tlv(der::context(1), &[&encode::oid(oid::OCSP_RESPONSE), &response])
        }));
        Ok(signed_data(&content, &embedded, &choices, vec![(digest, signer.complete(&[]))]))
    }
}

impl Credential {
    /// Detached signature of several signers over exactly `payload`, side by side in one message.
    pub fn sign_together(
        signers: &[&Self],
        payload: &[u8],
        signing_time: DateTime<Utc>,
    ) -> Result<Vec<u8>, IssueError> {
        let content = Content { kind: oid::CMS_DATA, octets: payload, attached: false };
        let (mut embedded, mut parts) = (Vec::new(), Vec::new());
        for signer in signers {
            let part = signer_info(signer.key(), signer.certificate(), &content, signing_time)?;
            parts.push((digest_algorithm(signer.key()), part.complete(&[])));
            embedded.push(signer.certificate().to_vec());
            embedded.extend(signer.chain().iter().cloned());
        }
        Ok(signed_data(&content, &embedded, &[], parts))
    }
}

/// A signer's part of a message, open for unsigned attributes.
pub(super) struct SignerPart {
    fields: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl SignerPart {
    /// The whole `SignerInfo`; `unsigned` are attributes.
    pub(super) fn complete(&self, unsigned: &[Vec<u8>]) -> Vec<u8> {
        let signature = encode::octets(&self.signature);
        if unsigned.is_empty() {
            return encode::sequence(&[&self.fields, &signature]);
        }
        let unsigned = encode::tlv(der::context(1), &[&unsigned.concat()]);
        encode::sequence(&[&self.fields, &signature, &unsigned])
    }
}

/// `AlgorithmIdentifier` of the key's digest.
pub(super) fn digest_algorithm(key: &SigningKey) -> Vec<u8> {
    encode::sequence(&[&encode::oid(key.digest().oid())])
}

/// Attribute with one value.
pub(super) fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    encode::sequence(&[&encode::oid(kind), &encode::tlv(der::SET, &[value])])
}

pub(super) fn signer_info(
    key: &SigningKey,
    certificate: &[u8],
    content: &Content<'_>,
    signing_time: DateTime<Utc>,
) -> Result<SignerPart, IssueError> {
    let (issuer, serial) = issuer_and_serial(certificate)?;
    let ess = encode::sequence(&[&encode::octets(&openssl::sha::sha256(certificate))]);
    let attributes = encode::set_of(vec![
        attribute(oid::ATTR_CONTENT_TYPE, &encode::oid(content.kind)),
        attribute(oid::ATTR_MESSAGE_DIGEST, &encode::octets(&key.digest().of(content.octets))),
        attribute(oid::ATTR_SIGNING_TIME, &encode::time(signing_time)),
        attribute(oid::ATTR_SIGNING_CERTIFICATE_V2, &encode::sequence(&[&encode::sequence(&[&ess])])),
    ]);
    let signature = key.sign(&attributes)?;
    let mut implicit = attributes;
    if let Some(tag) = implicit.first_mut() {
        *tag = der::context(0);
    }
    let fields = [
        encode::number(1),
        encode::sequence(&[issuer, &encode::tlv(der::INTEGER, &[serial])]),
        digest_algorithm(key),
        implicit,
        key.algorithm(),
    ];
    Ok(SignerPart { fields: fields.concat(), signature })
}

/// A `ContentInfo` of `signers`, each with its digest algorithm.
pub(super) fn signed_data(
    content: &Content<'_>,
    embedded: &[Vec<u8>],
    revocation: &[Vec<u8>],
    signers: Vec<(Vec<u8>, Vec<u8>)>,
) -> Vec<u8> {
    let (mut digests, signers): (Vec<_>, Vec<_>) = signers.into_iter().unzip();
    digests.sort();
    digests.dedup();
    let mut certificates = embedded.to_vec();
    certificates.sort();
    certificates.dedup();
    let attached = if content.attached {
        encode::tlv(der::context(0), &[&encode::octets(content.octets)])
    } else {
        Vec::new()
    };
    let foreign = revocation.iter().any(|choice| choice.first() != Some(&der::SEQUENCE));
    let version = match (foreign, content.kind == oid::CMS_DATA) {
        (true, _) => 5,
        (false, true) => 1,
        (false, false) => 3,
    };
    let revocation = match revocation {
        [] => Vec::new(),
        some => encode::tlv(der::context(1), &[&some.concat()]),
    };
    let body = encode::sequence(&[
        &encode::number(version),
        &encode::set_of(digests),
        &encode::sequence(&[&encode::oid(content.kind), &attached]),
        &encode::tlv(der::context(0), &[&certificates.concat()]),
        &revocation,
        &encode::set_of(signers),
    ]);
    encode::sequence(&[&encode::oid(oid::CMS_SIGNED_DATA), &encode::tlv(der::context(0), &[&body])])
}
