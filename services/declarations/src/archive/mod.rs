//! Long memory: signed messages stand under archive timestamps, on a schedule, renewed before what they rest on ages.
//!
//! A timer orders a tree; the keeper fills it with what is not in one yet and has its root stamped. A tree waits as a row
//! until it is: an authority that cannot be reached loses nothing.

mod evidence;
mod keeper;
mod materials;
mod store;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use customs_platform::{Failure, Work};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use keeper::{Keeper, Trust};

/// Of no movement: the next tree is due.
pub(crate) const ORDER: &str = "archive";
/// Whose timer it is: there is one for all.
const ALL: Uuid = Uuid::nil();

/// An authority that stamps by RFC 3161.
#[async_trait]
pub trait Stamps: Send + Sync + 'static {
    /// A timestamp token (DER) over `octets`, or why there is none; whether it is good is not for the authority to say.
    async fn stamp(&self, octets: &[u8]) -> Result<Vec<u8>, String>;
}

/// How evidence is archived.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArchiveSettings {
    /// Address of the authority (RFC 3161 over HTTP); nothing is archived without one, but in a sandbox, which has its own.
    pub authority_url: Option<String>,
    /// How often what has come in is stamped, in seconds.
    pub every_s: u32,
    /// After how long a timestamp is renewed whatever it rests on, in seconds.
    pub renew_s: u32,
    /// How long before the end of the authority's certificate a timestamp is renewed, in seconds.
    pub renew_ahead_s: u32,
    /// Timestamps older than this are renewed at once: for the day on which an algorithm is not trusted any more.
    pub renew_stamped_before: Option<DateTime<Utc>>,
}

const DAY_S: u32 = 86_400;

impl Default for ArchiveSettings {
    fn default() -> Self {
        Self {
            authority_url: None,
            every_s: 3_600,
            renew_s: 365 * DAY_S,
            renew_ahead_s: 60 * DAY_S,
            renew_stamped_before: None,
        }
    }
}

impl ArchiveSettings {
    fn every(&self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.every_s.max(1)))
    }

    /// When a timestamp of `stamped_at` by an authority whose certificate ends at `not_after` is renewed.
    fn renewal(&self, stamped_at: DateTime<Utc>, not_after: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let usual = stamped_at + TimeDelta::seconds(i64::from(self.renew_s));
        let ahead = TimeDelta::seconds(i64::from(self.renew_ahead_s));
        // A certificate that ends soon leaves half of what is left, not nothing.
        let latest = |end: DateTime<Utc>| (end - ahead).max(stamped_at + (end - stamped_at) / 2);
        not_after.map_or(usual, |end| usual.min(latest(end)))
    }
}

/// Orders a tree and sets the timer for the next one.
pub(crate) async fn order(work: &mut Work, settings: &ArchiveSettings) -> Result<(), Failure> {
    store::order(work).await?;
    let due = work.now() + settings.every();
    work.set_timer(ORDER, &ALL.to_string(), due);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_is_renewed_before_its_certificate_ends_and_at_last_after_its_time() {
        let settings = ArchiveSettings::default();
        let at: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let days = TimeDelta::days;
        assert_eq!(settings.renewal(at, None), at + days(365));
        assert_eq!(settings.renewal(at, Some(at + days(1_000))), at + days(365));
        assert_eq!(settings.renewal(at, Some(at + days(200))), at + days(140));
        assert_eq!(settings.renewal(at, Some(at + days(40))), at + days(20));
    }
}
