//! Following goods by their number, without log-in.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::{UseCase, role::ANYONE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::OfficeRecord;

/// Follow a movement by its number, as anybody may who holds the number in hands: where the goods are, and which
/// offices have seen them. Nothing is told of parties, goods, guarantees, controls or debts.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FollowMovement {
    /// Movement reference number, with its check digit.
    #[schema(min_length = 18, max_length = 18)]
    pub mrn: String,
}

impl UseCase for FollowMovement {
    type Output = FollowedMovement;
    const NAME: &'static str = "declarations.follow-movement";
    const NEEDS: &'static str = ANYONE;
}

/// How far goods are, as the public may know it.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JourneyStage {
    /// The declaration is accepted, the goods are not released yet.
    Accepted,
    /// The goods are on their way.
    OnTheWay,
    /// The time limit has passed and the goods have not arrived.
    Overdue,
    /// The goods are at an office of destination.
    Arrived,
    /// The procedure has ended in order.
    Discharged,
    /// The goods were never released, or the declaration was taken back.
    Ended,
}

/// A movement as the public may follow it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FollowedMovement {
    /// Movement reference number.
    #[schema(max_length = 18)]
    pub mrn: String,
    /// How far the goods are.
    pub stage: JourneyStage,
    /// Office of departure.
    #[schema(max_length = 8)]
    pub departure_office: String,
    /// Office of destination, as declared.
    #[schema(max_length = 8)]
    pub destination_office: String,
    /// When the goods were released.
    pub released_at: Option<DateTime<Utc>>,
    /// The offices on the way in the order of the journey, from the release on.
    #[schema(max_items = 100)]
    pub offices: Vec<OfficeRecord>,
}
