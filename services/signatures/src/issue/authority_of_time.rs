//! The timestamp protocol (RFC 3161): requests of a client, answers of a small authority for sandboxes and tests.

use chrono::{DateTime, Utc};

use super::{Credential, IssueError};
use crate::algorithm::{self, Digest};
use crate::der::{self, DerError};
use crate::{encode, oid};

/// Media type of a request.
pub const TIMESTAMP_QUERY: &str = "application/timestamp-query";
/// Media type of an answer.
pub const TIMESTAMP_REPLY: &str = "application/timestamp-reply";

/// A request (DER) for a timestamp over the SHA-256 `digest`, with the authority's certificate in the token.
pub fn timestamp_request(digest: &[u8; 32]) -> Result<Vec<u8>, IssueError> {
    let mut nonce = [0; 8];
    openssl::rand::rand_bytes(&mut nonce)?;
    let algorithm = encode::sequence(&[&encode::oid(oid::SHA256)]);
    Ok(encode::sequence(&[
        &encode::number(1),
        &encode::sequence(&[&algorithm, &encode::octets(digest)]),
        &encode::unsigned(&nonce),
        &encode::tlv(der::BOOLEAN, &[&[0xff]]),
    ]))
}

/// The token (DER) of an answer, `None` when the authority refused; whether it is good is the verifier's to say.
pub fn timestamp_of(answer: &[u8]) -> Result<Option<Vec<u8>>, DerError> {
    let mut fields = der::only(answer, der::SEQUENCE)?.inside();
    let status = der::small_integer(fields.take(der::SEQUENCE)?.inside().element()?)?;
    let token = fields.optional(der::SEQUENCE)?;
    fields.end()?;
    Ok(token.filter(|_| status <= 1).map(|token| token.raw.to_vec()))
}

/// What is asked for.
struct Request<'a> {
    digest: Digest,
    imprint: &'a [u8],
    nonce: Option<&'a [u8]>,
}

impl<'a> Request<'a> {
    fn parse(raw: &'a [u8]) -> Result<Option<Self>, DerError> {
        let mut fields = der::only(raw, der::SEQUENCE)?.inside();
        let version = der::small_integer(fields.element()?)?;
        let mut imprint = fields.take(der::SEQUENCE)?.inside();
        let algorithm = imprint.take(der::SEQUENCE)?;
        let octets = imprint.take(der::OCTET_STRING)?.value;
        imprint.end()?;
        fields.optional(der::OID)?;
        let nonce = fields.optional(der::INTEGER)?;
        fields.optional(der::BOOLEAN)?;
        fields.optional(der::context(0))?;
        fields.end()?;
        let digest = algorithm::digest(algorithm).ok();
        let digest = digest.filter(|digest| version == 1 && digest.of(&[]).len() == octets.len());
        Ok(digest.map(|digest| Self { digest, imprint: octets, nonce: nonce.map(|nonce| nonce.raw) }))
    }
}

impl Credential {
    /// Answers a request (DER) under `policy` (dotted): a token, or a refusal for what cannot be read or is too weak.
    pub fn answer_timestamp(
        &self,
        request: &[u8],
        policy: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<u8>, IssueError> {
        // Bits of PKIFailureInfo: badAlg (0) for a digest that is not taken, badDataFormat (5) for what cannot be read.
        let failure = match Request::parse(request) {
            Ok(Some(asked)) => {
                let token = self.token(asked.digest, asked.imprint, asked.nonce, policy, at)?;
                return Ok(encode::sequence(&[&encode::sequence(&[&encode::number(0)]), &token]));
            }
            Ok(None) => [7, 0x80],
            Err(_) => [2, 0x04],
        };
        let failure = encode::tlv(der::BIT_STRING, &[&failure]);
        Ok(encode::sequence(&[&encode::sequence(&[&encode::number(2), &failure])]))
    }
}
