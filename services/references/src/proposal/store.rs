//! Rows of proposals and of what they would change.

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Caller;
use customs_references_contract::{ImportProposal, ImportedList, ProposalState, ProposedChange};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Value};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use uuid::Uuid;

use super::KEPT_DAYS;
use crate::{
    label,
    page::Page,
    sql::{self, Query},
};

/// A proposal as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Proposal {
    pub(super) import: Uuid,
    pub(super) state: ProposalState,
    pub(super) dataset: String,
    pub(super) file_name: String,
    pub(super) sha256: String,
    pub(super) base: i64,
    pub(super) added: i64,
    pub(super) changed: i64,
    pub(super) removed: i64,
    pub(super) unchanged: i64,
    pub(super) lists: Vec<ImportedList>,
    pub(super) proposed_at: DateTime<Utc>,
    pub(super) proposed_by: String,
    pub(super) decided_at: Option<DateTime<Utc>>,
    pub(super) decided_by: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) number: Option<i64>,
}

/// The word under which `state` is kept.
pub(super) const fn word(state: ProposalState) -> &'static str {
    match state {
        ProposalState::Awaiting => "awaiting",
        ProposalState::Activated => "activated",
        ProposalState::Refused => "refused",
        ProposalState::Expired => "expired",
    }
}

fn state(word: &str) -> ProposalState {
    match word {
        "activated" => ProposalState::Activated,
        "refused" => ProposalState::Refused,
        "expired" => ProposalState::Expired,
        _ => ProposalState::Awaiting,
    }
}

fn written(value: &impl Serialize) -> Result<String, DbErr> {
    serde_json::to_string(value).map_err(|error| DbErr::Json(error.to_string()))
}

fn read_json<T: DeserializeOwned>(text: &str) -> Result<T, DbErr> {
    serde_json::from_str(text).map_err(|error| DbErr::Json(error.to_string()))
}

impl Proposal {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let (kept, lists): (String, String) = (row.try_get("", "state")?, row.try_get("", "lists")?);
        Ok(Self {
            import: row.try_get("", "import")?,
            state: state(&kept),
            dataset: row.try_get("", "dataset")?,
            file_name: row.try_get("", "file_name")?,
            sha256: row.try_get("", "sha256")?,
            base: row.try_get("", "base")?,
            added: row.try_get("", "added")?,
            changed: row.try_get("", "changed")?,
            removed: row.try_get("", "removed")?,
            unchanged: row.try_get("", "unchanged")?,
            lists: read_json(&lists)?,
            proposed_at: row.try_get("", "proposed_at")?,
            proposed_by: row.try_get("", "proposed_by")?,
            decided_at: row.try_get("", "decided_at")?,
            decided_by: row.try_get("", "decided_by")?,
            reason: row.try_get("", "reason")?,
            number: row.try_get("", "number")?,
        })
    }

    /// The proposal of the import `import`, if there is one.
    pub(super) async fn find(connection: &impl ConnectionTrait, import: Uuid) -> Result<Option<Self>, DbErr> {
        let statement = "SELECT * FROM proposals WHERE import = $1";
        sql::one(connection, statement, vec![import.into()]).await?.as_ref().map(Self::read).transpose()
    }

    /// The proposals begun before `before`, newest first, one more than the page holds.
    pub(super) async fn page(
        connection: &impl ConnectionTrait,
        wanted: Option<ProposalState>,
        before: Uuid,
        page: &Page,
    ) -> Result<Vec<Self>, DbErr> {
        let mut query = Query::new("SELECT * FROM proposals WHERE import < ?", vec![before.into()]);
        if let Some(wanted) = wanted {
            query.add(" AND state = ?", vec![word(wanted).into()]);
        }
        query.add(" ORDER BY import DESC LIMIT ?", vec![page.limit().into()]);
        query.all(connection).await?.iter().map(Self::read).collect()
    }

    /// Keeps the proposal with what it would change, in the place of an earlier one of the same import.
    pub(super) async fn keep(
        &self,
        connection: &impl ConnectionTrait,
        changes: &[ProposedChange],
    ) -> Result<(), DbErr> {
        for table in ["proposed_changes", "proposals"] {
            let statement = format!("DELETE FROM {table} WHERE import = $1");
            sql::run(connection, &statement, vec![self.import.into()]).await?;
        }
        let statement = "INSERT INTO proposals (import, state, dataset, file_name, sha256, base, added, changed, \
             removed, unchanged, lists, proposed_at, proposed_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let values = vec![
            self.import.into(),
            word(self.state).into(),
            self.dataset.as_str().into(),
            self.file_name.as_str().into(),
            self.sha256.as_str().into(),
            self.base.into(),
            self.added.into(),
            self.changed.into(),
            self.removed.into(),
            self.unchanged.into(),
            written(&self.lists)?.into(),
            self.proposed_at.into(),
            self.proposed_by.as_str().into(),
        ];
        sql::run(connection, statement, values).await?;
        keep_changes(connection, self.import, changes).await
    }

    /// Writes how it was decided.
    pub(super) async fn close(&self, connection: &impl ConnectionTrait) -> Result<(), DbErr> {
        let statement = "UPDATE proposals SET state = $2, decided_at = $3, decided_by = $4, reason = $5, \
             number = $6 WHERE import = $1";
        let values = vec![
            self.import.into(),
            word(self.state).into(),
            self.decided_at.into(),
            self.decided_by.clone().into(),
            self.reason.clone().into(),
            self.number.into(),
        ];
        sql::run(connection, statement, values).await.map(|_| ())
    }

    /// The proposal as `caller` is told of it.
    pub(super) fn told(self, caller: &Caller) -> ImportProposal {
        ImportProposal {
            own: self.proposed_by == caller.actor.subject,
            decide_by: self.proposed_at + TimeDelta::days(KEPT_DAYS),
            import: self.import,
            state: self.state,
            dataset: self.dataset,
            file_name: self.file_name,
            sha256: self.sha256,
            base: self.base,
            added: self.added,
            changed: self.changed,
            removed: self.removed,
            unchanged: self.unchanged,
            lists: self.lists,
            proposed_at: self.proposed_at,
            decided_at: self.decided_at,
            reason: self.reason,
            number: self.number,
        }
    }
}

