//! The messages of the demo are valid in both phases and break no rule.

use customs_kernel::{Currency, Mrn};
use customs_messages::{
    Context, NoLookups, Rules,
    outgoing::{self, Facts, Header},
    parse_json, parse_xml, write_json, write_xml,
};

use super::*;
use crate::demo::goods::ITEMS;

const DECLARANT: &str = "KZ150640012341";

fn mrn() -> String {
    Mrn::compose(2026, "KZ", "57010100000Q", 'J').unwrap().to_string()
}

fn head(phase: Phase) -> Head<'static> {
    let at = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    Head { phase, sender: DECLARANT, identification: "0193a6f0000070008000000000000000", at }
}

fn offer(minor: i64) -> Pledge {
    Pledge {
        grn: "26KZ0000000000017".to_owned(),
        access_code: "A1B2".to_owned(),
        amount: Money::new(minor, Currency::EUR),
    }
}

fn declared(phase: Phase, representative: Option<&str>) -> Document {
    let pledge = offer(1_250_000);
    let lodging = Lodging { lrn: "DEMO-1", holder: DECLARANT, representative, pledge: &pledge };
    declaration(&head(phase), &lodging).unwrap()
}

fn permission(declaration: &Document) -> Document {
    let header = Header {
        sender: "NTA.KZ".to_owned(),
        recipient: DECLARANT.to_owned(),
        prepared_at: "2026-05-01T09:00:01".to_owned(),
        identification: "A1".to_owned(),
        correlation: Some("M1".to_owned()),
    };
    let facts = Facts::new(&header)
        .with("TransitOperation/MRN", mrn())
        .with("TransitOperation/declarationAcceptanceDate", "2026-05-01")
        .with("CustomsOfficeOfDestinationActual/referenceNumber", DESTINATION)
        .with("TraderAtDestination/identificationNumber", DECLARANT);
    outgoing::build("CC043C", declaration.phase(), Some(declaration), &facts).unwrap()
}

/// Nothing is wrong with `document`, read back from both of its forms.
fn holds(document: &Document, context: &Context<'_>) {
    let findings = Rules::check(document, &NoLookups, context);
    assert!(findings.is_empty(), "{}: {findings:?}", document.message_type());
    let xml =
        parse_xml(write_xml(document).as_bytes()).unwrap_or_else(|rejection| panic!("{}", wrong(&rejection)));
    assert_eq!(&xml, document);
    let json = parse_json(write_json(document).as_bytes())
        .unwrap_or_else(|rejection| panic!("{}", wrong(&rejection)));
    let findings = Rules::check(&json, &NoLookups, context);
    assert!(findings.is_empty(), "{} as JSON: {findings:?}", document.message_type());
}

#[test]
fn a_declaration_of_the_demo_breaks_no_rule_in_either_phase() {
    for phase in Phase::ALL {
        for representative in [None, Some("KZ090340005176")] {
            let document = declared(phase, representative);
            holds(&document, &Context::default());
            assert_eq!(document.text("TransitOperation/LRN"), Some("DEMO-1"));
            let items = document.groups("Consignment/HouseConsignment/ConsignmentItem").len();
            assert_eq!(i64::try_from(items), Ok(ITEMS));
        }
    }
}

#[test]
fn an_amendment_changes_the_guarantee_and_nothing_else() {
    for phase in Phase::ALL {
        let declaration = declared(phase, None);
        let amendment = guarantee_amendment(&head(phase), &declaration, &mrn(), &offer(777)).unwrap();
        let context = Context {
            prior: Some(&declaration),
            accepted: Some(true),
            guarantee_under_amendment: Some(true),
            ..Context::default()
        };
        holds(&amendment, &context);
        let amount = amendment.text("Guarantee/GuaranteeReference/amountToBeCovered");
        assert_eq!(amount, Some("7.77"));
        let amended = customs_messages::amended(&declaration, &amendment).unwrap();
        assert_eq!(amended.text("TransitOperation/LRN"), Some("DEMO-1"));
    }
}

#[test]
fn what_follows_a_declaration_breaks_no_rule_either() {
    for phase in Phase::ALL {
        let declaration = declared(phase, None);
        let accepted = Context { accepted: Some(true), ..Context::default() };
        holds(&invalidation(&head(phase), DECLARANT, &mrn()).unwrap(), &accepted);
        holds(&arrival(&head(phase), &mrn()).unwrap(), &Context::default());
        let permission = permission(&declaration);
        let unloading = Context { prior: Some(&permission), ..Context::default() };
        holds(&unloading_remarks(&head(phase), &mrn()).unwrap(), &unloading);
    }
}

#[test]
fn a_document_without_a_number_is_refused_with_the_place() {
    let pledge = offer(100);
    let lodging = Lodging { lrn: "", holder: DECLARANT, representative: None, pledge: &pledge };
    let error = declaration(&head(Phase::P6), &lodging).unwrap_err();
    assert!(error.to_string().contains("/CC015C/TransitOperation/LRN"), "{error}");
}
