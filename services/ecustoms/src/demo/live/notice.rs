//! One notification: what it says, and within what it keeps its order.

use serde::Deserialize;
use uuid::Uuid;

/// One notification, as GraphQL and the box give it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::demo) struct Notice {
    /// Identity.
    pub(in crate::demo) id: Uuid,
    /// Number in the box.
    pub(in crate::demo) number: i64,
    /// What it tells of.
    pub(in crate::demo) event: Event,
    /// The message of the procedure, where it tells of one.
    pub(in crate::demo) message: Option<Uuid>,
    /// Type of that message.
    pub(in crate::demo) message_type: Option<String>,
    /// The movement, or for the trader at destination the arrival.
    pub(in crate::demo) movement: Option<Uuid>,
    /// Movement reference number.
    pub(in crate::demo) mrn: Option<String>,
    /// Local reference number.
    pub(in crate::demo) lrn: Option<String>,
    /// Guarantee reference number.
    pub(in crate::demo) grn: Option<String>,
    /// The new state of what changed.
    pub(in crate::demo) state: Option<String>,
}

/// The event of a notification.
#[derive(Clone, Debug, Deserialize)]
pub(in crate::demo) struct Event {
    /// Type by the catalogue.
    #[serde(rename = "type")]
    pub(in crate::demo) kind: String,
    /// Content by the schema of the type.
    pub(in crate::demo) data: serde_json::Value,
}

/// Within what notifications keep their order.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(in crate::demo) enum Subject {
    /// A movement or an arrival.
    Movement(Uuid),
    /// The use of a guarantee by the movement with this MRN.
    Use(String, String),
    /// Anything else.
    Other,
}

impl Notice {
    /// Within what the notification keeps its order.
    pub(super) fn subject(&self) -> Subject {
        match (&self.grn, &self.mrn, self.movement) {
            (Some(grn), Some(mrn), _) => Subject::Use(grn.clone(), mrn.clone()),
            (None, _, Some(movement)) => Subject::Movement(movement),
            _ => Subject::Other,
        }
    }

    /// What it says in one word: `IE029`, a state, or the state of a hold.
    pub(in crate::demo) fn word(&self) -> String {
        match (&self.message_type, &self.state) {
            (Some(kind), _) => information_exchange(kind),
            (None, Some(state)) => state.clone(),
            (None, None) => self.event.kind.clone(),
        }
    }

    /// Number of the change, or of the message, within the movement.
    pub(in crate::demo) fn sequence(&self) -> Option<i64> {
        self.event.data.get("sequence")?.as_i64()
    }

    /// What it says, in a line of the timeline.
    pub(super) fn words(&self) -> String {
        let data = |name: &str| self.event.data.get(name).and_then(|text| text.as_str()).unwrap_or_default();
        if let Some(kind) = &self.message_type {
            return format!("<- {} {}", information_exchange(kind), title(kind));
        }
        if self.grn.is_some() && self.mrn.is_some() {
            return format!("<- guarantee {}: {} {}", self.word(), data("amount"), data("currency"));
        }
        let number = self.sequence().map(|number| format!(" (change {number})")).unwrap_or_default();
        format!("<- movement is {}{number}", self.word())
    }
}

/// `CC029C` as `IE029`.
fn information_exchange(message_type: &str) -> String {
    format!("IE{}", message_type.get(2..5).unwrap_or_default())
}

/// What a message of customs is called.
fn title(message_type: &str) -> &'static str {
    match message_type {
        "CC004C" => "amendment accepted",
        "CC009C" => "invalidation decided",
        "CC025C" => "goods released from transit",
        "CC028C" => "MRN allocated",
        "CC029C" => "released for transit",
        "CC043C" => "unloading permitted",
        "CC045C" => "written off",
        "CC051C" => "not released for transit",
        "CC055C" => "guarantee not valid",
        "CC056C" => "rejected by the office of departure",
        "CC057C" => "rejected by the office of destination",
        "CC060C" => "control decided",
        "CC928C" => "received",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn notice(extra: &serde_json::Value) -> Notice {
        let mut notice = json!({
            "id": Uuid::nil(), "number": 1, "event": {"type": "ecustoms.movement.changed", "data": {"sequence": 2}},
            "movement": Uuid::nil(), "mrn": "26KZ57010100000QJ1", "state": "released",
        });
        notice.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        serde_json::from_value(notice).unwrap()
    }

    #[test]
    fn a_notification_says_its_word() {
        assert_eq!(notice(&json!({})).word(), "released");
        assert_eq!(notice(&json!({"messageType": "CC029C"})).word(), "IE029");
        assert_eq!(notice(&json!({})).sequence(), Some(2));
    }

    #[test]
    fn the_use_of_a_guarantee_keeps_an_order_of_its_own() {
        let held = notice(&json!({"grn": "26KZ0000000000017", "state": "placed"}));
        assert_ne!(held.subject(), notice(&json!({})).subject());
        assert!(held.words().starts_with("<- guarantee placed"), "{}", held.words());
    }
}
