//! Several lists of rows written in as few statements as the database allows.

use std::{collections::HashMap, fmt::Write};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};

use crate::Failure;

/// How many values one statement carries: SQLite takes 32,766, PostgreSQL 65,535.
const VALUES_MAX: usize = 30_000;

/// What becomes of a row whose key is in the table already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is a defect: the transaction fails.
    Refused,
    /// The row stays as it is.
    Kept,
    /// All columns are written anew; whoever does this has the row locked.
    Replaced,
}

/// How rows of one table are written.
#[derive(Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The table.
    pub table: &'static str,
    /// Its columns, in the order of the values.
    pub columns: &'static [&'static str],
    /// The columns that tell rows apart.
    pub key: &'static [&'static str],
    /// What becomes of a row that is known.
    pub known: Known,
}

impl Sheet {
    pub(crate) fn before(&self) -> String {
        format!("INSERT INTO {} ({}) VALUES ", self.table, self.columns.join(", "))
    }

    pub(crate) fn after(&self) -> String {
        match self.known {
            Known::Refused => String::new(),
            Known::Kept => format!(" ON CONFLICT ({}) DO NOTHING", self.key.join(", ")),
            Known::Replaced => {
                let others = self.columns.iter().filter(|column| !self.key.contains(column));
                let set: Vec<String> = others.map(|column| format!("{column} = excluded.{column}")).collect();
                format!(" ON CONFLICT ({}) DO UPDATE SET {}", self.key.join(", "), set.join(", "))
            }
        }
    }
}

/// Rows that wait to be written, each once: what is put under the same key again takes the place of the first.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    lists: Vec<List>,
}

#[derive(Debug)]
struct List {
    sheet: &'static Sheet,
    places: HashMap<String, usize>,
    rows: Vec<Vec<Value>>,
}

impl Pending {
    /// Puts a row; `key` tells it apart within the sheet.
    pub(crate) fn put(&mut self, sheet: &'static Sheet, key: String, row: Vec<Value>) {
        let known = self.lists.iter().position(|list| list.sheet == sheet);
        let place = known.unwrap_or_else(|| {
            self.lists.push(List { sheet, places: HashMap::new(), rows: Vec::new() });
            self.lists.len() - 1
        });
        let Some(list) = self.lists.get_mut(place) else { return };
        if let Some(kept) = list.places.get(&key).and_then(|place| list.rows.get_mut(*place)) {
            *kept = row;
        } else {
            list.places.insert(key, list.rows.len());
            list.rows.push(row);
        }
    }

    /// Whether nothing waits.
    pub(crate) const fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Adds everything that waits to `writes`, in the order in which the sheets were first used.
    pub(crate) fn into_writes(self, writes: &mut Writes) {
        for list in self.lists {
            writes.rows(&list.sheet.before(), list.rows, &list.sheet.after());
        }
    }
}

/// Writes that wait to be carried out: on PostgreSQL all in one statement, as parts of a `WITH`, on SQLite one
/// statement each. They must not touch the same row twice.
#[derive(Debug)]
pub struct Writes {
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
    #[must_use]
    pub const fn new(backend: DbBackend) -> Self {
        Self { together: matches!(backend, DbBackend::Postgres), batches: Vec::new() }
    }

    /// Adds a statement that is `before`, the list of `rows` and `after`; none where there are no rows.
    pub fn rows<R>(&mut self, before: &str, rows: impl IntoIterator<Item = R>, after: &str)
    where
        R: IntoIterator<Item = Value>,
        R::IntoIter: ExactSizeIterator,
    {
        let mut list = String::new();
        let mut batch = if self.together { self.batches.pop() } else { None }.unwrap_or_default();
        for row in rows {
            let row = row.into_iter();
            let width = row.len();
            if batch.values.len() + width > VALUES_MAX {
                batch.close(before, &mut list, after);
                self.batches.push(std::mem::take(&mut batch));
            }
            let first = batch.values.len() + 1;
            list.push_str(if list.is_empty() { "(" } else { ", (" });
            for place in first..first + width {
                let _ = write!(list, "{}${place}", if place == first { "" } else { ", " });
            }
            list.push(')');
            batch.values.extend(row);
        }
        batch.close(before, &mut list, after);
        if !batch.parts.is_empty() {
            self.batches.push(batch);
        }
    }

    /// Carries everything out within `txn`; tells how many rows the list that was added last has changed.
    pub async fn run(self, txn: &DatabaseTransaction) -> Result<u64, Failure> {
        let mut changed = 0;
        for batch in self.batches {
            let (sql, values) = batch.statement();
            let statement = Statement::from_sql_and_values(txn.get_database_backend(), sql, values);
            changed = txn.execute_raw(statement).await?.rows_affected();
        }
        Ok(changed)
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

    static NOTES: Sheet =
        Sheet { table: "notes", columns: &["id", "text"], key: &["id"], known: Known::Replaced };

    #[test]
    fn a_row_that_changes_twice_is_written_once_as_it_is_last() {
        let mut pending = Pending::default();
        pending.put(&NOTES, "1".to_owned(), vec![1.into(), "first".into()]);
        pending.put(&NOTES, "2".to_owned(), vec![2.into(), "other".into()]);
        pending.put(&NOTES, "1".to_owned(), vec![1.into(), "last".into()]);
        let mut writes = Writes::new(DbBackend::Postgres);
        pending.into_writes(&mut writes);
        let sql = "INSERT INTO notes (id, text) VALUES ($1, $2), ($3, $4) \
                   ON CONFLICT (id) DO UPDATE SET text = excluded.text";
        assert_eq!(writes.batches.first().map(|batch| batch.values.get(1)), Some(Some(&"last".into())));
        assert_eq!(statements(writes), [(sql.to_owned(), 4)]);
    }
}
