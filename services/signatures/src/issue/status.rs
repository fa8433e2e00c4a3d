//! Status responses (OCSP, RFC 6960) of an authority about the certificates it issued.

use chrono::{DateTime, Utc};

use super::{Authority, IssueError, RevocationReason};
use crate::algorithm::identifier_hash;
use crate::certificate::{Certificate, issuer_and_serial};
use crate::{der, encode, oid};

impl Authority {
    /// The `BasicOCSPResponse` (DER) about one certificate (DER), signed by this authority itself.
    pub fn status_response(
        &self,
        certificate: &[u8],
        revoked: Option<(DateTime<Utc>, RevocationReason)>,
        this_update: DateTime<Utc>,
        next_update: DateTime<Utc>,
    ) -> Result<Vec<u8>, IssueError> {
        let own = self.certificate.to_der()?;
        let own = Certificate::parse(&own)?;
        let (_, serial) = issuer_and_serial(certificate)?;
        let hash = |octets: &[u8]| identifier_hash(oid::SHA1, octets).ok_or(IssueError::KeyKind);
        let id = encode::sequence(&[
            &encode::sequence(&[&encode::oid(oid::SHA1), &encode::null()]),
            &encode::octets(&hash(own.subject)?),
            &encode::octets(&hash(own.key_bits)?),
            &encode::tlv(der::INTEGER, &[serial]),
        ]);
        let status = match revoked {
            None => encode::tlv(der::context_primitive(0), &[]),
            Some((at, reason)) => {
                let reason = reason
                    .code()
                    .map(|code| encode::tlv(der::context(0), &[&encode::tlv(der::ENUMERATED, &[&[code]])]));
                encode::tlv(der::context(1), &[&encode::generalized_time(at), &reason.unwrap_or_default()])
            }
        };
        let single = encode::sequence(&[
            &id,
            &status,
            &encode::generalized_time(this_update),
            &encode::tlv(der::context(0), &[&encode::generalized_time(next_update)]),
        ]);
        let signed = encode::sequence(&[
            &encode::tlv(der::context(1), &[own.subject]),
            &encode::generalized_time(this_update),
            &encode::sequence(&[&single]),
        ]);
        self.sign_response(&signed)
    }

    /// A `BasicOCSPResponse` around `signed`, a `ResponseData` (DER) of any content.
    pub fn sign_response(&self, signed: &[u8]) -> Result<Vec<u8>, IssueError> {
        let signature = encode::bits(&self.key.sign(signed)?);
        Ok(encode::sequence(&[signed, &self.key.algorithm(), &signature]))
    }
}

/// An `OCSPResponse` (DER) around a `BasicOCSPResponse`.
pub fn ocsp_response(basic: &[u8]) -> Vec<u8> {
    let wrapped = encode::sequence(&[&encode::oid(oid::OCSP_BASIC), &encode::octets(basic)]);
    encode::sequence(&[&encode::tlv(der::ENUMERATED, &[&[0]]), &encode::tlv(der::context(0), &[&wrapped])])
}
