//! Commands that guarantees obeys, its answers and the facts it tells, as they travel on the bus.

use chrono::{DateTime, Utc};
use customs_kernel::{Eori, Money};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Command: hold a part of every guarantee of one movement, all or none (NCTS IE203 for each).
pub const HOLD: &str = "guarantees.hold";
/// Answer: everything is held (IE205 without reasons).
pub const HELD: &str = "guarantees.held";
/// Answer: nothing is held, and why (IE205 with reasons G01 to G13).
pub const HOLD_REFUSED: &str = "guarantees.hold-refused";
/// Command: free whatever a movement still holds (IE204); freeing nothing is no error.
pub const FREE: &str = "guarantees.free";
/// Answer: the movement holds nothing any more.
pub const FREED: &str = "guarantees.freed";
/// Command: call the guarantors of a movement for its debt; what the debt leaves is freed.
pub const CALL: &str = "guarantees.call";
/// Answer: the guarantors are called.
pub const CALLED: &str = "guarantees.called";
/// Answer: nobody is called, and why.
pub const CALL_REFUSED: &str = "guarantees.call-refused";
/// Fact: the use of one guarantee changed; for guarantor and owner.
pub const USE_CHANGED: &str = "guarantees.use-changed";
/// Fact: something has happened to goods that a guarantee covers; for the guarantor.
pub const INCIDENT_TOLD: &str = "guarantees.incident-told";
/// Fact: a guarantee contract changed its state; for guarantor and owner.
pub const GUARANTEE_CHANGED: &str = "guarantees.guarantee-changed";

/// The content of [`HOLD`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// The movement, known to the sender.
    pub movement: Uuid,
    /// Movement reference number: a hold is known by GRN and MRN.
    pub mrn: String,
    /// The holder of the transit procedure, who must own the guarantees (else G04).
    pub holder: Eori,
    /// Countries of transit and destination where the guarantees must be valid (else G08).
    pub countries: Vec<String>,
    /// Raised by each amendment of the guarantees, so that an answer can be told from an earlier one.
    pub attempt: u32,
    /// What to hold, at most 9 by 99.
    pub guarantees: Vec<HoldPart>,
}

/// One guarantee reference of a declaration.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoldPart {
    /// Type by code list CL251.
    pub guarantee_type: String,
    /// Guarantee reference number; absent for the types that have none (CL076).
    pub grn: Option<String>,
    /// Access code, for the types that need one (CL286).
    pub access_code: Option<String>,
    /// Another reference, for types 3 and 8.
    pub other_reference: Option<String>,
    /// The amount to be covered; absent where the declaration names none.
    pub amount: Option<Money>,
}

/// The content of [`HELD`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Held {
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// The attempt that is answered.
    pub attempt: u32,
    /// What is held of each guarantee, and what that leaves of it.
    #[serde(default)]
    pub shares: Vec<HeldShare>,
}

/// What a movement holds of one guarantee, and what that leaves.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldShare {
    /// Guarantee reference number.
    pub grn: String,
    /// Type by code list CL251.
    pub guarantee_type: String,
    /// What the movement holds.
    pub amount: Money,
    /// The amount that the guarantor has undertaken to pay.
    pub insured: Money,
    /// How much of the reference amount that is, in per cent; 0 where the undertaking is waived.
    pub level_percent: i32,
    /// By which authorisation it is less than all.
    pub authorisation: Option<String>,
    /// The reference amount.
    pub reference_amount: Money,
    /// What can still be held.
    pub headroom: Money,
    /// The same in whole per cent of the reference amount, rounded down.
    pub headroom_percent: i32,
    /// The highest threshold of use that is reached, in per cent.
    pub warned_at_percent: Option<i32>,
}

/// The content of [`HOLD_REFUSED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HoldRefused {
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// The attempt that is answered.
    pub attempt: u32,
    /// Every reason, in the order of the declaration.
    pub reasons: Vec<InvalidGuarantee>,
}

/// Why one guarantee cannot be used.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InvalidGuarantee {
    /// Guarantee reference number as declared.
    pub grn: Option<String>,
    /// Position in [`Hold::guarantees`], from 0.
    pub position: u32,
    /// Code of CL252: G01 to G13.
    pub code: String,
    /// The reason in words, without figures that are not the holder's to know.
    pub text: String,
}

/// The content of [`FREE`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Free {
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// Why: `discharged`, `paid`, `cancelled`, `not-released` or `undone`. A discharged movement owes nothing: what its
    /// guarantors were called for is taken back.
    pub reason: String,
}

/// The content of [`FREED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Freed {
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
}

/// The content of [`CALL`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// The debt: spread over what the movement holds in this currency, in the order of the guarantees.
    pub debt: Money,
}

/// The content of [`CALLED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Called {
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// For how much the guarantors are called; the debt, or as much of it as was held.
    pub called: Money,
}

/// The content of [`CALL_REFUSED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallRefused {
    /// The movement.
    pub movement: Uuid,
    /// Its movement reference number.
    pub mrn: String,
    /// Why.
    pub reason: String,
}

/// The content of [`USE_CHANGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UseChanged {
    /// Guarantee reference number.
    pub grn: String,
    /// Who guarantees.
    pub guarantor: Eori,
    /// Who owns the guarantee.
    pub owner: Eori,
    /// The movement's reference number.
    pub mrn: String,
    /// The movement.
    pub movement: Uuid,
    /// The covered amount.
    pub amount: Money,
    /// State of the hold: `placed`, `reduced`, `freed`, `called`.
    pub state: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The content of [`INCIDENT_TOLD`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IncidentTold {
    /// Guarantee reference number.
    pub grn: String,
    /// Who guarantees.
    pub guarantor: Eori,
    /// The movement.
    pub movement: Uuid,
    /// The movement's reference number.
    pub mrn: String,
    /// Code of the incident.
    pub code: String,
    /// Whether the office endorsed it.
    pub endorsed: bool,
    /// The office that registered it.
    pub office: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The content of [`GUARANTEE_CHANGED`].
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GuaranteeChanged {
    /// Guarantee reference number; absent while it is only proposed.
    pub grn: Option<String>,
    /// Who guarantees.
    pub guarantor: Eori,
    /// Who owns the guarantee.
    pub owner: Eori,
    /// The new state, or the present one where only the headroom is told.
    pub state: String,
    /// How much of the reference amount is free, in whole per cent rounded down; told when use reaches a threshold.
    pub headroom_percent: i32,
    /// What is free of the reference amount.
    #[serde(default)]
    pub headroom: Option<Money>,
    /// How much of the reference amount is insured, in per cent.
    #[serde(default)]
    pub level_percent: Option<i32>,
    /// The highest threshold of use that is reached, in per cent.
    #[serde(default)]
    pub warned_at_percent: Option<i32>,
    /// When.
    pub at: DateTime<Utc>,
}
