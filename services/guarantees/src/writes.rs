//! Several lists of rows written in as few statements as the database allows.

use std::fmt::Write;

use customs_platform::Failure;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};

/// How many values one statement carries: SQLite takes 32,766, PostgreSQL 65,535.
const VALUES_MAX: usize = 30_000;

/// Writes that wait to be carried out: on PostgreSQL all in one statement, as parts of a `WITH`, on SQLite one
/// statement each. They must not touch the same row twice.
#[derive(Debug)]
pub(crate) struct Writes {
    together: bool,
    batches: Vec<Batch>,
}

#[derive(Debug, Default)]
struct Batch {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Writes {
    /// Nothing to write yet.
    pub(crate) const fn new(backend: DbBackend) -> Self {
        Self { together: matches!(backend, DbBackend::Postgres), batches: Vec::new() }
    }

    /// Adds a statement that is `before`, the list of `rows` and `after`; none where there are no rows.
    pub(crate) fn rows<const N: usize>(
        &mut self,
        before: &str,
        rows: impl IntoIterator<Item = [Value; N]>,
        after: &str,
    ) {
        let mut list = String::new();
        let mut batch = if self.together { self.batches.pop() } else { None }.unwrap_or_default();
        for row in rows {
            if batch.values.len() + N > VALUES_MAX {
                batch.close(before, &mut list, after);
                self.batches.push(std::mem::take(&mut batch));
            }
            let first = batch.values.len() + 1;
            let places: Vec<String> = (first..first + N).map(|place| format!("${place}")).collect();
            let _ = write!(list, "{}({})", if list.is_empty() { "" } else { ", " }, places.join(", "));
            batch.values.extend(row);
        }
        batch.close(before, &mut list, after);
        if !batch.parts.is_empty() {
            self.batches.push(batch);
        }
    }

    /// Carries everything out within `txn`.
    pub(crate) async fn run(self, txn: &DatabaseTransaction) -> Result<(), Failure> {
        for batch in self.batches {
            let (sql, values) = batch.statement();
            txn.execute_raw(Statement::from_sql_and_values(txn.get_database_backend(), sql, values)).await?;
        }
        Ok(())
    }
}

impl Batch {
    fn close(&mut self, before: &str, list: &mut String, after: &str) {
        if !list.is_empty() {
            self.parts.push(format!("{before}{list}{after}"));
            list.clear();
        }
    }

    fn statement(mut self) -> (String, Vec<Value>) {
        let last = self.parts.pop().unwrap_or_default();
        if self.parts.is_empty() {
            return (last, self.values);
        }
        let named: Vec<String> =
            self.parts.iter().enumerate().map(|(number, part)| format!("w{number} AS ({part})")).collect();
        (format!("WITH {} {last}", named.join(", ")), self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(writes: Writes) -> Vec<(String, usize)> {
        let texts = writes.batches.into_iter().map(Batch::statement);
        texts.map(|(sql, values)| (sql, values.len())).collect()
    }

    fn two_lists(backend: DbBackend) -> Vec<(String, usize)> {
        let mut writes = Writes::new(backend);
        writes.rows("INSERT INTO a VALUES ", [[Value::from(1), Value::from(2)]], "");
        writes.rows("INSERT INTO none VALUES ", std::iter::empty::<[Value; 1]>(), "");
        writes.rows("UPDATE b FROM (VALUES ", [[Value::from(3)], [Value::from(4)]], ") AS v");
        statements(writes)
    }

    #[test]
    fn postgres_writes_all_lists_in_one_statement() {
        let sql = "WITH w0 AS (INSERT INTO a VALUES ($1, $2)) UPDATE b FROM (VALUES ($3), ($4)) AS v";
        assert_eq!(two_lists(DbBackend::Postgres), [(sql.to_owned(), 4)]);
    }

    #[test]
    fn sqlite_writes_one_list_a_statement() {
        let insert = ("INSERT INTO a VALUES ($1, $2)".to_owned(), 2);
        let update = ("UPDATE b FROM (VALUES ($1), ($2)) AS v".to_owned(), 2);
        assert_eq!(two_lists(DbBackend::Sqlite), [insert, update]);
    }

    #[test]
    fn a_long_list_is_cut_before_the_statement_has_too_many_values() {
        for backend in [DbBackend::Postgres, DbBackend::Sqlite] {
            let mut writes = Writes::new(backend);
            writes.rows("A ", [[Value::from(1)]], "");
            writes.rows("B ", (0..20_000).map(|_| [Value::from(1), Value::from(2)]), "");
            let lengths: Vec<usize> = statements(writes).into_iter().map(|(_, values)| values).collect();
            assert!(lengths.iter().all(|length| *length <= VALUES_MAX));
            assert_eq!(lengths.iter().sum::<usize>(), 40_001);
        }
    }
}
