//! The records of the offices on the way.

use chrono::{DateTime, Utc};
use customs_platform::{Failure, Work};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::rows::offices;
use crate::transit::{RecordState, Stop};

/// Adds one record that was not declared.
pub(crate) async fn add_stop(work: &Work, movement: Uuid, stop: &Stop) -> Result<(), Failure> {
    offices::Entity::insert(row(movement, stop, work.now())).exec_without_returning(work.txn()).await?;
    Ok(())
}

/// Keeps the new state of one record.
pub(crate) async fn save_stop(work: &Work, movement: Uuid, stop: &Stop) -> Result<(), Failure> {
    row(movement, stop, work.now()).update_without_returning(work.txn()).await?;
    Ok(())
}

/// The records of `movement` in the order of the journey.
pub(crate) async fn load_stops(
    connection: &impl ConnectionTrait,
    movement: Uuid,
) -> Result<Vec<Stop>, Failure> {
    let rows = offices::Entity::find()
        .filter(offices::Column::Movement.eq(movement))
        .order_by_asc(offices::Column::Position)
        .all(connection)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The record in a row.
pub(super) fn read(row: offices::Model) -> Result<Stop, Failure> {
    let state = RecordState::parse(&row.state).ok_or_else(|| {
        Failure::Broken(anyhow::anyhow!("movement {} has an unreadable record", row.movement))
    })?;
    let role = match row.role.as_str() {
        "exit" => "exit",
        "transit" => "transit",
        _ => "destination",
    };
    Ok(Stop { position: row.position, office: row.office, role, state })
}

fn row(movement: Uuid, stop: &Stop, recorded_at: DateTime<Utc>) -> offices::ActiveModel {
    offices::ActiveModel {
        movement: Set(movement),
        position: Set(stop.position),
        office: Set(stop.office.clone()),
        role: Set(stop.role.to_owned()),
        state: Set(stop.state.as_str().to_owned()),
        recorded_at: Set(Some(recorded_at)),
    }
}
