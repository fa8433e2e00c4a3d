//! The messages that customs sends are valid, whatever valid declaration they answer.

use customs_messages::outgoing::{BuildError, Facts, Header, build};
use customs_messages::{
    Document, Phase, ReadOptions, Rejection, amended, parse_xml, parse_xml_with, presented, write_json,
    write_xml,
};

use crate::corpus::valid_messages;
use crate::structure::{ARRIVAL, refused};

const MRN: &str = "26KZ57010100000QJ1";

fn header() -> Header {
    Header {
        sender: "NTA.KZ".to_owned(),
        recipient: "KZ960241002789".to_owned(),
        prepared_at: "2026-05-01T09:00:01".to_owned(),
        identification: "A1".to_owned(),
        correlation: Some("M1".to_owned()),
    }
}

fn facts() -> Facts {
    Facts::new(&header())
}

/// Whatever is wrong with a message can be told by IE917.
pub(crate) fn refused_by_ie917(rejection: &Rejection) {
    let facts = Facts::new(&Header { correlation: None, ..header() }).with_xml_errors(&rejection.findings);
    let told = build("CC917C", rejection.phase, rejection.partial.as_deref(), &facts).unwrap();
    assert_eq!(told.groups("XMLError").len(), rejection.findings.len());
}

fn answers() -> Vec<(&'static str, Facts)> {
    let mrn = || facts().with("TransitOperation/MRN", MRN);
    vec![
        ("CC928C", facts()),
        ("CC028C", mrn().with("TransitOperation/declarationAcceptanceDate", "2026-05-01")),
        (
            "CC029C",
            mrn()
                .with("TransitOperation/declarationAcceptanceDate", "2026-05-01")
                .with("TransitOperation/releaseDate", "2026-05-01"),
        ),
        (
            "CC051C",
            mrn()
                .with("TransitOperation/declarationSubmissionDateAndTime", "2026-05-01T09:00:00")
                .with("TransitOperation/noReleaseMotivationCode", "G1")
                .with("TransitOperation/noReleaseMotivationText", "guarantee not sufficient"),
        ),
        (
            "CC055C",
            mrn()
                .with("TransitOperation/declarationAcceptanceDate", "2026-05-01")
                .with("GuaranteeReference[1]/sequenceNumber", "1")
                .with("GuaranteeReference[1]/GRN", "26KZ0000000000017")
                .with("GuaranteeReference[1]/InvalidGuaranteeReason[1]/sequenceNumber", "1")
                .with("GuaranteeReference[1]/InvalidGuaranteeReason[1]/code", "G09"),
        ),
        (
            "CC056C",
            facts()
                .with("TransitOperation/businessRejectionType", "015")
                .with("TransitOperation/rejectionDateAndTime", "2026-05-01T09:00:01")
                .with("TransitOperation/rejectionCode", "12")
                .with_functional_errors(&refused(&ARRIVAL.replace("NTA.KZ", "")).findings),
        ),
        (
            "CC004C",
            mrn()
                .with("TransitOperation/amendmentSubmissionDateAndTime", "2026-05-01T09:00:00")
                .with("TransitOperation/amendmentAcceptanceDateAndTime", "2026-05-01T09:00:01"),
        ),
        (
            "CC009C",
            mrn()
                .with("Invalidation/requestDateAndTime", "2026-05-01T09:00:00")
                .with("Invalidation/decisionDateAndTime", "2026-05-01T09:00:00")
                .with("Invalidation/decision", "1")
                .with("Invalidation/initiatedByCustoms", "0"),
        ),
        (
            "CC060C",
            mrn()
                .with("TransitOperation/controlNotificationDateAndTime", "2026-05-01T09:00:01")
                .with("TransitOperation/notificationType", "0")
                .with("TypeOfControls[1]/sequenceNumber", "1")
                .with("TypeOfControls[1]/type", "10"),
        ),
    ]
}

