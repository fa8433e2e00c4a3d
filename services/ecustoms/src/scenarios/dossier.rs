//! A movement as its declarant and the trader at destination see it: the messages of customs, in their order.

use customs_messages::parse_xml;
use serde::Deserialize;

use super::cast::{CONSIGNEE, Cast, DECLARANT};
use crate::demo::client::Visitor;

/// The messages that traders send; all others are of customs.
const SENT: &[&str] = &["IE007", "IE013", "IE014", "IE015", "IE044", "IE054", "IE141", "IE170"];

/// One movement with the arrival that belongs to it.
#[derive(Debug, Default)]
pub(super) struct Dossier {
    /// Identity at departure.
    pub(super) departure: Option<String>,
    /// Identity at destination.
    pub(super) arrival: Option<String>,
    /// Local reference number.
    pub(super) lrn: String,
    /// Movement reference number; empty before it is allocated.
    pub(super) mrn: String,
    /// State of the movement.
    pub(super) state: String,
    /// State of the arrival; empty where there is none.
    pub(super) arrival_state: String,
    seen: Vec<Received>,
}

/// A message of customs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Received {
    id: String,
    #[serde(rename = "received")]
    at: String,
    /// Type, such as `IE029`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(skip)]
    at_destination: bool,
}

#[derive(Deserialize)]
struct Messages {
    messages: Vec<Received>,
}

#[derive(Deserialize)]
struct MovementSeen {
    state: String,
    mrn: Option<String>,
}

#[derive(Deserialize)]
struct Arrivals {
    items: Vec<ArrivalSeen>,
}

#[derive(Deserialize)]
struct ArrivalSeen {
    id: String,
    state: String,
}

impl Dossier {
    /// A movement that is about to be declared under `lrn`.
    pub(super) fn new(lrn: String) -> Self {
        Self { lrn, ..Self::default() }
    }

    /// What customs has sent since it was last looked, in order; what was sent at once stands as `expected`.
    pub(super) async fn look(&mut self, cast: &Cast, expected: &[String]) -> anyhow::Result<Vec<Received>> {
        let (declarant, consignee) = (cast.who(DECLARANT)?, cast.who(CONSIGNEE)?);
        let mut fresh = Vec::new();
        if let Some(id) = &self.departure {
            let movement: MovementSeen = declarant.get(&format!("/transits/{id}")).await?.read()?;
            self.state = movement.state;
            self.mrn = movement.mrn.unwrap_or_default();
            fresh.extend(messages(declarant, "departures", id).await?);
        }
        if let Some(id) = &self.arrival {
            let arrivals: Arrivals = consignee.get("/arrivals?first=20").await?.read()?;
            let own = arrivals.items.into_iter().find(|one| one.id == *id);
            self.arrival_state = own.map(|one| one.state).unwrap_or_default();
            let sent = messages(consignee, "arrivals", id).await?;
            fresh.extend(sent.into_iter().map(|one| Received { at_destination: true, ..one }));
        }
        fresh.retain(|one| self.seen.iter().all(|known| known.id != one.id));
        let place =
            |one: &Received| expected.iter().position(|kind| *kind == one.kind).unwrap_or(expected.len());
        fresh.sort_by(|one, two| one.at.cmp(&two.at).then_with(|| place(one).cmp(&place(two))));
        self.seen.extend(fresh.iter().cloned());
        Ok(fresh)
    }

    /// The last message of `kind`.
    pub(super) fn last(&self, kind: &str) -> Option<&Received> {
        self.seen.iter().rev().find(|one| one.kind == kind)
    }

    /// The errors that a refusal lists: code, rule and pointer of each.
    pub(super) async fn errors(
        &self,
        cast: &Cast,
        message: &Received,
    ) -> anyhow::Result<Vec<(String, String, String)>> {
        let reader = cast.who(if message.at_destination { CONSIGNEE } else { DECLARANT })?;
        let asked = reader.get(&format!("/messages/{}", message.id)).await?;
        let body: serde_json::Value = asked.read()?;
        let Ok(document) = parse_xml(body["body"].as_str().unwrap_or_default().as_bytes()) else {
            return Ok(Vec::new());
        };
        let errors = document.groups("FunctionalError");
        let text = |error: &customs_messages::NodeRef<'_>, name: &str| {
            error.text_at(name).unwrap_or_default().to_owned()
        };
        Ok(errors
            .iter()
            .map(|error| (text(error, "errorCode"), text(error, "errorReason"), text(error, "errorPointer")))
            .collect())
    }
}

async fn messages(reader: &Visitor, side: &str, id: &str) -> anyhow::Result<Vec<Received>> {
    let page = reader.get(&format!("/movements/{side}/{id}/messages?count=100")).await?;
    let list: Messages = page.read()?;
    Ok(list.messages.into_iter().filter(|one| !SENT.contains(&one.kind.as_str())).collect())
}
