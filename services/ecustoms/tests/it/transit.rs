//! Transit from end to end: the main job, its failure twins, and who may do what.

use customs_declarations_contract::{
    ControlResult, CrossingKind, MessageFormat, NotifyArrival, OrderControl, RecordControl, RecordCrossing,
    RecordDestinationControl, RefuseRelease, ReleaseMovement, SendArrivalMessage, SendDepartureMessage,
    SubmitDeclaration, Submitted,
};
use customs_kernel::{Mrn, Problem};
use customs_notifications_contract::PullNotifications;

use crate::{
    documents::{self, Lodging},
    nation::Nation,
};

const DECLARANT: &str = "KZ150640012341";
const CARRIER: &str = "KZ110240019832";

async fn submit(nation: &Nation, login: &str, content: String) -> Result<Submitted, Problem> {
    let evidence = nation.evidence(login, &content);
    let ask = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
    let submitted = nation.suite.desk.ask(&nation.caller(login).await, ask).await?;
    nation.settle().await;
    Ok(submitted)
}

async fn send(nation: &Nation, movement: uuid::Uuid, content: String) -> Result<Submitted, Problem> {
    let evidence = nation.evidence("declarant", &content);
    let ask = SendDepartureMessage { movement, content, format: MessageFormat::Xml, evidence };
    let sent = nation.suite.desk.ask(&nation.caller("declarant").await, ask).await?;
    nation.settle().await;
    Ok(sent)
}

fn lodging<'a>(nation: &'a Nation, lrn: &'a str) -> Lodging<'a> {
    let guarantees = nation.guarantees();
    Lodging {
        lrn,
        holder: DECLARANT,
        additional_type: "A",
        authorised: false,
        grn: &guarantees.grn,
        access_code: &guarantees.access_code,
        amount: "20000.00",
    }
}

async fn state(nation: &Nation, movement: uuid::Uuid) -> String {
    nation.movement("declarant", movement).await.unwrap().state
}

async fn release(nation: &Nation, movement: uuid::Uuid) {
    let expected_version = nation.movement("officer-departure", movement).await.unwrap().version;
    let ask = ReleaseMovement { movement, expected_version };
    nation.suite.desk.ask(&nation.caller("officer-departure").await, ask).await.unwrap();
    nation.settle().await;
}

async fn cross(
    nation: &Nation,
    login: &str,
    mrn: &str,
    office: &str,
    kind: CrossingKind,
) -> Result<(), Problem> {
    let ask = RecordCrossing { mrn: mrn.to_owned(), office: office.to_owned(), kind, seals_intact: true };
    nation.suite.desk.ask(&nation.caller(login).await, ask).await?;
    nation.settle().await;
    Ok(())
}

