//! Raw statements that read alike on SQLite and PostgreSQL, and the words in which the two differ.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};

/// The rows of `sql`.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    let backend = connection.get_database_backend();
    connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

/// The first row of `sql`, if there is one.
pub(crate) async fn one(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<QueryResult>, DbErr> {
    let backend = connection.get_database_backend();
    connection.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

/// Runs `sql` and tells how many rows it touched.
pub(crate) async fn run(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<u64, DbErr> {
    let backend = connection.get_database_backend();
    Ok(connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?.rows_affected())
}

/// Holds the row that was read until the transaction ends; SQLite has one writer anyway.
pub(crate) fn for_update(connection: &impl ConnectionTrait) -> &'static str {
    match connection.get_database_backend() {
        DbBackend::Postgres => " FOR UPDATE",
        _ => "",
    }
}

/// Whether the store is SQLite.
pub(crate) fn is_sqlite(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Sqlite
}

/// What counts on the day that stands as parameter `place`, of rows with `valid_from` and `valid_to`.
pub(crate) fn on_day(place: usize) -> String {
    format!("valid_from <= ${place} AND (valid_to IS NULL OR valid_to > ${place})")
}

/// `text` as a pattern for LIKE with `\` as escape: what contains it.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.to_lowercase().chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// The values of several parameters in one list, and the places `$from ..` for them.
pub(crate) fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

/// The day of a row's column, on either store.
pub(crate) fn day(row: &QueryResult, column: &str) -> Result<NaiveDate, DbErr> {
    row.try_get("", column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_is_never_a_pattern() {
        assert_eq!(containing("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
