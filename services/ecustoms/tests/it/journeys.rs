//! After release: invalidation, incidents, diversion, controls, arrival, discrepancies, enquiry, recovery and claim.

use customs_declarations_contract::{
    AcceptProof, ClaimGuarantor, CrossingKind, DivertMovement, DivertedRole, IncidentEquipment,
    IncidentPlace, InvalidateMovement, ListActs, MessageFormat, NotifyArrival, OfficeControlResult,
    OrderOfficeControl, PermitUnloading, RecordArrival, RecordCrossing, RecordDestinationControl,
    RecordIncident, RecordOfficeControl, RecordRecoveryPayment, RejectAnswer, ReleaseMovement,
    SendArrivalMessage, SolveDiscrepancies,
};
use customs_notifications_contract::{PullNotifications, event::GUARANTEE_INCIDENT_TOLD};
use customs_references_contract::{AddRestriction, RestrictionEffect};
use uuid::Uuid;

use crate::{
    documents,
    nation::Nation,
    procedure::{DECLARANT, ask, issued, lodge, lodging, send, state, version},
};

const CARRIER: &str = "KZ110240019832";
const DAY: i64 = 86_400;

/// A released movement and its MRN.
async fn released(nation: &Nation, lrn: &str) -> (Uuid, String) {
    let submitted = lodge(nation, &lodging(nation, lrn)).await;
    let movement = submitted.movement;
    let expected_version = version(nation, movement).await;
    ask(nation, "officer-departure", ReleaseMovement { movement, expected_version }).await.unwrap();
    assert_eq!(state(nation, movement).await, "released");
    (movement, submitted.mrn.unwrap())
}

async fn arrive(nation: &Nation, mrn: &str) -> Uuid {
    let content = documents::arrival(CARRIER, mrn, &format!("A{mrn}"));
    let evidence = nation.evidence("carrier", &content);
    let notify = NotifyArrival { content, format: MessageFormat::Xml, evidence };
    ask(nation, "carrier", notify).await.unwrap().movement
}

async fn remark(nation: &Nation, arrival: Uuid, content: String) {
    let evidence = nation.evidence("carrier", &content);
    let remarks = SendArrivalMessage { arrival, content, format: MessageFormat::Xml, evidence };
    ask(nation, "carrier", remarks).await.unwrap();
}

async fn cross(
    nation: &Nation,
    login: &str,
    mrn: &str,
    office: &str,
    kind: CrossingKind,
) -> Result<(), String> {
    let crossing =
        RecordCrossing { mrn: mrn.to_owned(), office: office.to_owned(), kind, seals_intact: true };
    ask(nation, login, crossing).await.map(|_| ()).map_err(|problem| problem.detail)
}

