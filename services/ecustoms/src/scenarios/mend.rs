//! Mending what the demo nation's lists and rules find in a published message, but for what a scenario breaks on purpose.

use customs_messages::{Definition, Draft, Element, write_xml};
use serde::Deserialize;
use serde_json::json;

use super::adapt::path;
use crate::demo::client::Visitor;

/// How often a message is judged again at most.
const ROUNDS: usize = 8;

/// What stands for the type of a document that the demo nation has not, by the name of the group.
const DOCUMENTS: &[(&str, &str)] = &[
    ("AdditionalReference", "Y022"),
    ("PreviousDocument", "N820"),
    ("SupportingDocument", "N380"),
    ("TransportDocument", "N705"),
];

/// What stands for a value that the demo nation has not, by the name of the element.
const STAND_INS: &[(&str, &str)] = &[
    ("UNLocode", "KZALA"),
    ("country", "KZ"),
    ("countryOfDestination", "UZ"),
    ("countryOfDispatch", "KZ"),
    ("currency", "EUR"),
    ("harmonizedSystemSubHeadingCode", "392690"),
    ("inlandModeOfTransport", "3"),
    ("location", "Almaty"),
    ("nationality", "KZ"),
    ("numberOfPackages", "1"),
    ("postcode", "050016"),
    ("referenceNumber", "REF-1"),
    ("shippingMarks", "AZ 1"),
    ("typeOfPackages", "BX"),
];

#[derive(Debug, Deserialize)]
struct Judgement {
    errors: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Debug, Deserialize)]
struct Fault {
    code: String,
    pointer: String,
}

/// Mends `draft` until nothing is wrong with it that can be mended; of one that breaks rules, only its codes are.
pub(super) async fn mend(asker: &Visitor, draft: &mut Draft, broken: &[&str]) -> anyhow::Result<()> {
    for _ in 0..ROUNDS {
        let content = write_xml(&draft.finish_loose());
        let asked = asker.post("/messages/checks", &json!({"content": content, "format": "xml"})).await?;
        let judgement: Judgement = asked.read()?;
        let faults = judgement.errors.iter().filter(|fault| broken.is_empty() || fault.code == "12");
        if faults.filter(|fault| one(draft, fault)).count() == 0 {
            break;
        }
    }
    Ok(())
}

/// Mends one fault, where it is known how.
fn one(draft: &mut Draft, fault: &Fault) -> bool {
    let at = path(&fault.pointer);
    if at.is_empty() {
        return false;
    }
    let name = at.rsplit('/').next().unwrap_or_default().split('[').next().unwrap_or_default();
    let group = at.rsplit('/').nth(1).unwrap_or_default().split('[').next().unwrap_or_default();
    let (table, key) = if name == "type" { (DOCUMENTS, group) } else { (STAND_INS, name) };
    let stand_in = table.iter().find(|(one, _)| *one == key).map(|(_, value)| *value);
    let set =
        |draft: &mut Draft, value: &str| draft.text(&at) != Some(value) && draft.set(&at, value).is_ok();
    match (fault.code.as_str(), stand_in) {
        ("12" | "13", Some(value)) => set(draft, value),
        ("12" | "14" | "15" | "35", _) if is_optional(draft.definition(), &at) => draft.remove(&at) > 0,
        _ => false,
    }
}

/// Whether the element at `path` may be left out.
fn is_optional(definition: &'static Definition, path: &str) -> bool {
    let names: Vec<&str> = path.split('/').filter_map(|step| step.split('[').next()).collect();
    definition.element(&names.join("/")).map(Element::min) == Some(0)
}