/// Writes all of `changes` with one statement.
async fn keep_changes(
    connection: &impl ConnectionTrait,
    import: Uuid,
    changes: &[ProposedChange],
) -> Result<(), DbErr> {
    let mut rows = Vec::with_capacity(changes.len());
    for (position, change) in changes.iter().enumerate() {
        rows.push(json!({
            "n": position,
            "k": label::change(change.kind),
            "l": change.list,
            "c": change.code,
            "b": written(&change.before)?,
            "a": written(&change.after)?,
            "f": change.valid_from,
            "t": change.valid_to,
        }));
    }
    let select = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT $2, n, k, l, c, b, a, f, t FROM json_to_recordset($1::json) AS new (n integer, k text, \
             l text, c text, b text, a text, f date, t date)"
        }
        _ => {
            "SELECT $2, value->>'n', value->>'k', value->>'l', value->>'c', value->>'b', value->>'a', \
             value->>'f', value->>'t' FROM json_each($1)"
        }
    };
    let statement = format!(
        "INSERT INTO proposed_changes (import, position, kind, list, code, labels_before, labels_after, \
         valid_from, valid_to) {select}"
    );
    sql::run(connection, &statement, vec![written(&rows)?.into(), import.into()]).await.map(|_| ())
}

/// What the proposal of `import` would change behind `position`, one more than the page holds, each with its position.
pub(super) async fn changes(
    connection: &impl ConnectionTrait,
    import: Uuid,
    position: i32,
    page: &Page,
) -> Result<Vec<(i32, ProposedChange)>, DbErr> {
    let statement =
        "SELECT * FROM proposed_changes WHERE import = $1 AND position > $2 ORDER BY position LIMIT $3";
    let values: Vec<Value> = vec![import.into(), position.into(), page.limit().into()];
    sql::all(connection, statement, values).await?.iter().map(change).collect()
}

fn change(row: &QueryResult) -> Result<(i32, ProposedChange), DbErr> {
    let (kind, before, after): (String, String, String) =
        (row.try_get("", "kind")?, row.try_get("", "labels_before")?, row.try_get("", "labels_after")?);
    let change = ProposedChange {
        kind: label::change_of(&kind),
        list: row.try_get("", "list")?,
        code: row.try_get("", "code")?,
        before: read_json(&before)?,
        after: read_json(&after)?,
        valid_from: sql::day(row, "valid_from")?,
        valid_to: row.try_get("", "valid_to")?,
    };
    Ok((row.try_get("", "position")?, change))
}

/// Number of the newest version of `dataset`; 0 where there is none.
pub(super) async fn base_of(connection: &impl ConnectionTrait, dataset: &str) -> Result<i64, DbErr> {
    let statement = "SELECT number FROM versions WHERE dataset = $1 ORDER BY number DESC LIMIT 1";
    let row = sql::one(connection, statement, vec![dataset.into()]).await?;
    row.map_or(Ok(0), |row| row.try_get("", "number"))
}
