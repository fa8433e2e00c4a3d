//! A box followed by a GraphQL subscription over graphql-transport-ws.

use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

use super::{Ear, Notice};
use crate::demo::client::Visitor;

const PROTOCOL: &str = "graphql-transport-ws";
const PATIENCE: Duration = Duration::from_secs(10);
const ID: &str = "box";
const SUBSCRIPTION: &str = "subscription Box($after: Int) {
    notifications(afterNumber: $after) {
        id number message messageType movement lrn mrn grn state event { type data }
    }
}";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Follows the box of `visitor` behind the number `after`; returns when the subscription is sent.
pub(super) async fn follow(visitor: &Visitor, after: i64, ear: Ear) -> anyhow::Result<JoinHandle<()>> {
    let (door, token) = visitor.pass();
    let address = format!("{}/graphql", door.url().replacen("http", "ws", 1));
    let mut request = address.into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(PROTOCOL));
    let (mut socket, _) = timeout(PATIENCE, connect_async(request)).await.context("no socket in time")??;
    let greeting =
        json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {token}")}});
    say(&mut socket, &greeting).await?;
    let answer = timeout(PATIENCE, hear(&mut socket)).await.context("no greeting in time")??;
    if answer["type"] != "connection_ack" {
        bail!("the socket greets with {answer}");
    }
    let payload = json!({"query": SUBSCRIPTION, "variables": {"after": after}});
    say(&mut socket, &json!({"type": "subscribe", "id": ID, "payload": payload})).await?;
    Ok(tokio::spawn(async move {
        if let Err(error) = read(&mut socket, &ear).await {
            ear.fail(error);
        }
    }))
}

/// Passes notifications on until nobody listens.
async fn read(socket: &mut Socket, ear: &Ear) -> anyhow::Result<()> {
    loop {
        let mut message = hear(socket).await?;
        match message["type"].as_str() {
            Some("next") if message.pointer("/payload/errors").is_none() => {
                let notice = message.pointer_mut("/payload/data/notifications").map(Value::take);
                let notice: Notice = serde_json::from_value(notice.unwrap_or_default())?;
                if !ear.hear(notice) {
                    return Ok(());
                }
            }
            Some("ping") => say(socket, &json!({"type": "pong"})).await?,
            Some("pong") => {}
            _ => bail!("the subscription ends: {message}"),
        }
    }
}

async fn say(socket: &mut Socket, message: &Value) -> anyhow::Result<()> {
    Ok(socket.send(Message::text(message.to_string())).await?)
}

async fn hear(socket: &mut Socket) -> anyhow::Result<Value> {
    loop {
        match socket.next().await.context("the socket is closed")?? {
            Message::Text(text) => return Ok(serde_json::from_str(&text)?),
            Message::Close(frame) => bail!("the socket is closed: {frame:?}"),
            // The library answers pings by itself.
            Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {}
        }
    }
}
