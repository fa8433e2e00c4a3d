//! Sockets by graphql-transport-ws: close codes and subscriptions.

use std::time::Duration;

use customs_web_broker_contract::MemberRole;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{services::MOVEMENT, stand::Stand};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(stand: &Stand, protocol: Option<&'static str>) -> Socket {
    let mut request = format!("{}/graphql", stand.url.replace("http", "ws")).into_client_request().unwrap();
    if let Some(protocol) = protocol {
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
    }
    connect_async(request).await.unwrap().0
}

async fn open(stand: &Stand, token: Option<&str>) -> Socket {
    let mut socket = connect(stand, Some("graphql-transport-ws")).await;
    let payload = token.map_or(Value::Null, |token| json!({"authorization": format!("Bearer {token}")}));
    say(&mut socket, &json!({"type": "connection_init", "payload": payload})).await;
    assert_eq!(hear(&mut socket).await["type"], "connection_ack");
    socket
}

async fn say(socket: &mut Socket, message: &Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}

async fn next(socket: &mut Socket) -> Message {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(10), socket.next()).await.unwrap();
        match message.unwrap().unwrap() {
            Message::Ping(_) | Message::Pong(_) => {}
            message => return message,
        }
    }
}

async fn hear(socket: &mut Socket) -> Value {
    serde_json::from_str(next(socket).await.to_text().unwrap()).unwrap()
}

async fn closed(socket: &mut Socket) -> u16 {
    loop {
        if let Message::Close(Some(frame)) = next(socket).await {
            return frame.code.into();
        }
    }
}

fn subscribe(id: &str, query: &str) -> Value {
    json!({"type": "subscribe", "id": id, "payload": {"query": query}})
}

#[actix_web::test]
async fn every_breach_of_the_protocol_has_its_code() {
    let stand = Stand::plain().await;
    let mut odd = connect(&stand, None).await;
    assert_eq!(closed(&mut odd).await, 4406);
    let mut early = connect(&stand, Some("graphql-transport-ws")).await;
    say(&mut early, &subscribe("1", "{ viewer { subject } }")).await;
    assert_eq!(closed(&mut early).await, 4401);
    let mut forged = connect(&stand, Some("graphql-transport-ws")).await;
    say(&mut forged, &json!({"type": "connection_init", "payload": {"Authorization": "Bearer x"}})).await;
    assert_eq!(closed(&mut forged).await, 4403);
    let mut twice = open(&stand, None).await;
    say(&mut twice, &json!({"type": "connection_init"})).await;
    assert_eq!(closed(&mut twice).await, 4429);
    for message in [Message::text("{"), Message::text("{\"type\":\"dance\"}"), Message::binary(vec![1])] {
        let mut socket = open(&stand, None).await;
        socket.send(message).await.unwrap();
        assert_eq!(closed(&mut socket).await, 4400);
    }
    let token = stand.token(&[MemberRole::Declarant]).await;
    let mut same = open(&stand, Some(&token)).await;
    say(&mut same, &subscribe("1", "subscription { notifications { id } }")).await;
    say(&mut same, &subscribe("1", "subscription { notifications { id } }")).await;
    assert_eq!(closed(&mut same).await, 4409);
}

#[actix_web::test]
async fn queries_and_errors_travel_on_a_socket_as_well() {
    let stand = Stand::plain().await;
    let mut socket = open(&stand, None).await;
    say(&mut socket, &json!({"type": "ping"})).await;
    assert_eq!(hear(&mut socket).await["type"], "pong");
    say(&mut socket, &subscribe("q", "{ viewer { subject } }")).await;
    let result = hear(&mut socket).await;
    assert_eq!(result["payload"]["data"]["viewer"]["subject"], "anonymous", "{result}");
    assert_eq!(hear(&mut socket).await, json!({"type": "complete", "id": "q"}));
    say(&mut socket, &subscribe("e", "{ nothing }")).await;
    let error = hear(&mut socket).await;
    assert_eq!(
        (&error["type"], &error["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("graphql-invalid"))
    );
    say(&mut socket, &subscribe("c", &format!("{{ {} }}", "viewer { subject } ".repeat(3_000)))).await;
    assert_eq!(hear(&mut socket).await["payload"][0]["extensions"]["code"], "graphql-too-costly");
}

#[actix_web::test]
async fn notifications_come_once_and_in_order_and_resume() {
    let stand = Stand::plain().await;
    stand.services.notify();
    let token = stand.token(&[MemberRole::Declarant]).await;
    let mut socket = open(&stand, Some(&token)).await;
    let query = "subscription { notifications(afterNumber: 0) { number cursor } }";
    say(&mut socket, &subscribe("n", query)).await;
    let number = |message: &Value| message["payload"]["data"]["notifications"]["number"].clone();
    assert_eq!(number(&hear(&mut socket).await), 1);
    for expected in 2..=4 {
        stand.services.notify();
        stand.cache.whisper("box:KZ1", "x").await;
        stand.cache.whisper("box:KZ1", "x").await;
        assert_eq!(number(&hear(&mut socket).await), expected);
    }
    // A whisper that is lost only costs a second.
    stand.services.notify();
    assert_eq!(number(&hear(&mut socket).await), 5);
    say(&mut socket, &json!({"type": "complete", "id": "n"})).await;
    let resumed = "subscription { notifications(after: \"c3\") { number } }";
    say(&mut socket, &subscribe("n", resumed)).await;
    assert_eq!(number(&hear(&mut socket).await), 4);
    assert_eq!(number(&hear(&mut socket).await), 5);
}

#[actix_web::test]
async fn a_stream_that_cannot_be_ends_with_its_problem() {
    let stand = Stand::plain().await;
    let mut nobody = open(&stand, None).await;
    say(&mut nobody, &subscribe("n", "subscription { notifications { id } }")).await;
    let refused = hear(&mut nobody).await;
    assert_eq!(refused["payload"]["errors"][0]["extensions"]["code"], "unauthenticated", "{refused}");
    let token = stand.token(&[MemberRole::Declarant]).await;
    let mut socket = open(&stand, Some(&token)).await;
    say(&mut socket, &subscribe("n", "subscription { notifications(after: \"zz\") { id } }")).await;
    let refused = hear(&mut socket).await;
    assert_eq!(refused["payload"]["errors"][0]["extensions"]["pointer"], "/after", "{refused}");
    assert_eq!(hear(&mut socket).await["type"], "complete");
}

#[actix_web::test]
async fn a_timeline_is_followed_from_its_beginning() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let mut socket = open(&stand, Some(&token)).await;
    let query = format!("subscription {{ movementTimeline(movement: \"{MOVEMENT}\") {{ sequence event }} }}");
    say(&mut socket, &subscribe("t", &query)).await;
    for expected in 1..=2 {
        let entry = hear(&mut socket).await;
        assert_eq!(entry["payload"]["data"]["movementTimeline"]["sequence"], expected, "{entry}");
    }
}

#[actix_web::test]
async fn sockets_of_one_actor_are_bounded() {
    let mut config = customs_gateway::GatewayConfig::default();
    config.limits.streams_max = 1;
    let stand = Stand::with(config).await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let _first = open(&stand, Some(&token)).await;
    let mut second = connect(&stand, Some("graphql-transport-ws")).await;
    let payload = json!({"authorization": format!("Bearer {token}")});
    say(&mut second, &json!({"type": "connection_init", "payload": payload})).await;
    assert_eq!(closed(&mut second).await, 4429);
}
