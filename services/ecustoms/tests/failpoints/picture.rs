//! What the databases of an installation say at one instant.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::vault::{Look, SERVICES, Vault};

/// What the databases say.
pub(crate) struct Picture {
    pub(crate) movements: Vec<Movement>,
    pub(crate) parties: Vec<(Uuid, String)>,
    pub(crate) events: Vec<Event>,
    pub(crate) letters: Vec<Letter>,
    /// Arrival, movement, number of messages.
    pub(crate) arrivals: Vec<(Uuid, Uuid, i64)>,
    /// Aggregate, name, status.
    pub(crate) sagas: Vec<(String, String, String)>,
    pub(crate) holds: Vec<Hold>,
    /// MRN, reason, hundredths.
    pub(crate) postings: Vec<(String, String, i64)>,
    /// Owner, newest number.
    pub(crate) boxes: Vec<(String, i64)>,
    pub(crate) entries: Vec<Entry>,
    /// Stage, movement.
    pub(crate) journal: Vec<(String, Uuid)>,
    /// Released, arrived, discharged.
    pub(crate) counted: [i64; 3],
    /// What lies in outboxes, among timers and dead letters: service, table, number.
    pub(crate) left: Vec<(&'static str, &'static str, i64)>,
}

pub(crate) struct Movement {
    pub(crate) id: Uuid,
    pub(crate) lrn: String,
    pub(crate) mrn: Option<String>,
    pub(crate) state: String,
    pub(crate) messages: i64,
    pub(crate) events: i64,
    pub(crate) last_hash: String,
    pub(crate) offices: [String; 2],
}

pub(crate) struct Event {
    pub(crate) movement: Uuid,
    pub(crate) sequence: i64,
    pub(crate) happened: String,
    pub(crate) state: String,
    pub(crate) by: String,
    pub(crate) subject: Option<String>,
    pub(crate) office: Option<String>,
    pub(crate) reasons: Vec<String>,
    pub(crate) ruleset: String,
    pub(crate) at: DateTime<Utc>,
    pub(crate) hash: String,
}

pub(crate) struct Letter {
    pub(crate) id: Uuid,
    pub(crate) dossier: Uuid,
    pub(crate) sequence: i64,
    pub(crate) issued: bool,
    pub(crate) party: String,
}

pub(crate) struct Hold {
    pub(crate) mrn: String,
    pub(crate) state: String,
    pub(crate) minor: i64,
    pub(crate) owner: String,
    pub(crate) guarantor: String,
}

pub(crate) struct Entry {
    pub(crate) owner: String,
    pub(crate) number: i64,
    pub(crate) kind: String,
    pub(crate) message: Option<Uuid>,
    pub(crate) movement: Option<Uuid>,
    pub(crate) mrn: Option<String>,
    pub(crate) state: Option<String>,
    /// Number of the change within the movement.
    pub(crate) sequence: Option<i64>,
}

impl Picture {
    /// What the databases say now. They are read one after the other, so that the picture is sharp only
    /// where nothing moves any more.
    pub(crate) fn take(vault: &Vault) -> anyhow::Result<Self> {
        let look = vault.look()?;
        let parties = look.rows("declarations", "SELECT movement, party FROM movement_parties", |row| {
            Ok((row.try_get("", "movement")?, row.try_get("", "party")?))
        })?;
        let arrivals = look.rows("declarations", "SELECT id, movement, messages FROM arrivals", |row| {
            Ok((row.try_get("", "id")?, row.try_get("", "movement")?, row.try_get("", "messages")?))
        })?;
        let sagas = look.rows("declarations", "SELECT aggregate, name, status FROM sagas", |row| {
            Ok((row.try_get("", "aggregate")?, row.try_get("", "name")?, row.try_get("", "status")?))
        })?;
        let sql = "SELECT mrn, reason, amount_minor FROM postings WHERE mrn IS NOT NULL";
        let postings = look.rows("guarantees", sql, |row| {
            Ok((row.try_get("", "mrn")?, row.try_get("", "reason")?, row.try_get("", "amount_minor")?))
        })?;
        let boxes = look.rows("notifications", "SELECT owner, last_number FROM boxes", |row| {
            Ok((row.try_get("", "owner")?, row.try_get("", "last_number")?))
        })?;
        let journal = look.rows("statistics", "SELECT stage, movement FROM journal", |row| {
            Ok((row.try_get("", "stage")?, row.try_get("", "movement")?))
        })?;
        let (movements, events, letters) = (movements(&look)?, events(&look)?, letters(&look)?);
        let (holds, entries) = (holds(&look)?, entries(&look)?);
        let (counted, left) = (counted(&look)?, left(&look)?);
        Ok(Self {
            movements,
            parties,
            events,
            letters,
            arrivals,
            sagas,
            holds,
            postings,
            boxes,
            entries,
            journal,
            counted,
            left,
        })
    }
}

