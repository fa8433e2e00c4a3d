//! Long memory: many pieces of evidence under one archive timestamp, renewed before what it rests on ages.
//!
//! Pieces are the leaves of a hash tree whose root is stamped. A renewal stamps the root together with all tokens so far,
//! so that the newest token vouches for the older ones; each older one is judged as of the token after it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::profile::StatusRules;
use crate::refusal::PathRefusal;
use crate::report::{Finding, Step, TimestampFacts};
use crate::timestamp::{self, Stamped};
use crate::trust::TrustStore;

/// A hash of the tree.
pub type Hash = [u8; 32];

/// Most levels of a tree.
const LEVELS_MAX: usize = 40;
/// Most tokens of a tree, one for each renewal.
const TOKENS_MAX: usize = 64;

/// SHA-256, the digest of the tree and of what is stamped.
pub fn sha256(octets: &[u8]) -> Hash {
    openssl::sha::sha256(octets)
}

/// The leaf of one piece: what was signed, and the sealed evidence beside it.
pub fn leaf(signed: &[u8], evidence: &[u8]) -> Hash {
    let mut hash = openssl::sha::Sha256::new();
    hash.update(&[0]);
    hash.update(&openssl::sha::sha256(signed));
    hash.update(&openssl::sha::sha256(evidence));
    hash.finish()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = openssl::sha::Sha256::new();
    hash.update(&[1]);
    hash.update(left);
    hash.update(right);
    hash.finish()
}

/// One level up; a last one without a neighbour goes up as it is.
fn above(level: &[Hash]) -> Vec<Hash> {
    let up = |pair: &[Hash]| match pair {
        [left, right] => node(left, right),
        [alone, ..] => *alone,
        [] => [0; 32],
    };
    level.chunks(2).map(up).collect()
}

/// The root over `leaves`, `None` when there are none.
pub fn root(leaves: &[Hash]) -> Option<Hash> {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = above(&level);
    }
    level.first().copied()
}

/// A neighbour on the way from a leaf to the root.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Neighbour {
    /// The neighbour stands on the left.
    pub left: bool,
    /// Its hash, hexadecimal.
    pub hash: String,
}

/// The neighbours of leaf number `at`, from below.
pub fn way(leaves: &[Hash], at: usize) -> Vec<Neighbour> {
    let (mut level, mut at, mut way) = (leaves.to_vec(), at, Vec::new());
    while level.len() > 1 {
        let neighbour = if at % 2 == 1 { at - 1 } else { at + 1 };
        if let Some(hash) = level.get(neighbour) {
            way.push(Neighbour { left: at % 2 == 1, hash: hex::encode(hash) });
        }
        level = above(&level);
        at /= 2;
    }
    way
}

/// What is stamped: the root, and for a renewal all tokens so far.
pub fn stamped(root: &Hash, tokens: &[Vec<u8>]) -> Vec<u8> {
    let mut octets = root.to_vec();
    for token in tokens {
        octets.extend_from_slice(token);
    }
    octets
}

/// Proof that a piece existed: its way to the root, and the tokens over that.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ArchiveProof {
    /// From the piece's leaf to the root.
    pub way: Vec<Neighbour>,
    /// Timestamp tokens (hexadecimal DER), the oldest first.
    pub tokens: Vec<String>,
}

/// An archive timestamp that holds.
#[derive(Clone, Debug)]
pub struct Archived {
    /// The piece provably existed then.
    pub since: DateTime<Utc>,
    /// Every token, the oldest first.
    pub timestamps: Vec<TimestampFacts>,
}

fn refuse(detail: &str) -> PathRefusal {
    Finding::new(Step::Timestamp, Fault::TimestampInvalid, detail).into()
}

impl ArchiveProof {
    fn root(&self, leaf: Hash) -> Result<Hash, PathRefusal> {
        if self.way.len() > LEVELS_MAX || self.tokens.len() > TOKENS_MAX {
            return Err(refuse("archive proof is larger than the limits"));
        }
        let mut at = leaf;
        for neighbour in &self.way {
            let mut hash = [0; 32];
            hex::decode_to_slice(&neighbour.hash, &mut hash)
                .map_err(|_| refuse("archive proof is damaged"))?;
            at = if neighbour.left { node(&hash, &at) } else { node(&at, &hash) };
        }
        Ok(at)
    }
}

impl TrustStore {
    /// Verifies one timestamp token (DER) over `octets` as of `at`.
    pub fn verify_timestamp(
        &self,
        octets: &[u8],
        token: &[u8],
        at: DateTime<Utc>,
    ) -> Result<TimestampFacts, PathRefusal> {
        self.timestamp(octets, token, at, &StatusRules::default())
    }

    fn timestamp(
        &self,
        octets: &[u8],
        token: &[u8],
        at: DateTime<Utc>,
        rules: &StatusRules,
    ) -> Result<TimestampFacts, PathRefusal> {
        let stamped = Stamped { signature: octets, not_before: DateTime::<Utc>::MIN_UTC, received_at: at };
        let (facts, outcome) = timestamp::verify(self, token, stamped, rules);
        outcome.map_err(PathRefusal::from)?;
        Ok(facts)
    }

    /// Verifies that what was signed and its evidence existed since the oldest token, as of `at`.
    pub fn verify_archive(
        &self,
        signed: &[u8],
        evidence: &[u8],
        proof: &ArchiveProof,
        at: DateTime<Utc>,
    ) -> Result<Archived, PathRefusal> {
        let root = proof.root(leaf(signed, evidence))?;
        let tokens: Result<Vec<Vec<u8>>, _> = proof.tokens.iter().map(hex::decode).collect();
        let tokens = tokens.map_err(|_| refuse("archive proof is damaged"))?;
        let mut seen = Vec::with_capacity(tokens.len());
        let mut since = at;
        for (number, token) in tokens.iter().enumerate().rev() {
            let octets = stamped(&root, tokens.get(..number).unwrap_or_default());
            // Lists of the past are no longer at hand: an older authority's status was judged when it was renewed.
            let rules = StatusRules { soft: number + 1 < tokens.len(), ..StatusRules::default() };
            let facts = self.timestamp(&octets, token, since, &rules)?;
            since = facts.time.ok_or_else(|| refuse("timestamp states no time"))?;
            seen.push(facts);
        }
        if seen.is_empty() {
            return Err(refuse("archive proof holds no timestamp"));
        }
        seen.reverse();
        Ok(Archived { since, timestamps: seen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_of_every_tree_leads_to_its_root() {
        for count in 1..=33_u8 {
            let leaves: Vec<Hash> = (0..count).map(|number| leaf(&[number], b"evidence")).collect();
            let root = root(&leaves).unwrap();
            for (at, known) in leaves.iter().enumerate() {
                let proof = ArchiveProof { way: way(&leaves, at), tokens: Vec::new() };
                assert_eq!(proof.root(*known).unwrap(), root);
                assert_ne!(proof.root(leaf(b"other", b"evidence")).unwrap(), root);
            }
        }
        assert_eq!(root(&[]), None);
    }
}
