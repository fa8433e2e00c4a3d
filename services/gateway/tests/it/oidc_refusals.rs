//! Every way in which sign-in by an outside provider is refused.

use std::sync::atomic::Ordering;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use customs_gateway::GatewayConfig;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Client, Method, Response, redirect::Policy};
use serde_json::{Value, json};

use crate::{
    oidc::{Browser, VERIFIER, binding, location, open, stand, stand_with},
    provider::{Provider, Scribe, Signing},
    stand::{Stand, json_of, problem_of},
};

/// How a document differs from a good one.
type Change = fn(&mut Value);

/// The code of the problem that `answer` is, with the pointer of its first finding.
async fn refusal(answer: Response, status: u16) -> (String, String) {
    let problem = problem_of(answer, status).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&problem["code"]), text(&problem["errors"][0]["pointer"]))
}

fn is(code: &str, pointer: &str) -> (String, String) {
    (code.to_owned(), pointer.to_owned())
}

/// How the gateway takes in whoever agrees at the provider now.
async fn taken_in(stand: &Stand) -> Response {
    Browser::begin(&stand.url, "").await.come_back(&stand.url).await
}

#[actix_web::test]
async fn an_answer_that_belongs_to_no_sign_in_of_this_browser_is_refused() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let refused = is("provider-state-refused", "/state");
    let browser = Browser::begin(&stand.url, "").await;
    let with = |cookie: &str, answer: &str| {
        let (url, cookie) = (format!("{}/auth/oidc/callback?{answer}", stand.url), cookie.to_owned());
        Client::builder().redirect(Policy::none()).build().unwrap().get(url).header("cookie", cookie).send()
    };
    let other = Browser::begin(&stand.url, "").await;
    let cases = [
        ("", browser.answer.clone()),
        ("ecustoms-provider=AAAA", browser.answer.clone()),
        (browser.cookie.as_str(), other.answer.clone()),
        (browser.cookie.as_str(), "code=code-0".to_owned()),
        (browser.cookie.as_str(), browser.answer.replace("state=", "state=x")),
    ];
    for (cookie, answer) in cases {
        let answer = with(cookie, &answer).await.unwrap();
        assert!(!answer.headers().contains_key("set-cookie"), "the one under way goes on");
        assert_eq!(refusal(answer, 401).await, refused);
    }
    let foreign = Provider::start();
    let elsewhere = self::stand(&foreign).await;
    let stranger = Browser::begin(&elsewhere.url, "").await;
    assert_eq!(refusal(stranger.come_back(&stand.url).await, 401).await, refused);
    // None of this has used up the sign-in that is under way; it ends once.
    browser.ticket(&stand.url).await;
    assert_eq!(refusal(browser.come_back(&stand.url).await, 401).await, refused);
    let late = Browser::begin(&stand.url, "").await;
    stand.clock.advance(TimeDelta::seconds(600));
    assert_eq!(refusal(late.come_back(&stand.url).await, 401).await, refused);
}

#[actix_web::test]
async fn a_parameter_that_stands_twice_or_an_endless_one_is_refused() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let browser = Browser::begin(&stand.url, "").await;
    for further in ["&state=x".to_owned(), "&iss=a".to_owned(), format!("&x={}", "y".repeat(5000))] {
        let url = format!("{}/auth/oidc/callback?{}{further}", stand.url, browser.answer);
        assert_eq!(refusal(browser.get(&url).await, 400).await, is("input-invalid", "/query"));
    }
    for binding in ["", "short", &"x".repeat(44), &"%20".repeat(43)] {
        let url = format!("{}/auth/oidc/start?binding={binding}", stand.url);
        assert_eq!(refusal(browser.get(&url).await, 400).await, is("input-invalid", "/binding"));
    }
    let post = stand.ask(Method::POST, "/auth/oidc/start").send().await.unwrap();
    assert_eq!(post.headers()["allow"], "GET");
    assert_eq!(refusal(post, 405).await, is("method-not-allowed", ""));
}

#[actix_web::test]
async fn another_provider_cannot_answer_in_the_place_of_the_one_asked() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let refused = is("provider-issuer-refused", "/iss");
    for issuer in ["", "&iss=https%3A%2F%2Fevil.example"] {
        let mut browser = Browser::begin(&stand.url, "").await;
        let (rest, _) = browser.answer.rsplit_once("&iss=").unwrap();
        browser.answer = format!("{rest}{issuer}");
        let before = provider.fake.exchanges.load(Ordering::Relaxed);
        assert_eq!(refusal(browser.come_back(&stand.url).await, 401).await, refused);
        assert_eq!(provider.fake.exchanges.load(Ordering::Relaxed), before, "no code goes anywhere");
    }
}

