//! Deadlines and names that an administration sets.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// The settings of declarations.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Country of the national transit application, as in `NTA.KZ`.
    pub country: String,
    /// For how many seconds a guarantee may be amended before the movement is not released.
    pub guarantee_amendment_s: u32,
    /// For how many seconds a pre-lodged declaration waits for presentation.
    pub presentation_s: u32,
    /// After how many seconds the goods of an authorised consignor are released without a control.
    pub simplified_release_s: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            country: "KZ".to_owned(),
            guarantee_amendment_s: 3_600,
            presentation_s: 30 * 86_400,
            simplified_release_s: 2_700,
        }
    }
}

impl Settings {
    /// A deadline as a length of time.
    pub(crate) fn seconds(seconds: u32) -> TimeDelta {
        TimeDelta::seconds(i64::from(seconds))
    }
}
