//! The catalogue of events as an `AsyncAPI` 3 document.

use customs_notifications_contract::{
    CloudEvent,
    event::{
        self, GuaranteeChangedData, GuaranteeIncidentToldData, GuaranteeUseChangedData, IncidentReportedData,
        MessageIssuedData, MovementChangedData, MovementStageData, NoteWrittenData, WebhookTestedData,
    },
};
use serde_json::{Map, Value, json};
use utoipa::PartialSchema;

/// One type of event: its name in the document, its type, its title and the schema of its data.
struct Entry {
    name: &'static str,
    kind: &'static str,
    title: &'static str,
    data_name: &'static str,
    data: Value,
}

/// The events that boxes, webhooks and live streams carry, as an `AsyncAPI` 3.0.0 document.
#[must_use]
pub fn asyncapi() -> Value {
    let catalogue = catalogue();
    let mut webhook_messages = Map::new();
    let mut stream_messages = Map::new();
    let mut messages = Map::new();
    let mut schemas = Map::new();
    for entry in &catalogue {
        let mut message = message(entry);
        messages.insert(entry.name.to_owned(), message.clone());
        if entry.kind != event::WEBHOOK_TESTED {
            stream_messages.insert(entry.name.to_owned(), reference("components/messages", entry.name));
        }
        message["headers"] = reference("components/schemas", "WebhookHeaders");
        webhook_messages.insert(entry.name.to_owned(), message);
        schemas.insert(entry.data_name.to_owned(), entry.data.clone());
    }
    schemas.insert("CloudEvent".to_owned(), schema::<CloudEvent>());
    schemas.insert("WebhookHeaders".to_owned(), headers());
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Electronic customs: events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What participants and customs offices are told: by webhook in the Standard \
                Webhooks format, and by live stream. Every event is a CloudEvent 1.0 in its JSON form.",
            "license": { "name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0" }
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "webhook": {
                "address": null,
                "title": "Webhook",
                "description": "The address that a participant registers; a POST for each event, repeated \
                    with a growing pause for 14 days until a 2xx answers it, in order within each movement. \
                    An event may arrive again after a failure: its id tells.",
                "messages": webhook_messages
            },
            "stream": {
                "address": null,
                "title": "Live stream",
                "description": "The caller's own message box as it fills, by server-sent events or GraphQL \
                    subscription; resumed behind the number of the last event that was seen.",
                "messages": stream_messages
            }
        },
        "operations": {
            "deliverToWebhook": operation("webhook", "An event is delivered to a registered address."),
            "tellOnStream": operation("stream", "An event is told to whoever listens to its box.")
        },
        "components": { "messages": messages, "schemas": schemas }
    })
}

fn catalogue() -> [Entry; 11] {
    let entry = |name, kind, title, data_name, data| Entry { name, kind, title, data_name, data };
    let stage = || ("MovementStageData", schema::<MovementStageData>());
    let of_stage = |name, kind, title| entry(name, kind, title, stage().0, stage().1);
    [
        entry(
            "messageIssued",
            event::MESSAGE_ISSUED,
            "A message of the procedure was issued to the participant",
            "MessageIssuedData",
            schema::<MessageIssuedData>(),
        ),
        entry(
            "movementChanged",
            event::MOVEMENT_CHANGED,
            "A movement changed its state",
            "MovementChangedData",
            schema::<MovementChangedData>(),
        ),
        of_stage("movementReleased", event::MOVEMENT_RELEASED, "Goods were released for transit"),
        of_stage("movementArrived", event::MOVEMENT_ARRIVED, "A movement arrived at its destination"),
        of_stage("movementDischarged", event::MOVEMENT_DISCHARGED, "A movement is discharged"),
        entry(
            "guaranteeUseChanged",
            event::GUARANTEE_USE_CHANGED,
            "The use of a guarantee changed",
            "GuaranteeUseChangedData",
            schema::<GuaranteeUseChangedData>(),
        ),
        entry(
            "guaranteeIncidentTold",
            event::GUARANTEE_INCIDENT_TOLD,
            "Something has happened to goods that a guarantee covers",
            "GuaranteeIncidentToldData",
            schema::<GuaranteeIncidentToldData>(),
        ),
        entry(
            "guaranteeChanged",
            event::GUARANTEE_CHANGED,
            "A guarantee contract changed its state",
            "GuaranteeChangedData",
            schema::<GuaranteeChangedData>(),
        ),
        entry(
            "noteWritten",
            event::NOTE_WRITTEN,
            "An office and a declarant write to each other",
            "NoteWrittenData",
            schema::<NoteWrittenData>(),
        ),
        entry(
            "incidentReported",
            event::INCIDENT_REPORTED,
            "Who carries goods reports an incident to an office",
            "IncidentReportedData",
            schema::<IncidentReportedData>(),
        ),
        entry(
            "webhookTested",
            event::WEBHOOK_TESTED,
            "The owner of a webhook tests it",
            "WebhookTestedData",
            schema::<WebhookTestedData>(),
        ),
    ]
}

fn schema<T: PartialSchema>() -> Value {
    serde_json::to_value(T::schema()).unwrap_or_default()
}

fn reference(place: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/{place}/{name}") })
}

fn message(entry: &Entry) -> Value {
    json!({
        "name": entry.kind,
        "title": entry.title,
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                reference("components/schemas", "CloudEvent"),
                {
                    "type": "object",
                    "properties": {
                        "type": { "const": entry.kind },
                        "data": reference("components/schemas", entry.data_name)
                    }
                }
            ]
        }
    })
}

fn operation(channel: &str, summary: &str) -> Value {
    json!({ "action": "send", "channel": reference("channels", channel), "summary": summary })
}

fn headers() -> Value {
    json!({
        "type": "object",
        "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
        "properties": {
            "webhook-id": {
                "type": "string",
                "description": "Identity of the event, the same on every attempt."
            },
            "webhook-timestamp": {
                "type": "string",
                "pattern": "^[0-9]+$",
                "description": "When this attempt was made, in seconds since 1970."
            },
            "webhook-signature": {
                "type": "string",
                "description": "One or more signatures, separated by spaces: v1, a comma and the Base64 of \
                    the HMAC-SHA256 of id, timestamp and body joined by full stops."
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_event_is_described_once() {
        let kinds: Vec<_> = catalogue().iter().map(|entry| entry.kind).collect();
        for kind in event::TYPES.iter().chain([&event::WEBHOOK_TESTED]) {
            assert_eq!(kinds.iter().filter(|known| *known == kind).count(), 1, "{kind}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = asyncapi();
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            if let Some(target) = value["$ref"].as_str() {
                assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
            }
            match value {
                Value::Object(fields) => open.extend(fields.values()),
                Value::Array(items) => open.extend(items),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
    }
}
