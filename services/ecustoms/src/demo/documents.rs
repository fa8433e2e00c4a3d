//! The messages that the participants of the demo send, built from a few facts by the tables of the procedure.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use customs_kernel::Money;
use customs_messages::{Document, Draft, Phase, Rejection, definition};

use super::goods::CONSIGNMENT;

/// Office of departure: Almaty.
pub const DEPARTURE: &str = "KZALA001";
/// Where the goods leave Kazakhstan: Kordai.
pub const EXIT_KZ: &str = "KZKRD001";
/// Where they enter Kyrgyzstan: Ak-Zhol.
pub const ENTRY_KG: &str = "KGAKZ001";
/// Where they leave Kyrgyzstan: Osh.
pub const EXIT_KG: &str = "KGOSH001";
/// Where they enter Uzbekistan: Dustlik.
pub const ENTRY_UZ: &str = "UZDST001";
/// Office of destination: Tashkent.
pub const DESTINATION: &str = "UZTAS001";

/// The head of a message: who sends it, when, under which identification.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// Phase whose format is written.
    pub phase: Phase,
    /// EORI of the sender.
    pub sender: &'a str,
    /// The sender's own identification of the message.
    pub identification: &'a str,
    /// When it is prepared.
    pub at: DateTime<Utc>,
}

/// A part of a guarantee, offered for a movement.
#[derive(Clone, Debug)]
pub struct Pledge {
    /// Number of the guarantee.
    pub grn: String,
    /// Its access code.
    pub access_code: String,
    /// How much is to be covered.
    pub amount: Money,
}

/// Who declares what under which number.
#[derive(Clone, Copy, Debug)]
pub struct Lodging<'a> {
    /// Local reference number.
    pub lrn: &'a str,
    /// EORI of the holder of the transit procedure.
    pub holder: &'a str,
    /// EORI of who represents the holder.
    pub representative: Option<&'a str>,
    /// The guarantee.
    pub pledge: &'a Pledge,
}

/// IE015: T1, by road from Almaty over Kordai, Ak-Zhol, Osh and Dustlik to Tashkent, two items on one lorry.
pub fn declaration(head: &Head<'_>, lodging: &Lodging<'_>) -> anyhow::Result<Document> {
    let mut draft = begin("CC015C", head, DEPARTURE)?;
    fill(
        &mut draft,
        &[
            ("TransitOperation/LRN", lodging.lrn),
            ("TransitOperation/declarationType", "T1"),
            ("TransitOperation/additionalDeclarationType", "A"),
            ("TransitOperation/security", "0"),
            ("TransitOperation/reducedDatasetIndicator", "0"),
            ("TransitOperation/bindingItinerary", "0"),
            ("CustomsOfficeOfDeparture/referenceNumber", DEPARTURE),
            ("CustomsOfficeOfDestinationDeclared/referenceNumber", DESTINATION),
            ("CustomsOfficeOfTransitDeclared[1]/sequenceNumber", "1"),
            ("CustomsOfficeOfTransitDeclared[1]/referenceNumber", ENTRY_KG),
            ("CustomsOfficeOfTransitDeclared[2]/sequenceNumber", "2"),
            ("CustomsOfficeOfTransitDeclared[2]/referenceNumber", ENTRY_UZ),
            ("HolderOfTheTransitProcedure/identificationNumber", lodging.holder),
            ("Consignment/Consignor/identificationNumber", lodging.holder),
        ],
    )?;
    if let Some(representative) = lodging.representative {
        fill(
            &mut draft,
            &[("Representative/identificationNumber", representative), ("Representative/status", "2")],
        )?;
    }
    pledge(&mut draft, lodging.pledge)?;
    fill(&mut draft, CONSIGNMENT)?;
    finish(&draft)
}

/// IE013 with flag 1: the declaration as it was, with another guarantee.
pub fn guarantee_amendment(
    head: &Head<'_>,
    declaration: &Document,
    mrn: &str,
    other: &Pledge,
) -> anyhow::Result<Document> {
    let mut draft = begin("CC013C", head, DEPARTURE)?;
    for node in declaration.root().children() {
        if node.element().is_group() && node.name() != "Guarantee" {
            draft.copy("", node)?;
        }
    }
    draft.remove("TransitOperation/LRN");
    fill(&mut draft, &[("TransitOperation/MRN", mrn), ("TransitOperation/amendmentTypeFlag", "1")])?;
    pledge(&mut draft, other)?;
    finish(&draft)
}