fn result(mrn: &str, code: &str) -> RecordDestinationControl {
    RecordDestinationControl {
        mrn: mrn.to_owned(),
        office: "UZTAS001".to_owned(),
        code: code.to_owned(),
        remarks: None,
        seals_intact: Some(true),
        documents: None,
        released_items: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customs_invalidates_after_release_and_the_goods_cannot_arrive_any_more() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, mrn) = released(&nation, "J1").await;
    let expected_version = version(&nation, movement).await;
    let end = InvalidateMovement { movement, expected_version, reason: "wrong goods".to_owned() };
    ask(&nation, "officer-departure", end.clone()).await.unwrap();
    let told = nation.last("declarant", movement, "CC009C").await.body.unwrap();
    assert!(told.contains("<initiatedByCustoms>1</initiatedByCustoms>"), "{told}");
    assert_eq!(state(&nation, movement).await, "cancelled");
    assert_eq!(nation.balance().await, before, "whatever was held is free");
    let arrival = arrive(&nation, &mrn).await;
    let refused = nation.last("carrier", arrival, "CC057C").await.body.unwrap();
    assert!(refused.contains("<errorCode>92</errorCode>"), "{refused}");
    let crossed = cross(&nation, "officer-transit-kz", &mrn, "KZKRD001", CrossingKind::Exit).await;
    assert!(crossed.unwrap_err().contains("cancelled"));
    let again = InvalidateMovement { expected_version: version(&nation, movement).await, ..end };
    assert_eq!(ask(&nation, "officer-departure", again).await.unwrap_err().code, "out-of-sequence");
    nation.advance(300 * DAY).await;
    assert_eq!(state(&nation, movement).await, "cancelled", "no deadline runs any more");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_told_to_the_holder_and_kept_for_everybody_concerned() {
    let nation = Nation::new().await;
    let (movement, mrn) = released(&nation, "J2").await;
    let report = RecordIncident {
        mrn: mrn.clone(),
        office: "KGAKZ001".to_owned(),
        code: "2".to_owned(),
        text: "a seal was broken".to_owned(),
        endorsed: true,
        authority: None,
        place: IncidentPlace {
            country: "KG".to_owned(),
            un_locode: Some("KGFRU".to_owned()),
            latitude: None,
            longitude: None,
            street_and_number: None,
            city: None,
        },
        equipment: Some(vec![IncidentEquipment { container: None, seals: vec!["KG-1".to_owned()] }]),
        transhipment: None,
        report: None,
    };
    ask(&nation, "officer-transit-kg", report.clone()).await.unwrap();
    let told = nation.last("declarant", movement, "CC182C").await.body.unwrap();
    assert!(told.contains("<identifier>KG-1</identifier>") && told.contains("<Endorsement>"), "{told}");
    let pull = PullNotifications { first: Some(100), ..PullNotifications::default() };
    let box_of_guarantor = ask(&nation, "insurer", pull).await.unwrap().items;
    let warned = box_of_guarantor.iter().filter(|entry| entry.event.kind == GUARANTEE_INCIDENT_TOLD).count();
    assert_eq!(warned, 1, "the guarantor is told once");
    let acts = ListActs { movement, first: None, after: None };
    for login in ["declarant", "officer-departure", "officer-transit-uz"] {
        let seen = ask(&nation, login, acts.clone()).await.unwrap().items;
        assert_eq!(seen.len(), 1, "{login}");
        assert_eq!((seen[0].kind.as_str(), seen[0].endorsed), ("incident", Some(true)));
    }
    assert_eq!(ask(&nation, "carrier", acts).await.unwrap_err().code, "not-found");
    let incomplete = RecordIncident { equipment: None, ..report.clone() };
    assert_eq!(ask(&nation, "officer-transit-kg", incomplete).await.unwrap_err().code, "input-invalid");
    let elsewhere = RecordIncident { office: "UZDST001".to_owned(), ..report.clone() };
    assert_eq!(ask(&nation, "officer-transit-kg", elsewhere).await.unwrap_err().code, "not-found");
    let unknown = RecordIncident { mrn: "26KZ0000000000000X".to_owned(), ..report };
    assert_eq!(ask(&nation, "officer-transit-kg", unknown).await.unwrap_err().code, "not-found");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_control_on_the_way_holds_the_goods_until_it_is_passed() {
    let nation = Nation::new().await;
    let (movement, mrn) = released(&nation, "J3").await;
    let order = OrderOfficeControl {
        mrn: mrn.clone(),
        office: "KGAKZ001".to_owned(),
        control_type: "44".to_owned(),
        reason: "scanner".to_owned(),
    };
    ask(&nation, "officer-transit-kg", order.clone()).await.unwrap();
    let twice = ask(&nation, "officer-transit-kg", order.clone()).await.unwrap_err();
    assert!(twice.detail.contains("under-control"), "{twice}");
    let held = cross(&nation, "officer-transit-kg", &mrn, "KGAKZ001", CrossingKind::Entry).await;
    assert!(held.unwrap_err().contains("under-control"));
    let record = |result| RecordOfficeControl {
        mrn: mrn.clone(),
        office: "KGAKZ001".to_owned(),
        result,
        remarks: None,
        seals: None,
        documents: None,
    };
    ask(&nation, "officer-transit-kg", record(OfficeControlResult::Unsatisfactory)).await.unwrap();
    let held = cross(&nation, "officer-transit-kg", &mrn, "KGAKZ001", CrossingKind::Entry).await;
    assert!(held.unwrap_err().contains("stopped"));
    ask(&nation, "officer-transit-kg", order).await.unwrap();
    ask(&nation, "officer-transit-kg", record(OfficeControlResult::Satisfactory)).await.unwrap();
    cross(&nation, "officer-transit-kg", &mrn, "KGAKZ001", CrossingKind::Entry).await.unwrap();
    assert_eq!(state(&nation, movement).await, "released");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_is_held_against_the_lists_of_a_country_before_the_goods_are_there() {
    let nation = Nation::new().await;
    let submitted = lodge(&nation, &lodging(&nation, "J30")).await;
    let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
    for (country, effect) in [("KG", RestrictionEffect::Control), ("UZ", RestrictionEffect::Refuse)] {
        let measure = AddRestriction {
            prefix: "61".to_owned(),
            country: Some(country.to_owned()),
            effect,
            reason: "quota of the year".to_owned(),
            valid_from: None,
            valid_to: None,
        };
        ask(&nation, "administrator", measure).await.unwrap();
    }
    let expected_version = version(&nation, movement).await;
    ask(&nation, "officer-departure", ReleaseMovement { movement, expected_version }).await.unwrap();
    let acts = ListActs { movement, first: None, after: None };
    let acts = ask(&nation, "officer-transit-kg", acts).await.unwrap().items;
    let told: Vec<_> = acts.iter().map(|act| (act.kind.as_str(), act.office.as_str())).collect();
    let entries = [("control-ordered", "KGAKZ001"), ("control-ordered", "UZDST001")];
    assert_eq!(told, [entries[0], entries[1], ("validated", "UZTAS001")], "{acts:?}");
    assert!(acts.iter().all(|act| act.text.as_deref().unwrap().contains("quota of the year")), "{acts:?}");
    let held = cross(&nation, "officer-transit-kg", &mrn, "KGAKZ001", CrossingKind::Entry).await;
    assert!(held.unwrap_err().contains("under-control"));
    let passed = RecordOfficeControl {
        mrn: mrn.clone(),
        office: "KGAKZ001".to_owned(),
        result: OfficeControlResult::Satisfactory,
        remarks: Some("within the quota".to_owned()),
        seals: None,
        documents: None,
    };
    ask(&nation, "officer-transit-kg", passed).await.unwrap();
    cross(&nation, "officer-transit-kg", &mrn, "KGAKZ001", CrossingKind::Entry).await.unwrap();
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_office_of_the_country_takes_the_place_of_a_declared_one() {
    let nation = Nation::new().await;
    let (movement, mrn) = released(&nation, "J4").await;
    let divert = |office: &str, role| DivertMovement {
        mrn: mrn.clone(),
        office: office.to_owned(),
        role,
        reason: "the pass is closed".to_owned(),
    };
    let osh = divert("KGOSH001", DivertedRole::Transit);
    ask(&nation, "officer-transit-kg", osh.clone()).await.unwrap();
    let twice = ask(&nation, "officer-transit-kg", osh).await.unwrap_err();
    assert_eq!(twice.code, "out-of-sequence");
    let seen = nation.movement("officer-departure", movement).await.unwrap();
    let left = seen.offices.iter().find(|office| office.office == "KGAKZ001").unwrap();
    assert_eq!(left.state, "diverted");
    let old = cross(&nation, "officer-transit-kg", &mrn, "KGAKZ001", CrossingKind::Entry).await;
    assert!(old.is_err());
    cross(&nation, "officer-transit-kg", &mrn, "KGOSH001", CrossingKind::Entry).await.unwrap();
    let foreign = divert("KZKRD001", DivertedRole::Transit);
    assert_eq!(ask(&nation, "officer-transit-kz", foreign).await.unwrap_err().code, "out-of-sequence");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn conform_remarks_that_nobody_controls_discharge_the_movement() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, mrn) = released(&nation, "J5").await;
    let arrival = arrive(&nation, &mrn).await;
    remark(&nation, arrival, documents::remarks(CARRIER, &mrn, "R1")).await;
    assert_eq!(state(&nation, movement).await, "arrived");
    nation.advance(901).await;
    assert_eq!(state(&nation, movement).await, "written-off");
    assert_eq!(nation.messages("carrier", arrival).await, ["CC007C", "CC043C", "CC044C", "CC025C"]);
    assert_eq!(issued(&nation, movement).await, ["CC928C", "CC028C", "CC029C", "CC045C"]);
    assert_eq!(nation.balance().await, before);
    let late = ask(&nation, "officer-destination", result(&mrn, "A1")).await.unwrap_err();
    assert_eq!(late.code, "out-of-sequence");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn major_discrepancies_are_solved() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, mrn) = released(&nation, "J6").await;
    let arrival = arrive(&nation, &mrn).await;
    let order = OrderOfficeControl {
        mrn: mrn.clone(),
        office: "UZTAS001".to_owned(),
        control_type: "40".to_owned(),
        reason: "remarks".to_owned(),
    };
    let early = ask(&nation, "officer-destination", order.clone()).await.unwrap_err();
    assert_eq!(early.code, "out-of-sequence", "the goods are still being unloaded");
    remark(&nation, arrival, documents::remarks(CARRIER, &mrn, "R2")).await;
    ask(&nation, "officer-destination", order).await.unwrap();
    nation.advance(901).await;
    assert_eq!(state(&nation, movement).await, "arrived", "a control stops the deadline");
    ask(&nation, "officer-destination", result(&mrn, "B1")).await.unwrap();
    assert_eq!(state(&nation, movement).await, "discrepancies-pending");
    let withheld = nation.last("carrier", arrival, "CC025C").await.body.unwrap();
    assert!(withheld.contains("<releaseIndicator>4</releaseIndicator>"), "{withheld}");
    assert_ne!(nation.balance().await, before);
    let expected_version = version(&nation, movement).await;
    let solve = SolveDiscrepancies { movement, expected_version, remarks: None };
    assert_eq!(ask(&nation, "officer-destination", solve.clone()).await.unwrap_err().code, "forbidden");
    ask(&nation, "officer-departure", solve).await.unwrap();
    let issued = issued(&nation, movement).await;
    assert_eq!(issued, ["CC928C", "CC028C", "CC029C", "CC019C", "CC045C"]);
    let freed = nation.last("carrier", arrival, "CC025C").await.body.unwrap();
    assert!(freed.contains("<releaseIndicator>1</releaseIndicator>"), "{freed}");
    assert_eq!(nation.balance().await, before);
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discrepancies_that_nobody_solves_become_a_debt_and_a_claim() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, mrn) = released(&nation, "J7").await;
    let held = nation.balance().await;
    let arrival = arrive(&nation, &mrn).await;
    remark(&nation, arrival, documents::remarks(CARRIER, &mrn, "R3")).await;
    ask(&nation, "officer-destination", result(&mrn, "B1")).await.unwrap();
    nation.advance(30 * DAY + 1).await;
    assert_eq!(state(&nation, movement).await, "under-recovery");
    let debt = nation.last("declarant", movement, "CC035C").await.body.unwrap();
    assert!(debt.contains("<amountClaimed>20000</amountClaimed>") || debt.contains("20000.00"), "{debt}");
    let early = ClaimGuarantor { movement, expected_version: 0 };
    assert_eq!(ask(&nation, "officer-departure", early).await.unwrap_err().code, "version-stale");
    nation.advance(30 * DAY + 1).await;
    assert_eq!(state(&nation, movement).await, "guarantor-called");
    assert_eq!(nation.balance().await, held, "what is called is not free");
    let paid = RecordRecoveryPayment {
        movement,
        expected_version: version(&nation, movement).await,
        reference: "PAY-1".to_owned(),
    };
    ask(&nation, "officer-departure", paid).await.unwrap();
    assert_eq!(state(&nation, movement).await, "written-off");
    assert_ne!(nation.balance().await, before, "the guarantor owes what it was called for");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_that_do_not_arrive_are_enquired_for_and_a_late_arrival_ends_the_enquiry() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, mrn) = released(&nation, "J8").await;
    nation.advance(8 * DAY + 1).await;
    assert_eq!(state(&nation, movement).await, "overdue");
    nation.advance(7 * DAY + 1).await;
    assert_eq!(state(&nation, movement).await, "under-enquiry");
    send(&nation, movement, documents::enquiry_answer(DECLARANT, &mrn, "N1")).await;
    assert_eq!(state(&nation, movement).await, "enquiry-answered");
    send(&nation, movement, documents::enquiry_answer(DECLARANT, &mrn, "N2")).await;
    let refused = nation.last("declarant", movement, "CC056C").await.body.unwrap();
    assert!(refused.contains("<businessRejectionType>141</businessRejectionType>"), "{refused}");
    let expected_version = version(&nation, movement).await;
    let reject = RejectAnswer { movement, expected_version, reason: "no stamp".to_owned() };
    ask(&nation, "officer-departure", reject).await.unwrap();
    assert_eq!(state(&nation, movement).await, "under-enquiry");
    nation.advance(28 * DAY + 1).await;
    assert_eq!(state(&nation, movement).await, "under-enquiry", "the holder did not answer");
    let arrival = arrive(&nation, &mrn).await;
    assert_eq!(state(&nation, movement).await, "arrived", "the enquiry is withdrawn");
    nation.advance(300 * DAY).await;
    assert_eq!(state(&nation, movement).await, "arrived", "and no deadline of it rings");
    remark(&nation, arrival, documents::remarks(CARRIER, &mrn, "R4")).await;
    ask(&nation, "officer-destination", result(&mrn, "A5")).await.unwrap();
    assert_eq!(state(&nation, movement).await, "written-off");
    assert_eq!(nation.balance().await, before);
    let issued = issued(&nation, movement).await;
    assert_eq!(issued.iter().filter(|message| *message == "CC140C").count(), 2, "{issued:?}");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enquiry_without_result_ends_in_recovery_after_seven_months_or_by_another_proof() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, _) = released(&nation, "J9").await;
    nation.advance(8 * DAY + 1).await;
    nation.advance(7 * DAY + 1).await;
    nation.advance(28 * DAY + 1).await;
    nation.advance(184 * DAY).await;
    assert_eq!(state(&nation, movement).await, "under-enquiry");
    nation.advance(2 * DAY).await;
    assert_eq!(state(&nation, movement).await, "under-recovery");
    let proof = AcceptProof {
        movement,
        expected_version: version(&nation, movement).await,
        remarks: "a stamped copy of the third country".to_owned(),
    };
    ask(&nation, "officer-departure", proof).await.unwrap();
    assert_eq!(state(&nation, movement).await, "written-off");
    assert_eq!(nation.balance().await, before);
    nation.advance(60 * DAY).await;
    assert_eq!(state(&nation, movement).await, "written-off", "the debt is forgotten");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_records_an_arrival_that_nobody_has_notified() {
    let nation = Nation::new().await;
    let (movement, mrn) = released(&nation, "J10").await;
    let record = RecordArrival { mrn: mrn.clone(), office: "UZTAS001".to_owned() };
    ask(&nation, "officer-destination", record.clone()).await.unwrap();
    assert_eq!(ask(&nation, "officer-destination", record).await.unwrap_err().code, "out-of-sequence");
    let unload = PermitUnloading { mrn: mrn.clone(), office: "UZTAS001".to_owned() };
    assert_eq!(ask(&nation, "officer-destination", unload).await.unwrap_err().code, "out-of-sequence");
    ask(&nation, "officer-destination", result(&mrn, "A1")).await.unwrap();
    assert_eq!(issued(&nation, movement).await, ["CC928C", "CC028C", "CC029C", "CC045C"]);
    assert_eq!(state(&nation, movement).await, "written-off");
    nation.replays(movement).await;
}
