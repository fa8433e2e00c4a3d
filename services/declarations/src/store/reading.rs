//! Reading movements: who may see which, pages by cursor, one message, the timeline.

use customs_declarations_contract::{
    Arrival as ArrivalView, ArrivalPage, ListArrivals, ListMessages, ListMovements, Movement as MovementView,
    MovementMessage, MovementMessagePage, MovementPage, OfficeRecord, TimelineEntry, TimelinePage,
};
use customs_kernel::{Actor, Problem, Role, problem};
use customs_platform::Failure;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::rows::{arrivals, events, messages, movements, offices, parties};

/// How much of a movement somebody sees.
pub(crate) enum Visibility {
    /// Everything: an officer concerned, or an administrator.
    All,
    /// What was sent by or issued to this party.
    Party(String),
}

impl Visibility {
    /// Whether a message sent by or issued to `party` is seen.
    pub(crate) fn sees(&self, party: &str) -> bool {
        match self {
            Self::All => true,
            Self::Party(own) => own == party,
        }
    }
}

fn own_offices(actor: &Actor) -> Vec<String> {
    actor.offices.iter().map(ToString::to_string).collect()
}

/// The movements that `actor` may see.
fn sight(actor: &Actor) -> Option<Condition> {
    if actor.is(Role::Administrator) {
        return Some(Condition::all());
    }
    if actor.roles.iter().any(|role| role.is_officer()) {
        let own = own_offices(actor);
        let on_the_way = offices::Entity::find()
            .select_only()
            .column(offices::Column::Movement)
            .filter(offices::Column::Office.is_in(own.clone()))
            .into_query();
        return Some(
            Condition::any()
                .add(movements::Column::DepartureOffice.is_in(own))
                .add(movements::Column::Id.in_subquery(on_the_way)),
        );
    }
    let party = actor.party.as_ref()?;
    let own = parties::Entity::find()
        .select_only()
        .column(parties::Column::Movement)
        .filter(parties::Column::Party.eq(party.as_str()))
        .into_query();
    Some(Condition::all().add(movements::Column::Id.in_subquery(own)))
}

/// How much `actor` sees of the movement or arrival `id`; nothing at all is `None`.
pub(crate) async fn visible(
    reader: &impl ConnectionTrait,
    actor: &Actor,
    id: Uuid,
) -> Result<Option<Visibility>, Failure> {
    let Some(sight) = sight(actor) else { return Ok(None) };
    let all = actor.is(Role::Administrator) || actor.roles.iter().any(|role| role.is_officer());
    let movement = movements::Entity::find_by_id(id)
        .filter(sight)
        .select_only()
        .column(movements::Column::Id)
        .into_tuple::<Uuid>()
        .one(reader)
        .await?;
    let seen = match movement {
        Some(_) => true,
        None => match arrivals::Entity::find_by_id(id).one(reader).await? {
            Some(row) => {
                actor.is(Role::Administrator)
                    || actor.serves_at(&row.office)
                    || actor.party.as_ref().is_some_and(|party| party.as_str() == row.trader)
            }
            None => refused_before(reader, actor, id).await?,
        },
    };
    if !seen {
        return Ok(None);
    }
    let party = actor.party.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(Some(if all { Visibility::All } else { Visibility::Party(party) }))
}

/// The movement with `mrn`, whoever asks; for what the public may know.
pub(crate) async fn id_by_mrn(reader: &impl ConnectionTrait, mrn: &str) -> Result<Option<Uuid>, Failure> {
    let id = movements::Entity::find()
        .filter(movements::Column::Mrn.eq(mrn))
        .select_only()
        .column(movements::Column::Id)
        .into_tuple::<Uuid>()
        .one(reader)
        .await?;
    Ok(id)
}

