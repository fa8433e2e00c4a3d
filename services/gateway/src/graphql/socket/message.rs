//! What is said on a socket, both ways.

use serde_json::{Value, json};

use crate::input::json as strict;

/// What a client says.
#[derive(Debug, PartialEq)]
pub(super) enum FromClient {
    /// The first word, with parameters such as a token.
    Init(Value),
    /// Are you there?
    Ping,
    /// I am.
    Pong,
    /// Begin an operation.
    Subscribe(String, Value),
    /// End an operation.
    Complete(String),
}

impl FromClient {
    /// The message in `text`, or why it is none.
    pub(super) fn read(text: &str, depth_max: usize) -> Result<Self, &'static str> {
        let value = strict::read(text.as_bytes(), depth_max).map_err(|_| "Invalid message received")?;
        let id = || value.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
        let payload = || value.get("payload").cloned().unwrap_or_default();
        match value.get("type").and_then(Value::as_str) {
            Some("connection_init") => Ok(Self::Init(payload())),
            Some("ping") => Ok(Self::Ping),
            Some("pong") => Ok(Self::Pong),
            Some("subscribe") if payload().get("query").is_some_and(Value::is_string) => {
                id().map(|id| Self::Subscribe(id, payload())).ok_or("Message is missing the 'id' property")
            }
            Some("subscribe") => Err("\"subscribe\" message expects a 'payload' with a 'query'"),
            Some("complete") => id().map(Self::Complete).ok_or("Message is missing the 'id' property"),
            Some(_) => Err("Message type is not known"),
            None => Err("Message is missing the 'type' property"),
        }
    }
}

/// What the server says.
#[derive(Debug)]
pub(super) enum FromServer {
    /// Welcome.
    Ack,
    /// I am here.
    Pong,
    /// A result of an operation.
    Next(String, Value),
    /// An operation was never begun, and why.
    Error(String, Value),
    /// An operation is over.
    Complete(String),
}

impl FromServer {
    /// The message as text.
    pub(super) fn text(&self) -> String {
        let message = match self {
            Self::Ack => json!({"type": "connection_ack"}),
            Self::Pong => json!({"type": "pong"}),
            Self::Next(id, payload) => json!({"type": "next", "id": id, "payload": payload}),
            Self::Error(id, payload) => json!({"type": "error", "id": id, "payload": payload}),
            Self::Complete(id) => json!({"type": "complete", "id": id}),
        };
        message.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_protocol_are_read() {
        let read = |text: &str| FromClient::read(text, 8);
        assert_eq!(read(r#"{"type":"connection_init"}"#), Ok(FromClient::Init(Value::Null)));
        assert_eq!(read(r#"{"type":"ping","payload":{}}"#), Ok(FromClient::Ping));
        assert_eq!(read(r#"{"type":"complete","id":"1"}"#), Ok(FromClient::Complete("1".to_owned())));
        let subscribe = read(r#"{"type":"subscribe","id":"1","payload":{"query":"{a}"}}"#);
        assert_eq!(subscribe, Ok(FromClient::Subscribe("1".to_owned(), json!({"query": "{a}"}))));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "[]",
            "1",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"ping","type":"pong"}"#,
        ] {
            assert!(FromClient::read(text, 8).is_err(), "{text}");
        }
    }
}
