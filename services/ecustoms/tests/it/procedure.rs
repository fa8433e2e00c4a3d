//! Before release: acceptance by an officer, amendments, withdrawals, controls, invalidation, each with its refusal.

use customs_declarations_contract::{
    AcceptDeclaration, AnnounceControl, AnswerWithdrawal, ControlResult, InvalidateMovement, ListActs,
    MessageFormat, OfficeQueue, OrderControl, QueryGuarantees, QueueOrder, RecordControl, RejectDeclaration,
    ReleaseMovement, RequestAmendment, SendDepartureMessage, SubmitDeclaration, Submitted,
};
use customs_kernel::{Problem, UseCase};
use uuid::Uuid;

use crate::{
    documents::{self, Lodging},
    nation::Nation,
};

pub(crate) const DECLARANT: &str = "KZ150640012341";

pub(crate) fn lodging<'a>(nation: &'a Nation, lrn: &'a str) -> Lodging<'a> {
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

/// What `login` asks for, carried as far as it goes.
pub(crate) async fn ask<U: UseCase>(nation: &Nation, login: &str, ask: U) -> Result<U::Output, Problem> {
    let answer = nation.suite.desk.ask(&nation.caller(login).await, ask).await;
    nation.settle().await;
    answer
}

pub(crate) async fn lodge(nation: &Nation, lodging: &Lodging<'_>) -> Submitted {
    let content = documents::declaration(lodging, &Uuid::now_v7().simple().to_string());
    let evidence = nation.evidence("declarant", &content);
    let submit = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
    ask(nation, "declarant", submit).await.unwrap()
}

pub(crate) async fn send(nation: &Nation, movement: Uuid, content: String) {
    let evidence = nation.evidence("declarant", &content);
    let message = SendDepartureMessage { movement, content, format: MessageFormat::Xml, evidence };
    ask(nation, "declarant", message).await.unwrap();
}

pub(crate) async fn state(nation: &Nation, movement: Uuid) -> String {
    nation.movement("declarant", movement).await.unwrap().state
}

pub(crate) async fn version(nation: &Nation, movement: Uuid) -> i64 {
    nation.movement("declarant", movement).await.unwrap().version
}

pub(crate) async fn issued(nation: &Nation, movement: Uuid) -> Vec<String> {
    let all = nation.messages("declarant", movement).await;
    let received = ["CC015C", "CC013C", "CC014C", "CC054C", "CC141C", "CC170C"];
    all.into_iter().filter(|message| !received.contains(&message.as_str())).collect()
}

async fn body(nation: &Nation, movement: Uuid, message_type: &str) -> String {
    nation.last("declarant", movement, message_type).await.body.unwrap()
}

async fn officers_decide() -> Nation {
    Nation::with(|settings| settings.officers_decide_in = vec!["KZ".to_owned()]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_officers_decide_a_declaration_waits_for_acceptance_and_a_withdrawal_for_an_answer() {
    let nation = officers_decide().await;
    let before = nation.balance().await;
    let movement = lodge(&nation, &lodging(&nation, "P1")).await.movement;
    assert_eq!(issued(&nation, movement).await, ["CC928C"]);
    assert_eq!(state(&nation, movement).await, "awaiting-acceptance");
    assert_eq!(nation.balance().await, before, "nothing is held before acceptance");
    let expected_version = version(&nation, movement).await;
    let stranger = AcceptDeclaration { movement, expected_version };
    assert_eq!(ask(&nation, "officer-destination", stranger).await.unwrap_err().code, "forbidden");
    ask(&nation, "officer-departure", AcceptDeclaration { movement, expected_version }).await.unwrap();
    assert_eq!(issued(&nation, movement).await, ["CC928C", "CC028C"]);
    assert_eq!(state(&nation, movement).await, "awaiting-release");
    let mrn = nation.movement("declarant", movement).await.unwrap().mrn.unwrap();
    let nobody = AnswerWithdrawal {
        movement,
        expected_version: version(&nation, movement).await,
        granted: true,
        reason: None,
    };
    assert_eq!(ask(&nation, "officer-departure", nobody).await.unwrap_err().code, "out-of-sequence");
    send(&nation, movement, documents::invalidation(DECLARANT, &mrn, "W1")).await;
    assert_eq!(issued(&nation, movement).await, ["CC928C", "CC028C"], "an officer has to decide");
    send(&nation, movement, documents::invalidation(DECLARANT, &mrn, "W2")).await;
    assert!(body(&nation, movement, "CC056C").await.contains("<errorCode>92</errorCode>"), "asked twice");
    for (granted, decision, end) in [(false, "0", "awaiting-release"), (true, "1", "cancelled")] {
        if granted {
            send(&nation, movement, documents::invalidation(DECLARANT, &mrn, "W3")).await;
        }
        let expected_version = version(&nation, movement).await;
        let reason = Some("as the file shows".to_owned());
        let answer = AnswerWithdrawal { movement, expected_version, granted, reason };
        ask(&nation, "officer-departure", answer).await.unwrap();
        let told = body(&nation, movement, "CC009C").await;
        assert!(told.contains(&format!("<decision>{decision}</decision>")), "{told}");
        assert!(told.contains("<initiatedByCustoms>0</initiatedByCustoms>"), "{told}");
        assert_eq!(state(&nation, movement).await, end);
    }
    assert_eq!(nation.balance().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_that_an_officer_does_not_accept_is_refused_with_the_reason() {
    let nation = officers_decide().await;
    let movement = lodge(&nation, &lodging(&nation, "P2")).await.movement;
    let expected_version = version(&nation, movement).await;
    let reason = "the office is closed for these goods".to_owned();
    let reject = RejectDeclaration { movement, expected_version, reason: reason.clone() };
    ask(&nation, "officer-departure", reject.clone()).await.unwrap();
    let told = body(&nation, movement, "CC056C").await;
    assert!(told.contains(&reason) && told.contains("<rejectionCode>4</rejectionCode>"), "{told}");
    assert_eq!(state(&nation, movement).await, "rejected");
    let again = RejectDeclaration { expected_version: version(&nation, movement).await, ..reject };
    assert_eq!(ask(&nation, "officer-departure", again).await.unwrap_err().code, "out-of-sequence");
    let next = lodge(&nation, &lodging(&nation, "P2")).await.movement;
    assert_eq!(state(&nation, next).await, "awaiting-acceptance", "the reference number is free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_after_acceptance_holds_the_guarantees_anew() {
    let nation = Nation::new().await;
    let submitted = lodge(&nation, &Lodging { authorised: true, ..lodging(&nation, "P3") }).await;
    let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
    let held = nation.balance().await;
    nation.advance(2_000).await;
    let smaller = Lodging { amount: "15000.00", ..lodging(&nation, "P3") };
    let amended = documents::amendment(&smaller, &mrn, "A1");
    let amended = amended
        .replace("</amendmentTypeFlag>", "</amendmentTypeFlag><limitDate>2026-12-20</limitDate>")
        .replace("<CustomsOfficeOfDeparture>", &format!("{AUTHORISATION}<CustomsOfficeOfDeparture>"));
    send(&nation, movement, amended).await;
    assert_eq!(issued(&nation, movement).await, ["CC928C", "CC028C", "CC004C"]);
    assert_eq!(state(&nation, movement).await, "awaiting-release");
    assert_ne!(nation.balance().await, held, "less is held");
    nation.advance(1_000).await;
    assert_eq!(state(&nation, movement).await, "awaiting-release", "the time for a control starts anew");
    nation.advance(1_800).await;
    assert_eq!(state(&nation, movement).await, "released");
    let late = documents::amendment(&smaller, &mrn, "A2");
    send(&nation, movement, late).await;
    assert!(body(&nation, movement, "CC056C").await.contains("<errorCode>92</errorCode>"));
}

const AUTHORISATION: &str = "<Authorisation><sequenceNumber>1</sequenceNumber><type>C521</type>\
    <referenceNumber>KZ-C521-1</referenceNumber></Authorisation>";

#[tokio::test(flavor = "multi_thread")]
async fn an_amendment_that_was_asked_for_comes_in_time_or_the_goods_are_not_released() {
    let nation = Nation::new().await;
    let before = nation.balance().await;
    for (lrn, amends) in [("P4", true), ("P5", false)] {
        let submitted = lodge(&nation, &lodging(&nation, lrn)).await;
        let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
        let expected_version = version(&nation, movement).await;
        let pointers = Some(vec!["/CC015C/Consignment/grossMass".to_owned()]);
        let request =
            RequestAmendment { movement, expected_version, reason: "the mass is wrong".to_owned(), pointers };
        ask(&nation, "officer-departure", request).await.unwrap();
        let told = body(&nation, movement, "CC022C").await;
        assert!(told.contains("<errorPointer>/CC015C/Consignment/grossMass</errorPointer>"), "{told}");
        assert_eq!(state(&nation, movement).await, "amendment-requested");
        if amends {
            send(&nation, movement, documents::amendment(&lodging(&nation, lrn), &mrn, "A3")).await;
            assert_eq!(state(&nation, movement).await, "awaiting-release");
            let expected_version = version(&nation, movement).await;
            let end = InvalidateMovement { movement, expected_version, reason: "end of the test".to_owned() };
            ask(&nation, "officer-departure", end).await.unwrap();
        } else {
            nation.advance(7 * 86_400 + 1).await;
            assert_eq!(state(&nation, movement).await, "not-released");
            assert_eq!(issued(&nation, movement).await.last().unwrap(), "CC051C");
        }
        assert_eq!(nation.balance().await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_with_minor_discrepancies_go_if_the_holder_wants_it() {
    let nation = Nation::new().await;
    for (lrn, agreed, end) in [("P6", true, "awaiting-release"), ("P7", false, "not-released")] {
        let submitted = lodge(&nation, &lodging(&nation, lrn)).await;
        let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
        let order = OrderControl {
            movement,
            expected_version: version(&nation, movement).await,
            control_type: "40".to_owned(),
            reason: "random draw".to_owned(),
            documents: Some(vec![customs_declarations_contract::ControlDocument {
                document_type: "N380".to_owned(),
                description: Some("invoice".to_owned()),
            }]),
        };
        ask(&nation, "officer-departure", order).await.unwrap();
        assert!(body(&nation, movement, "CC060C").await.contains("<documentType>N380</documentType>"));
        let early = documents::release_request(DECLARANT, &mrn, true, &format!("E{lrn}"));
        send(&nation, movement, early).await;
        let refused = body(&nation, movement, "CC056C").await;
        assert!(refused.contains("<businessRejectionType>054</businessRejectionType>"), "{refused}");
        let record = RecordControl {
            movement,
            expected_version: version(&nation, movement).await,
            result: ControlResult::Minor,
            remarks: Some("two boxes less".to_owned()),
            seals: Some(vec!["KZ-SEAL-1".to_owned()]),
            documents: None,
        };
        ask(&nation, "officer-departure", record).await.unwrap();
        assert_eq!(state(&nation, movement).await, "minor-discrepancies");
        let word = documents::release_request(DECLARANT, &mrn, agreed, &format!("R{lrn}"));
        send(&nation, movement, word).await;
        assert_eq!(state(&nation, movement).await, end);
        let acts = ListActs { movement, first: None, after: None };
        let seen = ask(&nation, "officer-departure", acts.clone()).await.unwrap().items;
        let kinds: Vec<_> = seen.iter().map(|act| (act.kind.as_str(), act.code.as_deref())).collect();
        assert_eq!(kinds, [("control-ordered", Some("40")), ("control", Some("A5"))]);
        assert_eq!(seen[1].seals, ["KZ-SEAL-1"]);
        assert!(ask(&nation, "declarant", acts).await.unwrap().items.is_empty(), "controls are customs' own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_control_may_be_announced_before_the_goods_are_there_and_not_after() {
    let nation = Nation::new().await;
    let early = Lodging { additional_type: "D", ..lodging(&nation, "P8") };
    let movement = lodge(&nation, &early).await.movement;
    let announce = AnnounceControl {
        movement,
        expected_version: version(&nation, movement).await,
        reason: "trusted trader".to_owned(),
    };
    ask(&nation, "officer-departure", announce).await.unwrap();
    let told = body(&nation, movement, "CC060C").await;
    assert!(
        told.contains("<notificationType>2</notificationType>") && told.contains("<LRN>P8</LRN>"),
        "{told}"
    );
    assert_eq!(state(&nation, movement).await, "pre-lodged");
    let standard = lodge(&nation, &lodging(&nation, "P9")).await.movement;
    let late = AnnounceControl {
        movement: standard,
        expected_version: version(&nation, standard).await,
        reason: "too late".to_owned(),
    };
    assert_eq!(ask(&nation, "officer-departure", late).await.unwrap_err().code, "out-of-sequence");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_read_by_deadline_role_and_channel_a_page_at_a_time() {
    let nation = Nation::new().await;
    let normal = lodge(&nation, &lodging(&nation, "Q1")).await.movement;
    let simplified = lodge(&nation, &Lodging { authorised: true, ..lodging(&nation, "Q2") }).await.movement;
    let queue = OfficeQueue {
        office: "KZALA001".to_owned(),
        channel: None,
        role: None,
        due_before: None,
        order: Some(QueueOrder::Deadline),
        first: Some(1),
        after: None,
    };
    let first = ask(&nation, "officer-departure", queue.clone()).await.unwrap();
    assert_eq!(first.items[0].movement, simplified, "45 minutes are less than three days");
    assert_eq!(first.items[0].deadline.as_deref(), Some("simplified-release"));
    let second = OfficeQueue { after: first.next, ..queue.clone() };
    let second = ask(&nation, "officer-departure", second).await.unwrap();
    assert_eq!(second.items[0].movement, normal);
    assert_eq!(second.next, None);
    let nothing = OfficeQueue { channel: Some("red".to_owned()), ..queue.clone() };
    assert!(ask(&nation, "officer-departure", nothing).await.unwrap().items.is_empty());
    let waiting = OfficeQueue { order: None, first: None, ..queue.clone() };
    let waiting = ask(&nation, "officer-departure", waiting).await.unwrap();
    assert_eq!(waiting.items.iter().map(|entry| entry.movement).collect::<Vec<_>>(), [normal, simplified]);
    let bad = OfficeQueue { after: Some("x".to_owned()), ..queue.clone() };
    assert_eq!(ask(&nation, "officer-departure", bad).await.unwrap_err().code, "input-invalid");
    let foreign = OfficeQueue { office: "KZKRD001".to_owned(), ..queue };
    assert_eq!(ask(&nation, "officer-departure", foreign).await.unwrap_err().code, "not-found");
    nation.advance(3 * 86_400 + 1).await;
    assert_eq!(state(&nation, normal).await, "awaiting-release", "a reminder decides nothing");
    let release = ReleaseMovement { movement: normal, expected_version: version(&nation, normal).await };
    ask(&nation, "officer-departure", release).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_on_guarantees_is_answered_to_its_owner_and_to_nobody_else() {
    let nation = Nation::new().await;
    let mrn = lodge(&nation, &lodging(&nation, "G1")).await.mrn.unwrap();
    let guarantees = nation.guarantees().clone();
    let (grn, code) = (guarantees.grn.as_str(), guarantees.access_code.as_str());
    let query = |content: String| QueryGuarantees { content, format: MessageFormat::Xml };
    for (kind, usage, exposure) in [(1, true, false), (2, false, true), (3, true, true), (4, true, true)] {
        let content = documents::guarantee_query(DECLARANT, grn, code, kind);
        let answer = ask(&nation, "declarant", query(content)).await.unwrap();
        assert_eq!(answer.message_type, "CC037C", "{}", answer.body);
        assert_eq!(answer.body.contains(&format!("<MRN>{mrn}</MRN>")), usage, "{}", answer.body);
        assert_eq!(answer.body.contains("<exposure>20000"), exposure, "{}", answer.body);
        for particulars in ["<Owner>", "<Guarantor>", "<ComprehensiveGuarantee>"] {
            assert_eq!(answer.body.contains(particulars), kind == 4, "{particulars} in {}", answer.body);
        }
        assert!(customs_messages::parse_xml(answer.body.as_bytes()).is_ok());
    }
    let wrong = documents::guarantee_query(DECLARANT, grn, "0000", 1);
    let stranger = documents::guarantee_query("KZ110240019832", grn, code, 1);
    for content in [wrong, stranger] {
        let answer = ask(&nation, "declarant", query(content)).await.unwrap();
        assert_eq!(answer.message_type, "CC906C", "{}", answer.body);
        assert!(!answer.body.contains(&mrn));
    }
    let broken = query("<n:CC034C xmlns:n=\"http://ncts.dgtaxud.ec\">".to_owned());
    assert_eq!(ask(&nation, "declarant", broken).await.unwrap().message_type, "CC917C");
    let other = query(documents::declaration(&lodging(&nation, "G2"), "M9"));
    assert_eq!(ask(&nation, "declarant", other).await.unwrap_err().code, "message-type");
}
