//! A published message made one of the demo nation: its people, guarantee, numbers and days; all else stays as published.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use customs_messages::{Document, Draft, Phase, definition};

use super::published::Procedure;
use crate::demo::documents::Pledge;

/// The offices of the demo nation that the published messages name.
pub(super) const OFFICES: [&str; 5] = ["GB000246", "GB000060", "XI000142", "XI000081", "XI005160"];

/// How long a declared journey may last.
const JOURNEY: TimeDelta = TimeDelta::days(14);

/// What a message says of the demo nation.
pub(super) struct Facts<'a> {
    /// Phase whose format is written.
    pub(super) phase: Phase,
    /// EORI of the sender.
    pub(super) sender: &'a str,
    /// The sender's own identification of the message.
    pub(super) identification: &'a str,
    /// When it is prepared.
    pub(super) at: DateTime<Utc>,
    /// EORI of the holder of the transit procedure.
    pub(super) holder: &'a str,
    /// Local reference number.
    pub(super) lrn: &'a str,
    /// Movement reference number, once allocated.
    pub(super) mrn: Option<&'a str>,
    /// The guarantee.
    pub(super) pledge: &'a Pledge,
}

/// How a declaration is to be, whatever the published one is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Procedure at departure.
    pub(super) procedure: Procedure,
    /// Whether it is lodged before the goods are presented.
    pub(super) pre_lodged: bool,
}

/// A message of `kind` with nothing in it but its head.
pub(super) fn empty(kind: &str, facts: &Facts<'_>, office: &str) -> anyhow::Result<Draft> {
    let definition = definition(kind, facts.phase);
    let mut draft =
        Draft::new(definition.with_context(|| format!("there is no {kind} in {:?}", facts.phase))?);
    head(&mut draft, facts, office)?;
    Ok(draft)
}

/// Sender, recipient, day, identification and type; the country of `office` is addressed.
fn head(draft: &mut Draft, facts: &Facts<'_>, office: &str) -> anyhow::Result<()> {
    let kind = draft.definition().message_type();
    let country = office.get(..2).unwrap_or("KZ");
    fill(
        draft,
        &[
            ("messageSender", facts.sender),
            ("messageRecipient", &format!("NTA.{country}")),
            ("preparationDateAndTime", &instant(facts.at)),
            ("messageIdentification", facts.identification),
            ("messageType", kind),
        ],
    )?;
    draft.remove("correlationIdentifier");
    Ok(())
}

/// IE015, or IE013 with the same content: lodged by the declarant of the demo nation under its guarantee.
pub(super) fn declare(draft: &mut Draft, facts: &Facts<'_>, shape: Shape) -> anyhow::Result<()> {
    offices(draft)?;
    let departure = office(draft, "CustomsOfficeOfDeparture");
    head(draft, facts, &departure)?;
    numbers(draft, facts)?;
    let additional = if shape.pre_lodged { "D" } else { "A" };
    draft.set("TransitOperation/additionalDeclarationType", additional)?;
    draft.remove("Representative");
    holder(draft, facts)?;
    if draft.text("TransitOperation/declarationType") != Some("TIR") {
        draft.remove("Guarantee");
        pledge(draft, facts.pledge)?;
    }
    procedure(draft, facts, shape)?;
    days(draft, facts)
}

/// The authorisation of a consignor, with what goes with it.
fn procedure(draft: &mut Draft, facts: &Facts<'_>, shape: Shape) -> anyhow::Result<()> {
    let authorised = draft.text("Authorisation/type") == Some("C521");
    match shape.procedure {
        Procedure::Simplified => {
            if !authorised {
                fill(
                    draft,
                    &[
                        ("Authorisation/sequenceNumber", "1"),
                        ("Authorisation/type", "C521"),
                        ("Authorisation/referenceNumber", "KZACRALA0001"),
                    ],
                )?;
                if draft.has("Consignment/LocationOfGoods") {
                    draft.remove("Consignment/LocationOfGoods");
                    authorised_place(draft)?;
                }
            }
            if !shape.pre_lodged {
                draft.set("TransitOperation/limitDate", &day(facts.at + JOURNEY))?;
            }
        }
        Procedure::Normal => {
            draft.remove("TransitOperation/limitDate");
            if authorised {
                draft.remove("Authorisation");
            }
            if authorised && draft.has("Consignment/LocationOfGoods") {
                draft.remove("Consignment/LocationOfGoods");
                place(draft)?;
            }
        }
    }
    Ok(())
}

fn authorised_place(draft: &mut Draft) -> anyhow::Result<()> {
    fill(
        draft,
        &[
            ("Consignment/LocationOfGoods/typeOfLocation", "B"),
            ("Consignment/LocationOfGoods/qualifierOfIdentification", "Y"),
            ("Consignment/LocationOfGoods/authorisationNumber", "KZACRALA0001"),
        ],
    )
}

