//! Rows of publications and rates.

use chrono::NaiveDate;
use customs_references_contract::{ExchangeRate, Publication, PublicationKind};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use crate::{
    page::Page,
    sql::{self, Query},
};

/// The word under which `kind` is kept.
const fn word(kind: PublicationKind) -> &'static str {
    match kind {
        PublicationKind::Regulation => "regulation",
        PublicationKind::Notice => "notice",
    }
}

fn read(row: &QueryResult) -> Result<Publication, DbErr> {
    let (kind, texts): (String, String) = (row.try_get("", "kind")?, row.try_get("", "texts")?);
    Ok(Publication {
        id: row.try_get("", "id")?,
        kind: if kind == "regulation" { PublicationKind::Regulation } else { PublicationKind::Notice },
        number: row.try_get("", "number")?,
        texts: serde_json::from_str(&texts).map_err(|error| DbErr::Custom(error.to_string()))?,
        valid_from: sql::day(row, "valid_from")?,
        valid_to: row.try_get("", "valid_to")?,
        published_at: row.try_get("", "published_at")?,
    })
}

pub(super) async fn any_publication(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sql::one(connection, "SELECT id FROM publications LIMIT 1", Vec::new()).await?.is_some())
}

pub(super) async fn any_rate(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sql::one(connection, "SELECT currency FROM exchange_rates LIMIT 1", Vec::new()).await?.is_some())
}

pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    publication: &Publication,
    by: &str,
) -> Result<(), DbErr> {
    let texts =
        serde_json::to_string(&publication.texts).map_err(|error| DbErr::Custom(error.to_string()))?;
    let statement = "INSERT INTO publications \
                     (id, kind, number, texts, valid_from, valid_to, published_at, published_by) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = vec![
        publication.id.into(),
        word(publication.kind).into(),
        publication.number.clone().into(),
        texts.into(),
        publication.valid_from.into(),
        publication.valid_to.into(),
        publication.published_at.into(),
        by.into(),
    ];
    sql::run(connection, statement, values).await.map(|_| ())
}

pub(super) async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Publication>, DbErr> {
    let row = sql::one(connection, "SELECT * FROM publications WHERE id = $1", vec![id.into()]).await?;
    row.as_ref().map(read).transpose()
}

pub(super) async fn end(
    connection: &impl ConnectionTrait,
    id: Uuid,
    to: NaiveDate,
    by: &str,
) -> Result<(), DbErr> {
    let statement = "UPDATE publications SET valid_to = $2, ended_by = $3 WHERE id = $1";
    sql::run(connection, statement, vec![id.into(), to.into(), by.into()]).await.map(|_| ())
}

/// What counts on `day`, before `before`, one more than the page holds.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    (day, kind): (NaiveDate, Option<PublicationKind>),
    before: Uuid,
    page: &Page,
) -> Result<Vec<Publication>, DbErr> {
    let counts =
        "SELECT * FROM publications WHERE id < ? AND valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)";
    let mut query = Query::new(counts, vec![before.into(), day.into(), day.into()]);
    if let Some(kind) = kind {
        query.add(" AND kind = ?", vec![word(kind).into()]);
    }
    query.add(" ORDER BY id DESC LIMIT ?", vec![page.limit().into()]);
    query.all(connection).await?.iter().map(read).collect()
}

/// The last day until `day` that has rates, and the currency in which they are told.
pub(super) async fn last_day(
    connection: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<Option<(NaiveDate, String)>, DbErr> {
    let statement =
        "SELECT counts_on, base FROM exchange_rates WHERE counts_on <= $1 ORDER BY counts_on DESC LIMIT 1";
    let row = sql::one(connection, statement, vec![day.into()]).await?;
    row.map(|row| Ok((sql::day(&row, "counts_on")?, row.try_get("", "base")?))).transpose()
}

/// The rates of exactly `day`, by currency.
pub(super) async fn rates_of(
    connection: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<Vec<ExchangeRate>, DbErr> {
    let statement = "SELECT currency, units, rate FROM exchange_rates WHERE counts_on = $1 ORDER BY currency";
    let rows = sql::all(connection, statement, vec![day.into()]).await?;
    let rate = |row: &QueryResult| {
        Ok(ExchangeRate {
            currency: row.try_get("", "currency")?,
            units: row.try_get("", "units")?,
            rate: row.try_get("", "rate")?,
        })
    };
    rows.iter().map(rate).collect()
}

pub(super) async fn set_rate(
    connection: &impl ConnectionTrait,
    (day, base): (NaiveDate, &str),
    rate: &ExchangeRate,
    by: &str,
) -> Result<(), DbErr> {
    let statement = "INSERT INTO exchange_rates (counts_on, currency, base, units, rate, set_by) \
                     VALUES ($1, $2, $3, $4, $5, $6)";
    let values = vec![
        day.into(),
        rate.currency.as_str().into(),
        base.into(),
        rate.units.into(),
        rate.rate.as_str().into(),
        by.into(),
    ];
    sql::run(connection, statement, values).await.map(|_| ())
}
