//! Rows of entries: written a thousand at a time, read one by one.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult};
use serde::Serialize;

use crate::sql;

/// The columns that [`EntryRow::read`] reads.
pub(crate) const COLUMNS: &str =
    "seq, list, code, dataset, valid_from, valid_to, state, tags, labels, properties, change, since";

/// An entry as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct EntryRow {
    pub(crate) seq: i64,
    pub(crate) list: String,
    pub(crate) code: String,
    pub(crate) dataset: String,
    pub(crate) valid_from: NaiveDate,
    pub(crate) valid_to: Option<NaiveDate>,
    pub(crate) state: String,
    pub(crate) tags: String,
    pub(crate) labels: String,
    pub(crate) properties: String,
    pub(crate) change: String,
    pub(crate) since: i64,
}

impl EntryRow {
    /// The entry in `row`.
    pub(crate) fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            seq: row.try_get("", "seq")?,
            list: row.try_get("", "list")?,
            code: row.try_get("", "code")?,
            dataset: row.try_get("", "dataset")?,
            valid_from: row.try_get("", "valid_from")?,
            valid_to: row.try_get("", "valid_to")?,
            state: row.try_get("", "state")?,
            tags: row.try_get("", "tags")?,
            labels: row.try_get("", "labels")?,
            properties: row.try_get("", "properties")?,
            change: row.try_get("", "change")?,
            since: row.try_get("", "since")?,
        })
    }
}

/// A row that is to be written; short names, because they are repeated for every row.
#[derive(Debug, Serialize)]
pub(crate) struct NewRow {
    /// Number of the row.
    pub(crate) n: i64,
    /// Code.
    pub(crate) c: String,
    /// First day.
    pub(crate) f: NaiveDate,
    /// First day after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) t: Option<NaiveDate>,
    /// State.
    pub(crate) s: &'static str,
    /// Tags.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) g: String,
    /// Labels.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) l: String,
    /// Properties.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) p: String,
    /// Text to search in.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) q: String,
    /// Digest.
    pub(crate) d: i64,
    /// What became of the entry.
    pub(crate) k: &'static str,
}

/// A row that ends: the one that stands is kept as it was, and its twin with an end takes its place.
#[derive(Debug, Serialize)]
pub(crate) struct EndedRow {
    /// Number of the new row.
    pub(crate) n: i64,
    /// Number of the row that stands.
    pub(crate) o: i64,
    /// First day after.
    pub(crate) t: NaiveDate,
    /// What became of the entry.
    pub(crate) k: &'static str,
}

/// To which list, dataset and version the rows belong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Into<'a> {
    pub(crate) list: &'a str,
    pub(crate) dataset: &'a str,
    pub(crate) number: i64,
}

const TARGET: &str = "INSERT INTO entries (seq, list, code, dataset, valid_from, valid_to, state, tags, \
                      labels, properties, search, digest, change, since) ";

/// Writes `rows`, one statement for all of them.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    rows: &[NewRow],
    into: Into<'_>,
) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let select = match connection.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT n, $2, c, $3, f, t, s, COALESCE(g, ''), COALESCE(l, ''), COALESCE(p, ''), \
             COALESCE(q, ''), d, k, $4 FROM json_to_recordset($1::json) AS new (n bigint, c text, f date, \
             t date, s text, g text, l text, p text, q text, d bigint, k text)"
        }
        _ => {
            "SELECT value->>'n', $2, value->>'c', $3, value->>'f', value->>'t', value->>'s', \
             COALESCE(value->>'g', ''), COALESCE(value->>'l', ''), COALESCE(value->>'p', ''), \
             COALESCE(value->>'q', ''), value->>'d', value->>'k', $4 FROM json_each($1)"
        }
    };
    let values = vec![json(&rows)?, into.list.into(), into.dataset.into(), into.number.into()];
    sql::run(connection, &format!("{TARGET}{select}"), values).await?;
    Ok(())
}

/// Writes the twins with an end of rows that stand.
pub(crate) async fn end(
    connection: &impl ConnectionTrait,
    rows: &[EndedRow],
    number: i64,
) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let old: Vec<i64> = rows.iter().map(|row| row.o).collect();
    replace(connection, &old, number).await?;
    let (source, new, old, to, kind) = match connection.get_database_backend() {
        DbBackend::Postgres => (
            "json_to_recordset($1::json) AS ended (n bigint, o bigint, t date, k text)",
            "ended.n",
            "ended.o",
            "ended.t",
            "ended.k",
        ),
        _ => (
            "json_each($1) AS ended",
            "ended.value->>'n'",
            "ended.value->>'o'",
            "ended.value->>'t'",
            "ended.value->>'k'",
        ),
    };
    let select = format!(
        "SELECT {new}, list, code, dataset, valid_from, {to}, state, tags, labels, properties, search, \
         digest, {kind}, $2 FROM {source} JOIN entries ON entries.seq = {old}"
    );
    sql::run(connection, &format!("{TARGET}{select}"), vec![json(&rows)?, number.into()]).await?;
    Ok(())
}

/// Marks the rows of the numbers `old` as replaced by the version `number`.
pub(crate) async fn replace(
    connection: &impl ConnectionTrait,
    old: &[i64],
    number: i64,
) -> Result<(), DbErr> {
    if old.is_empty() {
        return Ok(());
    }
    let numbers = match connection.get_database_backend() {
        DbBackend::Postgres => "SELECT value::bigint FROM json_array_elements_text($1::json)",
        _ => "SELECT value FROM json_each($1)",
    };
    let statement = format!("UPDATE entries SET until = $2 WHERE seq IN ({numbers})");
    sql::run(connection, &statement, vec![json(&old)?, number.into()]).await?;
    Ok(())
}

fn json(rows: &impl Serialize) -> Result<sea_orm::Value, DbErr> {
    let text = serde_json::to_string(rows).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(text.into())
}
