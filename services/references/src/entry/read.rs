//! Finding entries: what stands of a list or a code, on a day.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::{EntryRow, Head, row::COLUMNS};
use crate::{
    page::Page,
    sql::{self, Query},
};

/// How many rows are read at once.
const PAGE: i64 = 10_000;

/// The newest row of every code of `list` in `dataset`, each with a mark that it was not seen yet.
pub(crate) async fn heads(
    connection: &impl ConnectionTrait,
    list: &str,
    dataset: &str,
) -> Result<HashMap<Box<str>, (Head, bool)>, DbErr> {
    let statement = "SELECT seq, code, valid_from, valid_to, digest, change FROM entries \
         WHERE list = $1 AND until IS NULL AND dataset = $2 AND code >= $3 ORDER BY code, valid_from LIMIT $4";
    let mut heads = HashMap::new();
    let mut from = String::new();
    loop {
        let values: Vec<Value> = vec![list.into(), dataset.into(), from.as_str().into(), PAGE.into()];
        let rows = sql::all(connection, statement, values).await?;
        for row in &rows {
            let change: String = row.try_get("", "change")?;
            let head = Head {
                seq: row.try_get("", "seq")?,
                valid_from: sql::day(row, "valid_from")?,
                valid_to: row.try_get("", "valid_to")?,
                digest: row.try_get("", "digest")?,
                removed: change == "removed",
            };
            from = row.try_get("", "code")?;
            heads.insert(from.clone().into_boxed_str(), (head, false));
        }
        if i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE {
            return Ok(heads);
        }
    }
}

/// Every row that stands of `code`, oldest first.
pub(crate) async fn standing(
    connection: &impl ConnectionTrait,
    list: &str,
    dataset: &str,
    code: &str,
) -> Result<Vec<EntryRow>, DbErr> {
    let statement = format!(
        "SELECT {COLUMNS} FROM entries WHERE list = $1 AND code = $2 AND dataset = $3 AND until IS NULL \
         ORDER BY valid_from"
    );
    let rows = sql::all(connection, &statement, vec![list.into(), code.into(), dataset.into()]).await?;
    rows.iter().map(EntryRow::read).collect()
}

/// What may be used of `code` on `day`, one row a dataset.
pub(crate) async fn of_code(
    connection: &impl ConnectionTrait,
    list: &str,
    code: &str,
    day: NaiveDate,
) -> Result<Vec<EntryRow>, DbErr> {
    of_codes(connection, list, &[code.to_owned()], day).await
}

/// What may be used of `codes` on `day`, one row a code and dataset, in the order of the codes.
pub(crate) async fn of_codes(
    connection: &impl ConnectionTrait,
    list: &str,
    codes: &[String],
    day: NaiveDate,
) -> Result<Vec<EntryRow>, DbErr> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(
        "SELECT {COLUMNS} FROM entries WHERE list = $1 AND code IN ({}) AND until IS NULL AND {} \
         AND state = 'valid' ORDER BY code, dataset",
        sql::places(3, codes.len()),
        sql::on_day(2)
    );
    let mut values: Vec<Value> = vec![list.into(), day.into()];
    values.extend(codes.iter().map(|code| Value::from(code.as_str())));
    let rows = sql::all(connection, &statement, values).await?;
    rows.iter().map(EntryRow::read).collect()
}

/// By what the codes of a list are chosen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Choice<'a> {
    /// Codes that begin with this or whose names contain it.
    pub(crate) search: Option<&'a str>,
    /// Codes that begin with this.
    pub(crate) prefix: Option<&'a str>,
    /// Entries with this tag.
    pub(crate) tag: Option<&'a str>,
}

/// The codes of `list` that may be used on `day`, one more than the page holds.
pub(crate) async fn codes_of(
    connection: &impl ConnectionTrait,
    list: &str,
    day: NaiveDate,
    choice: Choice<'_>,
    page: &Page,
) -> Result<Vec<String>, DbErr> {
    let mut query = Query::new(
        "SELECT code FROM entries WHERE list = ? AND code > ? AND until IS NULL AND valid_from <= ? \
         AND (valid_to IS NULL OR valid_to > ?) AND state = 'valid'",
        vec![list.into(), page.after.as_str().into(), day.into(), day.into()],
    );
    if let Some(prefix) = choice.prefix {
        query.begins("code", prefix);
    }
    if let Some(tag) = choice.tag {
        query.tagged(tag);
    }
    if let Some(search) = choice.search {
        query.finds("code", search);
    }
    query.add(" GROUP BY code ORDER BY code LIMIT ?", vec![page.limit().into()]);
    let rows = query.all(connection).await?;
    rows.iter().map(|row| row.try_get("", "code")).collect()
}