/// The holder of the transit procedure of a movement.
pub(crate) async fn holder(reader: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>, Failure> {
    let movement = movements::Entity::find_by_id(id).select_only().column(movements::Column::Holder);
    Ok(movement.into_tuple::<String>().one(reader).await?)
}

/// Whether the dossier `id` is that of a message that could not be taken, and `actor` its sender or an administrator.
async fn refused_before(reader: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<bool, Failure> {
    if movements::Entity::find_by_id(id).one(reader).await?.is_some() {
        return Ok(false);
    }
    let party = messages::Entity::find()
        .select_only()
        .column(messages::Column::Party)
        .filter(messages::Column::Dossier.eq(id))
        .into_tuple::<String>()
        .one(reader)
        .await?;
    Ok(party.is_some_and(|party| {
        actor.is(Role::Administrator) || actor.party.as_ref().is_some_and(|own| own.as_str() == party)
    }))
}

pub(super) fn cursor(after: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let bad = || problem::INPUT_INVALID.because("the cursor is not one that a page gave").at("/after");
    after.map(|text| Uuid::parse_str(text).map_err(|_| bad())).transpose()
}

fn record(row: offices::Model) -> OfficeRecord {
    OfficeRecord { office: row.office, role: row.role, state: row.state, recorded_at: row.recorded_at }
}

fn view(row: movements::Model, offices: Vec<OfficeRecord>) -> MovementView {
    MovementView {
        id: row.id,
        lrn: row.lrn,
        mrn: row.mrn,
        state: row.state,
        version: row.version,
        declaration_version: row.declaration_version,
        declaration_type: row.declaration_type,
        additional_type: row.additional_type,
        holder: row.holder,
        representative: row.representative,
        departure_office: row.departure_office,
        destination_office: row.destination_office,
        offices,
        items: row.items,
        channel: row.channel,
        deadline: row.deadline,
        due_at: row.deadline_at,
        carrier: row.carrier,
        submitted_at: row.submitted_at,
        released_at: row.released_at,
        changed_at: row.changed_at,
    }
}

/// The movement `id` as it is shown.
pub(crate) async fn movement_view(reader: &impl ConnectionTrait, id: Uuid) -> Result<MovementView, Failure> {
    let row = movements::Entity::find_by_id(id).one(reader).await?;
    let row = row.ok_or_else(|| problem::NOT_FOUND.because("there is no such movement"))?;
    let mut views = with_offices(reader, vec![row]).await?;
    views.pop().ok_or_else(|| Failure::Broken(anyhow::anyhow!("one row makes one view")))
}

/// Movements with the records of their offices, in two statements whatever their number.
async fn with_offices(
    reader: &impl ConnectionTrait,
    rows: Vec<movements::Model>,
) -> Result<Vec<MovementView>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut records = offices::Entity::find()
        .filter(offices::Column::Movement.is_in(ids))
        .order_by_asc(offices::Column::Position)
        .all(reader)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = records.extract_if(.., |record| record.movement == row.id).map(record).collect();
            view(row, own)
        })
        .collect())
}

/// Cuts one row too many off a page and tells the cursor of the next.
pub(super) fn page<T>(rows: &mut Vec<T>, size: u64, key: impl Fn(&T) -> String) -> Option<String> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if rows.len() <= size {
        return None;
    }
    rows.truncate(size);
    rows.last().map(key)
}

/// The movements that `actor` may see, latest first.
pub(crate) async fn movements_page(
    reader: &impl ConnectionTrait,
    actor: &Actor,
    ask: &ListMovements,
    size: u64,
) -> Result<MovementPage, Failure> {
    let Some(sight) = sight(actor) else { return Ok(MovementPage { items: Vec::new(), next: None }) };
    let mut query = movements::Entity::find().filter(sight);
    if let Some(before) = cursor(ask.after.as_deref())? {
        query = query.filter(movements::Column::Id.lt(before));
    }
    for (column, wanted) in [
        (movements::Column::Lrn, &ask.lrn),
        (movements::Column::Mrn, &ask.mrn),
        (movements::Column::State, &ask.state),
    ] {
        if let Some(wanted) = wanted {
            query = query.filter(column.eq(wanted));
        }
    }
    if let Some(since) = ask.changed_since {
        query = query.filter(movements::Column::ChangedAt.gte(since));
    }
    let mut rows = query.order_by_desc(movements::Column::Id).limit(size + 1).all(reader).await?;
    let next = page(&mut rows, size, |row| row.id.to_string());
    Ok(MovementPage { items: with_offices(reader, rows).await?, next })
}

