//! One attempt: signed, sent, answered or not.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use customs_kernel::Clock;
use customs_signatures::{
    Seal, SealError,
    http::{HttpMessage, HttpProfile},
};
use reqwest::{
    Client, Response, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::CONTENT_TYPE,
    redirect::Policy,
};

use super::{scrub::scrub, store::Claimed};
use crate::webhook::AddressPolicy;

/// How much of an answer is read at most, in bytes.
const READ_MAX: usize = 4096;

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// HTTP status; `None` when there was no answer.
    pub(crate) status: Option<u16>,
    /// The first characters of the answer, or why there was none.
    pub(crate) text: String,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: i64,
}

/// Sends to webhooks.
pub(crate) struct Sender {
    client: Client,
    addresses: AddressPolicy,
    seal: Arc<Seal>,
    clock: Arc<dyn Clock>,
}

/// Finds the addresses of a host and refuses those that the policy forbids, at the moment of connecting: a
/// name that was public when it was registered may lead elsewhere later.
struct Guard(AddressPolicy);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = policy.resolve(name.as_str()).await?;
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

impl Sender {
    /// A sender under the policy `addresses`, patient for `timeout`, sealing with `seal`, stamping with `clock`.
    pub(crate) fn new(
        addresses: AddressPolicy,
        timeout: Duration,
        seal: Arc<Seal>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let client = Client::builder()
            .user_agent(concat!("ecustoms-webhooks/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(timeout)
            .timeout(timeout)
            .dns_resolver(Arc::new(Guard(addresses)))
            .build()?;
        Ok(Self { client, addresses, seal, clock })
    }

    /// Tries to deliver `claimed` once.
    pub(crate) async fn send(&self, claimed: &Claimed) -> Answer {
        let started = Instant::now();
        let (status, text) = match self.attempt(claimed).await {
            Ok((status, text)) => (Some(status), text),
            Err(reason) => (None, reason.to_owned()),
        };
        let duration_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        Answer { status, text, duration_ms }
    }

    async fn attempt(&self, claimed: &Claimed) -> Result<(u16, String), &'static str> {
        let url = self.addresses.check(&claimed.url)?;
        let now = self.clock.now();
        let id = claimed.event.to_string();
        let sign = |secret: &crate::webhook::Secret| secret.sign(&id, now.timestamp(), &claimed.body);
        let signatures: Result<Vec<String>, _> = claimed.secrets.iter().map(sign).collect();
        let signatures = signatures.map_err(|_| "the message could not be signed")?;
        let sealed = self.sealed(claimed, &url).await?;
        let mut request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/cloudevents+json")
            .header("webhook-id", id)
            .header("webhook-timestamp", now.timestamp().to_string())
            .header("webhook-signature", signatures.join(" "))
            .body(claimed.body.clone());
        for (name, value) in sealed {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|error| reason(&error))?;
        let status = response.status().as_u16();
        Ok((status, scrub(&beginning(response).await)))
    }
}

impl Sender {
    /// The fields of the signature in the name of the suite (RFC 9421) with the digest of the body (RFC 9530); none
    /// where the suite has no seal.
    async fn sealed(&self, claimed: &Claimed, url: &Url) -> Result<Vec<(String, String)>, &'static str> {
        let host = url.host_str().unwrap_or_default();
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let mut message = HttpMessage {
            method: "POST".to_owned(),
            scheme: url.scheme().to_owned(),
            authority,
            path: url.path().to_owned(),
            query: url.query().map(str::to_owned),
            body: claimed.body.clone().into_bytes(),
            ..HttpMessage::default()
        };
        // An attempt is made once: event, webhook and number tell it apart from every other.
        let (event, webhook) = (claimed.event.simple(), claimed.webhook.simple());
        let nonce = format!("{event}{webhook}{}", claimed.attempts);
        let (seal, now) = (Arc::clone(&self.seal), self.clock.now());
        // A key in a device may take its time.
        let made = tokio::task::spawn_blocking(move || {
            seal.sign_http(&HttpProfile::ecustoms(), &mut message, &nonce, now).map(|()| message.headers)
        });
        match made.await {
            Ok(Ok(fields)) => Ok(fields),
            Ok(Err(SealError::NoKey)) => Ok(Vec::new()),
            Ok(Err(error)) => {
                tracing::error!(%error, "a delivery could not be sealed");
                Err("the message could not be signed")
            }
            Err(_) => Err("the message could not be signed"),
        }
    }
}

/// The beginning of an answer; whatever cannot be read is no reason to call it unanswered.
async fn beginning(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= READ_MAX {
            bytes.truncate(READ_MAX);
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Why there was no answer, without anything about the suite's own network.
fn reason(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "no answer"
    }
}
