//! Conventions of HTTP that every path keeps.

use chrono::TimeDelta;
use customs_gateway::GatewayConfig;
use customs_web_broker_contract::MemberRole;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

use crate::{
    services::MOVEMENT,
    stand::{Stand, json_of, problem_of},
};

fn delegation() -> Value {
    json!({"representative": "KZ2", "scope": ["declare"], "validTo": "2027-06-01T00:00:00Z"})
}

#[actix_web::test]
async fn an_effect_happens_once_under_one_key_and_is_answered_alike() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let post = |key: Option<&str>, body: Value| {
        let request = stand.ask(Method::POST, "/delegations").bearer_auth(&token).json(&body);
        key.map_or_else(
            || request.try_clone().unwrap(),
            |key| request.try_clone().unwrap().header("idempotency-key", key),
        )
        .send()
    };
    let missing = problem_of(post(None, delegation()).await.unwrap(), 400).await;
    assert_eq!(missing["code"], "idempotency-key-required");
    let first = post(Some("k1"), delegation()).await.unwrap().bytes().await.unwrap();
    let second = post(Some("k1"), delegation()).await.unwrap().bytes().await.unwrap();
    assert_eq!(first, second);
    assert_eq!(stand.services.effects.load(Ordering::SeqCst), 1);
    let mut other = delegation();
    other["representative"] = json!("KZ3");
    assert_eq!(
        problem_of(post(Some("k1"), other.clone()).await.unwrap(), 422).await["code"],
        "idempotency-key-reused"
    );
    json_of(post(Some("k2"), other).await.unwrap(), 200).await;
    let long = "k".repeat(256);
    assert_eq!(
        problem_of(post(Some(&long), delegation()).await.unwrap(), 400).await["code"],
        "input-invalid"
    );
}

#[actix_web::test]
async fn what_is_changed_is_named_by_its_version() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::OfficerOfDeparture]).await;
    let path = format!("/transits/{MOVEMENT}");
    let read = stand.ask(Method::GET, &path).bearer_auth(&token).send().await.unwrap();
    let tag = read.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(json_of(read, 200).await["version"], 3);
    let known = stand.ask(Method::GET, &path).bearer_auth(&token).header("if-none-match", &tag);
    assert_eq!(known.send().await.unwrap().status(), 304);
    let release = |tag: Option<&str>| {
        let request = stand
            .ask(Method::POST, &format!("{path}/release"))
            .bearer_auth(&token)
            .header("idempotency-key", format!("{tag:?}"));
        tag.map_or_else(
            || request.try_clone().unwrap(),
            |tag| request.try_clone().unwrap().header("if-match", tag),
        )
        .send()
    };
    assert_eq!(problem_of(release(None).await.unwrap(), 428).await["code"], "version-required");
    assert_eq!(problem_of(release(Some("\"2.abc\"")).await.unwrap(), 412).await["code"], "version-stale");
    assert_eq!(problem_of(release(Some("\"zzz\"")).await.unwrap(), 412).await["code"], "version-stale");
    assert_eq!(json_of(release(Some(&tag)).await.unwrap(), 200).await["state"], "released");
}

#[actix_web::test]
async fn everything_that_is_wrong_is_told_at_once_with_its_pointer() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let body = json!({"representative": "K", "scope": ["fly"], "cap": {"amount": "1,5", "currency": "eur"}, "more": 1});
    let request = stand.ask(Method::POST, "/delegations").bearer_auth(&token).header("idempotency-key", "k");
    let problem = problem_of(request.json(&body).send().await.unwrap(), 400).await;
    let mut pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    assert_eq!(
        pointers,
        ["/cap/amount", "/cap/currency", "/more", "/representative", "/scope/0", "/validTo"]
    );
    let query =
        stand.ask(Method::GET, "/transits?first=0&changedSince=today&odd=1&first=2").bearer_auth(&token);
    let problem = problem_of(query.send().await.unwrap(), 400).await;
    assert!(problem["errors"].as_array().unwrap().len() >= 3, "{problem}");
    let path = stand.ask(Method::GET, "/transits/not-an-id").bearer_auth(&token).send().await.unwrap();
    assert_eq!(problem_of(path, 400).await["errors"][0]["pointer"], "/movement");
}

