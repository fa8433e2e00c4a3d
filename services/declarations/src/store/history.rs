//! The history of a movement, replayed: its events alone give its state.

use customs_platform::{Failure, Store};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use uuid::Uuid;

use super::rows::{events, movements};
use crate::transit::{Decision, Happened, MovementEvent, MovementState, replay};

/// Where a movement stands, as far as its events tell it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The movement.
    pub movement: Uuid,
    /// Its state.
    pub state: String,
    /// How many events it has.
    pub events: i64,
    /// Hash of the last one, in hexadecimal.
    pub last_hash: String,
}

/// Where `movement` stands as it is kept, and as its events give it by the table of states and the chain of hashes.
///
/// # Errors
/// There is no such movement, its history has a row that the table does not have, or the chain is broken.
pub async fn standings(store: &Store, movement: Uuid) -> Result<(Standing, Standing), Failure> {
    let reader = store.reader();
    let broken = |what: String| Failure::Broken(anyhow::anyhow!("movement {movement}: {what}"));
    let row = movements::Entity::find_by_id(movement).one(reader).await?;
    let row = row.ok_or_else(|| broken("is not kept".to_owned()))?;
    let rows = events::Entity::find()
        .filter(events::Column::Movement.eq(movement))
        .order_by_asc(events::Column::Sequence)
        .all(reader)
        .await?;
    let happened: Option<Vec<Happened>> = rows.into_iter().map(read).collect();
    let happened = happened.ok_or_else(|| broken("an event is not in the tables".to_owned()))?;
    let (state, last_hash) = replay(movement, &happened)
        .map_err(|number| broken(format!("event {number} does not follow from those before")))?;
    let events = i64::try_from(happened.len()).unwrap_or(i64::MAX);
    let told = Standing { movement, state: state.as_str().to_owned(), events, last_hash };
    let kept = Standing { movement, state: row.state, events: row.events, last_hash: row.last_hash };
    Ok((kept, told))
}

/// The event of a row.
fn read(row: events::Model) -> Option<Happened> {
    let by = ["system", "officer", "participant"].into_iter().find(|by| *by == row.by)?;
    let decision = Decision {
        by,
        subject: row.subject,
        office: row.office,
        reasons: serde_json::from_str(&row.reasons).ok()?,
        ruleset: row.ruleset,
    };
    let event = MovementEvent::ALL.iter().copied().find(|event| event.as_str() == row.event)?;
    let state = MovementState::parse(&row.state)?;
    Some(Happened { sequence: row.sequence, event, state, decision, at: row.at, hash: row.hash })
}
