//! Tests of `bus dead-letters` against a suite in memory that has a few.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Arc, Mutex},
};

use actix_web::{App, HttpResponse, HttpServer, web};

use super::*;

/// The dead letters of a suite: those whose reason is `locked` take effect when they are tried again.
type Letters = Mutex<BTreeMap<Uuid, Value>>;

fn id(number: u32) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

fn letter(number: u32, name: &str, kind: &str, reason: &str) -> (Uuid, Value) {
    let parked = format!("2026-11-30T06:{:02}:00Z", number % 60);
    (
        id(number),
        json!({ "id": id(number), "name": name, "kind": kind, "reason": reason, "parkedAt": parked }),
    )
}

/// How a suite pages: so many letters behind the one that is named, with a cursor when there may be more.
async fn list(letters: web::Data<Letters>, query: web::Query<BTreeMap<String, String>>) -> HttpResponse {
    let first: usize = query.get("first").unwrap().parse().unwrap();
    let after = query.get("after").map_or(Uuid::nil(), |after| after.parse().unwrap());
    let letters = letters.lock().unwrap();
    let items: Vec<&Value> =
        letters.iter().filter(|(id, _)| **id > after).map(|(_, it)| it).take(first).collect();
    let next = items.last().filter(|_| items.len() == first).map(|last| last["id"].clone());
    HttpResponse::Ok().json(json!({ "items": items, "next": next }))
}

async fn one(letters: web::Data<Letters>, id: web::Path<Uuid>) -> HttpResponse {
    letters.lock().unwrap().get(&*id).map_or_else(missing, |letter| HttpResponse::Ok().json(letter))
}

async fn again(letters: web::Data<Letters>, id: web::Path<Uuid>) -> HttpResponse {
    let mut letters = letters.lock().unwrap();
    let Some(letter) = letters.get_mut(&*id) else { return missing() };
    match letter["reason"].as_str().unwrap() {
        "locked" => _ = letters.remove(&*id),
        "down" => return HttpResponse::ServiceUnavailable().json(json!({ "detail": "the service is away" })),
        _ => letter["reason"] = "still broken".into(),
    }
    HttpResponse::Ok().json(json!({}))
}

fn missing() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "detail": "there is no such dead letter" }))
}

fn suite(letters: impl IntoIterator<Item = (Uuid, Value)>) -> (Session, Arc<Letters>) {
    let letters: Arc<Letters> = Arc::new(Mutex::new(letters.into_iter().collect()));
    let shared = web::Data::from(Arc::clone(&letters));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .route("/admin/dead-letters/guarantees", web::get().to(list))
            .route("/admin/dead-letters/guarantees/{id}", web::get().to(one))
            .route("/admin/dead-letters/guarantees/{id}/replay", web::post().to(again))
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    let client = Client { url, key: None, password_file: None };
    (client.anonymous().unwrap(), letters)
}

fn all() -> Selection {
    Selection {
        id: Vec::new(),
        message: Vec::new(),
        kind: Vec::new(),
        reason: None,
        parked_after: None,
        parked_before: None,
        after: None,
        most: 100,
        report: None,
    }
}

/// What a selection finds: numbers of letters, and how many there are beyond.
async fn found(session: &Session, selection: Selection) -> (Vec<u32>, u64) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report");
    fs::write(&file, "x".repeat(5_000)).unwrap();
    select(session, "guarantees", &Selection { report: Some(file.clone()), ..selection }).await.unwrap();
    let told: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let numbers = told["ids"].as_array().unwrap().iter().map(|one| {
        let id: Uuid = one.as_str().unwrap().parse().unwrap();
        u32::try_from(id.as_u128()).unwrap()
    });
    (numbers.collect(), told["more"].as_u64().unwrap())
}

