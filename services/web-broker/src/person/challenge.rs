//! Use case: use up a challenge of the log-in; of many who come with it one is the first.

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work, sql};
use customs_web_broker_contract::{SpendChallenge, SpentChallenge};

use crate::App;

/// For how long an expired challenge is remembered: clocks of gateways differ a little.
const KEPT: TimeDelta = TimeDelta::hours(1);

impl Acts<SpendChallenge> for App {
    async fn act(&self, work: &mut Work, _: &Caller, ask: SpendChallenge) -> Result<SpentChallenge, Failure> {
        let digits = ask.sha256.len() == 64 && ask.sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits {
            return Err(problem::INPUT_INVALID.because("this is no SHA-256").at("/sha256").into());
        }
        let sha256 = ask.sha256.to_ascii_lowercase();
        Ok(SpentChallenge { first: spend(work, sha256, ask.expires_at).await? })
    }
}

/// Uses up what has the digest `sha256` (hexadecimal, small letters) and is good until `expires_at`: whether it is used
/// for the first time.
pub(crate) async fn spend(work: &Work, sha256: String, expires_at: DateTime<Utc>) -> Result<bool, Failure> {
    // What has expired is thrown out by every 256th or so: digests are spread evenly.
    if sha256.starts_with("00") {
        let sql = "DELETE FROM spent_challenges WHERE expires_at < $1";
        sql::execute(work.txn(), sql, vec![(expires_at - KEPT).into()]).await?;
    }
    let sql = "INSERT INTO spent_challenges (challenge, expires_at) VALUES ($1, $2) \
               ON CONFLICT (challenge) DO NOTHING";
    Ok(sql::execute(work.txn(), sql, vec![sha256.into(), expires_at.into()]).await? > 0)
}
