//! What clients of the CTC Traders API send in addresses and read in answers.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Nothing stands in the address of a new movement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMovement {}

macro_rules! addresses {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub(super) struct $name { $($(#[$fdoc])* pub(super) $field: $type,)* }
    )*};
}

addresses! {
    /// List the movements of the last 60 days, latest change first.
    MovementsAsked {
        /// Only changed since.
        updated_since: Option<DateTime<Utc>>,
        /// Only changed until.
        received_until: Option<DateTime<Utc>>,
        /// Only with this movement reference number.
        #[schema(max_length = 18)]
        movement_reference_number: Option<String>,
        /// Only with this local reference number.
        #[schema(max_length = 22)]
        local_reference_number: Option<String>,
        /// Only of this holder.
        #[serde(rename = "movementEORI")]
        #[schema(max_length = 17)]
        movement_eori: Option<String>,
        /// Which page, from 1.
        #[schema(minimum = 1, maximum = 1000)]
        page: Option<i32>,
        /// How many on a page; 25 unless said.
        #[schema(minimum = 1, maximum = 100)]
        count: Option<i32>,
    }
    /// See one departure.
    DepartureAsked {
        /// The departure.
        departure_id: Uuid,
    }
    /// See one arrival.
    ArrivalAsked {
        /// The arrival.
        arrival_id: Uuid,
    }
    /// List the messages of a departure.
    DepartureMessagesAsked {
        /// The departure.
        departure_id: Uuid,
        /// Only received since.
        received_since: Option<DateTime<Utc>>,
        /// Only received until.
        received_until: Option<DateTime<Utc>>,
        /// Which page, from 1.
        #[schema(minimum = 1, maximum = 1000)]
        page: Option<i32>,
        /// How many on a page; 25 unless said.
        #[schema(minimum = 1, maximum = 100)]
        count: Option<i32>,
    }
    /// List the messages of an arrival.
    ArrivalMessagesAsked {
        /// The arrival.
        arrival_id: Uuid,
        /// Only received since.
        received_since: Option<DateTime<Utc>>,
        /// Only received until.
        received_until: Option<DateTime<Utc>>,
        /// Which page, from 1.
        #[schema(minimum = 1, maximum = 1000)]
        page: Option<i32>,
        /// How many on a page; 25 unless said.
        #[schema(minimum = 1, maximum = 100)]
        count: Option<i32>,
    }
    /// See one message of a departure.
    DepartureMessageAsked {
        /// The departure.
        departure_id: Uuid,
        /// The message.
        message_id: Uuid,
    }
    /// See one message of an arrival.
    ArrivalMessageAsked {
        /// The arrival.
        arrival_id: Uuid,
        /// The message.
        message_id: Uuid,
    }
}

/// Where something is found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Link {
    /// The address.
    #[schema(max_length = 200)]
    pub(super) href: String,
}

/// Links by name.
pub(super) type Links = BTreeMap<&'static str, Link>;

/// The links of the names and addresses in `pairs`.
pub(super) fn links<const N: usize>(pairs: [(&'static str, String); N]) -> Links {
    pairs.into_iter().map(|(name, href)| (name, Link { href })).collect()
}

macro_rules! taken {
    ($($(#[$doc:meta])* $name:ident by $id:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub(super) struct $name {
            /// Where it is found.
            #[serde(rename = "_links")]
            #[schema(value_type = BTreeMap<String, Link>)]
            pub(super) links: Links,
            /// The movement.
            pub(super) $id: Uuid,
            /// The message that was taken in.
            pub(super) message_id: Uuid,
        }
    )*};
}

taken! {
    /// A message about a departure was taken in.
    DepartureTaken by departure_id;
    /// A message about an arrival was taken in.
    ArrivalTaken by arrival_id;
}

/// One movement of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MovementSummary {
    /// Where it is found.
    #[serde(rename = "_links")]
    #[schema(value_type = BTreeMap<String, Link>)]
    pub(super) links: Links,
    /// The movement.
    pub(super) id: Uuid,
    /// Movement reference number, once allocated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 18)]
    pub(super) movement_reference_number: Option<String>,
    /// Local reference number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 22)]
    pub(super) local_reference_number: Option<String>,
    /// When it began.
    pub(super) created: DateTime<Utc>,
    /// When it last changed.
    pub(super) updated: DateTime<Utc>,
    /// The holder of the transit procedure, or the trader at destination.
    #[serde(rename = "movementEORINumber")]
    #[schema(max_length = 17)]
    pub(super) movement_eori: String,
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident of $field:ident: $item:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub(super) struct $name {
            /// Where it is found.
            #[serde(rename = "_links")]
            #[schema(value_type = BTreeMap<String, Link>)]
            pub(super) links: Links,
            /// How many there are on all pages.
            #[schema(minimum = 0)]
            pub(super) total_count: i32,
            /// Those on this page.
            #[schema(max_items = 100)]
            pub(super) $field: Vec<$item>,
        }
    )*};
}

lists! {
    /// A page of departures.
    DepartureList of departures: MovementSummary;
    /// A page of arrivals.
    ArrivalList of arrivals: MovementSummary;
    /// A page of messages.
    MessageList of messages: MessageSummary;
}

/// One message.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MessageSummary {
    /// Where it is found.
    #[serde(rename = "_links")]
    #[schema(value_type = BTreeMap<String, Link>)]
    pub(super) links: Links,
    /// The message.
    pub(super) id: Uuid,
    /// The departure it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) departure_id: Option<Uuid>,
    /// The arrival it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arrival_id: Option<Uuid>,
    /// When it was received or issued.
    pub(super) received: DateTime<Utc>,
    /// Type, such as `IE029`.
    #[serde(rename = "type")]
    #[schema(max_length = 10)]
    pub(super) kind: String,
    /// `Success` or `Failed`.
    #[schema(max_length = 20)]
    pub(super) status: String,
    /// The body, for one message: an object where JSON is accepted, a text with XML otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub(super) body: Option<serde_json::Value>,
}
