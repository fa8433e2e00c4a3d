//! Movements in the store: loading one for change, keeping what happened.

use chrono::{DateTime, Utc};
use customs_kernel::{Eori, problem};
use customs_platform::{Failure, Work, sql};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    gathered,
    rows::{events, messages, movements, parties},
    sheets,
};
use crate::transit::{Deadline, Movement, MovementEvent, MovementState, News};

/// The movement `id`, locked for change, or the problem that there is none.
pub(crate) async fn load(work: &Work, id: Uuid) -> Result<Movement, Failure> {
    if let Some(movement) = gathered::kept(work, id) {
        return Ok(movement);
    }
    let row = movements::Entity::find_by_id(id).lock_exclusive().one(work.txn()).await?;
    let movement = read(row.ok_or_else(|| problem::NOT_FOUND.because("there is no such movement"))?)?;
    gathered::keep(work, &movement);
    Ok(movement)
}

/// The movement `id` as it stands, not locked, if there is one.
pub(crate) async fn peek(reader: &impl ConnectionTrait, id: Uuid) -> Result<Option<Movement>, Failure> {
    movements::Entity::find_by_id(id).one(reader).await?.map(read).transpose()
}

/// The movement with `mrn`, locked for change, if there is one.
pub(crate) async fn by_mrn(work: &Work, mrn: &str) -> Result<Option<Movement>, Failure> {
    let row = movements::Entity::find()
        .filter(movements::Column::Mrn.eq(mrn))
        .lock_exclusive()
        .one(work.settled().await?)
        .await?;
    let movement = row.map(read).transpose()?;
    Ok(movement.map(|movement| gathered::kept(work, movement.id).unwrap_or(movement)))
}

/// Whether `declarant` has a living movement with `lrn`, and whether a message with this identification was sent
/// before.
pub(crate) async fn in_use(
    connection: &impl ConnectionTrait,
    declarant: &Eori,
    lrn: &str,
    identification: Option<&str>,
) -> Result<(bool, bool), Failure> {
    let sql = "SELECT CASE WHEN EXISTS (SELECT 1 FROM movements WHERE lrn_claim = $1) THEN 1 ELSE 0 END AS lrn, \
               CASE WHEN EXISTS (SELECT 1 FROM movement_messages WHERE identification = $2) THEN 1 ELSE 0 END \
               AS message";
    let values = vec![claim(declarant, lrn).into(), identification.into()];
    let row = sql::row(connection, sql, values).await?;
    let row = row.ok_or_else(|| Failure::Broken(anyhow::anyhow!("a question without an answer")))?;
    let used = |column| Ok::<bool, Failure>(row.try_get::<i32>("", column)? == 1);
    Ok((used("lrn")?, used("message")?))
}