#[actix_web::test]
async fn who_does_not_agree_at_the_provider_is_not_signed_in() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let mut browser = Browser::begin(&stand.url, "").await;
    let kept: Vec<&str> = browser.answer.split('&').filter(|part| !part.starts_with("code=")).collect();
    let kept = kept.join("&");
    browser.answer = format!("{kept}&error=access_denied&error_description=A+Person");
    let document = problem_of(browser.come_back(&stand.url).await, 401).await;
    assert_eq!(document["code"], "provider-refused");
    assert_eq!(document["detail"], "the provider says access_denied");
    let mut browser = Browser::begin(&stand.url, "").await;
    let kept: Vec<&str> = browser.answer.split('&').filter(|part| !part.starts_with("code=")).collect();
    browser.answer = kept.join("&");
    assert_eq!(
        refusal(browser.come_back(&stand.url).await, 502).await,
        is("provider-answer-unusable", "/code")
    );
}

#[actix_web::test]
async fn a_code_that_was_used_before_is_refused() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let browser = Browser::begin(&stand.url, "").await;
    browser.ticket(&stand.url).await;
    let code = browser.answer.split('&').find(|part| part.starts_with("code=")).unwrap().to_owned();
    let mut other = Browser::begin(&stand.url, "").await;
    let own = other.answer.split('&').find(|part| part.starts_with("code=")).unwrap().to_owned();
    other.answer = other.answer.replace(&own, &code);
    assert_eq!(refusal(other.come_back(&stand.url).await, 401).await.0, "provider-refused");
    // A code that was given for the challenge of another browser is worth nothing either.
    let victim = Browser::begin(&stand.url, "").await;
    let stolen = victim.answer.split('&').find(|part| part.starts_with("code=")).unwrap().to_owned();
    let mut thief = Browser::begin(&stand.url, "").await;
    let own = thief.answer.split('&').find(|part| part.starts_with("code=")).unwrap().to_owned();
    thief.answer = thief.answer.replace(&own, &stolen);
    assert_eq!(refusal(thief.come_back(&stand.url).await, 401).await.0, "provider-refused");
}

#[actix_web::test]
async fn an_id_token_that_says_something_else_is_refused_at_its_claim() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let cases: [(&str, Change); 8] = [
        ("nonce", |claims| claims["nonce"] = json!("another")),
        ("aud", |claims| claims["aud"] = json!("another")),
        ("azp", |claims| claims["azp"] = json!("another")),
        ("iss", |claims| claims["iss"] = json!("https://evil.example")),
        ("exp", |claims| claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 60)),
        ("iat", |claims| claims["iat"] = json!(claims["iat"].as_i64().unwrap() - 3600)),
        ("nbf", |claims| claims["nbf"] = json!(claims["iat"].as_i64().unwrap() + 3600)),
        ("at_hash", |claims| claims["at_hash"] = json!("another")),
    ];
    for (name, spoil) in cases {
        provider.claim(spoil);
        let refused = refusal(taken_in(&stand).await, 401).await;
        assert_eq!(refused, is("provider-claim-refused", &format!("/id_token/{name}")));
    }
    for number in [json!("99010130012"), json!("99010130012a"), json!(990_101_300_125_i64), json!(null)] {
        let given = number.clone();
        provider.claim(move |claims| claims["iin"] = given.clone());
        let refused = refusal(taken_in(&stand).await, 401).await;
        assert_eq!(refused, is("provider-number-missing", "/id_token"), "{number}");
    }
}

