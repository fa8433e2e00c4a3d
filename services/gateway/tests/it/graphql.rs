//! GraphQL over HTTP: what the audits of the reference suite do not try.

use std::sync::atomic::Ordering;

use customs_gateway::GatewayConfig;
use customs_web_broker_contract::MemberRole;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{
    services::MOVEMENT,
    stand::{Stand, json_of},
};

const MEDIA: &str = "application/graphql-response+json";

async fn post(stand: &Stand, body: &Value) -> Response {
    let request = stand.ask(Method::POST, "/graphql").header("accept", MEDIA).json(body);
    request.send().await.unwrap()
}

#[actix_web::test]
async fn a_mutation_by_get_is_405_and_says_how() {
    let stand = Stand::plain().await;
    let request = stand.ask(Method::GET, "/graphql?query=mutation%7BcloseSession%7Bsession%7Btoken%7D%7D%7D");
    let answer = request.header("accept", MEDIA).send().await.unwrap();
    assert_eq!(answer.headers()["allow"], "POST");
    assert_eq!(answer.headers()["content-type"], format!("{MEDIA}; charset=utf-8"));
    assert_eq!(json_of(answer, 405).await["errors"][0]["extensions"]["code"], "method-not-allowed");
}

#[actix_web::test]
async fn what_could_be_forged_from_another_site_is_not_read() {
    let stand = Stand::plain().await;
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let request = stand.ask(Method::POST, "/graphql").header("content-type", media);
        let answer = request.body(r#"{"query":"{ viewer { subject } }"}"#).send().await.unwrap();
        assert_eq!(answer.status(), 415, "{media}");
    }
}

#[actix_web::test]
async fn several_requests_in_one_are_refused() {
    let stand = Stand::plain().await;
    let one = json!({"query": "{ viewer { subject } }"});
    let answer = json_of(post(&stand, &json!([one, one])).await, 400).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "graphql-batch");
}

#[actix_web::test]
async fn a_document_that_asks_for_too_much_is_refused_before_it_costs_anything() {
    let stand = Stand::plain().await;
    let level = |n: usize| format!("fragment F{n} on Query {{ ...F{0} ...F{0} ...F{0} }}", n + 1);
    let fan: Vec<_> = (0..12).map(level).collect();
    let fan = fan.join(" ");
    let query = format!("{{ ...F0 }} {fan} fragment F12 on Query {{ viewer {{ subject }} }}");
    let answer = json_of(post(&stand, &json!({"query": query})).await, 400).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "graphql-too-costly", "{answer}");
    assert!(answer.get("data").is_none());
    let lenient = stand.ask(Method::POST, "/graphql").json(&json!({"query": query})).send().await.unwrap();
    assert_eq!(lenient.status(), 200);
    let large = json!({"query": format!("{{ viewer {{ subject }} }} #{}", "x".repeat(70_000))});
    assert_eq!(post(&stand, &large).await.status(), 400);
    let huge = json!({"query": "x".repeat(6_000_000)});
    assert_eq!(post(&stand, &huge).await.status(), 413);
}

#[actix_web::test]
async fn refusals_of_services_carry_what_the_rest_mirror_says() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let unknown = "{ movement(id: \"0193a6f0-0000-7000-8000-00000000ffff\") { id } }";
    let answer = stand.graphql(&token, unknown, json!({})).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!((&extensions["code"], &extensions["status"]), (&json!("not-found"), &json!(404)));
    assert!(extensions["correlationId"].is_string());
    assert_eq!(answer["data"], Value::Null);
    let bad =
        stand.graphql(&token, "{ movements(first: 3, after: \"x\") { edges { cursor } } }", json!({})).await;
    assert_eq!(bad["errors"][0]["extensions"]["pointer"], "/after");
    let nobody = json!({"query": format!("{{ movement(id: \"{MOVEMENT}\") {{ id }} }}")});
    let nobody = json_of(post(&stand, &nobody).await, 200).await;
    assert_eq!(nobody["errors"][0]["extensions"]["code"], "unauthenticated");
}

#[actix_web::test]
async fn errors_of_documents_are_coded_too() {
    let stand = Stand::plain().await;
    for (query, code) in [
        ("{", "graphql-syntax"),
        ("{ nothing }", "graphql-invalid"),
        ("query A { viewer { subject } } query B { viewer { subject } }", "graphql-invalid"),
        ("query($id: UUID!) { movement(id: $id) { id } }", "graphql-invalid"),
    ] {
        let answer = json_of(post(&stand, &json!({"query": query})).await, 400).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
    }
    let stream = json!({"query": "subscription { notifications { id } }"});
    assert_eq!(post(&stand, &stream).await.status(), 400);
}

#[actix_web::test]
async fn anything_is_found_by_its_id() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let query = "query($id: ID!) { node(id: $id) { __typename id ... on Movement { lrn } } }";
    let found = stand.graphql(&token, query, json!({"id": MOVEMENT})).await;
    assert_eq!(
        found["data"]["node"],
        json!({"__typename": "Movement", "id": MOVEMENT, "lrn": "LRN1"}),
        "{found}"
    );
    let message = stand.graphql(&token, query, json!({"id": crate::services::MESSAGE})).await;
    assert_eq!(message["data"]["node"]["__typename"], "MovementMessage", "{message}");
    assert_eq!(stand.graphql(&token, query, json!({"id": "no id"})).await["data"]["node"], Value::Null);
}

#[actix_web::test]
async fn connections_walk_every_entry_once() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let query = "query($after: String) { movements(first: 40, after: $after) \
                 { edges { cursor node { lrn } } pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut seen) = (Value::Null, 0);
    loop {
        let page = stand.graphql(&token, query, json!({"after": after})).await;
        let page = &page["data"]["movements"];
        for edge in page["edges"].as_array().unwrap() {
            assert_eq!(edge["node"]["lrn"], format!("L{seen}"));
            seen += 1;
        }
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, 130);
}

#[actix_web::test]
async fn a_mutation_under_a_key_happens_once() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let query = "mutation($input: GrantDelegation!) { grantDelegation(input: $input) { delegation { id } } }";
    let input = json!({"representative": "KZ2", "scope": ["DECLARE"], "validTo": "2027-06-01T00:00:00Z"});
    let body = json!({"query": query, "variables": {"input": input}});
    let send = || {
        stand
            .ask(Method::POST, "/graphql")
            .bearer_auth(&token)
            .header("idempotency-key", "k")
            .json(&body)
            .send()
    };
    let first = json_of(send().await.unwrap(), 200).await;
    let second = json_of(send().await.unwrap(), 200).await;
    assert!(first["data"]["grantDelegation"]["delegation"]["id"].is_string(), "{first}");
    assert_eq!(first, second);
    assert_eq!(stand.services.effects.load(Ordering::SeqCst), 1);
}

#[actix_web::test]
async fn introspection_and_hints_are_shut_by_configuration() {
    let config = GatewayConfig { introspection: false, ..GatewayConfig::default() };
    let stand = Stand::with(config).await;
    let answer =
        post(&stand, &json!({"query": "{ __schema { types { name } } }"})).await.text().await.unwrap();
    assert!(!answer.contains("Movement"), "{answer}");
    let hint = post(&stand, &json!({"query": "{ viewr { subject } }"})).await.text().await.unwrap();
    assert!(!hint.contains("viewer"), "{hint}");
}