/// Whether `party` has already sent a message with this identification (NCTS error 26).
pub(crate) async fn message_in_use(
    connection: &impl ConnectionTrait,
    identification: &str,
) -> Result<bool, Failure> {
    let found = messages::Entity::find()
        .select_only()
        .column(messages::Column::Id)
        .filter(messages::Column::Identification.eq(identification))
        .into_tuple::<Uuid>()
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// The latest of `wanted` that happened to `movement`, and when.
pub(crate) async fn last_event(
    work: &Work,
    movement: Uuid,
    wanted: &[MovementEvent],
) -> Result<Option<(String, DateTime<Utc>)>, Failure> {
    let found = events::Entity::find()
        .filter(events::Column::Movement.eq(movement))
        .filter(events::Column::Event.is_in(wanted.iter().map(|event| event.as_str())))
        .order_by_desc(events::Column::Sequence)
        .limit(1)
        .one(work.settled().await?)
        .await?;
    Ok(found.map(|row| (row.event, row.at)))
}

fn claim(declarant: &Eori, lrn: &str) -> String {
    format!("{declarant}/{lrn}")
}

/// Keeps `movement`, its history and its messages with the commit, and tells the bus of them.
pub(crate) fn save(work: &mut Work, movement: &mut Movement) -> Result<(), Failure> {
    let news = std::mem::take(&mut movement.news);
    if !news.fresh {
        movement.version += 1;
    }
    movement.changed_at = work.now();
    sheets::write_movement(work, write(movement));
    if news.fresh {
        sheets::write_parties(work, movement.id, &movement.parties());
    }
    sheets::write_events(work, movement.id, &news)?;
    sheets::write_messages(work, movement.id, "departure", &news.messages);
    gathered::keep(work, movement);
    sheets::tell(work, movement, &news)
}

/// Lets the carrier that `movement` now names see it, and the one named `before` no longer, unless it is party in another way.
pub(crate) async fn change_carrier(
    work: &Work,
    movement: &Movement,
    before: Option<&Eori>,
) -> Result<(), Failure> {
    if before == movement.carrier.as_ref() {
        return Ok(());
    }
    let still = movement.parties();
    sheets::write_parties(work, movement.id, &still);
    if let Some(gone) = before.filter(|gone| !still.contains(gone)) {
        parties::Entity::delete_by_id((gone.to_string(), movement.id)).exec(work.settled().await?).await?;
    }
    Ok(())
}

/// Remembers which saga carries the movement that was just saved.
pub(crate) fn remember_saga(work: &Work, movement: &mut Movement, saga: Uuid) {
    movement.saga = Some(saga);
    sheets::write_movement(work, write(movement));
    gathered::keep(work, movement);
}

/// The aggregate of a row.
pub(super) fn read(row: movements::Model) -> Result<Movement, Failure> {
    let corrupt = |what: &str| Failure::Broken(anyhow::anyhow!("movement {} has no readable {what}", row.id));
    Ok(Movement {
        id: row.id,
        state: MovementState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        declarant: row.declarant.parse().map_err(|_| corrupt("declarant"))?,
        holder: row.holder.parse().map_err(|_| corrupt("holder"))?,
        representative: row.representative.as_deref().and_then(|text| text.parse().ok()),
        transit_countries: row.transit_countries.split_whitespace().map(str::to_owned).collect(),
        lrn: row.lrn,
        mrn: row.mrn,
        declaration_type: row.declaration_type,
        additional_type: row.additional_type,
        simplified: row.simplified,
        version: row.version,
        declaration_version: row.declaration_version,
        declaration: row.declaration,
        departure_office: row.departure_office,
        destination_office: row.destination_office,
        items: row.items,
        gross_mass_micro: row.gross_mass_micro,
        channel: row.channel,
        attempt: row.attempt,
        saga: row.saga,
        deadline: row.deadline.zip(row.deadline_at).map(|(name, at)| Deadline { name, at }),
        messages: row.messages,
        events: row.events,
        last_hash: row.last_hash,
        submitted_at: row.submitted_at,
        released_at: row.released_at,
        changed_at: row.changed_at,
        carrier: row.carrier.as_deref().and_then(|text| text.parse().ok()),
        goods: row.goods,
        vehicle: row.vehicle,
        document: None,
        news: News::default(),
    })
}

fn write(movement: &Movement) -> movements::Model {
    // A refused declaration was never lodged: its local reference number may be used again.
    let lives = movement.state != MovementState::Rejected;
    movements::Model {
        id: movement.id,
        lrn: movement.lrn.clone(),
        lrn_claim: lives.then(|| claim(&movement.declarant, &movement.lrn)),
        mrn: movement.mrn.clone(),
        declarant: movement.declarant.to_string(),
        holder: movement.holder.to_string(),
        representative: movement.representative.as_ref().map(Eori::to_string),
        declaration_type: movement.declaration_type.clone(),
        additional_type: movement.additional_type.clone(),
        simplified: movement.simplified,
        state: movement.state.as_str().to_owned(),
        version: movement.version,
        declaration_version: movement.declaration_version,
        declaration: movement.declaration,
        departure_office: movement.departure_office.clone(),
        destination_office: movement.destination_office.clone(),
        transit_countries: movement.transit_countries.join(" "),
        items: movement.items,
        gross_mass_micro: movement.gross_mass_micro,
        channel: movement.channel.clone(),
        attempt: movement.attempt,
        saga: movement.saga,
        deadline: movement.deadline.as_ref().map(|deadline| deadline.name.clone()),
        deadline_at: movement.deadline.as_ref().map(|deadline| deadline.at),
        messages: movement.messages,
        events: movement.events,
        last_hash: movement.last_hash.clone(),
        submitted_at: movement.submitted_at,
        released_at: movement.released_at,
        changed_at: movement.changed_at,
        carrier: movement.carrier.as_ref().map(Eori::to_string),
        goods: movement.goods.clone(),
        vehicle: movement.vehicle.clone(),
    }
}
