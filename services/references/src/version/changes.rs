//! Use case: list what changed in the code lists and offices since a version.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{
    ListChanges, ReferenceChange, ReferenceChangePage, problems::VERSION_UNKNOWN,
};
use sea_orm::{DbErr, Value};

use super::store::{last_seq, newest};
use crate::{
    App,
    entry::{EntryRow, row::COLUMNS},
    label,
    page::{Page, check_text, invalid, require},
    sql,
};

impl Answers<ListChanges> for App {
    async fn answer(&self, _: &Caller, ask: ListChanges) -> Result<ReferenceChangePage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        let after = if page.after.is_empty() { Some(0) } else { page.after.parse::<i64>().ok() };
        if after.is_none() {
            findings.push(invalid("/after", "after is not a cursor of this list"));
        }
        if ask.since < 0 {
            findings.push(invalid("/since", "since is the number of a version, or 0"));
        }
        if let Some(list) = &ask.list {
            check_text("/list", list, 1, 80, &mut findings);
        }
        require(findings)?;
        let reader = self.store().reader();
        let newest = newest(reader).await?;
        let Some(since) = last_seq(reader, ask.since).await? else {
            return Err(VERSION_UNKNOWN
                .because(format!("there is no version {}", ask.since))
                .at("/since")
                .into());
        };
        let from = since.max(after.unwrap_or_default());
        let mut rows = self.changed_after(from, ask.list.as_deref(), &page).await?;
        let next = page.cut(&mut rows, |row| row.seq.to_string());
        let items = rows.into_iter().map(change).collect();
        Ok(ReferenceChangePage { items, next, number: newest.number, etag: newest.text() })
    }
}

impl App {
    /// What stands now and was written after the row `seq`; what was replaced since stands there once.
    async fn changed_after(&self, seq: i64, list: Option<&str>, page: &Page) -> Result<Vec<EntryRow>, DbErr> {
        let chosen = if list.is_some() { " AND list = $3" } else { "" };
        let statement = format!(
            "SELECT {COLUMNS} FROM entries WHERE seq > $1 AND until IS NULL{chosen} ORDER BY seq LIMIT $2"
        );
        let mut values: Vec<Value> = vec![seq.into(), page.limit().into()];
        values.extend(list.map(Value::from));
        let rows = sql::all(self.store().reader(), &statement, values).await?;
        rows.iter().map(EntryRow::read).collect()
    }
}

fn change(row: EntryRow) -> ReferenceChange {
    ReferenceChange {
        number: row.since,
        kind: label::change_of(&row.change),
        labels: label::read(&row.labels),
        list: row.list,
        code: row.code,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    }
}
