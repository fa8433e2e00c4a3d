//! Messages that cannot be taken at all: refused at once, and on record by IE917 or IE906 in the box of their sender.

use customs_declarations_contract::{
    FindMessage, ListMessages, MessageFormat, NotifyArrival, SendArrivalMessage, SendDepartureMessage,
    SubmitDeclaration,
};
use customs_kernel::{Once, Problem};
use customs_notifications_contract::PullNotifications;
use uuid::Uuid;

use crate::{
    documents,
    nation::Nation,
    procedure::{DECLARANT, ask, issued, lodge, lodging, state},
};

const CARRIER: &str = "KZ110240019832";

/// The messages of customs of `message_type` in the box of `login`: message and dossier.
async fn told(nation: &Nation, login: &str, message_type: &str) -> Vec<(Uuid, Uuid)> {
    let pull = PullNotifications { first: Some(100), ..PullNotifications::default() };
    let entries = ask(nation, login, pull).await.unwrap().items.into_iter();
    let mine = entries.filter(|entry| entry.event.data["messageType"] == message_type);
    let id = |value: &serde_json::Value| value.as_str().unwrap().parse().unwrap();
    mine.map(|entry| (id(&entry.event.data["message"]), id(&entry.event.data["movement"]))).collect()
}

async fn submit(nation: &Nation, login: &str, content: String, key: &str) -> Problem {
    let evidence = nation.evidence(login, &content);
    let submit = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
    let mut caller = nation.caller(login).await;
    caller.once = Some(Once { key: key.to_owned(), fingerprint: key.to_owned() });
    let refused = nation.suite.desk.ask(&caller, submit).await.unwrap_err();
    nation.settle().await;
    refused
}

