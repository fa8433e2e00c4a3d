//! Preferences: which kinds of event are told aloud at the desk; the box itself always has everything.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::{Permission, UseCase};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const CONFIGURE: Permission = "notification:configure";

/// Read which kinds of event the caller's organisation is told of at the desk.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadPreferences {}

impl UseCase for ReadPreferences {
    type Output = NotificationPreferences;
    const NAME: &'static str = "notifications.read-preferences";
    const NEEDS: Permission = CONFIGURE;
}

/// Say of which kinds of event the caller's organisation is not told at the desk, from now on.
///
/// They still come into the box, as acknowledged already, and go to the webhooks that want them.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavePreferences {
    /// The kinds that are quiet; nothing else is.
    #[schema(max_items = 20)]
    pub quiet: Vec<String>,
}

impl UseCase for SavePreferences {
    type Output = NotificationPreferences;
    const NAME: &'static str = "notifications.save-preferences";
    const NEEDS: Permission = CONFIGURE;
}

/// How an organisation is told of each kind of event.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationPreferences {
    /// Every kind that a participant can be told of, in the order of the catalogue.
    #[schema(max_items = 20)]
    pub kinds: Vec<KindPreference>,
}

/// How one kind of event is told.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KindPreference {
    /// Type of the event.
    #[schema(max_length = 100)]
    pub kind: String,
    /// Whether it counts as unread at the desk.
    pub aloud: bool,
}
