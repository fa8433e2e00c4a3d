//! What an office and a declarant tell each other: notes with answers, files with their kinds, versions of a declaration.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_declarations_contract::{
    AttachFile, ControlResult, FindDeclaration, ListFiles, ListNotes, MessageFormat, MovementFile,
    NoteLanguage, OrderControl, ReadFile, RecordControl, WriteNote,
};
use customs_notifications_contract::{PullNotifications, event};
use uuid::Uuid;

use crate::{
    documents::{self, Lodging},
    nation::Nation,
    procedure::{ask, lodge, lodging, send, version},
};

const OFFICE: &str = "KZALA001";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

fn note(movement: Uuid, text: &str) -> WriteNote {
    WriteNote {
        movement,
        office: None,
        text: text.to_owned(),
        language: Some(NoteLanguage::En),
        answers: None,
        asks_answer: None,
        answer_by: None,
        files: None,
    }
}

fn question(movement: Uuid) -> WriteNote {
    WriteNote {
        office: Some(OFFICE.to_owned()),
        asks_answer: Some(true),
        ..note(movement, "Which pallets hold the tyres?")
    }
}

fn file(movement: Uuid, name: &str, octets: &[u8]) -> AttachFile {
    AttachFile { movement, office: None, act: None, name: name.to_owned(), base64: STANDARD.encode(octets) }
}

async fn notes(nation: &Nation, login: &str, movement: Uuid) -> Vec<(i64, String, Option<i64>, usize)> {
    let page = ask(nation, login, ListNotes { movement, first: None, after: None }).await.unwrap();
    page.items.into_iter().map(|one| (one.number, one.by, one.answered_by, one.files.len())).collect()
}

async fn files(nation: &Nation, login: &str, movement: Uuid) -> Vec<MovementFile> {
    ask(nation, login, ListFiles { movement, first: None, after: None }).await.unwrap().items
}

