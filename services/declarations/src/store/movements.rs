//! Movements in the store: loading one for change, keeping what happened.

use customs_declarations_contract::bus::{MESSAGE_ISSUED, MOVEMENT_CHANGED, MessageIssued, MovementChanged};
use customs_kernel::{Eori, problem};
use customs_platform::{Failure, Work};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Set, sea_query::OnConflict,
};
use uuid::Uuid;

use super::rows::{events, messages, movements, parties};
use crate::transit::{Letter, Movement, MovementState, News};

/// The movement `id`, locked for change, or the problem that there is none.
pub(crate) async fn load(work: &Work, id: Uuid) -> Result<Movement, Failure> {
    let row = movements::Entity::find_by_id(id).lock_exclusive().one(work.txn()).await?;
    read(row.ok_or_else(|| problem::NOT_FOUND.because("there is no such movement"))?)
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
        .one(work.txn())
        .await?;
    row.map(read).transpose()
}

/// Whether `declarant` has a living movement with `lrn`.
pub(crate) async fn lrn_in_use(
    connection: &impl ConnectionTrait,
    declarant: &Eori,
    lrn: &str,
) -> Result<bool, Failure> {
    let claim = claim(declarant, lrn);
    let found =
        movements::Entity::find().filter(movements::Column::LrnClaim.eq(claim)).one(connection).await?;
    Ok(found.is_some())
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

fn claim(declarant: &Eori, lrn: &str) -> String {
    format!("{declarant}/{lrn}")
}

/// Keeps `movement`, its history and its messages, and tells the bus of them.
pub(crate) async fn save(work: &mut Work, movement: &mut Movement) -> Result<(), Failure> {
    let news = std::mem::take(&mut movement.news);
    if !news.fresh {
        movement.version += 1;
    }
    movement.changed_at = work.now();
    let row = write(movement).into_active_model();
    if news.fresh {
        movements::Entity::insert(row).exec_without_returning(work.txn()).await?;
        save_parties(work, movement.id, &movement.parties()).await?;
    } else {
        row.reset_all().update_without_returning(work.txn()).await?;
    }
    keep_events(work, movement, &news).await?;
    keep_messages(work, movement.id, "departure", &news.messages).await?;
    tell(work, movement, &news)
}

/// Lets `who` see the movement too.
pub(crate) async fn save_parties(work: &Work, movement: Uuid, who: &[Eori]) -> Result<(), Failure> {
    let rows = who
        .iter()
        .map(|party| parties::ActiveModel { party: Set(party.to_string()), movement: Set(movement) });
    let known =
        OnConflict::columns([parties::Column::Party, parties::Column::Movement]).do_nothing().to_owned();
    parties::Entity::insert_many(rows).on_conflict(known).exec_without_returning(work.txn()).await?;
    Ok(())
}

async fn keep_events(work: &Work, movement: &Movement, news: &News) -> Result<(), Failure> {
    if news.events.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(news.events.len());
    for event in &news.events {
        rows.push(events::ActiveModel {
            movement: Set(movement.id),
            sequence: Set(event.sequence),
            event: Set(event.event.as_str().to_owned()),
            state: Set(event.state.as_str().to_owned()),
            by: Set(event.decision.by.to_owned()),
            subject: Set(event.decision.subject.clone()),
            office: Set(event.decision.office.clone()),
            reasons: Set(serde_json::to_string(&event.decision.reasons)?),
            ruleset: Set(event.decision.ruleset.clone()),
            at: Set(event.at),
            hash: Set(event.hash.clone()),
        });
    }
    events::Entity::insert_many(rows).exec_without_returning(work.txn()).await?;
    Ok(())
}

/// Keeps the messages of a dossier.
pub(crate) async fn keep_messages(
    work: &Work,
    dossier: Uuid,
    side: &str,
    letters: &[Letter],
) -> Result<(), Failure> {
    if letters.is_empty() {
        return Ok(());
    }
    let rows = letters.iter().map(|letter| messages::ActiveModel {
        id: Set(letter.id),
        dossier: Set(dossier),
        sequence: Set(letter.sequence),
        side: Set(side.to_owned()),
        direction: Set(letter.direction.to_owned()),
        message_type: Set(letter.message_type.clone()),
        identification: Set(letter.identification.clone()),
        party: Set(letter.party.to_string()),
        status: Set(letter.status.to_owned()),
        answers: Set(letter.answers),
        format: Set(letter.format.to_owned()),
        body: Set(letter.body.clone()),
        evidence: Set(letter.evidence.clone()),
        at: Set(letter.at),
    });
    messages::Entity::insert_many(rows).exec_without_returning(work.txn()).await?;
    Ok(())
}

fn tell(work: &mut Work, movement: &Movement, news: &News) -> Result<(), Failure> {
    let aggregate = movement.id.to_string();
    for event in &news.events {
        let changed = MovementChanged {
            movement: movement.id,
            holder: movement.holder.clone(),
            parties: movement.parties(),
            lrn: movement.lrn.clone(),
            mrn: movement.mrn.clone(),
            state: event.state.as_str().to_owned(),
            sequence: event.sequence,
            at: event.at,
        };
        work.tell(MOVEMENT_CHANGED, &aggregate, &changed)?;
    }
    for letter in news.messages.iter().filter(|letter| letter.direction == "issued") {
        let issued = MessageIssued {
            message: letter.id,
            movement: movement.id,
            side: "departure".to_owned(),
            recipient: letter.party.clone(),
            message_type: letter.message_type.clone(),
            lrn: Some(movement.lrn.clone()),
            mrn: movement.mrn.clone(),
            sequence: letter.sequence,
            at: letter.at,
        };
        work.tell(MESSAGE_ISSUED, &aggregate, &issued)?;
    }
    Ok(())
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
        messages: row.messages,
        events: row.events,
        last_hash: row.last_hash,
        submitted_at: row.submitted_at,
        released_at: row.released_at,
        changed_at: row.changed_at,
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
        messages: movement.messages,
        events: movement.events,
        last_hash: movement.last_hash.clone(),
        submitted_at: movement.submitted_at,
        released_at: movement.released_at,
        changed_at: movement.changed_at,
    }
}
