//! The queue of an office: what waits for an officer there, by waiting time or by deadline.

use chrono::{DateTime, Utc};
use customs_declarations_contract::{OfficeQueue, QueueEntry, QueueOrder, QueuePage};
use customs_kernel::{Problem, problem};
use customs_platform::Failure;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use super::{
    reading::{cursor, page},
    rows::{movements, offices},
};
use crate::transit::{MovementState, RecordState};

/// The states in which a movement waits for its office of departure.
const DECIDE: [MovementState; 7] = [
    MovementState::AwaitingAcceptance,
    MovementState::AwaitingRelease,
    MovementState::UnderControl,
    MovementState::Overdue,
    MovementState::EnquiryAnswered,
    MovementState::DiscrepanciesPending,
    MovementState::UnderRecovery,
];

/// The states in which a record waits for its office.
const WAITING: [RecordState; 5] = [
    RecordState::Expected,
    RecordState::UnderControl,
    RecordState::Cleared,
    RecordState::Stopped,
    RecordState::Arrived,
];

/// Later than any deadline: where those without one stand.
const NEVER_S: i64 = 253_402_300_799;

/// Where an entry stands in the queue.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Place {
    due: Option<DateTime<Utc>>,
    id: Uuid,
}

impl Place {
    fn of(row: &movements::Model, order: QueueOrder) -> Self {
        let due = match order {
            QueueOrder::Waiting => None,
            QueueOrder::Deadline => Some(row.deadline_at.unwrap_or_else(never)),
        };
        Self { due, id: row.id }
    }

    fn read(text: &str, order: QueueOrder) -> Result<Self, Problem> {
        let bad = || problem::INPUT_INVALID.because("the cursor is not one that a page gave").at("/after");
        if order == QueueOrder::Waiting {
            return Ok(Self { due: None, id: cursor(Some(text))?.ok_or_else(bad)? });
        }
        let (due, id) = text.split_once('.').ok_or_else(bad)?;
        let due = due.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or_else(bad)?;
        Ok(Self { due: Some(due), id: Uuid::parse_str(id).map_err(|_| bad())? })
    }

    fn text(self) -> String {
        match self.due {
            Some(due) => format!("{}.{}", due.timestamp_micros(), self.id),
            None => self.id.to_string(),
        }
    }
}

fn never() -> DateTime<Utc> {
    DateTime::from_timestamp(NEVER_S, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// What waits for an officer at the office of `ask`: own departures to decide, expected and arrived goods.
pub(crate) async fn queue_page(
    reader: &impl ConnectionTrait,
    ask: &OfficeQueue,
    size: u64,
) -> Result<QueuePage, Failure> {
    let order = ask.order.unwrap_or_default();
    let after = ask.after.as_deref().map(|text| Place::read(text, order)).transpose()?;
    let mut found: Vec<(Place, QueueEntry)> = Vec::new();
    if ask.role.as_deref().is_none_or(|role| role == "departure") {
        let own = Condition::all()
            .add(movements::Column::DepartureOffice.eq(ask.office.as_str()))
            .add(movements::Column::State.is_in(DECIDE.map(MovementState::as_str)));
        let rows = chosen(own, ask, order, after).limit(size + 1).all(reader).await?;
        found.extend(rows.iter().map(|row| (Place::of(row, order), entry(row, "departure", &row.state))));
    }
    if ask.role.as_deref() != Some("departure") {
        found.extend(on_the_way(reader, ask, order, after, size).await?);
    }
    found.sort_by_key(|(place, _)| *place);
    // An office that is two things for a movement has it once.
    found.dedup_by_key(|(place, _)| place.id);
    let next = page(&mut found, size, |(place, _)| place.text());
    Ok(QueuePage { items: found.into_iter().map(|(_, entry)| entry).collect(), next })
}

/// The movements whose record waits for the office, with the first such record.
async fn on_the_way(
    reader: &impl ConnectionTrait,
    ask: &OfficeQueue,
    order: QueueOrder,
    after: Option<Place>,
    size: u64,
) -> Result<Vec<(Place, QueueEntry)>, Failure> {
    let mut records = offices::Entity::find()
        .filter(offices::Column::Office.eq(ask.office.as_str()))
        .filter(offices::Column::State.is_in(WAITING.map(RecordState::as_str)));
    if let Some(role) = &ask.role {
        records = records.filter(offices::Column::Role.eq(role.as_str()));
    }
    let concerned = records.clone().select_only().column(offices::Column::Movement).into_query();
    let over = MovementState::ALL.iter().filter(|state| state.is_final()).map(|state| state.as_str());
    let own = Condition::all()
        .add(movements::Column::Id.in_subquery(concerned))
        .add(movements::Column::State.is_not_in(over));
    let rows = chosen(own, ask, order, after).limit(size + 1).all(reader).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let records = records
        .filter(offices::Column::Movement.is_in(ids))
        .order_by_asc(offices::Column::Position)
        .all(reader)
        .await?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let record = records.iter().find(|record| record.movement == row.id)?;
            Some((Place::of(row, order), entry(row, &record.role, &record.state)))
        })
        .collect())
}

/// The movements of `own` that `ask` chooses, in order, after a place.
fn chosen(
    own: Condition,
    ask: &OfficeQueue,
    order: QueueOrder,
    after: Option<Place>,
) -> Select<movements::Entity> {
    let mut query = movements::Entity::find().filter(own);
    if let Some(channel) = &ask.channel {
        query = query.filter(movements::Column::Channel.eq(channel.as_str()));
    }
    if let Some(due) = ask.due_before {
        query = query.filter(movements::Column::DeadlineAt.lt(due));
    }
    let due = || -> SimpleExpr { Expr::col(movements::Column::DeadlineAt).if_null(never()) };
    if let Some(Place { due: bound, id }) = after {
        let later = movements::Column::Id.gt(id);
        query = query.filter(match bound {
            None => Condition::all().add(later),
            Some(bound) => {
                Condition::any().add(due().gt(bound)).add(Condition::all().add(due().eq(bound)).add(later))
            }
        });
    }
    match order {
        QueueOrder::Waiting => query.order_by_asc(movements::Column::Id),
        QueueOrder::Deadline => query.order_by(due(), Order::Asc).order_by_asc(movements::Column::Id),
    }
}

fn entry(row: &movements::Model, role: &str, record_state: &str) -> QueueEntry {
    QueueEntry {
        movement: row.id,
        mrn: row.mrn.clone(),
        role: role.to_owned(),
        state: row.state.clone(),
        record_state: record_state.to_owned(),
        channel: row.channel.clone(),
        holder: row.holder.clone(),
        items: row.items,
        goods: row.goods.clone(),
        vehicle: row.vehicle.clone(),
        deadline: row.deadline.clone(),
        due_at: row.deadline_at,
        since: row.changed_at,
        version: row.version,
    }
}