fn movements(look: &Look<'_>) -> anyhow::Result<Vec<Movement>> {
    look.rows("declarations", "SELECT * FROM movements", |row| {
        Ok(Movement {
            id: row.try_get("", "id")?,
            lrn: row.try_get("", "lrn")?,
            mrn: row.try_get("", "mrn")?,
            state: row.try_get("", "state")?,
            messages: row.try_get("", "messages")?,
            events: row.try_get("", "events")?,
            last_hash: row.try_get("", "last_hash")?,
            offices: [row.try_get("", "departure_office")?, row.try_get("", "destination_office")?],
        })
    })
}

fn events(look: &Look<'_>) -> anyhow::Result<Vec<Event>> {
    look.rows("declarations", "SELECT * FROM movement_events ORDER BY movement, sequence", |row| {
        let reasons: String = row.try_get("", "reasons")?;
        Ok(Event {
            movement: row.try_get("", "movement")?,
            sequence: row.try_get("", "sequence")?,
            happened: row.try_get("", "event")?,
            state: row.try_get("", "state")?,
            by: row.try_get("", "by")?,
            subject: row.try_get("", "subject")?,
            office: row.try_get("", "office")?,
            reasons: serde_json::from_str(&reasons).unwrap_or_default(),
            ruleset: row.try_get("", "ruleset")?,
            at: row.try_get("", "at")?,
            hash: row.try_get("", "hash")?,
        })
    })
}

fn letters(look: &Look<'_>) -> anyhow::Result<Vec<Letter>> {
    let sql =
        "SELECT id, dossier, sequence, direction, party FROM movement_messages ORDER BY dossier, sequence";
    look.rows("declarations", sql, |row| {
        let direction: String = row.try_get("", "direction")?;
        Ok(Letter {
            id: row.try_get("", "id")?,
            dossier: row.try_get("", "dossier")?,
            sequence: row.try_get("", "sequence")?,
            issued: direction == "issued",
            party: row.try_get("", "party")?,
        })
    })
}

fn holds(look: &Look<'_>) -> anyhow::Result<Vec<Hold>> {
    let sql = "SELECT holds.mrn, holds.state, holds.amount_minor, guarantees.owner, guarantees.guarantor \
               FROM holds JOIN guarantees ON guarantees.id = holds.guarantee_id";
    look.rows("guarantees", sql, |row| {
        Ok(Hold {
            mrn: row.try_get("", "mrn")?,
            state: row.try_get("", "state")?,
            minor: row.try_get("", "amount_minor")?,
            owner: row.try_get("", "owner")?,
            guarantor: row.try_get("", "guarantor")?,
        })
    })
}

fn entries(look: &Look<'_>) -> anyhow::Result<Vec<Entry>> {
    let sql =
        "SELECT owner, number, kind, message, movement, mrn, state, data FROM entries ORDER BY owner, number";
    look.rows("notifications", sql, |row| {
        let data: String = row.try_get("", "data")?;
        let data: Value = serde_json::from_str(&data).unwrap_or_default();
        Ok(Entry {
            owner: row.try_get("", "owner")?,
            number: row.try_get("", "number")?,
            kind: row.try_get("", "kind")?,
            message: row.try_get("", "message")?,
            movement: row.try_get("", "movement")?,
            mrn: row.try_get("", "mrn")?,
            state: row.try_get("", "state")?,
            sequence: data["sequence"].as_i64(),
        })
    })
}

fn counted(look: &Look<'_>) -> anyhow::Result<[i64; 3]> {
    let sum = |column: &str| {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM({column}), 0) AS BIGINT) FROM counters WHERE transit_country = ''"
        );
        look.number("statistics", &sql)
    };
    Ok([sum("released")?, sum("arrived")?, sum("discharged")?])
}

fn left(look: &Look<'_>) -> anyhow::Result<Vec<(&'static str, &'static str, i64)>> {
    let mut left = Vec::new();
    for service in SERVICES {
        for table in ["outbox", "dead_letters", "timers"] {
            // The policy period of a contract has an end too; no movement waits for it.
            if table == "timers" && service == "guarantees" {
                continue;
            }
            // Trees of evidence are ordered for ever; no movement waits for them either.
            let standing = if table == "timers" { " WHERE name <> 'archive'" } else { "" };
            let number = look.number(service, &format!("SELECT COUNT(*) FROM {table}{standing}"))?;
            left.extend((number > 0).then_some((service, table, number)));
        }
    }
    Ok(left)
}
