//! Rows of the journal and of the counters.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use customs_declarations_contract::bus::MovementFact;
use customs_platform::Failure;
use customs_statistics_contract::StatisticsMonth;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use uuid::Uuid;

use super::aggregate::{Counters, Facts, Key, Stage, Tally, micro};
use customs_platform::sql;

/// What of a month is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// The month.
    pub(crate) month: String,
    /// Country of departure.
    pub(crate) country: Option<String>,
    /// Declaration type.
    pub(crate) declaration_type: Option<String>,
    /// Country of destination.
    pub(crate) partner: Option<String>,
    /// Country of transit.
    pub(crate) transit_country: Option<String>,
}

impl Filter {
    /// Whether the row of `key` is asked for.
    pub(crate) fn fits(&self, key: &Key) -> bool {
        self.transit_country.as_ref().is_none_or(|country| *country == key.transit_country)
    }

    /// Conditions on the columns that journal and counters share, with their values, the month first.
    fn conditions(&self, table: &str) -> (String, Vec<Value>) {
        let mut sql = format!("{table}.month = $1");
        let mut values: Vec<Value> = vec![self.month.as_str().into()];
        for (column, value) in [
            ("country", &self.country),
            ("declaration_type", &self.declaration_type),
            ("partner", &self.partner),
        ] {
            if let Some(value) = value {
                values.push(value.as_str().into());
                sql = format!("{sql} AND {table}.{column} = ${}", values.len());
            }
        }
        (sql, values)
    }
}

/// One line of the journal.
pub(crate) struct Entry<'a> {
    /// Its number: the watermark from which on it counts.
    pub(crate) number: i64,
    /// The message that told it.
    pub(crate) told: Uuid,
    /// The month in which it counts.
    pub(crate) month: String,
    /// When it was put down.
    pub(crate) recorded_at: DateTime<Utc>,
    /// What was told.
    pub(crate) fact: &'a MovementFact,
    /// What counts of it.
    pub(crate) facts: Facts,
}

/// What is to be counted in one month.
#[derive(Debug, Default)]
pub(crate) struct Month {
    /// How many facts.
    pub(crate) facts: i64,
    /// The number of the last of them.
    pub(crate) watermark: i64,
    /// The facts added up.
    pub(crate) counters: Counters,
}

/// How many rows one statement carries; SQLite bounds the number of variables.
const ROWS_MAX: usize = 1_000;

/// The first of the next `count` numbers of the journal. Its row stays locked until the transaction ends, so that
/// whoever sees a number sees all before it.
pub(crate) async fn next_numbers(txn: &impl ConnectionTrait, count: usize) -> Result<i64, Failure> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let sql = "INSERT INTO watermarks (journal, number) VALUES ('transit', $1) \
               ON CONFLICT (journal) DO UPDATE SET number = watermarks.number + excluded.number RETURNING number";
    let row = sql::row(txn, sql, vec![count.into()]).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("the journal gave no number"))?;
    Ok(row.try_get::<i64>("", "number")? - count + 1)
}