/// IE014: the holder asks that the declaration be invalidated.
pub fn invalidation(head: &Head<'_>, holder: &str, mrn: &str) -> anyhow::Result<Document> {
    let mut draft = begin("CC014C", head, DEPARTURE)?;
    fill(
        &mut draft,
        &[
            ("TransitOperation/MRN", mrn),
            ("Invalidation/requestDateAndTime", &instant(head.at)),
            ("Invalidation/initiatedByCustoms", "0"),
            ("Invalidation/justification", "The sale was called off"),
            ("CustomsOfficeOfDeparture/referenceNumber", DEPARTURE),
            ("HolderOfTheTransitProcedure/identificationNumber", holder),
        ],
    )?;
    finish(&draft)
}

/// IE007: the goods are at the place of an authorised consignee in Tashkent.
pub fn arrival(head: &Head<'_>, mrn: &str) -> anyhow::Result<Document> {
    let mut draft = begin("CC007C", head, DESTINATION)?;
    fill(
        &mut draft,
        &[
            ("TransitOperation/MRN", mrn),
            ("TransitOperation/arrivalNotificationDateAndTime", &instant(head.at)),
            ("TransitOperation/simplifiedProcedure", "1"),
            ("Authorisation/sequenceNumber", "1"),
            ("Authorisation/type", "C522"),
            ("Authorisation/referenceNumber", "UZACETAS0001"),
            ("CustomsOfficeOfDestinationActual/referenceNumber", DESTINATION),
            ("TraderAtDestination/identificationNumber", head.sender),
            ("Consignment/LocationOfGoods/typeOfLocation", "B"),
            ("Consignment/LocationOfGoods/qualifierOfIdentification", "Y"),
            ("Consignment/LocationOfGoods/authorisationNumber", "UZACETAS0001"),
        ],
    )?;
    if head.phase == Phase::P5 {
        fill(&mut draft, &[("TransitOperation/incidentFlag", "0")])?;
    }
    finish(&draft)
}

/// IE044: everything was unloaded and is as declared, the seal is intact.
pub fn unloading_remarks(head: &Head<'_>, mrn: &str) -> anyhow::Result<Document> {
    let mut draft = begin("CC044C", head, DESTINATION)?;
    fill(
        &mut draft,
        &[
            ("TransitOperation/MRN", mrn),
            ("CustomsOfficeOfDestinationActual/referenceNumber", DESTINATION),
            ("TraderAtDestination/identificationNumber", head.sender),
            ("UnloadingRemark/conform", "1"),
            ("UnloadingRemark/unloadingCompletion", "1"),
            ("UnloadingRemark/unloadingDate", &head.at.format("%Y-%m-%d").to_string()),
            ("UnloadingRemark/stateOfSeals", "1"),
        ],
    )?;
    finish(&draft)
}

fn pledge(draft: &mut Draft, pledge: &Pledge) -> anyhow::Result<()> {
    fill(
        draft,
        &[
            ("Guarantee/sequenceNumber", "1"),
            ("Guarantee/guaranteeType", "1"),
            ("Guarantee/GuaranteeReference/sequenceNumber", "1"),
            ("Guarantee/GuaranteeReference/GRN", &pledge.grn),
            ("Guarantee/GuaranteeReference/accessCode", &pledge.access_code),
            ("Guarantee/GuaranteeReference/amountToBeCovered", &pledge.amount.decimal()),
            ("Guarantee/GuaranteeReference/currency", pledge.amount.currency.code()),
        ],
    )
}

/// A message with its head, addressed to the country of `office`.
fn begin(message_type: &str, head: &Head<'_>, office: &str) -> anyhow::Result<Draft> {
    let definition = definition(message_type, head.phase)
        .with_context(|| format!("there is no {message_type} in {:?}", head.phase))?;
    let mut draft = Draft::new(definition);
    let country = office.get(..2).unwrap_or_default();
    fill(
        &mut draft,
        &[
            ("messageSender", head.sender),
            ("messageRecipient", &format!("NTA.{country}")),
            ("preparationDateAndTime", &instant(head.at)),
            ("messageIdentification", head.identification),
            ("messageType", message_type),
        ],
    )?;
    Ok(draft)
}

fn fill(draft: &mut Draft, values: &[(&str, &str)]) -> anyhow::Result<()> {
    for (path, value) in values {
        draft.set(path, value)?;
    }
    Ok(())
}

fn finish(draft: &Draft) -> anyhow::Result<Document> {
    draft.finish().map_err(|rejection| wrong(&rejection))
}

/// What is wrong with a message, in one error.
pub(crate) fn wrong(rejection: &Rejection) -> anyhow::Error {
    let told = rejection
        .findings
        .iter()
        .map(|finding| format!("{} {}: {}", finding.code.number(), finding.pointer, finding.message.en));
    let kind = rejection.message_type.unwrap_or("a message");
    anyhow::anyhow!("{kind} is not valid: {}", told.collect::<Vec<_>>().join("; "))
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

#[cfg(test)]
#[path = "documents_tests.rs"]
mod tests;