#[tokio::test]
async fn a_selection_is_what_everything_that_is_said_holds_of() {
    let (session, _) = suite([
        letter(1, "guarantees.hold", "command", "locked"),
        letter(2, "guarantees.held", "reply", "the ledger is locked"),
        letter(3, "guarantees.hold", "command", "no such guarantee"),
        letter(4, "declarations.movement-released", "event", "locked"),
    ]);
    let hold = || vec!["guarantees.hold".to_owned()];
    let at = |minute: u32| Some(format!("2026-11-30T06:{minute:02}:00Z").parse().unwrap());
    for (selection, numbers) in [
        (all(), vec![1, 2, 3, 4]),
        (Selection { id: vec![id(3), id(9)], ..all() }, vec![3]),
        (Selection { message: hold(), ..all() }, vec![1, 3]),
        (Selection { kind: vec![Kind::Reply, Kind::Event], ..all() }, vec![2, 4]),
        (Selection { reason: Some("locked".to_owned()), ..all() }, vec![1, 2, 4]),
        (Selection { reason: Some("locked".to_owned()), message: hold(), ..all() }, vec![1]),
        (Selection { parked_after: at(2), parked_before: at(4), ..all() }, vec![2, 3]),
        (Selection { after: Some(id(2)), ..all() }, vec![3, 4]),
    ] {
        assert_eq!(found(&session, selection).await, (numbers, 0));
    }
    assert_eq!(found(&session, Selection { most: 1, message: hold(), ..all() }).await, (vec![1], 1));
}

#[tokio::test]
async fn all_pages_are_looked_at_and_a_full_report_fits_into_last_words() {
    let (session, _) = suite((1..=250).map(|number| letter(number, "a.b", "event", "locked")));
    assert_eq!(found(&session, Selection { most: 1_000, ..all() }).await.0.len(), 250);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report");
    select(&session, "guarantees", &Selection { report: Some(file.clone()), ..all() }).await.unwrap();
    let told = fs::read_to_string(&file).unwrap();
    assert!(told.len() <= 4_096 && told.ends_with("\"more\":150}"), "{} octets", told.len());
}

#[tokio::test]
async fn letters_are_tried_each_once_and_what_became_of_them_is_told() {
    let (session, letters) = suite([
        letter(1, "a.b", "command", "locked"),
        letter(2, "a.b", "command", &"broken ".repeat(200)),
        letter(3, "a.b", "command", "locked"),
        letter(4, "a.b", "command", "locked"),
    ]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report");
    let ids = [id(1), id(2), id(3), id(9)];
    let tell = || async {
        replay(&session, "guarantees", &ids, Some(&file)).await.unwrap();
        serde_json::from_slice::<Value>(&fs::read(&file).unwrap()).unwrap()
    };
    let failed = json!([{ "id": id(2), "reason": "still broken" }]);
    // What is gone has taken effect: made again, the same is told.
    for _ in 0..2 {
        assert_eq!(tell().await, json!({ "replayed": 3, "failed": 1, "letters": failed }));
        assert_eq!(letters.lock().unwrap().keys().copied().collect::<Vec<_>>(), [id(2), id(4)]);
    }
}

#[test]
fn reports_of_long_reasons_stay_within_what_last_words_may_be() {
    let failed: Vec<(Uuid, String)> = (1..=100).map(|number| (id(number), "причина\"".repeat(90))).collect();
    let told = told_of(0, &failed);
    assert!(told.to_string().len() <= 4_096);
    assert!(told["failed"] == 100 && !told["letters"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_report_a_letter_that_fails_again_or_is_not_there_is_a_failure() {
    let (session, _) = suite([letter(1, "a.b", "command", "locked"), letter(2, "a.b", "command", "broken")]);
    replay(&session, "guarantees", &[id(1)], None).await.unwrap();
    let again = replay(&session, "guarantees", &[id(2)], None).await.unwrap_err();
    assert!(again.to_string().contains("1 failed again"), "{again}");
    let gone = replay(&session, "guarantees", &[id(1)], None).await.unwrap_err();
    assert!(gone.to_string().contains("1 of 1 are no dead letters"), "{gone}");
}

#[tokio::test]
async fn a_suite_that_cannot_try_ends_the_command_so_that_it_is_made_again() {
    let (session, _) = suite([letter(1, "a.b", "command", "down"), letter(2, "a.b", "command", "locked")]);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report");
    let error = replay(&session, "guarantees", &[id(1), id(2)], Some(&file)).await.unwrap_err();
    assert!(error.to_string().contains("the service is away") && !file.exists(), "{error}");
}
