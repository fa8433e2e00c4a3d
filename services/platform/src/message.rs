//! What travels on the bus: commands, replies and events.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::Failure;

/// What a message is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An order to one service.
    Command,
    /// The answer to a command.
    Reply,
    /// A fact, for whoever wants to know.
    Event,
}

impl Kind {
    /// The kind as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Reply => "reply",
            Self::Event => "event",
        }
    }
}

/// One message on the bus.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its identity: however often it arrives, it counts once.
    pub id: Uuid,
    /// Service and verb or fact, such as `guarantees.hold` or `guarantees.held`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The aggregate within which order is kept.
    pub aggregate: String,
    /// The saga it belongs to, if any.
    #[serde(default)]
    pub saga: Option<Uuid>,
    /// Links everything that follows from one request of a client.
    pub correlation_id: String,
    /// W3C trace context of the sender.
    #[serde(default)]
    pub traceparent: Option<String>,
    /// When it was said.
    pub occurred_at: DateTime<Utc>,
    /// The content, as JSON text.
    pub body: String,
}

impl Message {
    /// The content as a value of its contract's type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.body).map_err(|error| {
            Failure::Broken(anyhow::anyhow!(error).context(format!("cannot read {}", self.name)))
        })
    }
}

/// In which of `partitions` the messages of `aggregate` travel (FNV-1a, stable across releases).
#[must_use]
pub fn partition(aggregate: &str, partitions: u32) -> u32 {
    let hash = aggregate
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash % partitions.max(1)
}
