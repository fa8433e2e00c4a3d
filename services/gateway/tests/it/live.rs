//! Server-sent events: the message box for clients without GraphQL.

use std::time::Duration;

use customs_web_broker_contract::MemberRole;
use reqwest::{Method, Response};

use crate::stand::{Stand, problem_of};

async fn until(answer: &mut Response, told: &mut String, wanted: &str) {
    while !told.contains(wanted) {
        let chunk =
            tokio::time::timeout(Duration::from_secs(10), answer.chunk()).await.unwrap().unwrap().unwrap();
        told.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}

#[actix_web::test]
async fn a_box_is_followed_and_resumed_by_the_last_event() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let follow =
        |path: &str| stand.ask(Method::GET, path).bearer_auth(&token).header("accept-encoding", "gzip");
    let mut answer = follow("/notifications/stream?afterNumber=0").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut told = String::new();
    for expected in 1..=2 {
        stand.services.notify();
        until(&mut answer, &mut told, &format!("id: c{expected}\n")).await;
    }
    assert!(told.contains("event: notification\ndata: {"), "{told}");
    drop(answer);
    stand.services.notify();
    let mut resumed = follow("/notifications/stream").header("last-event-id", "c2").send().await.unwrap();
    let mut told = String::new();
    until(&mut resumed, &mut told, "id: c3\n").await;
    assert!(!told.contains("id: c2\n"), "{told}");
}

#[actix_web::test]
async fn a_stream_ends_when_its_token_does() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let request = stand.ask(Method::GET, "/notifications/stream").bearer_auth(&token);
    let mut answer = request.send().await.unwrap();
    let mut told = String::new();
    until(&mut answer, &mut told, "retry:").await;
    stand.clock.advance(chrono::TimeDelta::minutes(16));
    until(&mut answer, &mut told, "event: problem\ndata: {\"code\":\"unauthenticated\"").await;
}

#[actix_web::test]
async fn a_stream_needs_a_token_and_a_sound_address() {
    let stand = Stand::plain().await;
    problem_of(stand.ask(Method::GET, "/notifications/stream").send().await.unwrap(), 401).await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let odd = stand.ask(Method::GET, "/notifications/stream?office=x").bearer_auth(&token);
    problem_of(odd.send().await.unwrap(), 400).await;
}
