//! Timestamp tokens (RFC 3161) and signatures of level T, for sandboxes and tests.

use chrono::{DateTime, Utc};

use super::sign::{Content, attribute, digest_algorithm, signed_data, signer_info};
use super::{Credential, IssueError};
use crate::algorithm::Digest;
use crate::{encode, oid};

impl Credential {
    /// A timestamp token (DER) over the octets of a signature value, under `policy` (dotted).
    pub fn stamp(&self, signature: &[u8], policy: &str, at: DateTime<Utc>) -> Result<Vec<u8>, IssueError> {
        self.token(Digest::Sha256, &Digest::Sha256.of(signature), None, policy, at)
    }

    /// A timestamp token (DER) over an imprint; `nonce` is the whole element of a request.
    pub(super) fn token(
        &self,
        digest: Digest,
        imprint: &[u8],
        nonce: Option<&[u8]>,
        policy: &str,
        at: DateTime<Utc>,
    ) -> Result<Vec<u8>, IssueError> {
        let policy = oid::parse(policy).ok_or(IssueError::Identifier)?;
        let mut serial = [0; 8];
        openssl::rand::rand_bytes(&mut serial)?;
        let algorithm = encode::sequence(&[&encode::oid(digest.oid())]);
        let statement = encode::sequence(&[
            &encode::number(1),
            &encode::oid(&policy),
            &encode::sequence(&[&algorithm, &encode::octets(imprint)]),
            &encode::unsigned(&serial),
            &encode::generalized_time(at),
            nonce.unwrap_or_default(),
        ]);
        let content = Content { kind: oid::TST_INFO, octets: &statement, attached: true };
        let signer = signer_info(self.key(), self.certificate(), &content, at)?;
        let signers = vec![(digest_algorithm(self.key()), signer.complete(&[]))];
        Ok(signed_data(&content, &[self.certificate().to_vec()], &[], signers))
    }

    /// Detached signature of level T: signed by this credential, stamped by `authority`.
    pub fn sign_stamped(
        &self,
        payload: &[u8],
        signing_time: DateTime<Utc>,
        authority: &Self,
        policy: &str,
    ) -> Result<Vec<u8>, IssueError> {
        self.sign_and(payload, signing_time, |signature| authority.stamp(signature, policy, signing_time))
    }

    /// Detached signature stamped with the token (DER) that `stamp` gives for the octets of its value.
    pub fn sign_with(
        &self,
        payload: &[u8],
        signing_time: DateTime<Utc>,
        stamp: impl FnOnce(&[u8]) -> Vec<u8>,
    ) -> Result<Vec<u8>, IssueError> {
        self.sign_and(payload, signing_time, |signature| Ok(stamp(signature)))
    }

    /// Detached signature with `token` (DER) as its signature timestamp, whatever that is.
    pub fn sign_with_token(
        &self,
        payload: &[u8],
        signing_time: DateTime<Utc>,
        token: &[u8],
    ) -> Result<Vec<u8>, IssueError> {
        self.sign_and(payload, signing_time, |_| Ok(token.to_vec()))
    }

    fn sign_and(
        &self,
        payload: &[u8],
        signing_time: DateTime<Utc>,
        token: impl FnOnce(&[u8]) -> Result<Vec<u8>, IssueError>,
    ) -> Result<Vec<u8>, IssueError> {
        let content = Content { kind: oid::CMS_DATA, octets: payload, attached: false };
        let signer = signer_info(self.key(), self.certificate(), &content, signing_time)?;
        let unsigned = attribute(oid::ATTR_TIMESTAMP_TOKEN, &token(&signer.signature)?);
        let mut embedded = vec![self.certificate().to_vec()];
        embedded.extend(self.chain().iter().cloned());
        Ok(signed_data(
            &content,
            &embedded,
            &[],
            vec![(digest_algorithm(self.key()), signer.complete(&[unsigned]))],
        ))
    }
}
