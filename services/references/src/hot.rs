//! The look-ups in memory: swapped whole when the reference data has changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    pin::pin,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use customs_kernel::Clock;
use customs_platform::{Failure, Store};
use customs_references_contract::{Lookup, ReferenceSnapshot, SnapshotList, SnapshotOffice};
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, QueryResult, Statement, StreamTrait};
use tokio::sync::Mutex;

use crate::{
    dataset::{NATIONAL, OFFICE_LIST},
    entry::OfficeProperties,
    measure, party, sql,
    version::newest_loud,
};

/// After how long the number of the newest version is asked for again, without being told of one.
const CHECK_S: i64 = 5;
/// How often a snapshot is begun again when a new version comes into sight while it is read.
const TRIES: usize = 5;

struct Held {
    lookup: Arc<Lookup>,
    checked_at: DateTime<Utc>,
}

/// The look-ups in memory.
pub(crate) struct Hot {
    store: Store,
    clock: Arc<dyn Clock>,
    held: RwLock<Option<Held>>,
    loading: Mutex<()>,
    doubted: AtomicBool,
}

impl Hot {
    /// Look-ups over `store`, empty until they are first asked for.
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            held: RwLock::default(),
            loading: Mutex::default(),
            doubted: AtomicBool::default(),
        }
    }

    /// The reference data has, or may have, changed: look before the next answer.
    pub(crate) fn doubt(&self) {
        self.doubted.store(true, Ordering::SeqCst);
    }

    /// The present day.
    pub(crate) fn today(&self) -> NaiveDate {
        self.clock.now().date_naive()
    }

    /// The look-ups for today, surely of the newest version: whoever was told of it asks for it.
    pub(crate) async fn newest(&self) -> Result<Arc<Lookup>, Failure> {
        self.doubt();
        self.now().await
    }

    /// The look-ups for today.
    pub(crate) async fn now(&self) -> Result<Arc<Lookup>, Failure> {
        let now = self.clock.now();
        if let Some(lookup) = self.fresh(now) {
            return Ok(lookup);
        }
        let _turn = self.loading.lock().await;
        if let Some(lookup) = self.fresh(now) {
            return Ok(lookup);
        }
        self.doubted.store(false, Ordering::SeqCst);
        let lookup = match self.load_if_new(now.date_naive()).await {
            Ok(lookup) => lookup,
            Err(failure) => {
                self.doubt();
                return Err(failure);
            }
        };
        let held = Held { lookup: Arc::clone(&lookup), checked_at: now };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok(lookup)
    }

    fn fresh(&self, now: DateTime<Utc>) -> Option<Arc<Lookup>> {
        if self.doubted.load(Ordering::SeqCst) {
            return None;
        }
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref()?;
        let checked = now - held.checked_at < TimeDelta::seconds(CHECK_S);
        (checked && held.lookup.holds_on(now.date_naive())).then(|| Arc::clone(&held.lookup))
    }

    async fn load_if_new(&self, today: NaiveDate) -> Result<Arc<Lookup>, Failure> {
        let number = newest_loud(self.store.reader()).await?.number;
        let held = {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            held.as_ref().map(|held| Arc::clone(&held.lookup))
        };
        match held.filter(|lookup| lookup.number() == number && lookup.holds_on(today)) {
            Some(lookup) => Ok(lookup),
            None => Ok(Arc::new(Lookup::from(self.snapshot(today).await?))),
        }
    }

    /// Everything that validation looks up, as it stands on `day`, all of one version.
    pub(crate) async fn snapshot(&self, day: NaiveDate) -> Result<ReferenceSnapshot, Failure> {
        for _ in 0..TRIES {
            let snapshot = self.read(day).await?;
            if newest_loud(self.store.reader()).await?.number == snapshot.number {
                return Ok(snapshot);
            }
        }
        Err(Failure::Down("the reference data changes faster than it can be read".to_owned()))
    }

    async fn read(&self, day: NaiveDate) -> Result<ReferenceSnapshot, Failure> {
        let reader = self.store.reader();
        let newest = newest_loud(reader).await?;
        let mut days = Days { day, last: NaiveDate::default(), next: None };
        let lists = lists(reader, &mut days).await?;
        let offices = offices(reader, day).await?;
        let restricted = measure::restrictions_for(reader, &mut days).await?;
        let route_countries = measure::route_countries_for(reader, &mut days).await?;
        let suspended = party::suspended(reader).await?;
        let authorised = party::authorised(reader, &mut days).await?;
        Ok(ReferenceSnapshot {
            number: newest.number,
            version: format!("{}-{}", newest.text(), days.last.format("%Y%m%d")),
            at: day,
            stale_on: days.next,
            lists,
            offices,
            restricted,
            route_countries,
            suspended,
            authorised,
        })
    }
}

