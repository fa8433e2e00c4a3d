//! At destination: goods released in part, incidents told with the arrival, goods found after the guarantor was called.

use customs_declarations_contract::{
    AcceptProof, ListActs, MessageFormat, NotifyArrival, RecordDestinationControl, ReleaseMovement,
    SendArrivalMessage, SolveDiscrepancies,
};
use customs_guarantees_contract::GuaranteeUses;
use customs_notifications_contract::{PullNotifications, event::GUARANTEE_INCIDENT_TOLD};
use uuid::Uuid;

use crate::{
    documents,
    nation::Nation,
    procedure::{ask, issued, lodge, lodging, state, version},
};

const CARRIER: &str = "KZ110240019832";
const DAY: i64 = 86_400;

async fn released(nation: &Nation, lrn: &str) -> (Uuid, String) {
    let submitted = lodge(nation, &lodging(nation, lrn)).await;
    let movement = submitted.movement;
    let expected_version = version(nation, movement).await;
    ask(nation, "officer-departure", ReleaseMovement { movement, expected_version }).await.unwrap();
    (movement, submitted.mrn.unwrap())
}

async fn notify(nation: &Nation, content: String) -> Uuid {
    let evidence = nation.evidence("carrier", &content);
    let notify = NotifyArrival { content, format: MessageFormat::Xml, evidence };
    ask(nation, "carrier", notify).await.unwrap().movement
}

/// An arrival of the normal procedure.
fn arrival(mrn: &str) -> String {
    let simplified = documents::arrival(CARRIER, mrn, &format!("A{mrn}"));
    let (from, to) =
        (simplified.find("<Authorisation>").unwrap(), simplified.find("</Authorisation>").unwrap());
    let normal = format!("{}{}", &simplified[..from], &simplified[to + "</Authorisation>".len()..]);
    normal.replace("<simplifiedProcedure>1<", "<simplifiedProcedure>0<")
}

fn result(mrn: &str, code: &str, released_items: Option<Vec<i32>>) -> RecordDestinationControl {
    RecordDestinationControl {
        mrn: mrn.to_owned(),
        office: "UZTAS001".to_owned(),
        code: code.to_owned(),
        remarks: Some("a box is missing".to_owned()),
        seals_intact: None,
        documents: None,
        released_items,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_are_released_in_part_and_the_rest_when_the_discrepancies_are_solved() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, mrn) = released(&nation, "D1").await;
    let dossier = notify(&nation, arrival(&mrn)).await;
    for (code, items, pointer) in [
        ("A1", vec![1], "/releasedItems"),
        ("B1", vec![1, 2], "/releasedItems"),
        ("B1", vec![3], "/releasedItems/0"),
        ("B1", vec![1, 1], "/releasedItems/1"),
    ] {
        let refused = ask(&nation, "officer-destination", result(&mrn, code, Some(items))).await.unwrap_err();
        assert_eq!((refused.code.as_ref(), refused.errors[0].pointer.as_str()), ("input-invalid", pointer));
    }
    ask(&nation, "officer-destination", result(&mrn, "B1", Some(vec![2]))).await.unwrap();
    let part = nation.last("carrier", dossier, "CC025C").await.body.unwrap();
    for told in [
        "<releaseIndicator>2</releaseIndicator>",
        "<releaseType>1</releaseType>",
        "<declarationGoodsItemNumber>2</declarationGoodsItemNumber>",
    ] {
        assert!(part.contains(told), "{told} in {part}");
    }
    assert!(!part.contains("<declarationGoodsItemNumber>1<"), "{part}");
    assert_eq!(state(&nation, movement).await, "discrepancies-pending");
    assert_ne!(nation.balance().await, before, "the guarantee stands for the rest");
    let expected_version = version(&nation, movement).await;
    let solve = SolveDiscrepancies { movement, expected_version, remarks: None };
    ask(&nation, "officer-departure", solve).await.unwrap();
    let rest = nation.last("carrier", dossier, "CC025C").await.body.unwrap();
    assert!(rest.contains("<releaseIndicator>3</releaseIndicator>"), "{rest}");
    assert!(rest.contains("<declarationGoodsItemNumber>1<"), "{rest}");
    assert!(!rest.contains("<declarationGoodsItemNumber>2<"), "{rest}");
    assert_eq!(state(&nation, movement).await, "written-off");
    assert_eq!(nation.balance().await, before);
    nation.replays(movement).await;
}

/// A released movement whose guarantor was called because its goods did not arrive.
async fn called(nation: &Nation, lrn: &str) -> (Uuid, String) {
    let (movement, mrn) = released(nation, lrn).await;
    for seconds in [8 * DAY + 1, 7 * DAY + 1, 28 * DAY + 1, 186 * DAY, 30 * DAY + 1] {
        nation.advance(seconds).await;
    }
    assert_eq!(state(nation, movement).await, "guarantor-called");
    (movement, mrn)
}