/// The arrivals that `actor` has notified or that were notified at an office of theirs, latest first.
pub(crate) async fn arrivals_page(
    reader: &impl ConnectionTrait,
    actor: &Actor,
    ask: &ListArrivals,
    size: u64,
) -> Result<ArrivalPage, Failure> {
    let mut query = arrivals::Entity::find();
    if actor.roles.iter().any(|role| role.is_officer()) {
        query = query.filter(arrivals::Column::Office.is_in(own_offices(actor)));
    } else if !actor.is(Role::Administrator) {
        let party = actor.party.as_ref().map(ToString::to_string).unwrap_or_default();
        query = query.filter(arrivals::Column::Trader.eq(party));
    }
    if let Some(before) = cursor(ask.after.as_deref())? {
        query = query.filter(arrivals::Column::Id.lt(before));
    }
    if let Some(arrival) = ask.arrival {
        query = query.filter(arrivals::Column::Id.eq(arrival));
    }
    if let Some(mrn) = &ask.mrn {
        query = query.filter(arrivals::Column::Mrn.eq(mrn));
    }
    let mut rows = query.order_by_desc(arrivals::Column::Id).limit(size + 1).all(reader).await?;
    let next = page(&mut rows, size, |row| row.id.to_string());
    let items = rows.into_iter().map(|row| ArrivalView {
        id: row.id,
        mrn: row.mrn,
        state: row.state,
        office: row.office,
        trader: row.trader,
        notified_at: row.notified_at,
        changed_at: row.changed_at,
    });
    Ok(ArrivalPage { items: items.collect(), next })
}

/// A message with whom it concerns.
pub(crate) struct StoredMessage {
    /// The message as it is shown.
    pub(crate) view: MovementMessage,
    /// The movement or arrival it belongs to.
    pub(crate) movement: Uuid,
    /// Who sent it or for whom it is.
    pub(crate) party: String,
}

fn head(row: &messages::Model) -> MovementMessage {
    MovementMessage {
        id: row.id,
        movement: row.dossier,
        sequence: row.sequence,
        message_type: row.message_type.clone(),
        direction: row.direction.clone(),
        status: row.status.clone(),
        at: row.at,
        answers: row.answers,
        format: None,
        body: None,
        signature_report: None,
    }
}

/// The message `id` with its body and the report on its signature.
pub(crate) async fn message(
    reader: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<StoredMessage>, Failure> {
    let Some(row) = messages::Entity::find_by_id(id).one(reader).await? else { return Ok(None) };
    let mut view = head(&row);
    view.format = Some(row.format);
    view.body = Some(row.body);
    if let Some(evidence) = row.evidence {
        let sealed: serde_json::Value = serde_json::from_str(&evidence)?;
        view.signature_report = sealed.get("report").map(serde_json::Value::to_string);
    }
    Ok(Some(StoredMessage { view, movement: row.dossier, party: row.party }))
}

/// The messages of a movement or arrival that `sight` lets through, in their order.
pub(crate) async fn messages_page(
    reader: &impl ConnectionTrait,
    sight: &Visibility,
    ask: &ListMessages,
    size: u64,
) -> Result<MovementMessagePage, Failure> {
    let bad = || problem::INPUT_INVALID.because("the cursor is not one that a page gave").at("/after");
    let after: i64 = match &ask.after {
        Some(text) => text.parse().map_err(|_| bad())?,
        None => 0,
    };
    let mut query = messages::Entity::find()
        .filter(messages::Column::Dossier.eq(ask.movement))
        .filter(messages::Column::Sequence.gt(after));
    if let Visibility::Party(party) = sight {
        query = query.filter(messages::Column::Party.eq(party.as_str()));
    }
    if let Some(since) = ask.received_since {
        query = query.filter(messages::Column::At.gte(since));
    }
    let mut rows = query.order_by_asc(messages::Column::Sequence).limit(size + 1).all(reader).await?;
    let next = page(&mut rows, size, |row| row.sequence.to_string());
    Ok(MovementMessagePage { items: rows.iter().map(head).collect(), next })
}

/// The timeline of a movement after the entry with number `after`.
pub(crate) async fn events_page(
    reader: &impl ConnectionTrait,
    movement: Uuid,
    after: i64,
    size: u64,
) -> Result<TimelinePage, Failure> {
    let mut rows = events::Entity::find()
        .filter(events::Column::Movement.eq(movement))
        .filter(events::Column::Sequence.gt(after))
        .order_by_asc(events::Column::Sequence)
        .limit(size + 1)
        .all(reader)
        .await?;
    let more = page(&mut rows, size, |row| row.sequence.to_string()).is_some();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(TimelineEntry {
            sequence: row.sequence,
            event: row.event,
            state: row.state,
            by: row.by,
            office: row.office,
            reasons: serde_json::from_str(&row.reasons)?,
            at: row.at,
            hash: row.hash,
        });
    }
    Ok(TimelinePage { items, more })
}