/// From the frontier to discharge.
async fn travel(nation: &Nation, mrn: &str) -> uuid::Uuid {
    cross(nation, "officer-transit-kz", mrn, "KZKRD001", CrossingKind::Exit).await.unwrap();
    cross(nation, "officer-transit-kg", mrn, "KGAKZ001", CrossingKind::Entry).await.unwrap();
    cross(nation, "officer-transit-kg", mrn, "KGOSH001", CrossingKind::Exit).await.unwrap();
    cross(nation, "officer-transit-uz", mrn, "UZDST001", CrossingKind::Entry).await.unwrap();
    let content = documents::arrival(CARRIER, mrn, &format!("A{mrn}"));
    let evidence = nation.evidence("carrier", &content);
    let ask = NotifyArrival { content, format: MessageFormat::Xml, evidence };
    let arrival = nation.suite.desk.ask(&nation.caller("carrier").await, ask).await.unwrap().movement;
    assert_eq!(nation.messages("carrier", arrival).await, ["CC007C", "CC043C"]);
    let content = documents::remarks(CARRIER, mrn, &format!("R{mrn}"));
    let evidence = nation.evidence("carrier", &content);
    let ask = SendArrivalMessage { arrival, content, format: MessageFormat::Xml, evidence };
    nation.suite.desk.ask(&nation.caller("carrier").await, ask).await.unwrap();
    assert_eq!(nation.messages("carrier", arrival).await, ["CC007C", "CC043C", "CC044C"]);
    let ask = RecordDestinationControl {
        mrn: mrn.to_owned(),
        office: "UZTAS001".to_owned(),
        code: "A1".to_owned(),
        remarks: None,
        seals_intact: None,
        documents: None,
        released_items: None,
    };
    nation.suite.desk.ask(&nation.caller("officer-destination").await, ask).await.unwrap();
    nation.settle().await;
    arrival
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_movement_goes_from_declaration_to_discharge() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let content = documents::declaration(&lodging(&nation, "L1"), "M1");
    let submitted = submit(&nation, "declarant", content).await.unwrap();
    let movement = submitted.movement;
    let answers = nation.messages("declarant", movement).await;
    assert_eq!(answers, ["CC015C", "CC928C", "CC028C"]);
    let mrn = submitted.mrn.unwrap();
    mrn.parse::<Mrn>().unwrap();
    assert_eq!(state(&nation, movement).await, "awaiting-release");
    assert_ne!(nation.balance().await, before, "the guarantee is held");
    release(&nation, movement).await;
    assert_eq!(state(&nation, movement).await, "released");
    let arrival = travel(&nation, &mrn).await;
    assert_eq!(nation.messages("carrier", arrival).await, ["CC007C", "CC043C", "CC044C", "CC025C"]);
    assert_eq!(state(&nation, movement).await, "written-off");
    let issued = ["CC015C", "CC928C", "CC028C", "CC029C", "CC045C"];
    assert_eq!(nation.messages("declarant", movement).await, issued);
    assert_eq!(nation.balance().await, before, "the guarantee is free");
    let pull = PullNotifications { first: Some(100), ..PullNotifications::default() };
    let page = nation.suite.desk.ask(&nation.caller("declarant").await, pull).await.unwrap();
    let numbers: Vec<_> = page.items.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>(), "no gap");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insufficient_guarantee_is_amended_and_the_goods_are_released() {
    let nation = Nation::new().await;
    let (grn, access_code) = (&nation.guarantees().small_grn, &nation.guarantees().small_access_code);
    let small = Lodging { grn, access_code, ..lodging(&nation, "L2") };
    let submitted = submit(&nation, "declarant", documents::declaration(&small, "M1")).await.unwrap();
    let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
    assert_eq!(state(&nation, movement).await, "guarantee-under-amendment");
    let refused = nation.last("declarant", movement, "CC055C").await.body.unwrap();
    assert!(refused.contains("<code>G09</code>"), "{refused}");
    let ample = documents::guarantee_amendment(&lodging(&nation, "L2"), &mrn, "M2");
    send(&nation, movement, ample).await.unwrap();
    assert_eq!(
        nation.messages("declarant", movement).await,
        ["CC015C", "CC928C", "CC028C", "CC055C", "CC013C", "CC004C"]
    );
    assert_eq!(state(&nation, movement).await, "awaiting-release");
    release(&nation, movement).await;
    assert_eq!(state(&nation, movement).await, "released");
    let late = documents::invalidation(DECLARANT, &mrn, "M3");
    send(&nation, movement, late).await.unwrap();
    let refused = nation.last("declarant", movement, "CC056C").await.body.unwrap();
    assert!(refused.contains("<errorCode>92</errorCode>"), "{refused}");
    // The deadline of the amendment was struck off: nothing happens when it would have passed.
    nation.advance(7_200).await;
    assert_eq!(state(&nation, movement).await, "released");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guarantee_that_nobody_amends_ends_in_no_release_and_holds_nothing() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let (grn, access_code) = (&nation.guarantees().small_grn, &nation.guarantees().small_access_code);
    let small = Lodging { grn, access_code, ..lodging(&nation, "L3") };
    let movement = submit(&nation, "declarant", documents::declaration(&small, "M1")).await.unwrap().movement;
    nation.advance(3_599).await;
    assert_eq!(state(&nation, movement).await, "guarantee-under-amendment");
    nation.advance(2).await;
    assert_eq!(state(&nation, movement).await, "not-released");
    assert_eq!(nation.messages("declarant", movement).await.last().map(String::as_str), Some("CC051C"));
    assert_eq!(nation.balance().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_withdraws_before_release_gets_the_guarantee_back() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let content = documents::declaration(&lodging(&nation, "L4"), "M1");
    let submitted = submit(&nation, "declarant", content).await.unwrap();
    let movement = submitted.movement;
    let ask = documents::invalidation(DECLARANT, &submitted.mrn.unwrap(), "M2");
    send(&nation, movement, ask).await.unwrap();
    assert_eq!(state(&nation, movement).await, "cancelled");
    assert_eq!(nation.messages("declarant", movement).await.last().map(String::as_str), Some("CC009C"));
    assert_eq!(nation.balance().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsatisfactory_control_refuses_the_release_and_frees_the_guarantee() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    let content = documents::declaration(&lodging(&nation, "L5"), "M1");
    let movement = submit(&nation, "declarant", content).await.unwrap().movement;
    let officer = nation.caller("officer-departure").await;
    let version = nation.movement("officer-departure", movement).await.unwrap().version;
    let order = OrderControl {
        movement,
        expected_version: version,
        control_type: "40".to_owned(),
        reason: "random draw".to_owned(),
        documents: None,
    };
    let seen = nation.suite.desk.ask(&officer, order).await.unwrap();
    assert_eq!(seen.state, "under-control");
    let record = RecordControl {
        movement,
        expected_version: seen.version,
        result: ControlResult::Unsatisfactory,
        remarks: Some("other goods".to_owned()),
        seals: None,
        documents: None,
    };
    nation.suite.desk.ask(&officer, record).await.unwrap();
    nation.settle().await;
    assert_eq!(
        nation.messages("declarant", movement).await,
        ["CC015C", "CC928C", "CC028C", "CC060C", "CC051C"]
    );
    assert_eq!(nation.balance().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authorised_consignor_is_released_by_the_deadline() {
    let nation = Nation::new().await;
    let simplified = Lodging { authorised: true, ..lodging(&nation, "L6") };
    let movement =
        submit(&nation, "declarant", documents::declaration(&simplified, "M1")).await.unwrap().movement;
    let messages = nation.messages("declarant", movement).await;
    assert_eq!(messages, ["CC015C", "CC928C", "CC028C"]);
    assert_eq!(state(&nation, movement).await, "awaiting-release");
    nation.advance(2_701).await;
    assert_eq!(state(&nation, movement).await, "released");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pre_lodged_declaration_that_is_not_presented_is_refused() {
    let nation = Nation::new().await;
    let early = Lodging { additional_type: "D", ..lodging(&nation, "L7") };
    let submitted = submit(&nation, "declarant", documents::declaration(&early, "M1")).await.unwrap();
    assert_eq!(submitted.mrn, None);
    assert_eq!(state(&nation, submitted.movement).await, "pre-lodged");
    nation.advance(30 * 86_400 + 1).await;
    assert_eq!(state(&nation, submitted.movement).await, "rejected");
    let again = submit(&nation, "declarant", documents::declaration(&early, "M2")).await.unwrap();
    assert_eq!(
        state(&nation, again.movement).await,
        "pre-lodged",
        "the local reference number is free again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_that_breaks_rules_is_answered_with_all_of_them() {
    let nation = Nation::new().await;
    let content = documents::declaration(&lodging(&nation, "L8"), "M1")
        .replace("<typeOfPackages>BX</typeOfPackages>", "<typeOfPackages>QQ</typeOfPackages>")
        .replace("<referenceNumber>UZTAS001", "<referenceNumber>UZXXX999");
    let movement = submit(&nation, "declarant", content).await.unwrap().movement;
    assert_eq!(state(&nation, movement).await, "rejected");
    let answer = nation.last("declarant", movement, "CC056C").await.body.unwrap();
    assert!(answer.contains("/CC015C/CustomsOfficeOfDestinationDeclared/referenceNumber"), "{answer}");
    assert!(answer.matches("<errorCode>12</errorCode>").count() >= 3, "{answer}");
    let again = documents::declaration(&lodging(&nation, "L8"), "M1");
    let accepted = submit(&nation, "declarant", again).await.unwrap();
    assert!(accepted.mrn.is_some(), "local reference number and identification are free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_local_reference_number_is_good_for_one_movement() {
    let nation = Nation::new().await;
    submit(&nation, "declarant", documents::declaration(&lodging(&nation, "L9"), "M1")).await.unwrap();
    let twin = documents::declaration(&lodging(&nation, "L9"), "M2");
    let movement = submit(&nation, "declarant", twin).await.unwrap().movement;
    let answer = nation.last("declarant", movement, "CC056C").await.body.unwrap();
    assert!(answer.contains("<errorReason>BR20006</errorReason>"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_declares_for_the_holder_who_lets_it_and_for_nobody_else() {
    let nation = Nation::new().await;
    let content = documents::declaration(&lodging(&nation, "L10"), "M1");
    let accepted = submit(&nation, "broker", content).await.unwrap();
    assert!(accepted.mrn.is_some());
    assert!(nation.movement("declarant", accepted.movement).await.is_ok(), "the holder sees it too");
    assert!(nation.movement("insurer", accepted.movement).await.is_err());
    let foreign = Lodging { holder: "KZ110240019832", ..lodging(&nation, "L11") };
    let refused = submit(&nation, "broker", documents::declaration(&foreign, "M2")).await.unwrap();
    let answer = nation.last("broker", refused.movement, "CC056C").await.body.unwrap();
    assert!(answer.contains("<errorReason>BR20004</errorReason>"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_of_another_content_or_signer_is_refused() {
    let nation = Nation::new().await;
    let content = documents::declaration(&lodging(&nation, "L12"), "M1");
    let caller = nation.caller("declarant").await;
    let altered = SubmitDeclaration {
        evidence: nation.evidence("declarant", &content),
        content: content.replace("1200.5", "1200.6"),
        format: MessageFormat::Xml,
    };
    let refused = nation.suite.desk.ask(&caller, altered).await.unwrap_err();
    assert_eq!(refused.code, "signature-evidence-missing");
    let borrowed = SubmitDeclaration {
        evidence: nation.evidence("carrier", &content),
        content,
        format: MessageFormat::Xml,
    };
    let refused = nation.suite.desk.ask(&caller, borrowed).await.unwrap_err();
    assert_eq!((refused.code.as_ref(), refused.status), ("signature-wrong-person", 403));
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_act_only_at_their_offices_and_on_what_they_saw() {
    let nation = Nation::new().await;
    let content = documents::declaration(&lodging(&nation, "L13"), "M1");
    let submitted = submit(&nation, "declarant", content).await.unwrap();
    let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
    let officer = nation.caller("officer-departure").await;
    let stale = ReleaseMovement { movement, expected_version: 0 };
    let refused = nation.suite.desk.ask(&officer, stale).await.unwrap_err();
    assert_eq!(refused.code, "version-stale");
    let version = nation.movement("officer-departure", movement).await.unwrap().version;
    let other = nation.caller("officer-transit-kz").await;
    let ask = ReleaseMovement { movement, expected_version: version };
    assert_eq!(nation.suite.desk.ask(&other, ask.clone()).await.unwrap_err().code, "forbidden");
    let early = cross(&nation, "officer-transit-kz", &mrn, "KZKRD001", CrossingKind::Exit).await.unwrap_err();
    assert_eq!(early.code, "out-of-sequence");
    nation.suite.desk.ask(&officer, ask.clone()).await.unwrap();
    let twice = nation.suite.desk.ask(&officer, ask).await.unwrap_err();
    assert_eq!(twice.code, "version-stale");
    let version = nation.movement("officer-departure", movement).await.unwrap().version;
    let refuse = RefuseRelease { movement, expected_version: version, reason: "late".to_owned() };
    assert_eq!(nation.suite.desk.ask(&officer, refuse).await.unwrap_err().code, "out-of-sequence");
    let entry =
        cross(&nation, "officer-transit-uz", &mrn, "UZDST001", CrossingKind::Entry).await.unwrap_err();
    assert!(entry.detail.contains("KGAKZ001"), "{entry}");
    let foreign =
        cross(&nation, "officer-transit-kz", &mrn, "KGAKZ001", CrossingKind::Entry).await.unwrap_err();
    assert_eq!(foreign.code, "not-found");
}