#[actix_web::test]
async fn an_id_token_that_is_not_signed_by_the_provider_is_refused() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let write = |scribe: Scribe| {
        *provider.fake.scribe.lock().unwrap() = Some(scribe);
    };
    let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    write(Box::new(move |_, claims| format!("{}.{}.", text(&json!({"alg": "none"})), text(&claims))));
    let refused = refusal(taken_in(&stand).await, 401).await;
    assert_eq!(refused, is("provider-signature-refused", "/id_token/alg"));
    write(Box::new(|fake, claims| {
        let secret = EncodingKey::from_secret(fake.key().published.to_string().as_bytes());
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("first".to_owned());
        jsonwebtoken::encode(&header, &claims, &secret).unwrap()
    }));
    let refused = refusal(taken_in(&stand).await, 401).await;
    assert_eq!(refused, is("provider-signature-refused", "/id_token/alg"));
    write(Box::new(|_, claims| Signing::fresh("first").sign(&claims)));
    let refused = refusal(taken_in(&stand).await, 401).await;
    assert_eq!(refused, is("provider-signature-refused", "/id_token"));
    write(Box::new(|_, claims| Signing::fresh("nobody's").sign(&claims)));
    let refused = refusal(taken_in(&stand).await, 401).await;
    assert_eq!(refused, is("provider-signature-refused", "/id_token/kid"));
    write(Box::new(|_, _| "no token".to_owned()));
    let refused = refusal(taken_in(&stand).await, 502).await;
    assert_eq!(refused, is("provider-answer-unusable", "/id_token"));
}

#[actix_web::test]
async fn an_answer_of_no_use_is_refused_and_an_endless_one_not_read() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let cases = [
        (200, "<html>".to_owned(), 502, "provider-answer-unusable"),
        (200, json!({"access_token": "a"}).to_string(), 502, "provider-answer-unusable"),
        (200, format!("{{\"id_token\": \"{}\"}}", "x".repeat(300_000)), 502, "provider-answer-unusable"),
        (302, String::new(), 502, "provider-answer-unusable"),
        (400, "<html>".to_owned(), 502, "provider-answer-unusable"),
        (400, json!({"error": "<script>"}).to_string(), 502, "provider-answer-unusable"),
        (401, json!({"error": "invalid_client"}).to_string(), 502, "provider-answer-unusable"),
        (400, json!({"error": "invalid_grant"}).to_string(), 401, "provider-refused"),
        (500, String::new(), 503, "provider-unavailable"),
        (429, String::new(), 503, "provider-unavailable"),
    ];
    for (given, body, status, code) in cases {
        *provider.fake.answer.lock().unwrap() = Some((given, body.clone()));
        assert_eq!(refusal(taken_in(&stand).await, status).await.0, code, "{given} {}", body.len());
    }
}

#[actix_web::test]
async fn a_provider_that_says_of_itself_what_cannot_be_is_not_used() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let url = format!("{}/auth/oidc/start?binding={}", stand.url, binding());
    let begin = || Client::new().get(&url).send();
    let cases: [Change; 4] = [
        |document| document["issuer"] = json!("https://evil.example"),
        |document| document["token_endpoint"] = json!("http://evil.example/token"),
        |document| document["code_challenge_methods_supported"] = json!(["plain"]),
        |document| *document = json!([]),
    ];
    for spoil in cases {
        *provider.fake.document.lock().unwrap() = Some(Box::new(spoil));
        assert_eq!(refusal(begin().await.unwrap(), 502).await.0, "provider-answer-unusable");
        stand.clock.advance(TimeDelta::seconds(5));
    }
    *provider.fake.document.lock().unwrap() = None;
    Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
}

#[actix_web::test]
async fn a_gateway_starts_without_its_provider_and_outlives_it() {
    let provider = Provider::start();
    *provider.fake.down.lock().unwrap() = true;
    let stand = stand(&provider).await;
    let url = format!("{}/auth/oidc/start?binding={}", stand.url, binding());
    let asked = Client::new().get(&url).send().await.unwrap();
    // Sign-in by certificate goes on.
    stand.token(&[customs_web_broker_contract::MemberRole::Declarant]).await;
    assert_eq!(asked.headers()["retry-after"], "30");
    assert_eq!(refusal(asked, 503).await.0, "provider-unavailable");
    // For a few seconds it is not asked again, then it is.
    *provider.fake.down.lock().unwrap() = false;
    let asked = Client::new().get(&url).send().await.unwrap();
    assert_eq!(refusal(asked, 503).await.0, "provider-unavailable");
    assert_eq!(provider.fake.discoveries.load(Ordering::Relaxed), 1);
    stand.clock.advance(TimeDelta::seconds(5));
    let browser = Browser::begin(&stand.url, "").await;
    // What is known is used while the provider is gone, for a day and no longer.
    *provider.fake.down.lock().unwrap() = true;
    assert_eq!(refusal(browser.come_back(&stand.url).await, 503).await.0, "provider-unavailable");
    stand.clock.advance(TimeDelta::hours(2));
    Browser::begin(&stand.url, "").await;
    stand.clock.advance(TimeDelta::hours(22));
    let asked = Client::new().get(&url).send().await.unwrap();
    assert_eq!(refusal(asked, 503).await.0, "provider-unavailable");
}

