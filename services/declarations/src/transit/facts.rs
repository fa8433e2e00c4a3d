//! The facts of a declaration that customs acts on, read from its document.

use customs_guarantees_contract::bus::HoldPart;
use customs_kernel::{Eori, Money};
use customs_messages::{Document, NodeRef};

/// How much of the description of goods a list shows.
const GOODS_LENGTH: usize = 100;

/// What customs acts on.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeclarationFacts {
    /// Local reference number.
    pub(crate) lrn: String,
    /// Identification of the holder, where the declaration names one.
    pub(crate) holder: Option<Eori>,
    /// Identification of the representative, if there is one.
    pub(crate) representative: Option<Eori>,
    /// Identification of the carrier, where the declaration names one.
    pub(crate) carrier: Option<Eori>,
    /// What the first goods item is.
    pub(crate) goods: Option<String>,
    /// The vehicle at departure, or else at the border.
    pub(crate) vehicle: Option<String>,
    /// Declaration type.
    pub(crate) declaration_type: String,
    /// Additional declaration type.
    pub(crate) additional_type: String,
    /// Whether it is sent under an authorisation C521.
    pub(crate) simplified: bool,
    /// Types of the authorisations it is sent under.
    pub(crate) authorisations: Vec<String>,
    /// Office of departure.
    pub(crate) departure_office: String,
    /// Declared office of destination.
    pub(crate) destination_office: String,
    /// Offices of exit for transit, in order.
    pub(crate) exits: Vec<String>,
    /// Offices of transit, in order.
    pub(crate) transits: Vec<String>,
    /// Number of goods items.
    pub(crate) items: i32,
    /// Gross mass in millionths of a kilogram.
    pub(crate) gross_mass_micro: i64,
    /// Six-digit codes of the goods.
    pub(crate) commodity_codes: Vec<String>,
    /// What is to be held of which guarantee.
    pub(crate) guarantees: Vec<HoldPart>,
}

impl DeclarationFacts {
    /// The facts in `document`, an IE015 or IE013; what is absent stays empty, the rules have judged it.
    pub(crate) fn of(document: &Document) -> Self {
        let text = |path: &str| document.text(path).unwrap_or_default().to_owned();
        let eori = |path: &str| document.text(path).and_then(|text| text.parse().ok());
        let offices = |group: &str| {
            document
                .groups(group)
                .into_iter()
                .filter_map(|node| node.text_at("referenceNumber"))
                .map(str::to_owned)
                .collect()
        };
        let items: Vec<NodeRef<'_>> = document.groups("Consignment/HouseConsignment/ConsignmentItem");
        let code = |item: &NodeRef<'_>| {
            item.text_at("Commodity/CommodityCode/harmonizedSystemSubHeadingCode").map(str::to_owned)
        };
        Self {
            lrn: text("TransitOperation/LRN"),
            holder: eori("HolderOfTheTransitProcedure/identificationNumber"),
            representative: eori("Representative/identificationNumber"),
            carrier: eori("Consignment/Carrier/identificationNumber"),
            goods: items.first().and_then(|item| item.text_at("Commodity/descriptionOfGoods")).map(shortened),
            vehicle: vehicle(document),
            declaration_type: text("TransitOperation/declarationType"),
            additional_type: text("TransitOperation/additionalDeclarationType"),
            simplified: document
                .groups("Authorisation")
                .iter()
                .any(|node| node.text_at("type") == Some("C521")),
            authorisations: document
                .groups("Authorisation")
                .iter()
                .filter_map(|node| node.text_at("type"))
                .map(str::to_owned)
                .collect(),
            departure_office: text("CustomsOfficeOfDeparture/referenceNumber"),
            destination_office: text("CustomsOfficeOfDestinationDeclared/referenceNumber"),
            exits: offices("CustomsOfficeOfExitForTransitDeclared"),
            transits: offices("CustomsOfficeOfTransitDeclared"),
            gross_mass_micro: micro(document.text("Consignment/grossMass").unwrap_or_default()),
            commodity_codes: items.iter().filter_map(code).collect(),
            items: i32::try_from(items.len()).unwrap_or(i32::MAX),
            guarantees: guarantees(document),
        }
    }

    /// Countries of the offices of transit, in order, each once.
    pub(crate) fn transit_countries(&self) -> Vec<String> {
        let mut countries: Vec<String> = Vec::new();
        for office in &self.transits {
            let country = office.get(..2).unwrap_or_default().to_owned();
            if countries.last() != Some(&country) {
                countries.push(country);
            }
        }
        countries
    }

    /// Countries in which the guarantees must be valid: those of transit and of destination.
    pub(crate) fn guarantee_countries(&self) -> Vec<String> {
        let mut countries = self.transit_countries();
        countries.push(self.destination_office.get(..2).unwrap_or_default().to_owned());
        countries.sort();
        countries.dedup();
        countries
    }
}

/// The first vehicle at departure, or else at the border.
fn vehicle(document: &Document) -> Option<String> {
    ["Consignment/DepartureTransportMeans", "Consignment/ActiveBorderTransportMeans"]
        .iter()
        .flat_map(|group| document.groups(group))
        .find_map(|means| means.text_at("identificationNumber"))
        .map(str::to_owned)
}

/// The beginning of a description, as long as a list shows it.
fn shortened(text: &str) -> String {
    text.chars().take(GOODS_LENGTH).collect()
}

fn guarantees(document: &Document) -> Vec<HoldPart> {
    let mut parts = Vec::new();
    for guarantee in document.groups("Guarantee") {
        let text = |name: &str| guarantee.text_at(name).map(str::to_owned);
        let guarantee_type = text("guaranteeType").unwrap_or_default();
        let references = guarantee.groups("GuaranteeReference");
        if references.is_empty() {
            let other_reference = text("otherGuaranteeReference");
            parts.push(HoldPart {
                guarantee_type,
                grn: None,
                access_code: None,
                other_reference,
                amount: None,
            });
            continue;
        }
        for reference in references {
            parts.push(HoldPart {
                guarantee_type: guarantee_type.clone(),
                grn: reference.text_at("GRN").map(str::to_owned),
                access_code: reference.text_at("accessCode").map(str::to_owned),
                other_reference: text("otherGuaranteeReference"),
                amount: amount(reference),
            });
        }
    }
    parts
}

fn amount(reference: NodeRef<'_>) -> Option<Money> {
    let currency = reference.text_at("currency")?.parse().ok()?;
    Money::parse(reference.text_at("amountToBeCovered")?, currency).ok()
}

/// A mass of at most six decimal places in millionths of a kilogram; what does not fit counts as the most.
fn micro(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<6}").parse().unwrap_or(if text.is_empty() { 0 } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mass_is_read_exactly() {
        for (text, want) in [("12.5", 12_500_000), ("0.000001", 1), ("7", 7_000_000), ("", 0)] {
            assert_eq!(micro(text), want, "{text}");
        }
    }
}
