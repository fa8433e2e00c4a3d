//! Applications: a newcomer asks to be entered into the register, an administrator decides.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{NationalNumber, PartyKind};

/// Take in the application of a newcomer whose certificate the gateway has verified.
///
/// Refused with `already-registered` where the person acts for the organisation already, and with
/// `application-open` where an earlier application waits for a decision.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceiveApplication {
    /// The person's number, as the certificate names it.
    pub person: NationalNumber,
    /// The person's name, as the certificate names it.
    #[schema(max_length = 200)]
    pub person_name: String,
    /// The organisation's number, as the certificate names it; the person's own for a sole trader.
    pub organisation: NationalNumber,
    /// EORI of the organisation.
    #[schema(min_length = 3, max_length = 17)]
    pub eori: String,
    /// Name of the organisation as registered.
    #[schema(min_length = 1, max_length = 200)]
    pub organisation_name: String,
    /// Its address, from street to town; at most 5 lines.
    #[schema(max_items = 5)]
    pub address_lines: Vec<String>,
    /// What it does before customs, and what the person will be there; never customs itself.
    #[schema(min_items = 1, max_items = 4)]
    pub kinds: Vec<PartyKind>,
}

impl UseCase for ReceiveApplication {
    type Output = Application;
    const NAME: &'static str = "web-broker.receive-application";
    const NEEDS: &'static str = "identity:resolve";
}

/// See the applications of newcomers, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListApplications {
    /// Only those in this state.
    #[serde(default)]
    pub state: Option<ApplicationState>,
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListApplications {
    type Output = ApplicationPage;
    const NAME: &'static str = "web-broker.list-applications";
    const NEEDS: &'static str = "organisation:write";
}

/// Enter a newcomer into the register: the organisation and the person where they are not there yet, and that the
/// person acts for it.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApproveApplication {
    /// The application.
    pub application_id: Uuid,
}

impl UseCase for ApproveApplication {
    type Output = Application;
    const NAME: &'static str = "web-broker.approve-application";
    const NEEDS: &'static str = "organisation:write";
}

/// Turn an application down; the newcomer may apply anew.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RejectApplication {
    /// The application.
    pub application_id: Uuid,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

impl UseCase for RejectApplication {
    type Output = Application;
    const NAME: &'static str = "web-broker.reject-application";
    const NEEDS: &'static str = "organisation:write";
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationState {
    /// It waits for an administrator.
    Submitted,
    /// The newcomer was entered into the register.
    Approved,
    /// It was turned down.
    Rejected,
}

/// A newcomer's application.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The application.
    pub id: Uuid,
    /// Where it stands.
    pub state: ApplicationState,
    /// The person's number, as the certificate named it.
    pub person: NationalNumber,
    /// The person's name, as the certificate named it.
    pub person_name: String,
    /// The organisation's number, as the certificate named it.
    pub organisation: NationalNumber,
    /// Name of the organisation.
    pub organisation_name: String,
    /// EORI of the organisation.
    pub eori: String,
    /// Its address, from street to town.
    pub address_lines: Vec<String>,
    /// Country of its seat.
    pub country: String,
    /// What it does before customs.
    pub kinds: Vec<PartyKind>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was turned down.
    pub reason: Option<String>,
}

/// A part of the applications.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationPage {
    /// The applications.
    pub items: Vec<Application>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}
