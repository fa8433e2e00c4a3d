//! One socket from its first word to its close: operations, limits and the codes of the protocol.

use std::{collections::HashMap, time::Duration};

use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason};
use async_graphql::parser::types::OperationType;
use customs_kernel::{Problem, problem};
use futures_util::StreamExt as _;
use tokio::{
    sync::mpsc,
    task::AbortHandle,
    time::{Instant, MissedTickBehavior, interval, sleep_until, timeout},
};

use super::{
    closing,
    message::{FromClient, FromServer},
};
use crate::{
    Gateway,
    auth::Visit,
    graphql::{
        execute::{Answer, Ready},
        request::Asked,
    },
    live::Held,
};

/// How long a client may take to say its first word.
const FIRST_WORD: Duration = Duration::from_secs(10);
/// How often the peer is asked whether it is there.
const BEAT: Duration = Duration::from_secs(25);
/// How long a peer may be silent.
const SILENCE: Duration = Duration::from_mins(1);
/// How long a message may wait for a slow reader.
const PATIENCE: Duration = Duration::from_secs(15);
/// How many results may wait to be sent.
const WAITING: usize = 32;

/// One socket.
pub(super) struct Session {
    gateway: Gateway,
    visit: Visit,
    socket: actix_ws::Session,
    greeted: bool,
    held: Option<Held>,
    running: HashMap<String, (u64, AbortHandle)>,
    begun: u64,
    heard_at: Instant,
}

/// What an operation tells its socket; the number tells operations of the same id apart.
struct Told(u64, FromServer);

/// Why a socket ends; `None` where the client has gone.
type Close = Option<CloseReason>;

#[expect(clippy::unnecessary_wraps, reason = "the other reason, a client that has gone, has no code")]
fn close(code: u16, reason: &str) -> Close {
    Some(closing(code, reason))
}

impl Session {
    /// The session of a fresh socket.
    pub(super) fn new(gateway: Gateway, visit: Visit, socket: actix_ws::Session) -> Self {
        let (running, heard_at) = (HashMap::new(), Instant::now());
        Self { gateway, visit, socket, greeted: false, held: None, running, begun: 0, heard_at }
    }

    /// Serves the socket until it ends.
    pub(super) async fn run(mut self, mut messages: AggregatedMessageStream) {
        let end = self.serve(&mut messages).await;
        for (_, operation) in self.running.into_values() {
            operation.abort();
        }
        // The peer may be gone already.
        let _ = timeout(PATIENCE, self.socket.close(end)).await;
    }

