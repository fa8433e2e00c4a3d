//! Deadlines, signers and customs of a country that an administration sets.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    archive::ArchiveSettings,
    transit::{GUARANTEE_TYPES, SIGNED_BY, Signer},
};

/// The settings of declarations; every deadline in seconds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Country of the national transit application, as in `NTA.KZ`.
    pub country: String,
    /// Countries of departure whose officers accept declarations of the normal procedure, and decide on withdrawals
    /// of accepted ones, themselves; elsewhere the system does.
    pub officers_decide_in: Vec<String>,
    /// How long a pre-lodged declaration waits for presentation.
    pub presentation_s: u32,
    /// How long a guarantee may be amended before the movement is not released.
    pub guarantee_amendment_s: u32,
    /// How long the declarant has for an amendment that an officer has asked for.
    pub amendment_request_s: u32,
    /// How long the holder has to say whether goods with minor discrepancies shall go.
    pub release_request_s: u32,
    /// After how long the goods of an authorised consignor are released without a control; 0: at once.
    pub simplified_release_s: u32,
    /// After how long a release that an officer has not decided is called to mind.
    pub release_decision_s: u32,
    /// How long the journey may take where the declaration names no limit date.
    pub transit_s: u32,
    /// How long after the time limit the offices are asked before the holder is (IE140).
    pub enquiry_s: u32,
    /// How long the holder has for an answer (IE141).
    pub enquiry_answer_s: u32,
    /// How long after the enquiry was opened the debt is recovered: seven months.
    pub recovery_s: u32,
    /// How long major discrepancies may be solved before the debt is recovered.
    pub discrepancies_s: u32,
    /// How long the holder has to pay before the guarantor is called.
    pub debt_s: u32,
    /// How long the trader at destination has for unloading remarks.
    pub unloading_remarks_s: u32,
    /// After how long conform unloading remarks of an authorised consignee are considered satisfactory (A2) without
    /// a control; 0: at once.
    pub conform_release_s: u32,
    /// Who signs a type of message, such as `CC013C`, where it is more than somebody who acts for the participant: a
    /// different person for each entry.
    pub signed_by: BTreeMap<String, Vec<Signer>>,
    /// Who signs a declaration or amendment that declares a type of guarantee (CL251), such as `0` for a waiver: a
    /// different person for each entry, beside what the type of message asks for.
    pub signed_by_guarantee: BTreeMap<String, Vec<Signer>>,
    /// How evidence of signatures is archived.
    pub archive: ArchiveSettings,
}

const DAY_S: u32 = 86_400;

impl Default for Settings {
    fn default() -> Self {
        Self {
            country: "KZ".to_owned(),
            officers_decide_in: vec!["GB".to_owned(), "XI".to_owned()],
            presentation_s: 30 * DAY_S,
            guarantee_amendment_s: 3_600,
            amendment_request_s: 7 * DAY_S,
            release_request_s: 7 * DAY_S,
            simplified_release_s: 2_700,
            release_decision_s: 3 * DAY_S,
            transit_s: 8 * DAY_S,
            enquiry_s: 7 * DAY_S,
            enquiry_answer_s: 28 * DAY_S,
            recovery_s: 213 * DAY_S,
            discrepancies_s: 30 * DAY_S,
            debt_s: 30 * DAY_S,
            unloading_remarks_s: 3 * DAY_S,
            conform_release_s: 900,
            signed_by: BTreeMap::new(),
            signed_by_guarantee: BTreeMap::new(),
            archive: ArchiveSettings::default(),
        }
    }
}

impl Settings {
    /// A deadline as a length of time.
    pub(crate) fn seconds(seconds: u32) -> TimeDelta {
        TimeDelta::seconds(i64::from(seconds))
    }

    /// Types of message in `signed_by` that no participant sends: mistyped, they would let one signature do.
    #[must_use]
    pub fn unknown_messages(&self) -> Vec<&str> {
        let known = |name: &str| SIGNED_BY.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        self.signed_by.keys().map(String::as_str).filter(|name| !known(name)).collect()
    }

    /// Types of guarantee in `signed_by_guarantee` that nobody can declare.
    #[must_use]
    pub fn unknown_guarantees(&self) -> Vec<&str> {
        let known = |name: &str| GUARANTEE_TYPES.iter().any(|known| known.eq_ignore_ascii_case(name));
        self.signed_by_guarantee.keys().map(String::as_str).filter(|name| !known(name)).collect()
    }

    /// Whether officers decide on acceptance and withdrawal at the office of departure `office`.
    pub(crate) fn officers_decide_at(&self, office: &str) -> bool {
        office.get(..2).is_some_and(|country| self.officers_decide_in.iter().any(|own| own == country))
    }
}