async fn use_of(nation: &Nation, mrn: &str) -> String {
    let uses = GuaranteeUses {
        reference: None,
        mrn: Some(mrn.to_owned()),
        open_only: None,
        first: None,
        after: None,
    };
    ask(nation, "insurer", uses).await.unwrap().items.pop().unwrap().state
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_that_are_found_after_the_guarantor_was_called_take_the_claim_back() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, mrn) = called(&nation, "D2").await;
    assert_eq!(use_of(&nation, &mrn).await, "called");
    let dossier = notify(&nation, arrival(&mrn)).await;
    assert_eq!(nation.messages("carrier", dossier).await, ["CC007C"], "the arrival is taken");
    assert_eq!(state(&nation, movement).await, "arrived");
    assert_eq!(use_of(&nation, &mrn).await, "called", "until the goods are found in order");
    ask(&nation, "officer-destination", result(&mrn, "A5", None)).await.unwrap();
    assert_eq!(state(&nation, movement).await, "written-off");
    assert_eq!((use_of(&nation, &mrn).await.as_str(), nation.balance().await), ("freed", before));
    nation.advance(60 * DAY).await;
    assert_eq!(state(&nation, movement).await, "written-off", "no deadline rings any more");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_comes_after_the_claim_takes_it_back_too() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (movement, _) = called(&nation, "D3").await;
    let expected_version = version(&nation, movement).await;
    let proof = AcceptProof { movement, expected_version, remarks: "a stamped copy".to_owned() };
    ask(&nation, "officer-departure", proof).await.unwrap();
    assert_eq!(state(&nation, movement).await, "written-off");
    assert_eq!(nation.balance().await, before);
    nation.replays(movement).await;
}

const INCIDENT: &str = "<Incident><sequenceNumber>1</sequenceNumber><code>2</code><text>a seal was broken</text>\
    <Endorsement><date>2026-11-21</date><authority>Road police</authority><place>Osh</place><country>KG</country>\
    </Endorsement><Location><qualifierOfIdentification>U</qualifierOfIdentification><UNLocode>KGOSS</UNLocode>\
    <country>KG</country></Location><TransportEquipment><sequenceNumber>1</sequenceNumber>\
    <numberOfSeals>1</numberOfSeals><Seal><sequenceNumber>1</sequenceNumber><identifier>KG-7</identifier></Seal>\
    </TransportEquipment></Incident>";

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_that_is_told_with_the_arrival_is_on_record_and_told_to_the_guarantor() {
    let nation = Nation::new().await;
    let (movement, mrn) = released(&nation, "D4").await;
    let content = arrival(&mrn)
        .replace("NCTS6", "NCTS5.1")
        .replace("</simplifiedProcedure>", "</simplifiedProcedure><incidentFlag>1</incidentFlag>")
        .replace("</LocationOfGoods>", &format!("</LocationOfGoods>{INCIDENT}"));
    let dossier = notify(&nation, content).await;
    assert_eq!(nation.messages("carrier", dossier).await, ["CC007C"], "taken");
    assert_eq!(
        issued(&nation, movement).await,
        ["CC928C", "CC028C", "CC029C"],
        "no office has registered it"
    );
    let acts = ListActs { movement, first: None, after: None };
    for login in ["declarant", "officer-departure"] {
        let seen = ask(&nation, login, acts.clone()).await.unwrap().items;
        assert_eq!((seen[0].kind.as_str(), seen[0].endorsed), ("incident", Some(true)));
        assert_eq!(seen[0].seals, ["KG-7"]);
    }
    let pull = PullNotifications { first: Some(100), ..PullNotifications::default() };
    let entries = ask(&nation, "insurer", pull).await.unwrap().items;
    assert_eq!(entries.iter().filter(|entry| entry.event.kind == GUARANTEE_INCIDENT_TOLD).count(), 1);
    assert_eq!(state(&nation, movement).await, "arrived");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_are_unloaded_in_parts_each_with_a_permission_of_its_own() {
    let nation = Nation::new().await;
    let (movement, mrn) = released(&nation, "D9").await;
    let dossier = notify(&nation, documents::arrival(CARRIER, &mrn, &format!("A{mrn}"))).await;
    let remark = async |number: &str, complete: bool, of: &str| {
        let whole = documents::remarks(CARRIER, of, number);
        let content = if complete {
            whole
        } else {
            whole.replace("<unloadingCompletion>1<", "<unloadingCompletion>0<")
        };
        let evidence = nation.evidence("carrier", &content);
        let send = SendArrivalMessage { arrival: dossier, content, format: MessageFormat::Xml, evidence };
        ask(&nation, "carrier", send).await.unwrap();
    };
    for times in ["1", "2"] {
        remark(&format!("R{times}"), false, &mrn).await;
        let permission = nation.last("carrier", dossier, "CC043C").await.body.unwrap();
        let number = format!("<continueUnloading>{times}</continueUnloading>");
        assert!(permission.contains(&number), "{permission}");
    }
    remark("R3", true, "26KZABCDEFGHIJKLJ0").await;
    let refused = nation.last("carrier", dossier, "CC057C").await.body.unwrap();
    assert!(refused.contains("<businessRejectionType>044</businessRejectionType>"), "{refused}");
    remark("R4", true, &mrn).await;
    remark("R5", false, &mrn).await;
    let late = nation.last("carrier", dossier, "CC057C").await.body.unwrap();
    assert!(late.contains("<errorCode>92</errorCode>"), "unloaded is unloaded: {late}");
    nation.advance(901).await;
    assert_eq!(state(&nation, movement).await, "written-off");
    let exchanged = nation.messages("carrier", dossier).await;
    let expected = "CC007C CC043C CC044C CC043C CC044C CC043C CC044C CC057C CC044C CC044C CC057C CC025C";
    assert_eq!(exchanged.join(" "), expected);
    nation.replays(movement).await;
}
