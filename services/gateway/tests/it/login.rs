//! Log-in by a signed challenge.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_web_broker_contract::MemberRole;
use reqwest::Method;
use serde_json::{Value, json};

use crate::stand::{Stand, json_of, problem_of, start};

async fn open(stand: &Stand, body: &Value) -> reqwest::Response {
    stand.ask(Method::POST, "/auth/token").json(body).send().await.unwrap()
}

#[actix_web::test]
async fn a_signed_challenge_becomes_a_token_that_says_who_asks() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let answer = stand.ask(Method::GET, "/auth/session").bearer_auth(&token).send().await.unwrap();
    let viewer = json_of(answer, 200).await;
    assert_eq!((&viewer["party"], &viewer["roles"]), (&json!("KZ1"), &json!(["declarant"])));
    let nobody = stand.ask(Method::GET, "/auth/session").send().await.unwrap();
    assert_eq!(json_of(nobody, 200).await["subject"], "anonymous");
}

#[actix_web::test]
async fn a_challenge_is_accepted_once() {
    let stand = Stand::plain().await;
    let challenge = stand.challenge().await;
    let body = stand.signed(&challenge);
    json_of(open(&stand, &body).await, 200).await;
    let again = problem_of(open(&stand, &body).await, 401).await;
    assert_eq!(again["code"], "challenge-refused");
}

#[actix_web::test]
async fn an_old_or_foreign_challenge_is_refused() {
    let stand = Stand::plain().await;
    let challenge = stand.challenge().await;
    let body = stand.signed(&challenge);
    stand.clock.advance(TimeDelta::seconds(120));
    assert_eq!(problem_of(open(&stand, &body).await, 401).await["code"], "challenge-refused");
    let foreign = Stand::plain().await.challenge().await;
    let body = stand.signed(&foreign);
    assert_eq!(problem_of(open(&stand, &body).await, 401).await["code"], "challenge-refused");
}

#[actix_web::test]
async fn a_bad_signature_is_refused_with_its_code() {
    let stand = Stand::plain().await;
    let challenge = stand.challenge().await;
    let sign = |credential: &customs_signatures::issue::Credential, text: &str| {
        json!({"challenge": challenge,
            "signature": STANDARD.encode(credential.sign_detached(text.as_bytes(), start()).unwrap())})
    };
    let nation = &stand.nation;
    for (body, status, code) in [
        (sign(&nation.signer, "something else"), 401, "SIG_DIGEST_MISMATCH"),
        (sign(&nation.stranger, &challenge), 401, "SIG_CERT_UNTRUSTED"),
        (json!({"challenge": challenge, "signature": STANDARD.encode("x")}), 401, "SIG_MALFORMED"),
    ] {
        let refused = problem_of(open(&stand, &body).await, status).await;
        assert_eq!(refused["errors"][0]["code"], code, "{refused}");
    }
    let nobody = problem_of(open(&stand, &sign(&nation.nameless, &challenge)).await, 401).await;
    assert_eq!(nobody["code"], "identity-missing");
    let text = json!({"challenge": challenge, "signature": "%%%"});
    assert_eq!(problem_of(open(&stand, &text).await, 400).await["errors"][0]["pointer"], "/signature");
}

#[actix_web::test]
async fn a_person_of_two_organisations_says_for_which() {
    let stand = Stand::plain().await;
    *stand.services.organisations.lock().unwrap() = vec!["KZ1".to_owned(), "KZ2".to_owned()];
    let challenge = stand.challenge().await;
    let mut body = stand.signed(&challenge);
    let unclear = problem_of(open(&stand, &body).await, 409).await;
    assert_eq!(unclear["code"], "organisation-unclear");
    body["organisation"] = json!("KZ2");
    let session = json_of(open(&stand, &body).await, 200).await;
    assert_eq!(session["party"], "KZ2");
}

