//! What who carries the goods tells on the way.

use async_graphql::{InputObject, SimpleObject};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    offices::{IncidentEquipment, IncidentPlace, IncidentTranshipment},
    views::Movement,
};

/// Report an incident on the way to an office of the movement, which registers it; by the carrier that the declaration names
/// or the holder of the procedure.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportIncident {
    /// The movement.
    pub movement: Uuid,
    /// The office that is nearest, one of those that the movement concerns.
    #[schema(min_length = 8, max_length = 8)]
    pub office: String,
    /// Code: 1 deviation, 2 seals, 3 transhipment, 4 imminent danger, 5 other, 6 means of transport changed,
    /// 7 seals renewed by customs, 8 transhipment without supervision.
    #[schema(pattern = "^[1-8]$")]
    pub code: String,
    /// What has happened.
    #[schema(min_length = 1, max_length = 512)]
    pub text: String,
    /// Where it happened.
    pub place: IncidentPlace,
    /// Equipment and seals as they are now: with codes 2, 4 and 7.
    #[serde(default)]
    #[schema(max_items = 99)]
    pub equipment: Option<Vec<IncidentEquipment>>,
    /// The means of transport that carries on: with codes 3, 6 and 8.
    #[serde(default)]
    pub transhipment: Option<IncidentTranshipment>,
}

impl UseCase for ReportIncident {
    type Output = Movement;
    const NAME: &'static str = "declarations.report-incident";
    const NEEDS: &'static str = "movement:report-incident";
}

/// What an incident was like, beside its code and text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IncidentCircumstances {
    /// Where it happened.
    pub place: IncidentPlace,
    /// Equipment and seals after it.
    pub equipment: Vec<IncidentEquipment>,
    /// The means of transport that carries on, where it is another one.
    pub transhipment: Option<IncidentTranshipment>,
}
