//! CMS `SignedData` (RFC 5652) as the profile EC-SIG-1 takes it: strict DER, walked without copying.

mod attributes;
mod stapled;

pub(crate) use attributes::SignedAttributes;
pub(crate) use stapled::Stapled;

use crate::algorithm;
use crate::certificate;
use crate::der::{self, DerError, Reader, Tlv};
use crate::oid;

/// Most signers of one message.
const SIGNERS_MAX: usize = 8;
/// Most certificates embedded in one message.
const CERTIFICATES_MAX: usize = 16;
/// Most timestamps of one signature.
const TIMESTAMPS_MAX: usize = 4;

/// A parsed `SignedData`.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    pub(crate) content_type: &'a [u8],
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) certificates: Vec<&'a [u8]>,
    /// Revocation evidence that came along for all signers.
    pub(crate) stapled: Stapled<'a>,
    pub(crate) signers: Vec<SignerInfo<'a>>,
}

/// How a signer's certificate is named.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SignerId<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    SubjectKeyId(&'a [u8]),
}

/// One `SignerInfo`.
#[derive(Debug)]
pub(crate) struct SignerInfo<'a> {
    pub(crate) id: SignerId<'a>,
    pub(crate) digest: Tlv<'a>,
    /// The signed attributes as encoded, with their implicit tag; `None` when there are none.
    pub(crate) signed: Option<Tlv<'a>>,
    pub(crate) algorithm: Tlv<'a>,
    pub(crate) signature: &'a [u8],
    /// Signature timestamp tokens among the unsigned attributes.
    pub(crate) timestamps: Vec<&'a [u8]>,
    /// Certificates and revocation evidence among the unsigned attributes.
    pub(crate) certificates: Vec<&'a [u8]>,
    pub(crate) stapled: Stapled<'a>,
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo` that holds `SignedData`, with nothing after it.
    pub(crate) fn parse(message: &'a [u8]) -> Result<Self, DerError> {
        let mut outer = der::only(message, der::SEQUENCE)?.inside();
        if outer.take(der::OID)?.value != oid::CMS_SIGNED_DATA {
            return Err(DerError::Unexpected);
        }
        let wrapped = outer.take(der::context(0))?;
        outer.end()?;
        let mut fields = der::only(wrapped.value, der::SEQUENCE)?.inside();

        let version = der::small_integer(fields.element()?)?;
        let digests = fields.take(der::SET)?.inside().elements(SIGNERS_MAX)?;
        let (content_type, content) = encapsulated(fields.take(der::SEQUENCE)?)?;
        let certificates = certificates(fields.optional(der::context(0))?)?;
        let stapled =
            fields.optional(der::context(1))?.map_or_else(|| Ok(Stapled::default()), Stapled::of_message)?;
        let signers = fields.take(der::SET)?.inside().elements(SIGNERS_MAX)?;
        fields.end()?;

        let mut parsed = Vec::with_capacity(signers.len());
        let mut keyed = false;
        for signer in signers {
            let signer = SignerInfo::parse(signer)?;
            keyed |= matches!(signer.id, SignerId::SubjectKeyId(_));
            if !digests.iter().any(|announced| same_digest(*announced, signer.digest)) {
                return Err(DerError::Value);
            }
            parsed.push(signer);
        }
        let expected = match (stapled.other, keyed || content_type != oid::CMS_DATA) {
            (true, _) => 5,
            (false, true) => 3,
            (false, false) => 1,
        };
        if parsed.is_empty() || version != expected {
            return Err(DerError::Value);
        }
        Ok(Self { content_type, content, certificates, stapled, signers: parsed })
    }

    /// The embedded certificate that `id` names.
    pub(crate) fn certificate_of(&self, id: SignerId<'_>) -> Option<&'a [u8]> {
        self.certificates.iter().copied().find(|raw| match id {
            SignerId::IssuerAndSerial { issuer, serial } => {
                certificate::issuer_and_serial(raw) == Ok((issuer, serial))
            }
            SignerId::SubjectKeyId(id) => certificate::Certificate::parse(raw)
                .is_ok_and(|certificate| certificate.extensions.subject_key_id == Some(id)),
        })
    }
}

/// Equal algorithm identifiers; of a known digest, NULL and absent parameters are the same.
fn same_digest(announced: Tlv<'_>, used: Tlv<'_>) -> bool {
    let known = algorithm::digest(used);
    announced.raw == used.raw || (known.is_ok() && algorithm::digest(announced) == known)
}

fn encapsulated(info: Tlv<'_>) -> Result<(&[u8], Option<&[u8]>), DerError> {
    let mut parts = info.inside();
    let kind = parts.take(der::OID)?.value;
    let content = match parts.optional(der::context(0))? {
        Some(content) => Some(der::only(content.value, der::OCTET_STRING)?.value),
        None => None,
    };
    parts.end()?;
    Ok((kind, content))
}

fn certificates(set: Option<Tlv<'_>>) -> Result<Vec<&[u8]>, DerError> {
    let Some(set) = set else { return Ok(Vec::new()) };
    let elements = set.inside().elements(CERTIFICATES_MAX)?;
    elements.into_iter().map(|element| element.expect(der::SEQUENCE).map(|tlv| tlv.raw)).collect()
}

impl<'a> SignerInfo<'a> {
    fn parse(signer: Tlv<'a>) -> Result<Self, DerError> {
        let mut fields = signer.expect(der::SEQUENCE)?.inside();
        let version = der::small_integer(fields.element()?)?;
        let id = signer_id(fields.element()?)?;
        let expected = match id {
            SignerId::IssuerAndSerial { .. } => 1,
            SignerId::SubjectKeyId(_) => 3,
        };
        if version != expected {
            return Err(DerError::Value);
        }
        let digest = fields.take(der::SEQUENCE)?;
        let signed = fields.optional(der::context(0))?;
        let algorithm = fields.take(der::SEQUENCE)?;
        let signature = fields.take(der::OCTET_STRING)?.value;
        let mut parsed = Self {
            id,
            digest,
            signed,
            algorithm,
            signature,
            timestamps: Vec::new(),
            certificates: Vec::new(),
            stapled: Stapled::default(),
        };
        if let Some(unsigned) = fields.optional(der::context(1))? {
            parsed.read_unsigned(unsigned.inside())?;
        }
        fields.end()?;
        Ok(parsed)
    }
}

/// Tag of the attributes as they are signed.
const SET_TAG: &[u8] = &[der::SET];

impl<'a> SignerInfo<'a> {
    /// What the signature is over: the attributes re-tagged as SET OF (RFC 5652, 5.4).
    pub(crate) fn signed_parts(&self) -> [&'a [u8]; 2] {
        [SET_TAG, self.signed.and_then(|signed| signed.raw.get(1..)).unwrap_or_default()]
    }
}

fn signer_id(id: Tlv<'_>) -> Result<SignerId<'_>, DerError> {
    if id.tag == der::context_primitive(0) {
        return Ok(SignerId::SubjectKeyId(id.value));
    }
    let mut parts = id.expect(der::SEQUENCE)?.inside();
    let issuer = parts.take(der::SEQUENCE)?.raw;
    let serial = der::integer(parts.element()?)?;
    parts.end()?;
    Ok(SignerId::IssuerAndSerial { issuer, serial })
}

impl<'a> SignerInfo<'a> {
    /// Timestamps, and the values of certificates and revocation that come along (ETSI EN 319 122-1, 5.3 and A.1).
    fn read_unsigned(&mut self, mut unsigned: Reader<'a>) -> Result<(), DerError> {
        for attribute in unsigned.elements(64)? {
            let (kind, values) = attributes::parts(attribute)?;
            if kind == oid::ATTR_TIMESTAMP_TOKEN {
                for token in values.inside().elements(TIMESTAMPS_MAX)? {
                    self.timestamps.push(token.raw);
                }
            } else if kind == oid::ATTR_CERTIFICATE_VALUES {
                let list = der::only(values.value, der::SEQUENCE)?;
                self.certificates.extend(list.inside().elements(CERTIFICATES_MAX)?.iter().map(|tlv| tlv.raw));
            } else if kind == oid::ATTR_REVOCATION_VALUES {
                self.stapled.add_values(der::only(values.value, der::SEQUENCE)?)?;
            }
        }
        if self.timestamps.len() > TIMESTAMPS_MAX || self.certificates.len() > CERTIFICATES_MAX {
            return Err(DerError::TooMany);
        }
        Ok(())
    }
}
