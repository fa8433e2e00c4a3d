//! Idempotency: an effect asked for under one key happens once and is answered alike each time.

use customs_kernel::{Caller, Once, problem};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::{Failure, Store, Work};

fn key(caller: &Caller, operation: &str, once: &Once) -> String {
    format!("{}/{operation}/{}", caller.actor.subject, once.key)
}

/// What was answered before under the caller's key, if it was used.
pub(crate) async fn replayed(
    store: &Store,
    caller: &Caller,
    operation: &str,
) -> Result<Option<serde_json::Value>, Failure> {
    let Some(once) = &caller.once else { return Ok(None) };
    let sql = "SELECT fingerprint, output FROM idempotency WHERE key = $1";
    let backend = store.reader().get_database_backend();
    let values = [Value::from(key(caller, operation, once))];
    let row = store.reader().query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let Some(row) = row else { return Ok(None) };
    let fingerprint: String = row.try_get("", "fingerprint")?;
    if fingerprint != once.fingerprint {
        return Err(problem::KEY_REUSED.because("the key was sent before with another input").into());
    }
    let output: String = row.try_get("", "output")?;
    Ok(Some(serde_json::from_str(&output)?))
}

/// Keeps `output` under the caller's key in the transaction of the effect itself, then commits.
///
/// Where a twin of the request was faster, nothing of this one takes effect and the twin's answer is given.
pub(crate) async fn commit(
    work: Work,
    store: &Store,
    caller: &Caller,
    operation: &str,
    output: serde_json::Value,
) -> Result<serde_json::Value, Failure> {
    let Some(once) = &caller.once else {
        work.commit().await?;
        return Ok(output);
    };
    let sql = "INSERT INTO idempotency (key, fingerprint, output, kept_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (key) DO NOTHING";
    let backend = work.txn().get_database_backend();
    let values: [Value; 4] = [
        key(caller, operation, once).into(),
        once.fingerprint.as_str().into(),
        serde_json::to_string(&work.kept(&output))?.into(),
        work.now().into(),
    ];
    let kept = work.txn().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    if kept.rows_affected() == 1 {
        work.commit().await?;
        return Ok(output);
    }
    drop(work);
    replayed(store, caller, operation)
        .await?
        .ok_or_else(|| problem::KEY_IN_FLIGHT.because("the same request is being worked on").into())
}

/// Answers a request that came to `failure`, of which nothing takes effect.
///
/// Where a twin of the request was faster, its effect may be why this one is refused: the twin's answer is given.
pub(crate) async fn refuse(
    work: Work,
    store: &Store,
    caller: &Caller,
    operation: &str,
    failure: Failure,
) -> Result<serde_json::Value, Failure> {
    drop(work);
    if !matches!(failure, Failure::Refused(_)) {
        return Err(failure);
    }
    replayed(store, caller, operation).await?.ok_or(failure)
}
