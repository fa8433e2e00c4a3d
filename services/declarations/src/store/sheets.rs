//! How the rows of movements are written: all with the commit, few statements for however many.

use customs_declarations_contract::bus::{MESSAGE_ISSUED, MOVEMENT_CHANGED, MessageIssued, MovementChanged};
use customs_kernel::Eori;
use customs_platform::{Failure, Known, Sheet, Work};
use uuid::Uuid;

use super::rows::movements;
use crate::transit::{Letter, Movement, News, Stop};

static MOVEMENTS: Sheet = Sheet {
    table: "movements",
    columns: &[
        "id",
        "lrn",
        "lrn_claim",
        "mrn",
        "declarant",
        "holder",
        "representative",
        "declaration_type",
        "additional_type",
        "simplified",
        "state",
        "version",
        "declaration_version",
        "declaration",
        "departure_office",
        "destination_office",
        "transit_countries",
        "items",
        "gross_mass_micro",
        "channel",
        "attempt",
        "saga",
        "deadline",
        "deadline_at",
        "messages",
        "events",
        "last_hash",
        "submitted_at",
        "released_at",
        "changed_at",
        "carrier",
        "goods",
        "vehicle",
    ],
    key: &["id"],
    known: Known::Replaced,
};

static PARTIES: Sheet = Sheet {
    table: "movement_parties",
    columns: &["party", "movement"],
    key: &["party", "movement"],
    known: Known::Kept,
};

static EVENTS: Sheet = Sheet {
    table: "movement_events",
    columns: &[
        "movement", "sequence", "event", "state", "by", "subject", "office", "reasons", "ruleset", "at",
        "hash",
    ],
    key: &["movement", "sequence"],
    known: Known::Refused,
};

static MESSAGES: Sheet = Sheet {
    table: "movement_messages",
    columns: &[
        "id",
        "dossier",
        "sequence",
        "side",
        "direction",
        "message_type",
        "identification",
        "party",
        "status",
        "answers",
        "format",
        "body",
        "evidence",
        "at",
    ],
    key: &["id"],
    known: Known::Refused,
};

static OFFICES: Sheet = Sheet {
    table: "movement_offices",
    columns: &["movement", "position", "office", "role", "state", "recorded_at"],
    key: &["movement", "position"],
    known: Known::Refused,
};

/// Writes `row` over whatever is kept of the movement, which is locked or new.
pub(super) fn write_movement(work: &Work, row: movements::Model) {
    let key = row.id.to_string();
    let values = vec![
        row.id.into(),
        row.lrn.into(),
        row.lrn_claim.into(),
        row.mrn.into(),
        row.declarant.into(),
        row.holder.into(),
        row.representative.into(),
        row.declaration_type.into(),
        row.additional_type.into(),
        row.simplified.into(),
        row.state.into(),
        row.version.into(),
        row.declaration_version.into(),
        row.declaration.into(),
        row.departure_office.into(),
        row.destination_office.into(),
        row.transit_countries.into(),
        row.items.into(),
        row.gross_mass_micro.into(),
        row.channel.into(),
        row.attempt.into(),
        row.saga.into(),
        row.deadline.into(),
        row.deadline_at.into(),
        row.messages.into(),
        row.events.into(),
        row.last_hash.into(),
        row.submitted_at.into(),
        row.released_at.into(),
        row.changed_at.into(),
        row.carrier.into(),
        row.goods.into(),
        row.vehicle.into(),
    ];
    work.write(&MOVEMENTS, key, values);
}

/// Lets `who` see the movement too.
pub(crate) fn write_parties(work: &Work, movement: Uuid, who: &[Eori]) {
    for party in who {
        let values = vec![party.as_str().into(), movement.into()];
        work.write(&PARTIES, format!("{movement}/{party}"), values);
    }
}

/// Writes what happened.
pub(super) fn write_events(work: &Work, movement: Uuid, news: &News) -> Result<(), Failure> {
    for event in &news.events {
        let values = vec![
            movement.into(),
            event.sequence.into(),
            event.event.as_str().into(),
            event.state.as_str().into(),
            event.decision.by.into(),
            event.decision.subject.clone().into(),
            event.decision.office.clone().into(),
            serde_json::to_string(&event.decision.reasons)?.into(),
            event.decision.ruleset.as_str().into(),
            event.at.into(),
            event.hash.as_str().into(),
        ];
        work.write(&EVENTS, format!("{movement}/{}", event.sequence), values);
    }
    Ok(())
}

/// Writes the messages of a dossier.
pub(super) fn write_messages(work: &Work, dossier: Uuid, side: &str, letters: &[Letter]) {
    for letter in letters {
        let values = vec![
            letter.id.into(),
            dossier.into(),
            letter.sequence.into(),
            side.into(),
            letter.direction.into(),
            letter.message_type.as_str().into(),
            letter.identification.clone().into(),
            letter.party.as_str().into(),
            letter.status.into(),
            letter.answers.into(),
            letter.format.into(),
            letter.body.as_str().into(),
            letter.evidence.clone().into(),
            letter.at.into(),
        ];
        work.write(&MESSAGES, letter.id.to_string(), values);
    }
}

/// Keeps the messages of a dossier that is about no movement, and tells the bus of those issued.
pub(crate) fn save_letters(
    work: &mut Work,
    dossier: Uuid,
    side: &str,
    letters: &[Letter],
) -> Result<(), Failure> {
    write_messages(work, dossier, side, letters);
    for letter in letters.iter().filter(|letter| letter.direction == "issued") {
        let issued = MessageIssued {
            message: letter.id,
            movement: dossier,
            side: side.to_owned(),
            recipient: letter.party.clone(),
            message_type: letter.message_type.clone(),
            lrn: None,
            mrn: None,
            sequence: letter.sequence,
            at: letter.at,
        };
        work.tell(MESSAGE_ISSUED, &dossier.to_string(), &issued)?;
    }
    Ok(())
}

/// Opens the records of a released movement: every office on the way expects it.
pub(crate) fn open_stops(work: &Work, movement: Uuid, stops: &[Stop]) {
    for stop in stops {
        let values = vec![
            movement.into(),
            stop.position.into(),
            stop.office.as_str().into(),
            stop.role.into(),
            stop.state.as_str().into(),
            None::<chrono::DateTime<chrono::Utc>>.into(),
        ];
        work.write(&OFFICES, format!("{movement}/{}", stop.position), values);
    }
}

/// Tells the bus what happened and which messages were issued.
pub(super) fn tell(work: &mut Work, movement: &Movement, news: &News) -> Result<(), Failure> {
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
