//! What officers do at the offices on the way and at destination.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{carriage::IncidentCircumstances, views::Movement};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }
        = $wire:literal needs $permission:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            /// Movement reference number, as read from the accompanying document.
            #[schema(min_length = 18, max_length = 18)]
            pub mrn: String,
            /// The officer's office.
            #[schema(min_length = 8, max_length = 8)]
            pub office: String,
            $($(#[$fdoc])* pub $field: $type,)*
        }

        impl UseCase for $name {
            type Output = Movement;
            const NAME: &'static str = $wire;
            const NEEDS: &'static str = $permission;
        }
    )*};
}

/// A document that a control has asked for or seen.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(input_name = "ControlDocumentInput")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ControlDocument {
    /// Kind by code list `RequestedDocumentType`, such as `N821`.
    #[schema(min_length = 4, max_length = 4)]
    pub document_type: String,
    /// Number or description.
    #[serde(default)]
    #[schema(max_length = 512)]
    pub description: Option<String>,
}

/// What a control at an office on the way has shown.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OfficeControlResult {
    /// The goods may go on.
    Satisfactory,
    /// The goods may not go on.
    Unsatisfactory,
}

/// For what another office takes the place of a declared one.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DivertedRole {
    /// The goods enter the country here.
    Transit,
    /// The goods end their journey here.
    Destination,
}

/// Where an incident happened: exactly one of the three ways to say it (C0460).
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(name = "ToldIncidentPlace", input_name = "IncidentPlace")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentPlace {
    /// Country, two letters.
    #[schema(min_length = 2, max_length = 2)]
    pub country: String,
    /// UN/LOCODE.
    #[serde(default)]
    #[schema(max_length = 17)]
    pub un_locode: Option<String>,
    /// Latitude in decimal degrees, such as `43.25654`.
    #[serde(default)]
    #[schema(max_length = 17)]
    pub latitude: Option<String>,
    /// Longitude in decimal degrees.
    #[serde(default)]
    #[schema(max_length = 17)]
    pub longitude: Option<String>,
    /// Street and number, where an address says it.
    #[serde(default)]
    #[schema(max_length = 70)]
    pub street_and_number: Option<String>,
    /// City, where an address says it.
    #[serde(default)]
    #[schema(max_length = 35)]
    pub city: Option<String>,
}

/// Transport equipment after an incident.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(name = "ToldIncidentEquipment", input_name = "IncidentEquipment")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentEquipment {
    /// Number of the container, if it is one.
    #[serde(default)]
    #[schema(max_length = 17)]
    pub container: Option<String>,
    /// Numbers of the seals that close it now.
    #[schema(max_items = 99)]
    pub seals: Vec<String>,
}

/// The means of transport that carries on after an incident.
#[derive(Clone, Debug, Deserialize, Eq, InputObject, PartialEq, Serialize, SimpleObject, ToSchema)]
#[graphql(name = "ToldIncidentTranshipment", input_name = "IncidentTranshipment")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IncidentTranshipment {
    /// Whether the goods are in containers now.
    pub in_containers: bool,
    /// Type of identification by code list CL750, such as `30`.
    #[schema(min_length = 2, max_length = 2)]
    pub type_of_identification: String,
    /// Identification of the means.
    #[schema(min_length = 1, max_length = 35)]
    pub identification: String,
    /// Nationality, two letters.
    #[schema(min_length = 2, max_length = 2)]
    pub nationality: String,
}

acts! {
    /// Choose goods for a control at the officer's office: of exit, of transit or of destination.
    OrderOfficeControl {
        /// Kind of control by code list `ControlType`: 10 documents, 40 physical ...
        #[schema(min_length = 1, max_length = 3)]
        control_type: String,
        /// Why, for the record.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
    } = "declarations.order-office-control" needs "movement:inspect";

    /// Record the result of a control at an office of exit or transit.
    RecordOfficeControl {
        /// What the control has shown.
        result: OfficeControlResult,
        /// What was found, for the record.
        #[serde(default)]
        #[schema(max_length = 512)]
        remarks: Option<String>,
        /// Numbers of the seals that the office has put on.
        #[serde(default)]
        #[schema(max_items = 99)]
        seals: Option<Vec<String>>,
        /// The documents that were seen.
        #[serde(default)]
        #[schema(max_items = 99)]
        documents: Option<Vec<ControlDocument>>,
    } = "declarations.record-office-control" needs "movement:inspect";

    /// Register an incident on the way; departure, holder (IE182) and guarantor learn of it.
    RecordIncident {
        /// Code: 1 deviation, 2 seals, 3 transhipment, 4 imminent danger, 5 other, 6 means of transport changed,
        /// 7 seals renewed by customs, 8 transhipment without supervision.
        #[schema(pattern = "^[1-8]$")]
        code: String,
        /// What has happened.
        #[schema(min_length = 1, max_length = 512)]
        text: String,
        /// Whether the office endorses it; an incident that is not endorsed is looked into at destination.
        endorsed: bool,
        /// The authority that endorses it, where it is not the office itself.
        #[serde(default)]
        #[schema(max_length = 35)]
        authority: Option<String>,
        /// Where it happened.
        place: IncidentPlace,
        /// Equipment and seals as they are now: with codes 2, 4 and 7.
        #[serde(default)]
        #[schema(max_items = 99)]
        equipment: Option<Vec<IncidentEquipment>>,
        /// The means of transport that carries on: with codes 3, 6 and 8.
        #[serde(default)]
        transhipment: Option<IncidentTranshipment>,
        /// The report of who carries the goods, by its number among the acts, where it is what is registered.
        #[serde(default)]
        #[schema(minimum = 1)]
        report: Option<i64>,
    } = "declarations.record-incident" needs "movement:incident";

    /// Let the officer's office take the place of a declared one of the same role.
    DivertMovement {
        /// For what.
        role: DivertedRole,
        /// Why, for the record.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
    } = "declarations.divert-movement" needs "movement:divert";

    /// Record that goods have arrived for which nobody has sent a notification.
    RecordArrival {} = "declarations.record-arrival" needs "movement:discharge";

    /// Permit the trader at destination to unload (IE043).
    PermitUnloading {} = "declarations.permit-unloading" needs "movement:discharge";
}

/// What officers have done about a movement and what was reported about it, in order.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListActs {
    /// The movement.
    pub movement: Uuid,
    /// How many, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Cursor of the page before.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListActs {
    type Output = MovementActPage;
    const NAME: &'static str = "declarations.list-acts";
    const NEEDS: &'static str = "movement:read";
}

/// One control, incident or other act about a movement.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementAct {
    /// Number within the movement, from 1 without gaps.
    pub number: i64,
    /// `control-ordered`, `control`, `incident-report`, `incident`, `diversion`, `recovery` or `claim`.
    pub kind: String,
    /// At which office, or to which.
    pub office: String,
    /// A code that says more: control result, kind of control, kind of incident, currency.
    pub code: Option<String>,
    /// What was found or told.
    pub text: Option<String>,
    /// Numbers of seals as they are now.
    pub seals: Vec<String>,
    /// Documents asked for or seen.
    pub documents: Vec<ControlDocument>,
    /// Whether an incident was endorsed.
    pub endorsed: Option<bool>,
    /// What an incident was like, beside its code and text.
    pub circumstances: Option<IncidentCircumstances>,
    /// The number of the report that was registered, with an incident that was reported before.
    pub answers: Option<i64>,
    /// The amount, where it is about one.
    pub amount: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A page of acts.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementActPage {
    /// The acts.
    pub items: Vec<MovementAct>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}
