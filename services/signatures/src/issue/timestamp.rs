//! Timestamp tokens (RFC 3161) and signatures of level T, for sandboxes and tests.

use chrono::{DateTime, Utc};

use super::sign::{Content, attribute, digest_algorithm, signed_data, signer_info};
use super::{Credential, IssueError};
use crate::{encode, oid};

impl Credential {
    /// A timestamp token (DER) over the octets of a signature value, under `policy` (dotted).
    pub fn stamp(&self, signature: &[u8], policy: &str, at: DateTime<Utc>) -> Result<Vec<u8>, IssueError> {
        let policy = oid::parse(policy).ok_or(IssueError::Identifier)?;
        let mut serial = [0; 8];
        openssl::rand::rand_bytes(&mut serial)?;
        let digest = encode::sequence(&[&encode::oid(oid::SHA256)]);
        let imprint = encode::sequence(&[&digest, &encode::octets(&openssl::sha::sha256(signature))]);
        let statement = encode::sequence(&[
            &encode::number(1),
            &encode::oid(&policy),
            &imprint,
            &encode::unsigned(&serial),
            &encode::generalized_time(at),
        ]);
        let content = Content { kind: oid::TST_INFO, octets: &statement, attached: true };
        let signer = signer_info(self.key(), self.certificate(), &content, at)?;
        let signers = vec![(digest_algorithm(self.key()), signer.complete(&[]))];
        Ok(signed_data(&content, &[self.certificate().to_vec()], signers))
    }

    /// Detached signature of level T: signed by this credential, stamped by `authority`.
    pub fn sign_stamped(
        &self,
        payload: &[u8],
        signing_time: DateTime<Utc>,
        authority: &Self,
        policy: &str,
    ) -> Result<Vec<u8>, IssueError> {
        let content = Content { kind: oid::CMS_DATA, octets: payload, attached: false };
        let signer = signer_info(self.key(), self.certificate(), &content, signing_time)?;
        let token = authority.stamp(&signer.signature, policy, signing_time)?;
        let unsigned = attribute(oid::ATTR_TIMESTAMP_TOKEN, &token);
        let mut embedded = vec![self.certificate().to_vec()];
        embedded.extend(self.chain().iter().cloned());
        Ok(signed_data(
            &content,
            &embedded,
            vec![(digest_algorithm(self.key()), signer.complete(&[unsigned]))],
        ))
    }
}