#[actix_web::test]
async fn hostile_bodies_are_refused_and_never_break_anything() {
    let mut config = GatewayConfig::default();
    config.limits.body_octets_max = 100_000;
    let stand = Stand::with(config).await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let post = |media: &str, body: Vec<u8>| {
        stand
            .ask(Method::POST, "/delegations")
            .bearer_auth(&token)
            .header("idempotency-key", "k")
            .header("content-type", media)
            .body(body)
            .send()
    };
    for (body, status) in [
        ("{".to_owned(), 400),
        ("[".repeat(90_000), 400),
        (r#"{"representative":"KZ2","representative":"KZ3"}"#.to_owned(), 400),
        (r#"{"representative":"\ud800"}"#.to_owned(), 400),
        ("{\"representative\":1e400}".to_owned(), 400),
        ("null".to_owned(), 400),
        (format!("{{\"representative\":\"{}\"}}", "x".repeat(100_000)), 413),
    ] {
        problem_of(post("application/json", body.into_bytes()).await.unwrap(), status).await;
    }
    problem_of(post("application/json", vec![0xff, 0xfe]).await.unwrap(), 400).await;
    for media in ["text/plain", "application/json; charset=latin1", "application/x-www-form-urlencoded"] {
        problem_of(post(media, b"{}".to_vec()).await.unwrap(), 415).await;
    }
    let packed = stand.ask(Method::POST, "/delegations").bearer_auth(&token).header("idempotency-key", "k");
    let packed = packed.header("content-type", "application/json").header("content-encoding", "gzip");
    problem_of(packed.body("x").send().await.unwrap(), 415).await;
}

#[actix_web::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let stand = Stand::plain().await;
    let nowhere = stand.ask(Method::GET, "/nowhere").send().await.unwrap();
    let problem = problem_of(nowhere, 404).await;
    assert_eq!(problem["code"], "path-unknown");
    let kind = stand.ask(Method::GET, problem["type"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(json_of(kind, 200).await["title"], problem["title"]);
    let deleted = stand.ask(Method::DELETE, "/transits").send().await.unwrap();
    assert_eq!(deleted.headers()["allow"], "GET, HEAD, OPTIONS");
    assert_eq!(problem_of(deleted, 405).await["code"], "method-not-allowed");
    let traced = stand.ask(Method::TRACE, "/transits").send().await.unwrap();
    assert_eq!(problem_of(traced, 405).await["code"], "method-not-allowed");
    let options = stand.ask(Method::OPTIONS, "/drafts").send().await.unwrap();
    assert_eq!(
        (options.status().as_u16(), &options.headers()["allow"]),
        (204, &"GET, POST, HEAD, OPTIONS".parse().unwrap())
    );
    let picky = stand.ask(Method::GET, "/auth/session").header("accept", "image/png").send().await.unwrap();
    assert_eq!(problem_of(picky, 406).await["code"], "not-acceptable");
    for accept in ["application/vnd.hmrc.3.0+json", "application/vnd.ecustoms.1.0+json", "*/*"] {
        let told = stand.ask(Method::GET, "/auth/session").header("accept", accept).send().await.unwrap();
        assert_eq!(told.headers()["content-type"], "application/json");
    }
}

#[actix_web::test]
async fn every_answer_carries_correlation_limits_and_hard_headers() {
    let config = GatewayConfig { hsts_seconds: Some(600), ..GatewayConfig::default() };
    let stand = Stand::with(config).await;
    let asked = stand.ask(Method::GET, "/auth/session").header("x-correlation-id", "mine-1");
    let answer = asked.send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-correlation-id"), "mine-1");
    assert_eq!(header("ratelimit-policy"), "\"default\";q=60000;w=60");
    assert!(header("ratelimit").starts_with("\"default\";r=59999"), "{}", header("ratelimit"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("strict-transport-security"), "max-age=600; includeSubDomains");
    assert!(header("content-security-policy").contains("default-src 'none'"));
    let odd = stand.ask(Method::GET, "/nowhere").header("x-correlation-id", "a b\"c").send().await.unwrap();
    let given = odd.headers()["x-correlation-id"].to_str().unwrap().to_owned();
    assert_eq!(given.len(), 36);
    assert_eq!(problem_of(odd, 404).await["correlationId"], given);
}

#[actix_web::test]
async fn too_many_requests_are_refused_until_the_window_ends() {
    let mut config = GatewayConfig::default();
    config.limits.requests_max = 5;
    let stand = Stand::with(config).await;
    for _ in 0..5 {
        assert_eq!(stand.ask(Method::GET, "/auth/session").send().await.unwrap().status(), 200);
    }
    let refused = stand.ask(Method::GET, "/auth/session").send().await.unwrap();
    assert_eq!(refused.headers()["ratelimit"], "\"default\";r=0;t=60");
    assert_eq!(refused.headers()["retry-after"], "60");
    problem_of(refused, 429).await;
    stand.clock.advance(TimeDelta::seconds(60));
    assert_eq!(stand.ask(Method::GET, "/auth/session").send().await.unwrap().status(), 200);
}

#[actix_web::test]
async fn lists_lead_on_by_links() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let (mut path, mut seen) = ("/transits?first=60".to_owned(), Vec::new());
    loop {
        let answer = stand.ask(Method::GET, &path).bearer_auth(&token).send().await.unwrap();
        let link = answer.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
        let page = json_of(answer, 200).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["lrn"].clone()));
        let Some(link) = link else { break };
        path = link.trim_start_matches('<').split_once('>').unwrap().0.to_owned();
        assert!(path.contains("first=60"), "{path}");
    }
    assert_eq!(seen, (0..130).map(|n| json!(format!("L{n}"))).collect::<Vec<_>>());
}

#[actix_web::test]
async fn what_is_down_is_503_with_a_time_and_nothing_else() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    *stand.services.down.lock().unwrap() = true;
    let answer = stand.ask(Method::GET, "/transits").bearer_auth(&token).send().await.unwrap();
    assert!(answer.headers().contains_key("retry-after"));
    let problem = problem_of(answer, 503).await;
    assert!(!problem["detail"].as_str().unwrap().contains("database"), "{problem}");
}