fn later_answers() -> Vec<(&'static str, Facts)> {
    let mrn = || facts().with("TransitOperation/MRN", MRN);
    vec![
        ("CC019C", mrn().with("TransitOperation/discrepanciesNotificationDate", "2026-05-01")),
        (
            "CC022C",
            mrn()
                .with("TransitOperation/amendmentNotificationDateAndTime", "2026-05-01T09:00:01")
                .with("FunctionalError[1]/sequenceNumber", "1")
                .with("FunctionalError[1]/errorCode", "14"),
        ),
        (
            "CC035C",
            mrn()
                .with("TransitOperation/declarationAcceptanceDate", "2026-05-01")
                .with("RecoveryNotification/amountClaimed", "1200.50")
                .with("RecoveryNotification/currency", "EUR")
                .with("CustomsOfficeOfRecoveryAtDeparture/referenceNumber", "KZ570101"),
        ),
        ("CC045C", mrn().with("TransitOperation/writeOffDate", "2026-05-09")),
        (
            "CC140C",
            mrn()
                .with("TransitOperation/requestOnNonArrivedMovementDate", "2026-05-09")
                .with("TransitOperation/limitForResponseDate", "2026-06-09")
                .with("CustomsOfficeOfEnquiryAtDeparture/referenceNumber", "KZ570101"),
        ),
        (
            "CC043C",
            mrn()
                .with("CustomsOfficeOfDestinationActual/referenceNumber", "UZ000101")
                .with("TraderAtDestination/identificationNumber", "UZ12345678"),
        ),
        (
            "CC025C",
            mrn()
                .with("TransitOperation/releaseDate", "2026-05-09")
                .with("TransitOperation/releaseIndicator", "1")
                .with("CustomsOfficeOfDestinationActual/referenceNumber", "UZ000101")
                .with("TraderAtDestination/identificationNumber", "UZ12345678"),
        ),
        (
            "CC182C",
            mrn()
                .with("TransitOperation/incidentNotificationDateAndTime", "2026-05-03T09:00:00")
                .with("CustomsOfficeOfIncidentRegistration/referenceNumber", "UZ000201")
                .with("Consignment/Incident[1]/sequenceNumber", "1")
                .with("Consignment/Incident[1]/code", "2")
                .with("Consignment/Incident[1]/text", "seal broken")
                .with("Consignment/Incident[1]/Location/qualifierOfIdentification", "U")
                .with("Consignment/Incident[1]/Location/UNLocode", "UZTAS")
                .with("Consignment/Incident[1]/Location/country", "UZ"),
        ),
        ("CC906C", facts().with_functional_errors(&refused(&ARRIVAL.replace("NTA.KZ", "")).findings)),
        ("CC917C", facts().with_xml_errors(&refused(&ARRIVAL.replace("NTA.KZ", "")).findings)),
    ]
}

fn declarations() -> Vec<(String, Document)> {
    valid_messages().into_iter().filter(|(_, document)| document.message_type() == "CC015C").collect()
}

/// Every answer to the first declaration of each phase.
pub(crate) fn every_answer() -> Vec<Document> {
    let mut built = Vec::new();
    for phase in Phase::ALL {
        let declaration = declarations().into_iter().find(|(_, one)| one.phase() == phase);
        let Some((_, declaration)) = declaration else { continue };
        for (message_type, facts) in answers().into_iter().chain(later_answers()) {
            built.push(build(message_type, phase, Some(&declaration), &facts).unwrap());
        }
    }
    built
}

#[test]
fn every_answer_to_every_declaration_is_valid() {
    for (file, declaration) in declarations() {
        for (message_type, facts) in answers().into_iter().chain(later_answers()) {
            let built = build(message_type, declaration.phase(), Some(&declaration), &facts)
                .unwrap_or_else(|error| panic!("{message_type} to {file}: {error}"));
            let again = parse_xml(write_xml(&built).as_bytes()).unwrap();
            assert_eq!(again, built, "{message_type} to {file}");
            assert!(customs_messages::parse_json(write_json(&built).as_bytes()).is_ok());
        }
    }
}

#[test]
fn a_release_carries_the_whole_declaration() {
    let (_, facts) = answers().into_iter().find(|(kind, _)| *kind == "CC029C").unwrap();
    for (file, declaration) in declarations() {
        let release = build("CC029C", declaration.phase(), Some(&declaration), &facts).unwrap();
        assert_eq!(release.text("TransitOperation/MRN"), Some(MRN));
        for path in ["TransitOperation/LRN", "Guarantee/GuaranteeReference/GRN", "Consignment/grossMass"] {
            assert_eq!(release.text(path), declaration.text(path), "{file} {path}");
        }
        for path in ["Consignment/HouseConsignment/ConsignmentItem", "Consignment/TransportEquipment/Seal"] {
            assert_eq!(release.groups(path).len(), declaration.groups(path).len(), "{file} {path}");
        }
    }
}