fn place(draft: &mut Draft) -> anyhow::Result<()> {
    fill(
        draft,
        &[
            ("Consignment/LocationOfGoods/typeOfLocation", "C"),
            ("Consignment/LocationOfGoods/qualifierOfIdentification", "U"),
            ("Consignment/LocationOfGoods/UNLocode", "KZALA"),
        ],
    )
}

/// IE013 made of the declaration `lodged` as it was sent, with one thing changed that may be changed.
pub(super) fn amend(lodged: &Document, facts: &Facts<'_>) -> anyhow::Result<Draft> {
    let departure = lodged.text("CustomsOfficeOfDeparture/referenceNumber").unwrap_or("KZ");
    let mut draft = empty("CC013C", facts, departure)?;
    for node in lodged.root().children().filter(|node| node.element().is_group()) {
        draft.copy("", node)?;
    }
    numbers(&mut draft, facts)?;
    draft.set("TransitOperation/amendmentTypeFlag", "0")?;
    let goods = "Consignment/HouseConsignment[1]/ConsignmentItem[1]";
    draft.set(&format!("{goods}/Commodity/descriptionOfGoods"), "Goods as amended")?;
    Ok(draft)
}

/// IE014: the holder asks that the declaration be invalidated.
pub(super) fn withdraw(draft: &mut Draft, facts: &Facts<'_>, departure: &str) -> anyhow::Result<()> {
    head(draft, facts, departure)?;
    numbers(draft, facts)?;
    draft.remove("Invalidation/decisionDateAndTime");
    draft.remove("Invalidation/decision");
    draft.set("Invalidation/requestDateAndTime", &instant(facts.at))?;
    draft.set("Invalidation/initiatedByCustoms", "0")?;
    if draft.text("Invalidation/justification").is_none() {
        draft.set("Invalidation/justification", "The sale was called off")?;
    }
    draft.set("CustomsOfficeOfDeparture/referenceNumber", departure)?;
    holder(draft, facts)
}

/// IE170: the goods of a pre-lodged declaration are presented.
pub(super) fn present(
    draft: &mut Draft,
    facts: &Facts<'_>,
    departure: &str,
    shape: Shape,
) -> anyhow::Result<()> {
    head(draft, facts, departure)?;
    numbers(draft, facts)?;
    draft.set("CustomsOfficeOfDeparture/referenceNumber", departure)?;
    draft.remove("Representative");
    holder(draft, facts)?;
    let authorised = draft.text("Consignment/LocationOfGoods/qualifierOfIdentification") == Some("Y");
    match shape.procedure {
        Procedure::Simplified => {
            draft.set("TransitOperation/limitDate", &day(facts.at + JOURNEY))?;
            if !authorised {
                draft.remove("Consignment/LocationOfGoods");
                authorised_place(draft)?;
            }
        }
        Procedure::Normal => {
            draft.remove("TransitOperation/limitDate");
            if authorised {
                draft.remove("Consignment/LocationOfGoods");
                place(draft)?;
            }
        }
    }
    days(draft, facts)
}

/// Makes a presentation wrong: the place of the goods has no authorisation number, or one that nobody knows.
pub(super) fn misplace(draft: &mut Draft) -> anyhow::Result<()> {
    if draft.remove("Consignment/LocationOfGoods/authorisationNumber") == 0 {
        draft.set("Consignment/LocationOfGoods/UNLocode", "KZQQQ")?;
    }
    Ok(())
}

/// IE007: the goods are at the office of destination or with an authorised consignee.
pub(super) fn arrive(
    draft: &mut Draft,
    facts: &Facts<'_>,
    destination: &str,
    procedure: Procedure,
) -> anyhow::Result<()> {
    head(draft, facts, destination)?;
    draft.set("TransitOperation/MRN", facts.mrn.unwrap_or_default())?;
    draft.set("TransitOperation/arrivalNotificationDateAndTime", &instant(facts.at))?;
    draft.set("CustomsOfficeOfDestinationActual/referenceNumber", destination)?;
    draft.set("TraderAtDestination/identificationNumber", facts.sender)?;
    let simplified = procedure == Procedure::Simplified;
    draft.set("TransitOperation/simplifiedProcedure", if simplified { "1" } else { "0" })?;
    if facts.phase == Phase::P5 && draft.text("TransitOperation/incidentFlag").is_none() {
        draft.set("TransitOperation/incidentFlag", "0")?;
    }
    if simplified {
        fill(
            draft,
            &[
                ("Authorisation/sequenceNumber", "1"),
                ("Authorisation/type", "C522"),
                ("Authorisation/referenceNumber", "KZACEALA0001"),
            ],
        )?;
        draft.remove("Consignment/LocationOfGoods");
        return authorised_place(draft);
    }
    draft.remove("Authorisation");
    draft.remove("Consignment/LocationOfGoods");
    place(draft)
}

