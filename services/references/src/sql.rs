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

/// A statement that grows with what is asked for.
pub(crate) struct Query {
    text: String,
    values: Vec<Value>,
}

impl Query {
    /// The statement `text`, with a `?` for each of `values`.
    pub(crate) fn new(text: &str, values: Vec<Value>) -> Self {
        let mut query = Self { text: String::new(), values: Vec::new() };
        query.add(text, values);
        query
    }

    /// Adds `text`, with a `?` for each of `values`.
    pub(crate) fn add(&mut self, text: &str, values: Vec<Value>) {
        let mut place = self.values.len();
        for (number, part) in text.split('?').enumerate() {
            if number > 0 {
                place += 1;
                self.text.push('$');
                self.text.push_str(&place.to_string());
            }
            self.text.push_str(part);
        }
        self.values.extend(values);
    }

    /// Adds the condition that `column` begins with `text`.
    pub(crate) fn begins(&mut self, column: &str, text: &str) {
        let condition = format!(" AND {column} >= ? AND {column} < ?");
        self.add(&condition, vec![text.into(), after(text).into()]);
    }

    /// Adds the condition that `column` begins with `text`, or that the text to search in contains it.
    pub(crate) fn finds(&mut self, column: &str, text: &str) {
        let condition = format!(" AND (({column} >= ? AND {column} < ?) OR search LIKE ? ESCAPE '\\')");
        self.add(&condition, vec![text.into(), after(text).into(), containing(text).into()]);
    }

    /// Adds the condition that `tag` is among the tags.
    pub(crate) fn tagged(&mut self, tag: &str) {
        self.add(" AND tags LIKE ?", vec![format!("% {tag} %").into()]);
    }

    /// The rows.
    pub(crate) async fn all(self, connection: &impl ConnectionTrait) -> Result<Vec<QueryResult>, DbErr> {
        all(connection, &self.text, self.values).await
    }
}

/// The first text after everything that begins with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
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
fn containing(text: &str) -> String {
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
    fn a_growing_statement_numbers_its_places() {
        let mut query = Query::new("SELECT a FROM b WHERE c = ?", vec![1.into()]);
        query.begins("d", "x");
        query.tagged("DEP");
        assert_eq!(query.text, "SELECT a FROM b WHERE c = $1 AND d >= $2 AND d < $3 AND tags LIKE $4");
        assert_eq!(query.values.len(), 4);
    }

    #[test]
    fn what_is_searched_for_is_never_a_pattern() {
        assert_eq!(containing("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
