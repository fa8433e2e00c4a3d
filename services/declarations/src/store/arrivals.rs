//! Arrivals in the store.

use customs_declarations_contract::bus::{MESSAGE_ISSUED, MessageIssued};
use customs_kernel::problem;
use customs_platform::{Failure, Work};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{rows::arrivals, sheets::write_messages};
use crate::arrival::{Arrival, ArrivalState};

/// The arrival `id`, locked for change, or the problem that there is none.
pub(crate) async fn load_arrival(work: &Work, id: Uuid) -> Result<Arrival, Failure> {
    let row = arrivals::Entity::find_by_id(id).lock_exclusive().one(work.txn()).await?;
    read(row.ok_or_else(|| problem::NOT_FOUND.because("there is no such arrival"))?)
}

/// The latest arrival of `movement` that was not refused, locked for change, if there is one.
pub(crate) async fn arrival_of(work: &Work, movement: Uuid) -> Result<Option<Arrival>, Failure> {
    let row = arrivals::Entity::find()
        .filter(arrivals::Column::Movement.eq(movement))
        .filter(arrivals::Column::State.ne(ArrivalState::Rejected.as_str()))
        .order_by_desc(arrivals::Column::Id)
        .limit(1)
        .lock_exclusive()
        .one(work.txn())
        .await?;
    row.map(read).transpose()
}

/// Keeps `arrival` and its messages, and tells the bus of those issued.
pub(crate) async fn save_arrival(work: &mut Work, arrival: &mut Arrival) -> Result<(), Failure> {
    let letters = std::mem::take(&mut arrival.letters);
    let fresh = std::mem::take(&mut arrival.fresh);
    arrival.changed_at = work.now();
    let row = write(arrival).into_active_model();
    if fresh {
        arrivals::Entity::insert(row).exec_without_returning(work.txn()).await?;
    } else {
        row.reset_all().update_without_returning(work.txn()).await?;
    }
    write_messages(work, arrival.id, "arrival", &letters);
    for letter in letters.iter().filter(|letter| letter.direction == "issued") {
        let issued = MessageIssued {
            message: letter.id,
            movement: arrival.id,
            side: "arrival".to_owned(),
            recipient: letter.party.clone(),
            message_type: letter.message_type.clone(),
            lrn: None,
            mrn: Some(arrival.mrn.clone()),
            sequence: letter.sequence,
            at: letter.at,
        };
        work.tell(MESSAGE_ISSUED, &arrival.id.to_string(), &issued)?;
    }
    Ok(())
}

fn read(row: arrivals::Model) -> Result<Arrival, Failure> {
    let corrupt = |what: &str| Failure::Broken(anyhow::anyhow!("arrival {} has no readable {what}", row.id));
    Ok(Arrival {
        id: row.id,
        state: ArrivalState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        trader: row.trader.parse().map_err(|_| corrupt("trader"))?,
        movement: row.movement,
        mrn: row.mrn,
        office: row.office,
        simplified: row.simplified,
        unloading: row.unloading,
        notification: row.notification,
        by_officer: row.by_officer,
        messages: row.messages,
        notified_at: row.notified_at,
        changed_at: row.changed_at,
        letters: Vec::new(),
        fresh: false,
    })
}

fn write(arrival: &Arrival) -> arrivals::Model {
    arrivals::Model {
        id: arrival.id,
        movement: arrival.movement,
        mrn: arrival.mrn.clone(),
        trader: arrival.trader.to_string(),
        office: arrival.office.clone(),
        state: arrival.state.as_str().to_owned(),
        simplified: arrival.simplified,
        unloading: arrival.unloading,
        notification: arrival.notification,
        by_officer: arrival.by_officer,
        messages: arrival.messages,
        notified_at: arrival.notified_at,
        changed_at: arrival.changed_at,
    }
}