    async fn serve(&mut self, messages: &mut AggregatedMessageStream) -> Close {
        let (tell, mut told) = mpsc::channel(WAITING);
        let first_word_by = Instant::now() + FIRST_WORD;
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                message = messages.next() => match message {
                    Some(Ok(message)) => self.hear(message, &tell).await,
                    Some(Err(_)) => Err(close(4400, "Invalid message received")),
                    None => Err(None),
                },
                Some(Told(number, message)) = told.recv() => self.pass_on(number, message).await,
                () = sleep_until(first_word_by), if !self.greeted => {
                    Err(close(4408, "Connection initialisation timeout"))
                }
                _ = beat.tick() => self.beat().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn hear(&mut self, message: AggregatedMessage, tell: &mpsc::Sender<Told>) -> Result<(), Close> {
        self.heard_at = Instant::now();
        let text = match message {
            AggregatedMessage::Text(text) => text,
            AggregatedMessage::Ping(octets) => {
                return self.socket.pong(&octets).await.map_err(|_| None);
            }
            AggregatedMessage::Pong(_) => return Ok(()),
            AggregatedMessage::Close(_) => return Err(None),
            AggregatedMessage::Binary(_) => return Err(close(4400, "Invalid message received")),
        };
        let depth_max = self.gateway.config().limits.json_depth_max;
        match FromClient::read(&text, depth_max).map_err(|why| close(4400, why))? {
            FromClient::Init(_) if self.greeted => Err(close(4429, "Too many initialisation requests")),
            FromClient::Init(parameters) => self.greet(&parameters).await,
            FromClient::Ping => self.say(&FromServer::Pong).await,
            FromClient::Pong => Ok(()),
            FromClient::Subscribe(..) if !self.greeted => Err(close(4401, "Unauthorized")),
            FromClient::Subscribe(id, payload) => self.begin(id, payload, tell).await,
            FromClient::Complete(id) => {
                if let Some((_, operation)) = self.running.remove(&id) {
                    operation.abort();
                }
                Ok(())
            }
        }
    }

    /// Takes the token from the parameters, where the upgrade carried none, and welcomes the client.
    async fn greet(&mut self, parameters: &serde_json::Value) -> Result<(), Close> {
        let token = ["authorization", "Authorization"].iter().find_map(|name| parameters.get(name)?.as_str());
        if let Some(token) = token {
            let token = token.strip_prefix("Bearer ").unwrap_or(token);
            let now = self.gateway.clock().now();
            let read = self.gateway.tokens().read(token, now).await;
            let claims = read.map_err(|_| close(4403, "Forbidden"))?;
            self.visit = self.visit.clone().by(claims);
        }
        let held = self.gateway.streams().hold(self.visit.counted_as());
        self.held = Some(held.map_err(|_| close(4429, "Too many sockets"))?);
        self.greeted = true;
        self.say(&FromServer::Ack).await
    }

    async fn begin(
        &mut self,
        id: String,
        payload: serde_json::Value,
        tell: &mpsc::Sender<Told>,
    ) -> Result<(), Close> {
        if self.running.contains_key(&id) {
            return Err(close(4409, &format!("Subscriber for {id} already exists")));
        }
        let ready = match self.admit(payload).await {
            Ok(ready) => ready,
            Err(problem) => {
                let refusal = Answer::refusal(&problem, &self.visit.correlation_id);
                return self.say(&FromServer::Error(id, errors(refusal))).await;
            }
        };
        self.begun += 1;
        let (number, tell) = (self.begun, tell.clone());
        let (gateway, correlation_id) = (self.gateway.clone(), self.visit.correlation_id.clone());
        let task = actix_web::rt::spawn(operate(gateway, correlation_id, id.clone(), number, ready, tell));
        self.running.insert(id, (number, task.abort_handle()));
        Ok(())
    }

    async fn admit(&self, payload: serde_json::Value) -> Result<Ready, Problem> {
        if self.running.len() >= self.gateway.config().limits.socket_operations_max {
            return Err(problem::TOO_MANY_REQUESTS.because("there are too many operations on this socket"));
        }
        let allowance = self.gateway.limiter().request(&self.visit).await;
        allowance.check()?;
        Ready::new(&self.gateway, &self.visit, Asked::from_body(payload)?, None)
    }

    async fn pass_on(&mut self, number: u64, message: FromServer) -> Result<(), Close> {
        let (FromServer::Next(id, _) | FromServer::Error(id, _) | FromServer::Complete(id)) = &message else {
            return Ok(());
        };
        // What an operation said before it was ended is not passed on.
        if self.running.get(id).is_none_or(|(known, _)| *known != number) {
            return Ok(());
        }
        if matches!(message, FromServer::Error(..) | FromServer::Complete(_)) {
            self.running.remove(id);
        }
        self.say(&message).await
    }

    async fn beat(&mut self) -> Result<(), Close> {
        if self.heard_at.elapsed() > SILENCE {
            return Err(None);
        }
        if self.visit.still_good(self.gateway.clock().now()).is_err() {
            return Err(close(4403, "The token is not good any more"));
        }
        self.socket.ping(b"").await.map_err(|_| None)
    }

    async fn say(&mut self, message: &FromServer) -> Result<(), Close> {
        match timeout(PATIENCE, self.socket.text(message.text())).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(None),
        }
    }
}

fn errors(answer: Answer) -> serde_json::Value {
    let mut body = answer.body;
    body.get_mut("errors").map(serde_json::Value::take).unwrap_or_default()
}

/// Executes one operation and tells the socket what comes of it.
async fn operate(
    gateway: Gateway,
    correlation_id: String,
    id: String,
    number: u64,
    ready: Ready,
    tell: mpsc::Sender<Told>,
) {
    let is_stream = ready.kind == OperationType::Subscription;
    let mut results = if is_stream {
        gateway.schema().execute_stream(ready.into_request())
    } else {
        let schema = gateway.schema().clone();
        let request = ready.into_request();
        futures_util::stream::once(async move { schema.execute(request).await }).boxed()
    };
    while let Some(result) = results.next().await {
        let answer = Answer::new(result, &correlation_id);
        if !answer.begun {
            let _ = tell.send(Told(number, FromServer::Error(id, errors(answer)))).await;
            return;
        }
        if tell.send(Told(number, FromServer::Next(id.clone(), answer.body))).await.is_err() {
            return;
        }
    }
    let _ = tell.send(Told(number, FromServer::Complete(id))).await;
}
