//! Signed documents and the paths of the CTC Traders API.

use std::sync::atomic::Ordering;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_web_broker_contract::MemberRole;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::json;

use crate::{
    services::{MESSAGE, MOVEMENT},
    stand::{Stand, json_of, problem_of, start},
};

const DOCUMENT: &str = "<ncts:CC015C xmlns:ncts=\"http://ncts.dgtaxud.ec\">\u{436}</ncts:CC015C>";

fn submission(stand: &Stand, token: &str, key: &str) -> RequestBuilder {
    stand
        .ask(Method::POST, "/movements/departures")
        .bearer_auth(token)
        .header("idempotency-key", key)
        .header("content-type", "application/xml")
        .body(DOCUMENT)
}

fn signature(stand: &Stand, text: &str) -> String {
    STANDARD.encode(stand.nation.signer.sign_detached(text.as_bytes(), start()).unwrap())
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.unwrap()
}

#[actix_web::test]
async fn a_signed_declaration_is_taken_in_with_its_evidence() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let signed = signature(&stand, DOCUMENT);
    let answer = send(submission(&stand, &token, "k1").header("ecustoms-signature", signed)).await;
    assert_eq!(answer.headers()["location"], format!("/movements/departures/{MOVEMENT}"));
    let taken = json_of(answer, 202).await;
    assert_eq!(taken["departureId"], MOVEMENT.to_string());
    assert_eq!(taken["_links"]["messages"]["href"], format!("/movements/departures/{MOVEMENT}/messages"));
    // Signed anew, the document is the same: a client that has lost the answer asks again.
    let again = signature(&stand, DOCUMENT);
    json_of(send(submission(&stand, &token, "k1").header("ecustoms-signature", again)).await, 202).await;
    assert_eq!(stand.services.effects.load(Ordering::SeqCst), 1);
}

#[actix_web::test]
async fn an_unsigned_or_wrongly_signed_declaration_goes_no_further() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let unsigned = problem_of(send(submission(&stand, &token, "k")).await, 400).await;
    assert_eq!(unsigned["code"], "signature-required");
    for (header, status, code) in [
        (signature(&stand, "another document"), 422, "signature-content-altered"),
        (STANDARD.encode("no CMS"), 400, "signature-malformed"),
        ("!".to_owned(), 400, "input-invalid"),
        ("A".repeat(90_000), 400, "signature-too-large"),
    ] {
        let request = submission(&stand, &token, "k").header("ecustoms-signature", header);
        assert_eq!(problem_of(send(request).await, status).await["code"], code);
    }
    let signed = signature(&stand, DOCUMENT);
    let keyless = stand.ask(Method::POST, "/movements/departures").bearer_auth(&token);
    let keyless = keyless.header("ecustoms-signature", &signed).header("content-type", "application/xml");
    assert_eq!(problem_of(send(keyless.body(DOCUMENT)).await, 400).await["code"], "idempotency-key-required");
    let other =
        stand.ask(Method::POST, "/movements/departures").bearer_auth(&token).header("idempotency-key", "k");
    let other = other.header("ecustoms-signature", &signed).header("content-type", "application/pdf");
    assert_eq!(problem_of(send(other.body(DOCUMENT)).await, 415).await["code"], "media-type-unsupported");
    assert_eq!(stand.services.effects.load(Ordering::SeqCst), 0);
}

#[actix_web::test]
async fn the_same_declaration_goes_by_graphql() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Broker]).await;
    let query = "mutation($input: SubmitDeclarationInput!) { submitDeclaration(input: $input) { submitted { movement } } }";
    let input = json!({"content": DOCUMENT, "format": "XML", "signature": signature(&stand, DOCUMENT)});
    let answer = stand.graphql(&token, query, json!({"input": input})).await;
    assert_eq!(
        answer["data"]["submitDeclaration"]["submitted"]["movement"],
        MOVEMENT.to_string(),
        "{answer}"
    );
    let input = json!({"content": DOCUMENT, "format": "XML", "signature": signature(&stand, "x")});
    let refused = stand.graphql(&token, query, json!({"input": input})).await;
    let extensions = &refused["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "signature-content-altered", "{refused}");
    assert_eq!(extensions["errors"][0]["code"], "SIG_DIGEST_MISMATCH");
}

#[actix_web::test]
async fn departures_are_listed_by_numbered_pages() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let get = |path: &str| stand.ask(Method::GET, path).bearer_auth(&token);
    let list = json_of(send(get("/movements/departures?page=6&count=25")).await, 200).await;
    assert_eq!((&list["totalCount"], list["departures"].as_array().unwrap().len()), (&json!(130), 5));
    assert_eq!(list["departures"][0]["localReferenceNumber"], "L125");
    problem_of(send(get("/movements/departures?page=7&count=25")).await, 404).await;
    let early =
        json_of(send(get("/movements/departures?receivedUntil=2020-01-01T00:00:00Z")).await, 200).await;
    assert_eq!(early["totalCount"], 0);
    let one = json_of(send(get(&format!("/movements/departures/{MOVEMENT}"))).await, 200).await;
    let kept = format!("/customs/transits/movements/departures/{MOVEMENT}");
    assert_eq!(json_of(send(get(&kept)).await, 200).await, one);
    assert_eq!(one["movementEORINumber"], "KZ1");
    let none = send(get("/movements/departures/0193a6f0-0000-7000-8000-00000000ffff")).await;
    problem_of(none, 404).await;
}

#[actix_web::test]
async fn messages_have_bodies_as_xml_or_json() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let base = format!("/movements/departures/{MOVEMENT}/messages");
    let get = |path: String, accept: &str| {
        stand.ask(Method::GET, &path).bearer_auth(&token).header("accept", accept)
    };
    let list = json_of(send(get(base.clone(), "application/json")).await, 200).await;
    assert_eq!(
        (&list["messages"][0]["type"], &list["messages"][0]["status"]),
        (&json!("IE015"), &json!("Success"))
    );
    let one = format!("{base}/{MESSAGE}");
    let json = json_of(send(get(one.clone(), "application/vnd.hmrc.3.0+json")).await, 200).await;
    assert_eq!(json["body"], json!({"n1:CC015C": {}}));
    let body = send(get(format!("{one}/body"), "application/xml")).await;
    assert_eq!(body.headers()["content-type"], "application/xml");
    assert_eq!(body.text().await.unwrap(), "<CC015C/>");
    let body = send(get(format!("{one}/body"), "application/json")).await;
    assert_eq!(body.headers()["content-type"], "application/json");
    problem_of(send(get(format!("{one}/body"), "image/png")).await, 406).await;
    let foreign = format!("/movements/departures/{MESSAGE}/messages/{MESSAGE}");
    problem_of(send(get(foreign, "application/json")).await, 404).await;
}

#[actix_web::test]
async fn a_balance_is_told_as_an_exact_number() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let ask = |code: &str| {
        let request = stand.ask(Method::POST, "/customs/guarantees/26KZ0000000000015/balance");
        send(request.bearer_auth(&token).json(&json!({"accessCode": code})))
    };
    assert_eq!(ask("ABCD").await.text().await.unwrap(), r#"{"balance":12345678.90,"currency":"EUR"}"#);
    problem_of(ask("WXYZ").await, 404).await;
    problem_of(ask("TOOLONG").await, 400).await;
}