/// Appends `entries` to the journal.
pub(crate) async fn append(txn: &impl ConnectionTrait, entries: &[Entry<'_>]) -> Result<(), Failure> {
    for entries in entries.chunks(ROWS_MAX) {
        let values = entries.iter().flat_map(columns).collect();
        let sql = format!(
            "INSERT INTO journal (number, told, stage, movement, mrn, month, day, departure_office, \
             destination_office, country, declaration_type, partner, transit_countries, items, \
             gross_mass_micro, occurred_at, recorded_at) VALUES {}",
            sql::places(entries.len(), 17)
        );
        sql::execute(txn, &sql, values).await?;
    }
    Ok(())
}

fn columns(entry: &Entry<'_>) -> [Value; 17] {
    let countries: Vec<&str> = entry.facts.transit_countries.iter().map(String::as_str).collect();
    [
        entry.number.into(),
        entry.told.into(),
        entry.facts.stage.as_str().into(),
        entry.fact.movement.into(),
        entry.fact.mrn.as_str().into(),
        entry.month.as_str().into(),
        entry.fact.day.into(),
        entry.fact.departure_office.as_str().into(),
        entry.fact.destination_office.as_str().into(),
        entry.facts.country.as_str().into(),
        entry.facts.declaration_type.as_str().into(),
        entry.facts.partner.as_str().into(),
        countries.join(" ").into(),
        entry.facts.items.into(),
        entry.fact.gross_mass_micro.max(0).into(),
        entry.fact.at.into(),
        entry.recorded_at.into(),
    ]
}

/// Adds `months` to the counters, which are then counted up to their watermarks.
pub(crate) async fn count(
    txn: &impl ConnectionTrait,
    months: &BTreeMap<String, Month>,
) -> Result<(), Failure> {
    let mut values: Vec<Value> = Vec::new();
    let mut rows: Vec<[Value; 11]> = Vec::new();
    for (month, counted) in months {
        values.extend([month.as_str().into(), counted.facts.into(), counted.watermark.into()]);
        for (key, tally) in counted.counters.iter() {
            let (kg, rest) = tally.gross_mass();
            rows.push([
                month.as_str().into(),
                key.country.as_str().into(),
                key.declaration_type.as_str().into(),
                key.partner.as_str().into(),
                key.transit_country.as_str().into(),
                tally.released.into(),
                tally.arrived.into(),
                tally.discharged.into(),
                tally.items.into(),
                kg.into(),
                rest.into(),
            ]);
        }
    }
    let sql = format!(
        "INSERT INTO months (month, facts, watermark) VALUES {} ON CONFLICT (month) \
         DO UPDATE SET facts = months.facts + excluded.facts, watermark = excluded.watermark",
        sql::places(months.len(), 3)
    );
    sql::execute(txn, &sql, values).await?;
    for rows in rows.chunks(ROWS_MAX) {
        let sql = format!(
            "INSERT INTO counters (month, country, declaration_type, partner, transit_country, released, arrived, \
             discharged, items, gross_mass_kg, gross_mass_micro) VALUES {} \
             ON CONFLICT (month, country, declaration_type, partner, transit_country) DO UPDATE SET \
             released = counters.released + excluded.released, arrived = counters.arrived + excluded.arrived, \
             discharged = counters.discharged + excluded.discharged, items = counters.items + excluded.items, \
             gross_mass_kg = counters.gross_mass_kg + excluded.gross_mass_kg \
             + (counters.gross_mass_micro + excluded.gross_mass_micro) / 1000000, \
             gross_mass_micro = (counters.gross_mass_micro + excluded.gross_mass_micro) % 1000000",
            sql::places(rows.len(), 11)
        );
        sql::execute(txn, &sql, rows.iter().flatten().cloned().collect()).await?;
    }
    Ok(())
}

/// The counters as they stand, and the watermark up to which they are counted; one statement, so that
/// both are of the same instant.
pub(crate) async fn present(
    reader: &impl ConnectionTrait,
    filter: &Filter,
) -> Result<(i64, Counters), Failure> {
    let (conditions, values) = filter.conditions("counters");
    let sql = format!(
        "SELECT watermarks.number AS watermark, counters.country, counters.declaration_type, \
         counters.partner, counters.transit_country, counters.released, counters.arrived, \
         counters.discharged, counters.items, counters.gross_mass_kg, counters.gross_mass_micro \
         FROM watermarks LEFT JOIN counters ON {conditions} WHERE watermarks.journal = 'transit'"
    );
    let mut watermark = 0;
    let mut counters = Counters::default();
    for row in sql::rows(reader, &sql, values).await? {
        watermark = row.try_get("", "watermark")?;
        if row.try_get::<Option<String>>("", "country")?.is_some() {
            counters.put(key(&row)?, &tally(&row)?);
        }
    }
    Ok((watermark, counters))
}

fn key(row: &QueryResult) -> Result<Key, Failure> {
    Ok(Key {
        country: row.try_get("", "country")?,
        declaration_type: row.try_get("", "declaration_type")?,
        partner: row.try_get("", "partner")?,
        transit_country: row.try_get("", "transit_country")?,
    })
}

fn tally(row: &QueryResult) -> Result<Tally, Failure> {
    Ok(Tally {
        released: row.try_get("", "released")?,
        arrived: row.try_get("", "arrived")?,
        discharged: row.try_get("", "discharged")?,
        items: row.try_get("", "items")?,
        gross_mass_micro: micro(row.try_get("", "gross_mass_kg")?, row.try_get("", "gross_mass_micro")?),
    })
}

/// The counters as they stood at `watermark`, counted again from the journal.
pub(crate) async fn recounted(
    reader: &impl ConnectionTrait,
    filter: &Filter,
    watermark: i64,
) -> Result<Counters, Failure> {
    let (conditions, mut values) = filter.conditions("journal");
    values.push(watermark.into());
    // The sum of masses may pass 64 bits; the sums of its two parts do not.
    let sql = format!(
        "SELECT stage, country, declaration_type, partner, transit_countries, \
         CAST(COUNT(*) AS BIGINT) AS facts, CAST(SUM(items) AS BIGINT) AS items, \
         CAST(SUM(gross_mass_micro / 1000000) AS BIGINT) AS kg, \
         CAST(SUM(gross_mass_micro % 1000000) AS BIGINT) AS rest \
         FROM journal WHERE {conditions} AND number <= ${} \
         GROUP BY stage, country, declaration_type, partner, transit_countries",
        values.len()
    );
    let mut counters = Counters::default();
    for row in sql::rows(reader, &sql, values).await? {
        counters.add(&facts(&row)?);
    }
    Ok(counters)
}

fn facts(row: &QueryResult) -> Result<Facts, Failure> {
    let stage: String = row.try_get("", "stage")?;
    let countries: String = row.try_get("", "transit_countries")?;
    Ok(Facts {
        stage: Stage::parse(&stage).ok_or_else(|| anyhow::anyhow!("unknown stage {stage}"))?,
        country: row.try_get("", "country")?,
        declaration_type: row.try_get("", "declaration_type")?,
        partner: row.try_get("", "partner")?,
        transit_countries: countries.split_whitespace().map(str::to_owned).collect(),
        count: row.try_get("", "facts")?,
        items: row.try_get("", "items")?,
        gross_mass_micro: micro(row.try_get("", "kg")?, row.try_get("", "rest")?),
    })
}

/// At most `limit` months before the month `after`, newest first.
pub(crate) async fn months(
    reader: &impl ConnectionTrait,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<StatisticsMonth>, Failure> {
    let sql = "SELECT month, facts, watermark FROM months WHERE month < $1 ORDER BY month DESC LIMIT $2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = sql::rows(reader, sql, vec![after.unwrap_or("~").into(), limit.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(StatisticsMonth {
                month: row.try_get("", "month")?,
                facts: row.try_get("", "facts")?,
                watermark: row.try_get("", "watermark")?,
            })
        })
        .collect()
}
