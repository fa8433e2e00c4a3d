//! What the code on a paper says, so that it can be held against the paper and the goods without any line to customs.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use customs_messages::{Document, write_xml};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How many seals are named; of more, only the number counts.
const SEALS_MAX: usize = 6;

/// The digest of a release for transit (IE029).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// Movement reference number.
    pub mrn: String,
    /// Office of departure.
    pub departure: String,
    /// Office of destination.
    pub destination: String,
    /// Day of the release, `YYYY-MM-DD`.
    pub released: String,
    /// Day by which the goods are to be there, where one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Identification of the holder of the transit procedure.
    pub holder: String,
    /// Number of goods items.
    pub items: usize,
    /// Gross mass in kilograms, as declared.
    pub gross: String,
    /// Marks of the first seals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<String>,
    /// SHA-256 of the message of release in XML, as it was issued (Base64url).
    pub sha256: String,
}

impl Digest {
    /// The digest of `release`, an IE029.
    pub fn of(release: &Document) -> Self {
        let text = |path: &str| release.text(path).unwrap_or_default().to_owned();
        let some = |path: &str| release.text(path).map(str::to_owned);
        let seals = release.groups("Consignment/TransportEquipment/Seal/identifier");
        Self {
            mrn: text("TransitOperation/MRN"),
            departure: text("CustomsOfficeOfDeparture/referenceNumber"),
            destination: text("CustomsOfficeOfDestinationDeclared/referenceNumber"),
            released: text("TransitOperation/releaseDate"),
            limit: some("TransitOperation/limitDate"),
            holder: text("HolderOfTheTransitProcedure/identificationNumber"),
            items: release.groups("Consignment/HouseConsignment/ConsignmentItem").len(),
            gross: text("Consignment/grossMass"),
            seals: seals.iter().filter_map(|seal| seal.text()).take(SEALS_MAX).map(str::to_owned).collect(),
            sha256: URL_SAFE_NO_PAD.encode(Sha256::digest(write_xml(release))),
        }
    }

    /// The digest as it is sealed: JSON without spaces.
    pub fn content(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
