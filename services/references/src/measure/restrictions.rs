//! Rows of restricted goods.

use chrono::NaiveDate;
use customs_references_contract::{RestrictedGoods, RestrictionEffect};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use uuid::Uuid;

use crate::{hot::Days, page::Page, sql};

/// The word under which `effect` is kept.
const fn word(effect: RestrictionEffect) -> &'static str {
    match effect {
        RestrictionEffect::Refuse => "refuse",
        RestrictionEffect::Control => "control",
    }
}

fn read(row: &QueryResult) -> Result<RestrictedGoods, DbErr> {
    let effect: String = row.try_get("", "effect")?;
    Ok(RestrictedGoods {
        id: row.try_get("", "id")?,
        prefix: row.try_get("", "prefix")?,
        country: row.try_get("", "country")?,
        effect: if effect == "refuse" { RestrictionEffect::Refuse } else { RestrictionEffect::Control },
        reason: row.try_get("", "reason")?,
        valid_from: sql::day(row, "valid_from")?,
        valid_to: row.try_get("", "valid_to")?,
    })
}

pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    measure: &RestrictedGoods,
    number: i64,
) -> Result<(), DbErr> {
    let statement = "INSERT INTO restrictions (id, prefix, country, effect, reason, valid_from, valid_to, since) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = vec![
        measure.id.into(),
        measure.prefix.as_str().into(),
        measure.country.clone().into(),
        word(measure.effect).into(),
        measure.reason.as_str().into(),
        measure.valid_from.into(),
        measure.valid_to.into(),
        number.into(),
    ];
    sql::run(connection, statement, values).await.map(|_| ())
}

pub(super) async fn end(
    connection: &impl ConnectionTrait,
    id: Uuid,
    to: NaiveDate,
    number: i64,
) -> Result<(), DbErr> {
    let statement = "UPDATE restrictions SET valid_to = $2, since = $3 WHERE id = $1";
    sql::run(connection, statement, vec![id.into(), to.into(), number.into()]).await.map(|_| ())
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<RestrictedGoods>, DbErr> {
    let row = sql::one(connection, "SELECT * FROM restrictions WHERE id = $1", vec![id.into()]).await?;
    row.as_ref().map(read).transpose()
}

/// The measures on exactly `prefix`, past and present.
pub(super) async fn on_prefix(
    connection: &impl ConnectionTrait,
    prefix: &str,
) -> Result<Vec<RestrictedGoods>, DbErr> {
    let statement = "SELECT * FROM restrictions WHERE prefix = $1 ORDER BY id";
    sql::all(connection, statement, vec![prefix.into()]).await?.iter().map(read).collect()
}

/// The measures that count on `day`, one more than the page holds.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    day: NaiveDate,
    commodity: Option<&str>,
    after: (&str, Uuid),
    page: &Page,
) -> Result<Vec<RestrictedGoods>, DbErr> {
    let mut statement = format!(
        "SELECT * FROM restrictions WHERE (prefix > $1 OR (prefix = $1 AND id > $2)) AND {}",
        sql::on_day(3)
    );
    let mut values: Vec<Value> = vec![after.0.into(), after.1.into(), day.into(), page.limit().into()];
    if let Some(commodity) = commodity {
        statement.push_str(" AND $5 LIKE prefix || '%'");
        values.push(commodity.into());
    }
    statement.push_str(" ORDER BY prefix, id LIMIT $4");
    sql::all(connection, &statement, values).await?.iter().map(read).collect()
}

/// The measures that count on the day of `days`.
pub(crate) async fn restrictions_for(
    connection: &impl ConnectionTrait,
    days: &mut Days,
) -> Result<Vec<RestrictedGoods>, DbErr> {
    let rows = sql::all(connection, "SELECT * FROM restrictions ORDER BY prefix, id", Vec::new()).await?;
    let mut measures = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    measures.retain(|measure| days.counts(measure.valid_from, measure.valid_to));
    Ok(measures)
}

/// Whether there is any row, past or present.
pub(super) async fn any(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sql::one(connection, "SELECT 1 FROM restrictions LIMIT 1", Vec::new()).await?.is_some())
}
