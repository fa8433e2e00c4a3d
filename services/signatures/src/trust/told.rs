//! What is trusted, as people read it: authorities with their validity and their lists.

use chrono::{DateTime, Utc};

use super::TrustStore;
use crate::{certificate::Certificate, report::CertificateFacts};

/// Everything that signatures are held against at one instant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustFacts {
    /// Number of the trust list in use.
    pub sequence: u64,
    /// Instant after which nothing is accepted under this list, where it says one.
    pub next_update: Option<DateTime<Utc>>,
    /// Anchors first, then issuing authorities, each in the order in which they were added.
    pub authorities: Vec<TrustedAuthority>,
    /// SHA-256 of the certificates of timestamp authorities, in hexadecimal, sorted.
    pub timestampers: Vec<String>,
}

/// One authority that may stand at the end, or in the middle, of a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedAuthority {
    /// Whether a path may end here.
    pub anchor: bool,
    /// Its certificate.
    pub certificate: CertificateFacts,
    /// Size of its key in bits.
    pub key_bits: u32,
    /// Its list of revoked certificates, where one is at hand.
    pub list: Option<TrustedList>,
}

/// A list of revoked certificates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TrustedList {
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Until when it counts, as it says itself.
    pub ends_at: DateTime<Utc>,
    /// How many certificates it names.
    pub revoked: usize,
}

impl TrustStore {
    /// What is trusted, for people to look at.
    pub fn told(&self) -> TrustFacts {
        let anchors = self.anchors.len();
        let told = |(at, authority): (usize, &super::Authority)| {
            let certificate = Certificate::parse(&authority.der).ok()?.facts();
            let list = self.crls.get(&authority.id).map(|list| {
                let (issued_at, ends_at) = list.validity();
                TrustedList { issued_at, ends_at, revoked: list.revoked() }
            });
            Some(TrustedAuthority { anchor: at < anchors, certificate, key_bits: authority.key.bits(), list })
        };
        let mut timestampers: Vec<String> = self.timestamp_authorities.keys().map(hex::encode).collect();
        timestampers.sort_unstable();
        TrustFacts {
            sequence: self.sequence,
            next_update: self.next_update,
            authorities: self.authorities().enumerate().filter_map(told).collect(),
            timestampers,
        }
    }
}
