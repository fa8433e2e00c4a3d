//! What officers have done about a movement: kept in order, never changed.

use customs_declarations_contract::{ControlDocument, IncidentCircumstances, MovementAct, MovementActPage};
use customs_kernel::Actor;
use customs_platform::{Failure, Work};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows::acts;

/// One act as it is kept.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Act {
    /// A code that says more.
    pub(crate) code: Option<String>,
    /// What was found or told.
    pub(crate) text: Option<String>,
    /// Seals as they are now.
    pub(crate) seals: Vec<String>,
    /// Documents asked for or seen.
    pub(crate) documents: Vec<ControlDocument>,
    /// Whether an incident was endorsed.
    pub(crate) endorsed: Option<bool>,
    /// What an incident was like.
    pub(crate) circumstances: Option<IncidentCircumstances>,
    /// The number of the report that is registered by it.
    pub(crate) answers: Option<i64>,
    /// An amount, as a decimal number.
    pub(crate) amount: Option<String>,
}

/// Keeps `act` of `kind`, done by `actor` at `office`; the movement is locked.
pub(crate) async fn keep_act(
    work: &Work,
    movement: Uuid,
    kind: &str,
    (actor, office): (&Actor, &str),
    act: &Act,
) -> Result<(), Failure> {
    keep(work, movement, kind, (&actor.subject, office), act).await
}

/// Keeps an `act` of `kind` that the system has decided for the officers at `office`.
pub(crate) async fn keep_act_of_system(
    work: &Work,
    movement: Uuid,
    kind: &str,
    office: &str,
    act: &Act,
) -> Result<(), Failure> {
    keep(work, movement, kind, ("system", office), act).await
}

async fn keep(
    work: &Work,
    movement: Uuid,
    kind: &str,
    (subject, office): (&str, &str),
    act: &Act,
) -> Result<(), Failure> {
    let last = last_number(work.txn(), movement).await?;
    let row = acts::ActiveModel {
        movement: Set(movement),
        number: Set(last + 1),
        kind: Set(kind.to_owned()),
        office: Set(office.to_owned()),
        subject: Set(subject.to_owned()),
        body: Set(serde_json::to_string(act)?),
        at: Set(work.now()),
    };
    acts::Entity::insert(row).exec_without_returning(work.txn()).await?;
    Ok(())
}

async fn last_number(connection: &impl ConnectionTrait, movement: Uuid) -> Result<i64, Failure> {
    let last = acts::Entity::find()
        .select_only()
        .column(acts::Column::Number)
        .filter(acts::Column::Movement.eq(movement))
        .order_by_desc(acts::Column::Number)
        .limit(1)
        .into_tuple::<i64>()
        .one(connection)
        .await?;
    Ok(last.unwrap_or_default())
}

/// The latest act of `kind` about `movement`, if there is one.
pub(crate) async fn latest_act(
    connection: &impl ConnectionTrait,
    movement: Uuid,
    kind: &str,
) -> Result<Option<Act>, Failure> {
    let row = acts::Entity::find()
        .filter(acts::Column::Movement.eq(movement))
        .filter(acts::Column::Kind.eq(kind))
        .order_by_desc(acts::Column::Number)
        .limit(1)
        .one(connection)
        .await?;
    Ok(row.map(|row| serde_json::from_str(&row.body)).transpose()?)
}

/// The act with `number` about `movement`, as it is kept.
pub(crate) async fn act(
    connection: &impl ConnectionTrait,
    movement: Uuid,
    number: i64,
) -> Result<Option<acts::Model>, Failure> {
    Ok(acts::Entity::find_by_id((movement, number)).one(connection).await?)
}

/// Whether `number` is that of a report of an incident of `movement` that no office has registered.
pub(crate) async fn unanswered_report(
    connection: &impl ConnectionTrait,
    movement: Uuid,
    number: i64,
) -> Result<bool, Failure> {
    let rows = acts::Entity::find()
        .filter(acts::Column::Movement.eq(movement))
        .filter(acts::Column::Kind.is_in(["incident-report", "incident"]))
        .all(connection)
        .await?;
    let mut reported = false;
    for row in rows {
        let act: Act = serde_json::from_str(&row.body)?;
        if act.answers == Some(number) {
            return Ok(false);
        }
        reported |= row.number == number && row.kind == "incident-report";
    }
    Ok(reported)
}

/// The acts about `movement` after number `after`, all of them or only those of `kinds`.
pub(crate) async fn acts_page(
    reader: &impl ConnectionTrait,
    movement: Uuid,
    after: i64,
    kinds: Option<&[&str]>,
    size: u64,
) -> Result<MovementActPage, Failure> {
    let mut query = acts::Entity::find()
        .filter(acts::Column::Movement.eq(movement))
        .filter(acts::Column::Number.gt(after));
    if let Some(kinds) = kinds {
        query = query.filter(acts::Column::Kind.is_in(kinds.iter().copied()));
    }
    let mut rows = query.order_by_asc(acts::Column::Number).limit(size + 1).all(reader).await?;
    let next = super::reading::page(&mut rows, size, |row| row.number.to_string());
    let items = rows.into_iter().map(view).collect::<Result<_, Failure>>()?;
    Ok(MovementActPage { items, next })
}

fn view(row: acts::Model) -> Result<MovementAct, Failure> {
    let act: Act = serde_json::from_str(&row.body)?;
    Ok(MovementAct {
        number: row.number,
        kind: row.kind,
        office: row.office,
        code: act.code,
        text: act.text,
        seals: act.seals,
        documents: act.documents,
        endorsed: act.endorsed,
        circumstances: act.circumstances,
        answers: act.answers,
        amount: act.amount,
        at: row.at,
    })
}