#[actix_web::test]
async fn whom_nobody_has_registered_is_sent_to_register_and_who_is_barred_is_refused() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let ticket = Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
    let organisations = std::mem::take(&mut *stand.services.organisations.lock().unwrap());
    let unknown = open(&stand.url, &ticket, None).await;
    assert_eq!(refusal(unknown, 403).await.0, "provider-person-unknown");
    *stand.services.organisations.lock().unwrap() = organisations;
    *stand.services.barred.lock().unwrap() = true;
    assert_eq!(refusal(open(&stand.url, &ticket, None).await, 403).await.0, "forbidden");
    *stand.services.barred.lock().unwrap() = false;
    *stand.services.down.lock().unwrap() = true;
    assert_eq!(refusal(open(&stand.url, &ticket, None).await, 503).await.0, "unavailable");
    *stand.services.down.lock().unwrap() = false;
    json_of(open(&stand.url, &ticket, None).await, 200).await;
}

#[actix_web::test]
async fn a_ticket_is_good_for_its_own_page_and_a_few_minutes() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let ticket = Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
    let post = |body: Value| stand.ask(Method::POST, "/auth/oidc/token").json(&body).send();
    let other = "another-secret-of-another-page-in-another-browser";
    let stolen = post(json!({"ticket": ticket, "verifier": other})).await.unwrap();
    assert_eq!(refusal(stolen, 401).await, is("provider-ticket-refused", "/verifier"));
    let forged = post(json!({"ticket": "AAAA", "verifier": VERIFIER})).await.unwrap();
    assert_eq!(refusal(forged, 401).await, is("provider-ticket-refused", "/ticket"));
    let browser = Browser::begin(&stand.url, "").await;
    let carried = browser.cookie.split_once('=').unwrap().1;
    let confused = post(json!({"ticket": carried, "verifier": VERIFIER})).await.unwrap();
    assert_eq!(refusal(confused, 401).await, is("provider-ticket-refused", "/ticket"));
    stand.clock.advance(TimeDelta::seconds(300));
    assert_eq!(
        refusal(open(&stand.url, &ticket, None).await, 401).await,
        is("provider-ticket-refused", "/ticket")
    );
}

#[actix_web::test]
async fn a_browser_is_told_by_the_page_with_the_correlation_id() {
    let provider = Provider::start();
    *provider.fake.down.lock().unwrap() = true;
    let stand = stand(&provider).await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    for (path, code) in [
        (format!("/auth/oidc/start?binding={}", binding()), "provider-unavailable"),
        ("/auth/oidc/callback?code=a&state=b".to_owned(), "provider-state-refused"),
    ] {
        let request = client.get(format!("{}{path}", stand.url)).header("accept", "text/html,*/*;q=0.8");
        let answer = request.header("x-correlation-id", "c-1").send().await.unwrap();
        assert_eq!(location(&answer), format!("/?refused={code}&correlation=c-1"));
    }
}

#[actix_web::test]
async fn without_a_provider_there_is_nothing_of_it() {
    let stand = Stand::plain().await;
    let ways = json_of(stand.ask(Method::GET, "/auth/ways").send().await.unwrap(), 200).await;
    assert_eq!(ways, json!({"provider": null}));
    for path in ["/auth/oidc/start", "/auth/oidc/callback"] {
        let answer = stand.ask(Method::GET, path).send().await.unwrap();
        assert_eq!(refusal(answer, 404).await.0, "path-unknown");
    }
    let answer = open(&stand.url, "AAAA", None).await;
    assert_eq!(refusal(answer, 404).await.0, "provider-sign-in-off");
}

#[actix_web::test]
async fn sign_ins_of_one_address_are_bounded() {
    let provider = Provider::start();
    let mut config = GatewayConfig::default();
    config.limits.logins_max = 2;
    let stand = stand_with(&provider, config).await;
    let ticket = Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
    let answer = open(&stand.url, &ticket, None).await;
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(refusal(answer, 429).await.0, "too-many-requests");
    let answer = Browser::new().come_back(&stand.url).await;
    assert_eq!(refusal(answer, 429).await.0, "too-many-requests");
}