async fn body(nation: &Nation, login: &str, message: Uuid) -> Result<String, Problem> {
    let find = FindMessage { message, format: Some(MessageFormat::Xml) };
    Ok(ask(nation, login, find).await?.body.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_that_breaks_its_structure_is_refused_and_told_by_ie917_once() {
    let nation = Nation::new().await;
    let content = documents::declaration(&lodging(&nation, "N1"), "NM1");
    let broken = content.replace("<security>0</security>", "<security>zero</security>");
    let refused = submit(&nation, "declarant", broken.clone(), "key-1").await;
    assert_eq!((refused.code.as_ref(), refused.status), ("message-malformed", 400));
    assert_eq!(submit(&nation, "declarant", broken.clone(), "key-1").await, refused);
    let mine = told(&nation, "declarant", "CC917C").await;
    assert_eq!(mine.len(), 1, "the same request again has no second effect");
    let (message, dossier) = mine[0];
    let ie917 = body(&nation, "declarant", message).await.unwrap();
    for part in [
        "<correlationIdentifier>NM1</correlationIdentifier>",
        "<LRN>N1</LRN>",
        "<errorPointer>/CC015C/TransitOperation/security</errorPointer>",
        "<originalAttributeValue>zero</originalAttributeValue>",
    ] {
        assert!(ie917.contains(part), "{part} in {ie917}");
    }
    assert_eq!(nation.messages("declarant", dossier).await, ["CC015C", "CC917C"]);
    assert_eq!(nation.last("declarant", dossier, "CC015C").await.body, Some(broken), "as it was sent");
    assert_eq!(nation.messages("administrator", dossier).await, ["CC015C", "CC917C"]);
    for stranger in ["broker", "carrier", "officer-departure"] {
        assert_eq!(body(&nation, stranger, message).await.unwrap_err().code, "not-found", "{stranger}");
        let list = ListMessages { movement: dossier, received_since: None, first: None, after: None };
        assert_eq!(ask(&nation, stranger, list).await.unwrap_err().code, "not-found", "{stranger}");
    }
    let good = lodge(&nation, &lodging(&nation, "N1")).await.movement;
    assert_eq!(state(&nation, good).await, "awaiting-release", "the reference number was not used up");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_at_all_is_told_too() {
    let nation = Nation::new().await;
    for (content, key) in [("<not-xml", "key-2"), ("declaration", "key-3"), ("<n:CC999C/>", "key-4")] {
        submit(&nation, "declarant", content.to_owned(), key).await;
    }
    let mine = told(&nation, "declarant", "CC917C").await;
    assert_eq!(mine.len(), 3);
    for (message, dossier) in mine {
        assert!(body(&nation, "declarant", message).await.unwrap().contains("<XMLError>"));
        assert_eq!(nation.messages("declarant", dossier).await, ["unknown", "CC917C"]);
        let as_sent = nation.last("declarant", dossier, "unknown").await;
        let json = FindMessage { message: as_sent.id, format: Some(MessageFormat::Json) };
        assert_eq!(ask(&nation, "declarant", json).await.unwrap().body, as_sent.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_another_type_is_told_by_ie906() {
    let nation = Nation::new().await;
    let content = documents::arrival(DECLARANT, "26KZABCDEFGHIJKLJ0", "NM3");
    let refused = submit(&nation, "declarant", content, "key-5").await;
    assert_eq!(refused.code, "message-type");
    let mine = told(&nation, "declarant", "CC906C").await;
    assert_eq!(mine.len(), 1);
    let ie906 = body(&nation, "declarant", mine[0].0).await.unwrap();
    for part in ["<errorCode>92</errorCode>", "/CC007C/messageType", "<MRN>26KZABCDEFGHIJKLJ0</MRN>"] {
        assert!(ie906.contains(part), "{part} in {ie906}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_message_that_breaks_its_structure_stands_in_the_dossier_of_the_movement() {
    let nation = Nation::new().await;
    let submitted = lodge(&nation, &lodging(&nation, "N2")).await;
    let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
    let content = documents::amendment(&lodging(&nation, "N2"), &mrn, "NM4");
    let content = content.replace("<amendmentTypeFlag>0<", "<amendmentTypeFlag>no<");
    for (login, code) in [("declarant", "message-malformed"), ("broker", "message-malformed")] {
        let evidence = nation.evidence(login, &content);
        let send =
            SendDepartureMessage { movement, content: content.clone(), format: MessageFormat::Xml, evidence };
        assert_eq!(ask(&nation, login, send).await.unwrap_err().code, code);
    }
    assert_eq!(issued(&nation, movement).await, ["CC928C", "CC028C", "CC917C"], "its sender's only");
    assert_eq!(state(&nation, movement).await, "awaiting-release");
    let mine = told(&nation, "broker", "CC917C").await;
    assert!(mine.len() == 1 && mine[0].1 != movement, "who does not own the movement is told apart from it");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn arrivals_and_remarks_are_refused_in_the_same_way() {
    let nation = Nation::new().await;
    let content = documents::arrival(CARRIER, "26KZ", "NM5");
    let evidence = nation.evidence("carrier", &content);
    let notify = NotifyArrival { content, format: MessageFormat::Xml, evidence };
    assert_eq!(ask(&nation, "carrier", notify).await.unwrap_err().code, "message-malformed");
    let content = documents::arrival(CARRIER, "26KZABCDEFGHIJKLJ0", "NM6");
    let evidence = nation.evidence("carrier", &content);
    let notify = NotifyArrival { content, format: MessageFormat::Xml, evidence };
    let arrival = ask(&nation, "carrier", notify).await.unwrap().movement;
    let content = documents::remarks(CARRIER, "26KZ", "NM7");
    let evidence = nation.evidence("carrier", &content);
    let remarks = SendArrivalMessage { arrival, content, format: MessageFormat::Xml, evidence };
    assert_eq!(ask(&nation, "carrier", remarks).await.unwrap_err().code, "message-malformed");
    assert_eq!(nation.messages("carrier", arrival).await, ["CC007C", "CC057C", "CC044C", "CC917C"]);
    assert_eq!(told(&nation, "carrier", "CC917C").await.len(), 2);
}