/// The day asked for, and the nearest days around it on which something begins or ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days {
    day: NaiveDate,
    last: NaiveDate,
    next: Option<NaiveDate>,
}

impl Days {
    /// Whether what stands from `from` to `to` counts on the day; remembers both.
    pub(crate) fn counts(&mut self, from: NaiveDate, to: Option<NaiveDate>) -> bool {
        for mark in [Some(from), to].into_iter().flatten() {
            if mark > self.day {
                self.next = Some(self.next.map_or(mark, |next| next.min(mark)));
            } else {
                self.last = self.last.max(mark);
            }
        }
        from <= self.day && to.is_none_or(|to| to > self.day)
    }
}

/// The codes of every list, read row by row: never all of them at once.
async fn lists(connection: &DatabaseConnection, days: &mut Days) -> Result<Vec<SnapshotList>, Failure> {
    let statement = "SELECT list, code, valid_from, valid_to, state FROM entries WHERE until IS NULL \
                     ORDER BY list, code";
    let statement = Statement::from_string(ConnectionTrait::get_database_backend(connection), statement);
    let mut rows = pin!(connection.stream_raw(statement).await?);
    let mut lists: Vec<SnapshotList> = Vec::new();
    let mut before = String::new();
    while let Some(row) = rows.try_next().await? {
        let (list, code, counts) = read(&row, days)?;
        if lists.last().is_none_or(|last| last.name != list) {
            lists.push(SnapshotList { name: list, codes: String::new() });
            before.clear();
        }
        if counts
            && code != before
            && let Some(list) = lists.last_mut()
        {
            let _ = write!(list.codes, "{}{code}", if list.codes.is_empty() { "" } else { "\n" });
            before = code;
        }
    }
    lists.retain(|list| list.name != OFFICE_LIST);
    Ok(lists)
}

fn read(row: &QueryResult, days: &mut Days) -> Result<(String, String, bool), DbErr> {
    let state: String = row.try_get("", "state")?;
    let within = days.counts(sql::day(row, "valid_from")?, row.try_get("", "valid_to")?);
    Ok((row.try_get("", "list")?, row.try_get("", "code")?, within && state == "valid"))
}

async fn offices(connection: &impl ConnectionTrait, day: NaiveDate) -> Result<Vec<SnapshotOffice>, Failure> {
    let statement = format!(
        "SELECT code, dataset, tags, properties FROM entries \
         WHERE list = $1 AND until IS NULL AND {} AND state = 'valid' ORDER BY code",
        sql::on_day(2)
    );
    let rows = sql::all(connection, &statement, vec![OFFICE_LIST.into(), day.into()]).await?;
    let mut offices: BTreeMap<String, (SnapshotOffice, BTreeSet<String>)> = BTreeMap::new();
    for row in rows {
        let (id, dataset): (String, String) = (row.try_get("", "code")?, row.try_get("", "dataset")?);
        let (tags, properties): (String, String) = (row.try_get("", "tags")?, row.try_get("", "properties")?);
        let facts: OfficeProperties = serde_json::from_str(&properties)?;
        let (office, roles) = offices.entry(id.clone()).or_insert_with(|| {
            let office = SnapshotOffice {
                id,
                country: facts.country.clone(),
                roles: String::new(),
                zone: facts.zone.clone(),
            };
            (office, BTreeSet::new())
        });
        roles.extend(tags.split_whitespace().map(ToOwned::to_owned));
        if dataset == NATIONAL && facts.zone.is_some() {
            office.zone = facts.zone;
        }
    }
    let told = offices.into_values().map(|(mut office, roles)| {
        office.roles = roles.into_iter().collect::<Vec<_>>().join(" ");
        office
    });
    Ok(told.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn the_days_around_tell_how_long_an_answer_holds() {
        let mut days = Days { day: day(10), last: day(1), next: None };
        assert!(days.counts(day(5), Some(day(20))));
        assert!(!days.counts(day(15), None));
        assert!(!days.counts(day(2), Some(day(10))));
        assert_eq!((days.last, days.next), (day(10), Some(day(15))));
    }
}