#[actix_web::test]
async fn an_unknown_person_is_not_let_in_and_a_dead_register_is_not_their_fault() {
    let stand = Stand::plain().await;
    stand.services.organisations.lock().unwrap().clear();
    let challenge = stand.challenge().await;
    assert_eq!(problem_of(open(&stand, &stand.signed(&challenge)).await, 403).await["code"], "forbidden");
    *stand.services.down.lock().unwrap() = true;
    let answer = open(&stand, &stand.signed(&challenge)).await;
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(problem_of(answer, 503).await["code"], "unavailable");
}

#[actix_web::test]
async fn a_renewed_token_replaces_the_old_one_and_takes_new_roles() {
    let stand = Stand::plain().await;
    let old = stand.token(&[MemberRole::Declarant]).await;
    *stand.services.roles.lock().unwrap() = vec![MemberRole::Carrier];
    let renew = |token: String| stand.ask(Method::POST, "/auth/refresh").bearer_auth(token).send();
    let session = json_of(renew(old.clone()).await.unwrap(), 200).await;
    assert_eq!(session["roles"], json!(["carrier"]));
    assert_eq!(problem_of(renew(old).await.unwrap(), 401).await["code"], "unauthenticated");
    let mut token = session["accessToken"].as_str().unwrap().to_owned();
    let end = start() + TimeDelta::hours(8);
    while stand.clock.now() + TimeDelta::minutes(14) < end {
        stand.clock.advance(TimeDelta::minutes(14));
        let session = json_of(renew(token).await.unwrap(), 200).await;
        token = session["accessToken"].as_str().unwrap().to_owned();
    }
    stand.clock.advance(TimeDelta::minutes(14));
    assert_eq!(renew(token).await.unwrap().status(), 401);
}

#[actix_web::test]
async fn a_token_is_worth_nothing_after_logout_or_its_time() {
    let stand = Stand::plain().await;
    let viewer = |token: String| stand.ask(Method::GET, "/auth/session").bearer_auth(token).send();
    let token = stand.token(&[MemberRole::Declarant]).await;
    let out = stand.ask(Method::POST, "/auth/logout").bearer_auth(&token).send().await.unwrap();
    json_of(out, 200).await;
    let refused = viewer(token).await.unwrap();
    assert!(refused.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    problem_of(refused, 401).await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    stand.clock.advance(TimeDelta::minutes(15));
    problem_of(viewer(token).await.unwrap(), 401).await;
}

#[actix_web::test]
async fn the_same_log_in_goes_by_graphql() {
    let stand = Stand::plain().await;
    let post = |query: &str, variables: Value| {
        stand.ask(Method::POST, "/graphql").json(&json!({"query": query, "variables": variables})).send()
    };
    let asked = post("mutation { requestChallenge { challenge { challenge } } }", json!({})).await.unwrap();
    let asked = json_of(asked, 200).await;
    let challenge = asked["data"]["requestChallenge"]["challenge"]["challenge"].as_str().unwrap();
    let query =
        "mutation($input: OpenSession!) { openSession(input: $input) { session { accessToken party } } }";
    let opened = json_of(post(query, json!({"input": stand.signed(challenge)})).await.unwrap(), 200).await;
    assert_eq!(opened["data"]["openSession"]["session"]["party"], "KZ1", "{opened}");
    let again = json_of(post(query, json!({"input": stand.signed(challenge)})).await.unwrap(), 200).await;
    assert_eq!(again["errors"][0]["extensions"]["code"], "challenge-refused");
}

#[actix_web::test]
async fn log_ins_of_one_address_are_bounded() {
    let mut config = customs_gateway::GatewayConfig::default();
    config.limits.logins_max = 3;
    let stand = Stand::with(config).await;
    for _ in 0..3 {
        stand.challenge().await;
    }
    let answer = stand.ask(Method::POST, "/auth/challenge").json(&json!({})).send().await.unwrap();
    assert!(answer.headers().contains_key("retry-after"));
    problem_of(answer, 429).await;
}