/// IE044: what was found when unloading.
pub(super) fn unload(
    draft: &mut Draft,
    facts: &Facts<'_>,
    destination: &str,
    conform: bool,
) -> anyhow::Result<()> {
    head(draft, facts, destination)?;
    draft.set("TransitOperation/MRN", facts.mrn.unwrap_or_default())?;
    draft.set("CustomsOfficeOfDestinationActual/referenceNumber", destination)?;
    draft.set("TraderAtDestination/identificationNumber", facts.sender)?;
    draft.set("UnloadingRemark/unloadingDate", &day(facts.at))?;
    draft.set("UnloadingRemark/unloadingCompletion", "1")?;
    if conform {
        draft.set("UnloadingRemark/conform", "1")?;
        draft.remove("Consignment");
    } else if !draft.has("Consignment") {
        draft.set("UnloadingRemark/conform", "0")?;
        draft.set("UnloadingRemark/unloadingRemark", "The mass is not as declared")?;
        draft.set("Consignment/grossMass", "999.000")?;
    }
    Ok(())
}

/// The state of the seals is told where there were seals, and only there.
pub(super) fn seals(draft: &mut Draft, told: bool) -> anyhow::Result<()> {
    if !told {
        draft.remove("UnloadingRemark/stateOfSeals");
    } else if draft.text("UnloadingRemark/stateOfSeals").is_none() {
        draft.set("UnloadingRemark/stateOfSeals", "1")?;
    }
    Ok(())
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

/// The MRN once there is one, the LRN before; a declaration has its LRN always.
fn numbers(draft: &mut Draft, facts: &Facts<'_>) -> anyhow::Result<()> {
    let declares = draft.definition().message_type() == "CC015C";
    let by_lrn = declares || draft.definition().message_type() == "CC170C";
    if let Some(mrn) = facts.mrn.filter(|_| !by_lrn) {
        draft.remove("TransitOperation/LRN");
        draft.set("TransitOperation/MRN", mrn)?;
    } else {
        draft.remove("TransitOperation/MRN");
        draft.set("TransitOperation/LRN", facts.lrn)?;
    }
    Ok(())
}

/// The holder is known by its number; a TIR holder keeps the number of the carnet's holder.
fn holder(draft: &mut Draft, facts: &Facts<'_>) -> anyhow::Result<()> {
    for known_by_number in ["name", "Address", "ContactPerson"] {
        draft.remove(&format!("HolderOfTheTransitProcedure/{known_by_number}"));
    }
    Ok(draft.set("HolderOfTheTransitProcedure/identificationNumber", facts.holder)?)
}

/// Offices that the demo nation has not are those of the same country that it has.
fn offices(draft: &mut Draft) -> anyhow::Result<()> {
    for node in draft.finish_loose().nodes() {
        let Some(office) = node.text().filter(|_| node.element().list().is_some_and(is_of_offices)) else {
            continue;
        };
        if !OFFICES.contains(&office) {
            let country = office.get(..2).unwrap_or_default();
            let same = OFFICES.iter().find(|known| known.starts_with(country)).unwrap_or(&OFFICES[0]);
            draft.set(&path(&node.xpath()), same)?;
        }
    }
    Ok(())
}

/// The code lists of customs offices by role.
fn is_of_offices(list: &str) -> bool {
    ["CL141", "CL170", "CL171", "CL172", "CL173", "CL174", "CL175"].contains(&list)
        || list.starts_with("CustomsOffice")
}

/// Days that are declared as still to come lie after the day of the message.
fn days(draft: &mut Draft, facts: &Facts<'_>) -> anyhow::Result<()> {
    if draft.text("TransitOperation/limitDate").is_some() {
        draft.set("TransitOperation/limitDate", &day(facts.at + JOURNEY))?;
    }
    let mut ahead = TimeDelta::days(3);
    for node in draft.finish_loose().groups("CustomsOfficeOfTransitDeclared/arrivalDateAndTimeEstimated") {
        draft.set(&path(&node.xpath()), &instant(facts.at + ahead))?;
        ahead += TimeDelta::days(1);
    }
    Ok(())
}

fn office(draft: &Draft, group: &str) -> String {
    draft.text(&format!("{group}/referenceNumber")).unwrap_or(OFFICES[0]).to_owned()
}

fn fill(draft: &mut Draft, values: &[(&str, &str)]) -> anyhow::Result<()> {
    for (path, value) in values {
        draft.set(path, value)?;
    }
    Ok(())
}

/// The path of a draft in a pointer such as `/CC015C/Consignment/grossMass`.
pub(super) fn path(pointer: &str) -> String {
    pointer.trim_start_matches('/').split_once('/').map_or_else(String::new, |(_, path)| path.to_owned())
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}
