//! Idempotency: an effect asked for under one key happens once and is answered alike each time.

use customs_kernel::{Caller, Once, Problem, problem};
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::json;

use crate::{Failure, Known, Sheet, Store, Work};

static IDEMPOTENCY: Sheet = Sheet {
    table: "idempotency",
    columns: &["key", "fingerprint", "output", "kept_at"],
    key: &["key"],
    known: Known::Kept,
};

/// The member of a kept answer that says that it was a refusal; no answer of a use case has it.
const REFUSED: &str = "$refused";

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
    let mut output: serde_json::Value = serde_json::from_str(&output)?;
    match output.get_mut(REFUSED) {
        Some(problem) => Err(serde_json::from_value::<Problem>(problem.take())?.into()),
        None => Ok(Some(output)),
    }
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
    let row = vec![
        key(caller, operation, once).into(),
        once.fingerprint.as_str().into(),
        serde_json::to_string(&work.kept(&output))?.into(),
        work.now().into(),
    ];
    match work.commit_once((&IDEMPOTENCY, row)).await {
        Ok(true) => Ok(output),
        Ok(false) => replayed(store, caller, operation)
            .await?
            .ok_or_else(|| problem::KEY_IN_FLIGHT.because("the same request is being worked on").into()),
        // The twin's rows may stand in the way before its key does.
        Err(failure) => replayed(store, caller, operation).await?.ok_or(failure),
    }
}

/// Commits `work`, which takes effect although its request is refused with `problem`; the refusal is kept under the
/// caller's key.
pub(crate) async fn commit_refusal(
    work: Work,
    store: &Store,
    caller: &Caller,
    operation: &str,
    problem: Problem,
) -> Result<serde_json::Value, Failure> {
    let kept = commit(work, store, caller, operation, json!({ REFUSED: &problem })).await?;
    if kept.get(REFUSED).is_some() { Err(problem.into()) } else { Ok(kept) }
}

/// Answers a request that came to `failure`, of which nothing has taken effect.
///
/// Where a twin of the request was faster, its effect may be why this one is refused: the twin's answer is given.
pub(crate) async fn refuse(
    store: &Store,
    caller: &Caller,
    operation: &str,
    failure: Failure,
) -> Result<serde_json::Value, Failure> {
    if !matches!(failure, Failure::Refused(_)) {
        return Err(failure);
    }
    replayed(store, caller, operation).await?.ok_or(failure)
}
