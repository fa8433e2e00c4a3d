//! Signer certificates that were found good, with everything the next message of the same signer needs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use crate::algorithm::Key;
use crate::identity::Identity;
use crate::report::{CertificateFacts, RevocationFacts};

/// Most entries kept; a full cache is emptied, which costs each signer one cold validation.
const ENTRIES_MAX: usize = 16_384;

/// A signer certificate with a good path, good revocation status and the right purpose.
#[derive(Clone, Debug)]
pub(crate) struct SignerEntry {
    /// The certificate (DER).
    pub(crate) der: Box<[u8]>,
    pub(crate) key: Key,
    /// Whether the key verifies within some tens of microseconds.
    pub(crate) is_quick: bool,
    pub(crate) facts: CertificateFacts,
    pub(crate) identity: Identity,
    pub(crate) revocation: Vec<RevocationFacts>,
    /// First instant at which all evidence holds.
    pub(crate) from: DateTime<Utc>,
    /// Last instant at which all evidence holds.
    pub(crate) until: DateTime<Utc>,
}

/// Good signer certificates by SHA-256; it lives and dies with its trust store.
#[derive(Debug, Default)]
pub(crate) struct SignerCache {
    entries: RwLock<HashMap<[u8; 32], Arc<SignerEntry>>>,
}

impl SignerCache {
    /// The entry, when its evidence holds at `at`.
    pub(crate) fn get(&self, certificate: &[u8; 32], at: DateTime<Utc>) -> Option<Arc<SignerEntry>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(certificate).filter(|entry| entry.from <= at && at <= entry.until).cloned()
    }

    /// Whether `der` is the certificate that is known by `sha256`: its hash need not be made again.
    pub(crate) fn is_known(&self, sha256: &[u8; 32], der: &[u8]) -> bool {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.get(sha256).is_some_and(|entry| *entry.der == *der)
    }

    pub(crate) fn put(&self, certificate: [u8; 32], entry: Arc<SignerEntry>) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX {
            entries.clear();
        }
        entries.insert(certificate, entry);
    }
}