async fn told(nation: &Nation, login: &str, office: Option<&str>) -> usize {
    let office = office.map(str::to_owned);
    let pull = PullNotifications { office, first: Some(100), ..PullNotifications::default() };
    ask(nation, login, pull)
        .await
        .unwrap()
        .items
        .iter()
        .filter(|entry| entry.event.kind == event::NOTE_WRITTEN)
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_asks_and_the_declarant_answers_once_with_a_document() {
    let nation = Nation::new().await;
    let movement = lodge(&nation, &lodging(&nation, "C1")).await.movement;
    let asked = ask(&nation, "officer-departure", question(movement)).await.unwrap();
    assert_eq!((asked.number, asked.by.as_str(), asked.asks_answer), (1, "officer", true));
    assert_eq!(told(&nation, "declarant", None).await, 1);
    let document = ask(&nation, "declarant", file(movement, "list.png", PNG)).await.unwrap();
    let answer =
        WriteNote { answers: Some(1), files: Some(vec![document.id]), ..note(movement, "Pallets 3 and 4.") };
    let answered = ask(&nation, "declarant", answer.clone()).await.unwrap();
    assert_eq!((answered.office.as_str(), answered.files[0].note), (OFFICE, Some(2)));
    assert_eq!(told(&nation, "officer-departure", Some(OFFICE)).await, 1);
    for login in ["declarant", "officer-departure"] {
        let seen = notes(&nation, login, movement).await;
        assert_eq!(seen, [(1, "officer".to_owned(), Some(2), 0), (2, "participant".to_owned(), None, 1)]);
    }
    let twice = WriteNote { files: None, ..answer.clone() };
    assert_eq!(ask(&nation, "declarant", twice).await.unwrap_err().code, "note-closed");
    let used = WriteNote { answers: None, ..answer };
    assert_eq!(ask(&nation, "declarant", used).await.unwrap_err().code, "not-found", "a file belongs once");
    assert_eq!(notes(&nation, "declarant", movement).await.len(), 2, "what was refused is not kept");
    let own = WriteNote { answers: Some(2), ..note(movement, "to myself") };
    assert_eq!(ask(&nation, "declarant", own).await.unwrap_err().code, "note-closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_nothing_to_do_with_a_movement_neither_writes_nor_reads() {
    let nation = Nation::new().await;
    let movement = lodge(&nation, &lodging(&nation, "C2")).await.movement;
    let document = ask(&nation, "declarant", file(movement, "a.png", PNG)).await.unwrap();
    let strangers = [("broker", "not-found"), ("carrier", "forbidden"), ("insurer", "forbidden")];
    for (login, code) in strangers {
        assert_eq!(ask(&nation, login, note(movement, "hello")).await.unwrap_err().code, code);
        assert_eq!(ask(&nation, login, file(movement, "b.png", PNG)).await.unwrap_err().code, code);
    }
    for login in ["broker", "carrier"] {
        assert_eq!(ask(&nation, login, ReadFile { file: document.id }).await.unwrap_err().code, "not-found");
        let list = ListNotes { movement, first: None, after: None };
        assert_eq!(ask(&nation, login, list).await.unwrap_err().code, "not-found");
        let declaration = FindDeclaration { movement, version: None, format: None };
        assert_eq!(ask(&nation, login, declaration).await.unwrap_err().code, "not-found");
    }
    let elsewhere = WriteNote { office: Some("KZKRD001".to_owned()), ..note(movement, "x") };
    assert_eq!(ask(&nation, "officer-departure", elsewhere).await.unwrap_err().code, "not-found");
    let nowhere = note(movement, "x");
    assert_eq!(ask(&nation, "officer-departure", nowhere).await.unwrap_err().code, "input-invalid");
    let nobody = WriteNote { office: Some("KZASZ001".to_owned()), ..note(movement, "x") };
    assert_eq!(ask(&nation, "declarant", nobody).await.unwrap_err().code, "input-invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photograph_of_a_control_is_for_customs_alone_and_kept_once() {
    let nation = Nation::new().await;
    let movement = lodge(&nation, &lodging(&nation, "C3")).await.movement;
    let order = OrderControl {
        movement,
        expected_version: version(&nation, movement).await,
        control_type: "40".to_owned(),
        reason: "random draw".to_owned(),
        documents: None,
    };
    ask(&nation, "officer-departure", order).await.unwrap();
    let record = RecordControl {
        movement,
        expected_version: version(&nation, movement).await,
        result: ControlResult::Satisfactory,
        remarks: None,
        seals: None,
        documents: None,
    };
    ask(&nation, "officer-departure", record).await.unwrap();
    let photo =
        AttachFile { office: Some(OFFICE.to_owned()), act: Some(2), ..file(movement, "..\\seal.png", PNG) };
    let kept = ask(&nation, "officer-departure", photo.clone()).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.media_type.as_str(), kept.act), ("seal.png", "image/png", Some(2)));
    let again = ask(&nation, "officer-departure", photo.clone()).await.unwrap();
    assert_eq!(again.sha256, kept.sha256);
    let content = ask(&nation, "officer-departure", ReadFile { file: kept.id }).await.unwrap();
    assert_eq!(STANDARD.decode(content.base64).unwrap(), PNG);
    assert_eq!(files(&nation, "officer-departure", movement).await.len(), 2);
    assert!(files(&nation, "declarant", movement).await.is_empty());
    assert_eq!(ask(&nation, "declarant", ReadFile { file: kept.id }).await.unwrap_err().code, "not-found");
    let unknown = AttachFile { act: Some(3), ..photo };
    assert_eq!(ask(&nation, "officer-departure", unknown).await.unwrap_err().code, "not-found");
    let other = AttachFile { act: Some(2), ..file(movement, "a.png", PNG) };
    assert_eq!(ask(&nation, "declarant", other).await.unwrap_err().code, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_is_refused_before_it_is_kept() {
    let nation = Nation::new().await;
    let movement = lodge(&nation, &lodging(&nation, "C4")).await.movement;
    for (name, octets, code) in [
        ("invoice.pdf", b"<script>alert(1)</script>".to_vec(), "file-kind-refused"),
        ("photo.jpg", b"PK\x03\x04".to_vec(), "file-kind-refused"),
        ("", PNG.to_vec(), "input-invalid"),
        ("a.png", Vec::new(), "input-invalid"),
        ("a.png", [PNG, &vec![0; 3_000_000]].concat(), "too-large"),
    ] {
        let refused = ask(&nation, "declarant", file(movement, name, &octets)).await.unwrap_err();
        assert_eq!(refused.code, code, "{name}");
    }
    let broken = AttachFile { base64: "!!!!".to_owned(), ..file(movement, "a.png", PNG) };
    assert_eq!(ask(&nation, "declarant", broken).await.unwrap_err().code, "input-invalid");
    assert!(files(&nation, "declarant", movement).await.is_empty());
    let stray = WriteNote { files: Some(vec![Uuid::now_v7()]), ..note(movement, "x") };
    assert_eq!(ask(&nation, "declarant", stray).await.unwrap_err().code, "not-found");
    assert!(notes(&nation, "declarant", movement).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_of_a_declaration_can_be_read_as_it_was() {
    let nation = Nation::new().await;
    let submitted = lodge(&nation, &lodging(&nation, "C5")).await;
    let (movement, mrn) = (submitted.movement, submitted.mrn.unwrap());
    let smaller = Lodging { amount: "15000.00", ..lodging(&nation, "C5") };
    send(&nation, movement, documents::amendment(&smaller, &mrn, "A1")).await;
    let find = |version| FindDeclaration { movement, version, format: Some(MessageFormat::Json) };
    for login in ["declarant", "officer-departure"] {
        let first = ask(&nation, login, find(Some(1))).await.unwrap();
        assert_eq!((first.version, first.in_force), (1, 2));
        assert!(first.body.contains("20000") && first.body.contains("CC015C"), "{}", first.body);
        let present = ask(&nation, login, find(None)).await.unwrap();
        assert!(present.version == 2 && present.body.contains("15000"), "{}", present.body);
        assert_eq!(ask(&nation, login, find(Some(3))).await.unwrap_err().code, "not-found");
        assert_eq!(ask(&nation, login, find(Some(0))).await.unwrap_err().code, "not-found");
    }
}
