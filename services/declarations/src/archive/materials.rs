//! What signatures were held against, kept beside them: lists of revoked certificates and the authorities that made them.

use chrono::{DateTime, TimeDelta, Utc};
use customs_platform::{Failure, Store, sql};
use customs_signatures::{TrustStore, archive::sha256, list_validity};
use sea_orm::ConnectionTrait;

/// How long after a message the lists may have been noticed that it was held against.
const SLACK: TimeDelta = TimeDelta::minutes(5);
/// The end of time for what states none: the year 9999.
const NEVER_S: i64 = 253_402_300_799;

/// Authorities and lists (hexadecimal DER) of one instant.
#[derive(Debug, Default)]
pub(super) struct Materials {
    pub(super) authorities: Vec<String>,
    pub(super) lists: Vec<String>,
}

/// Keeps the lists and authorities of `trust` that are not kept yet.
pub(super) async fn keep(store: &Store, trust: &TrustStore, now: DateTime<Utc>) -> Result<(), Failure> {
    let never = DateTime::from_timestamp(NEVER_S, 0).unwrap_or(now);
    for (kind, der) in trust.materials() {
        let digest = hex::encode(sha256(der));
        let select = "SELECT 1 FROM archive_materials WHERE sha256 = $1";
        if sql::row(store.reader(), select, vec![digest.as_str().into()]).await?.is_some() {
            continue;
        }
        let (from, until) = list_validity(der).unwrap_or((DateTime::UNIX_EPOCH, never));
        let work = store.begin("archive.material", "").await?;
        let insert = "INSERT INTO archive_materials (sha256, kind, der, valid_from, valid_until, seen_at) \
                      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256) DO NOTHING";
        let values = vec![
            digest.into(),
            kind.into(),
            hex::encode(der).into(),
            from.into(),
            until.min(never).into(),
            now.into(),
        ];
        sql::execute(work.txn(), insert, values).await?;
        work.commit().await?;
    }
    Ok(())
}

/// What was at hand for a signature received at `at`.
pub(super) async fn at(reader: &impl ConnectionTrait, at: DateTime<Utc>) -> Result<Materials, Failure> {
    let select = "SELECT kind, der FROM archive_materials WHERE valid_from <= $1 AND valid_until >= $1 \
                  AND seen_at <= $2 ORDER BY valid_from, sha256";
    let rows = sql::rows(reader, select, vec![at.into(), (at + SLACK).into()]).await?;
    let mut materials = Materials::default();
    for row in &rows {
        let (kind, der): (String, String) = (row.try_get("", "kind")?, row.try_get("", "der")?);
        match kind.as_str() {
            "list" => materials.lists.push(der),
            _ => materials.authorities.push(der),
        }
    }
    Ok(materials)
}