#[actix_web::test]
async fn pages_of_other_origins_are_shut_out_unless_named() {
    let config =
        GatewayConfig { cors_origins: vec!["https://desk.example".to_owned()], ..GatewayConfig::default() };
    let stand = Stand::with(config).await;
    let preflight = |origin: &str| {
        stand
            .ask(Method::OPTIONS, "/delegations")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .send()
    };
    let known = preflight("https://desk.example").await.unwrap();
    assert_eq!(known.headers()["access-control-allow-origin"], "https://desk.example");
    assert!(known.headers()["access-control-allow-headers"].to_str().unwrap().contains("idempotency-key"));
    let unknown = preflight("https://evil.example").await.unwrap();
    assert!(!unknown.headers().contains_key("access-control-allow-origin"));
}

#[actix_web::test]
async fn documents_and_pages_need_nobody_else() {
    let stand = Stand::plain().await;
    let document = json_of(stand.ask(Method::GET, "/openapi.json").send().await.unwrap(), 200).await;
    assert_eq!(document["openapi"], "3.1.0");
    for path in ["/docs/", "/docs/swagger-ui.css", "/graphiql", "/graphiql/graphiql.js", "/graphiql/start.js"]
    {
        let page = stand.ask(Method::GET, path).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("'self'"));
    }
    let config = GatewayConfig { introspection: false, ..GatewayConfig::default() };
    let closed = Stand::with(config).await;
    assert_eq!(closed.ask(Method::GET, "/graphiql").send().await.unwrap().status(), 404);
}