#[test]
fn an_mrn_takes_the_place_of_the_lrn_in_an_answer_that_has_one_of_them() {
    for (_, declaration) in declarations().into_iter().take(1) {
        let phase = declaration.phase();
        let (_, facts) = answers().into_iter().find(|(kind, _)| *kind == "CC056C").unwrap();
        let before = build("CC056C", phase, Some(&declaration), &facts).unwrap();
        assert_eq!(before.text("TransitOperation/LRN"), declaration.text("TransitOperation/LRN"));
        let facts = facts.with("TransitOperation/MRN", MRN);
        let after = build("CC056C", phase, Some(&declaration), &facts).unwrap();
        assert_eq!(
            (after.text("TransitOperation/LRN"), after.text("TransitOperation/MRN")),
            (None, Some(MRN))
        );
    }
}

#[test]
fn an_arrival_is_answered_too() {
    let arrival = parse_xml_with(ARRIVAL.as_bytes(), &ReadOptions::default()).unwrap();
    let facts = facts()
        .with("TransitOperation/businessRejectionType", "007")
        .with("TransitOperation/rejectionDateAndTime", "2026-05-01T09:00:01")
        .with("TransitOperation/rejectionCode", "12");
    let rejection = build("CC057C", Phase::P6, Some(&arrival), &facts).unwrap();
    assert_eq!(rejection.text("TraderAtDestination/identificationNumber"), Some("UZ12345678"));
}

#[test]
fn facts_that_do_not_fit_or_do_not_suffice_are_refused() {
    let unknown = build("CC999C", Phase::P6, None, &facts());
    assert!(matches!(unknown, Err(BuildError::UnknownMessage(_))));
    let misplaced = build("CC928C", Phase::P6, None, &facts().with("TransitOperation/Ship", "x"));
    assert!(matches!(misplaced, Err(BuildError::Fact(_))));
    let Err(BuildError::Invalid(rejection)) = build("CC928C", Phase::P6, None, &facts()) else {
        panic!("a message without an office was made");
    };
    let pointers: Vec<&str> = rejection.findings.iter().map(|one| one.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/CC928C/TransitOperation",
            "/CC928C/CustomsOfficeOfDeparture",
            "/CC928C/HolderOfTheTransitProcedure"
        ]
    );
}

#[test]
fn a_presentation_completes_the_declaration_and_an_amendment_replaces_it() {
    let messages = valid_messages();
    let of = |kind: &str, phase: Phase| {
        let found = messages.iter().filter(|(_, one)| one.message_type() == kind && one.phase() == phase);
        found.map(|(_, document)| document).collect::<Vec<_>>()
    };
    for phase in Phase::ALL {
        for presentation in of("CC170C", phase) {
            for declaration in of("CC015C", phase) {
                let whole = presented(declaration, presentation).unwrap();
                for path in ["Consignment/containerIndicator", "Consignment/LocationOfGoods/typeOfLocation"] {
                    assert_eq!(
                        whole.text(path),
                        presentation.text(path).or(declaration.text(path)),
                        "{path}"
                    );
                }
                assert_eq!(whole.text("TransitOperation/LRN"), declaration.text("TransitOperation/LRN"));
            }
        }
        for amendment in
            of("CC013C", phase).into_iter().filter(|one| one.text("Guarantee/guaranteeType").is_some())
        {
            let declaration = of("CC015C", phase)[0];
            let next = amended(declaration, amendment).unwrap();
            assert_eq!(next.text("TransitOperation/LRN"), declaration.text("TransitOperation/LRN"));
            assert_eq!(next.text("Consignment/grossMass"), amendment.text("Consignment/grossMass"));
        }
    }
}

#[test]
fn a_document_that_was_refused_can_still_be_answered() {
    let rejection =
        refused(&ARRIVAL.replace("26KZ57010100000QJ1", "much too long for any movement reference number"));
    let facts = facts().with_xml_errors(&rejection.findings);
    let answer = build("CC917C", rejection.phase, rejection.partial.as_deref(), &facts).unwrap();
    assert_eq!(answer.text("Header/MRN"), None);
    assert_eq!(answer.text("XMLError/errorCode"), Some("51"));
    let garbage = parse_xml(b"\xff not even text").unwrap_err();
    let facts = Facts::new(&header()).with_xml_errors(&garbage.findings);
    let answer = build("CC917C", garbage.phase, garbage.partial.as_deref(), &facts).unwrap();
    assert_eq!(answer.text("XMLError/errorCode"), Some("53"));
}
