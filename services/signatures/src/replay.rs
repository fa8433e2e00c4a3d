//! Once per purpose: the port by which a document, a challenge or a nonce is accepted a single time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// What must not come twice: the digest of something together with the purpose it was accepted for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ReplayKey([u8; 32]);

impl ReplayKey {
    /// The key of content with SHA-256 `digest`, used for `purpose`.
    pub fn new(purpose: &str, digest: &[u8; 32]) -> Self {
        let mut hash = openssl::sha::Sha256::new();
        hash.update(&u64::try_from(purpose.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(purpose.as_bytes());
        hash.update(digest);
        Self(hash.finish())
    }

    /// Hexadecimal text, for a store that all replicas share.
    pub fn text(&self) -> String {
        hex::encode(self.0)
    }
}

/// The same document was accepted for the same purpose before.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("already accepted for this purpose")]
pub struct Replayed;

/// Remembers what was accepted; every replica must see the same memory.
pub trait ReplayGuard: Send + Sync {
    /// Takes `key` if nobody has; it may be forgotten after `until`, for ever kept when there is none.
    fn accept_once(
        &self,
        key: ReplayKey,
        at: DateTime<Utc>,
        until: Option<DateTime<Utc>>,
    ) -> Result<(), Replayed>;
}

/// Memory of one process, for a suite that runs in one.
#[derive(Debug, Default)]
pub struct ProcessReplayGuard {
    seen: Mutex<HashMap<ReplayKey, Option<DateTime<Utc>>>>,
}

impl ReplayGuard for ProcessReplayGuard {
    fn accept_once(
        &self,
        key: ReplayKey,
        at: DateTime<Utc>,
        until: Option<DateTime<Utc>>,
    ) -> Result<(), Replayed> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.get(&key).is_some_and(|until| until.is_none_or(|until| at <= until)) {
            return Err(Replayed);
        }
        if seen.len().is_power_of_two() {
            seen.retain(|_, until| until.is_none_or(|until| at <= until));
        }
        seen.insert(key, until);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_same_document_counts_once_per_purpose_until_it_is_forgotten() {
        let guard = ProcessReplayGuard::default();
        let at: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let until = Some(at + TimeDelta::minutes(5));
        let key = ReplayKey::new("submit", &[7; 32]);
        assert_eq!(guard.accept_once(key, at, until), Ok(()));
        assert_eq!(guard.accept_once(key, at, until), Err(Replayed));
        assert_eq!(guard.accept_once(ReplayKey::new("amend", &[7; 32]), at, until), Ok(()));
        assert_eq!(guard.accept_once(key, at + TimeDelta::minutes(6), None), Ok(()));
        assert_eq!(guard.accept_once(key, at + TimeDelta::days(9_000), None), Err(Replayed));
    }

    #[test]
    fn of_many_at_once_one_is_accepted() {
        let guard = ProcessReplayGuard::default();
        let at: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let key = ReplayKey::new("challenge", &[1; 32]);
        let accepted = std::thread::scope(|scope| {
            let attempts: Vec<_> =
                (0..8).map(|_| scope.spawn(|| guard.accept_once(key, at, None).is_ok())).collect();
            attempts.into_iter().map(|attempt| u32::from(attempt.join().unwrap())).sum::<u32>()
        });
        assert_eq!(accepted, 1);
    }
}
