//! Rows of the countries through which transit may pass.

use chrono::NaiveDate;
use customs_references_contract::RouteCountry;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::{hot::Days, page::Page, sql};

fn read(row: &QueryResult) -> Result<RouteCountry, DbErr> {
    Ok(RouteCountry {
        country: row.try_get("", "country")?,
        valid_from: sql::day(row, "valid_from")?,
        valid_to: row.try_get("", "valid_to")?,
    })
}

pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    route: &RouteCountry,
    number: i64,
) -> Result<(), DbErr> {
    let statement =
        "INSERT INTO route_countries (country, valid_from, valid_to, since) VALUES ($1, $2, $3, $4)";
    let values =
        vec![route.country.as_str().into(), route.valid_from.into(), route.valid_to.into(), number.into()];
    sql::run(connection, statement, values).await.map(|_| ())
}

pub(super) async fn end(
    connection: &impl ConnectionTrait,
    route: &RouteCountry,
    to: NaiveDate,
    number: i64,
) -> Result<(), DbErr> {
    let statement =
        "UPDATE route_countries SET valid_to = $3, since = $4 WHERE country = $1 AND valid_from = $2";
    let values = vec![route.country.as_str().into(), route.valid_from.into(), to.into(), number.into()];
    sql::run(connection, statement, values).await.map(|_| ())
}

/// The times of `country`, newest first.
pub(super) async fn times(
    connection: &impl ConnectionTrait,
    country: &str,
) -> Result<Vec<RouteCountry>, DbErr> {
    let statement = "SELECT * FROM route_countries WHERE country = $1 ORDER BY valid_from DESC";
    sql::all(connection, statement, vec![country.into()]).await?.iter().map(read).collect()
}

/// The countries of `day`, one more than the page holds.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    day: NaiveDate,
    page: &Page,
) -> Result<Vec<RouteCountry>, DbErr> {
    let statement = format!(
        "SELECT * FROM route_countries WHERE country > $1 AND {} ORDER BY country LIMIT $3",
        sql::on_day(2)
    );
    let values = vec![page.after.as_str().into(), day.into(), page.limit().into()];
    sql::all(connection, &statement, values).await?.iter().map(read).collect()
}

/// The countries through which transit may pass on the day of `days`.
pub(crate) async fn route_countries_for(
    connection: &impl ConnectionTrait,
    days: &mut Days,
) -> Result<Vec<String>, DbErr> {
    let statement = "SELECT * FROM route_countries ORDER BY country, valid_from";
    let rows = sql::all(connection, statement, Vec::new()).await?;
    let mut routes = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    routes.retain(|route| days.counts(route.valid_from, route.valid_to));
    Ok(routes.into_iter().map(|route| route.country).collect())
}

/// Takes a time out that ended on the day on which it began.
pub(super) async fn forget(connection: &impl ConnectionTrait, route: &RouteCountry) -> Result<(), DbErr> {
    let statement = "DELETE FROM route_countries WHERE country = $1 AND valid_from = $2";
    let values = vec![route.country.as_str().into(), route.valid_from.into()];
    sql::run(connection, statement, values).await.map(|_| ())
}

/// Whether there is any row, past or present.
pub(super) async fn any(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sql::one(connection, "SELECT 1 FROM route_countries LIMIT 1", Vec::new()).await?.is_some())
}
