//! What administrators can ask: dead letters of each service, and the clock of a sandbox.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::{Permission, UseCase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Permission to see and replay dead letters.
pub const OPERATE: Permission = "bus:operate";

/// A message that could not be acted on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetter {
    /// The message.
    pub id: Uuid,
    /// Its name on the bus, such as `guarantees.hold`.
    #[schema(max_length = 100)]
    pub name: String,
    /// `command`, `reply` or `event`.
    #[schema(max_length = 10)]
    pub kind: String,
    /// The aggregate within which its order is kept.
    #[schema(max_length = 200)]
    pub aggregate: String,
    /// The saga it belongs to, if any.
    pub saga: Option<Uuid>,
    /// Links everything that followed from one request of a client.
    #[schema(max_length = 255)]
    pub correlation_id: String,
    /// When it was said.
    pub occurred_at: DateTime<Utc>,
    /// Why it was parked.
    pub reason: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was parked.
    pub parked_at: DateTime<Utc>,
    /// Its content as JSON text.
    pub body: String,
}

/// A part of the dead letters of a service.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeadLetterPage {
    /// The dead letters.
    #[schema(max_items = 100)]
    pub items: Vec<DeadLetter>,
    /// Where to go on, if there is more.
    #[schema(max_length = 200)]
    pub next: Option<String>,
}

macro_rules! services {
    ($($(#[$doc:meta])* $service:ident = $name:literal;)*) => {
        /// A service whose dead letters can be seen.
        #[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum SuiteService { $($(#[$doc])* $service,)* }

        impl SuiteService {
            /// Every service, by name.
            pub const ALL: &'static [Self] = &[$(Self::$service),*];

            /// The use case that lists its dead letters.
            #[must_use]
            pub const fn list(self) -> &'static str {
                match self { $(Self::$service => concat!($name, ".list-dead-letters"),)* }
            }

            /// The use case that reads one of its dead letters.
            #[must_use]
            pub const fn read(self) -> &'static str {
                match self { $(Self::$service => concat!($name, ".read-dead-letter"),)* }
            }

            /// The use case that replays one of its dead letters.
            #[must_use]
            pub const fn replay(self) -> &'static str {
                match self { $(Self::$service => concat!($name, ".replay-dead-letter"),)* }
            }
        }
    };
}

services! {
    /// Declarations.
    Declarations = "declarations";
    /// Guarantees.
    Guarantees = "guarantees";
    /// References.
    References = "references";
    /// The participant's desk.
    WebBroker = "web-broker";
    /// Notifications.
    Notifications = "notifications";
    /// Statistics.
    Statistics = "statistics";
}

/// List the messages that a service could not act on, oldest first.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDeadLetters {
    /// The service.
    pub service: SuiteService,
    /// How many at most, 1 to 100; 20 without it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Only what stands behind this cursor.
    #[serde(default)]
    pub after: Option<Uuid>,
}

/// Read a message that a service could not act on.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadDeadLetter {
    /// The service.
    pub service: SuiteService,
    /// The message.
    pub id: Uuid,
}

/// Try a message again that a service could not act on: what takes effect leaves the list.
#[derive(Clone, Copy, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReplayDeadLetter {
    /// The service.
    pub service: SuiteService,
    /// The message.
    pub id: Uuid,
}

/// Move the clock of a sandbox forward.
#[derive(Clone, Copy, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdvanceClock {
    /// By how many seconds; at most ten years.
    #[schema(minimum = 0, maximum = 315_360_000)]
    pub seconds: i64,
}

impl UseCase for AdvanceClock {
    type Output = SandboxClock;
    const NAME: &'static str = "sandbox.advance-clock";
    const NEEDS: Permission = "sandbox:operate";
}

/// What the clock of a sandbox shows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SandboxClock {
    /// The present instant of business.
    pub now: DateTime<Utc>,
    /// By how many seconds it is ahead of the machine's clock.
    pub ahead_seconds: i64,
}
