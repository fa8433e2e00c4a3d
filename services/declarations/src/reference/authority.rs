//! Whether whoever uses an authorisation holds it, by the register of economic operators.

use customs_kernel::Finding;
use customs_messages::{Document, NodeRef};
use customs_references_contract::{Authorised, Lookup};

/// Every authorisation of an IE015, IE013 or IE007 that its user does not hold (NR0020).
///
/// Told by the register: of operators whose authorisations it has, and of those of the country of the office, which have
/// none unless it says so. What another country has granted cannot be told, nor anything by an empty register.
pub(super) fn not_held(document: &Document, lookup: &Lookup) -> Vec<Finding> {
    let (user, office) = match document.message_type() {
        "CC007C" => ("TraderAtDestination", "CustomsOfficeOfDestinationActual"),
        _ => ("HolderOfTheTransitProcedure", "CustomsOfficeOfDeparture"),
    };
    let Some(user) = document.text(&format!("{user}/identificationNumber")) else { return Vec::new() };
    let office = document.text(&format!("{office}/referenceNumber")).unwrap_or_default();
    let of_this_country = lookup.has_authorised() && office.get(..2) == user.get(..2);
    if !of_this_country && !lookup.knows_authorisations_of(user) {
        return Vec::new();
    }
    document.groups("Authorisation").into_iter().filter_map(|node| refusal(node, user, lookup)).collect()
}

fn refusal(node: NodeRef<'_>, user: &str, lookup: &Lookup) -> Option<Finding> {
    let kind = node.text_at("type")?;
    let reference = node.text_at("referenceNumber").unwrap_or_default();
    let (element, value, message) = match lookup.authorised(user, kind, reference) {
        Authorised::Yes => return None,
        Authorised::OtherNumber => (
            "referenceNumber",
            reference,
            format!("{user} does not hold the authorisation {kind} {reference}"),
        ),
        Authorised::No => ("type", kind, format!("{user} holds no authorisation {kind}")),
    };
    let finding = Finding::new("14", format!("{}/{element}", node.xpath()), message).by_rule("NR0020");
    let fix = "name an authorisation that the register has for you, or go without the simplification";
    Some(finding.with_value(value).with_fix(fix))
}

#[cfg(test)]
mod tests {
    use customs_messages::parse_xml;
    use customs_references_contract::{AuthorisedParty, PartyRole, ReferenceSnapshot};

    use super::*;

    fn arrival(trader: &str, office: &str, kind: &str) -> Document {
        let xml = format!(
            "<n:CC007C PhaseID=\"NCTS6\" xmlns:n=\"http://ncts.dgtaxud.ec\"><messageSender>S</messageSender>\
             <messageRecipient>NTA.UZ</messageRecipient>\
             <preparationDateAndTime>2026-11-29T10:00:00</preparationDateAndTime>\
             <messageIdentification>A1</messageIdentification><messageType>CC007C</messageType>\
             <TransitOperation><MRN>26KZABCDEFGHIJKLJ0</MRN>\
             <arrivalNotificationDateAndTime>2026-11-29T10:00:00</arrivalNotificationDateAndTime>\
             <simplifiedProcedure>1</simplifiedProcedure></TransitOperation>\
             <Authorisation><sequenceNumber>1</sequenceNumber><type>{kind}</type>\
             <referenceNumber>A-1</referenceNumber></Authorisation><CustomsOfficeOfDestinationActual>\
             <referenceNumber>{office}</referenceNumber></CustomsOfficeOfDestinationActual><TraderAtDestination>\
             <identificationNumber>{trader}</identificationNumber></TraderAtDestination><Consignment>\
             <LocationOfGoods><typeOfLocation>A</typeOfLocation>\
             <qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice>\
             <referenceNumber>{office}</referenceNumber></CustomsOffice></LocationOfGoods></Consignment></n:CC007C>"
        );
        parse_xml(xml.as_bytes()).unwrap()
    }

    fn register(roles: &[(&str, Option<&str>)]) -> Lookup {
        let roles = roles.iter().map(|(role, reference)| PartyRole {
            role: (*role).to_owned(),
            reference: reference.map(str::to_owned),
        });
        let party = AuthorisedParty { eori: "KZ1".to_owned(), roles: roles.collect() };
        Lookup::from(ReferenceSnapshot { authorised: vec![party], ..ReferenceSnapshot::default() })
    }

    fn told(document: &Document, lookup: &Lookup) -> Vec<(String, String)> {
        let findings = not_held(document, lookup).into_iter();
        findings.map(|one| (one.pointer, one.value.unwrap_or_default())).collect()
    }

    #[test]
    fn an_authorisation_is_refused_where_the_register_does_not_have_it() {
        let own = arrival("KZ1", "UZTAS001", "C522");
        assert!(told(&own, &register(&[("C522", Some("A-1"))])).is_empty());
        assert!(told(&own, &register(&[("C522", None)])).is_empty(), "it was entered without a number");
        let pointer = |element: &str| format!("/CC007C/Authorisation[1]/{element}");
        let other = told(&own, &register(&[("C522", Some("A-2"))]));
        assert_eq!(other, [(pointer("referenceNumber"), "A-1".to_owned())]);
        assert_eq!(told(&own, &register(&[("C520", None)])), [(pointer("type"), "C522".to_owned())]);
    }

    #[test]
    fn strangers_are_judged_where_their_country_keeps_the_register_and_nowhere_else() {
        let known = register(&[("C522", None)]);
        assert_eq!(told(&arrival("KZ2", "KZALA001", "C522"), &known).len(), 1);
        assert!(told(&arrival("KG2", "KZALA001", "C522"), &known).is_empty(), "granted elsewhere");
        let empty = Lookup::default();
        assert!(told(&arrival("KZ2", "KZALA001", "C522"), &empty).is_empty(), "there is no register");
    }
}
