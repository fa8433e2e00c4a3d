//! The status of certificates, fetched in the background: from configured addresses only, never because of an input.
//!
//! What is fetched is verified under its issuer before anything is held against it, and never replaces something newer.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use customs_kernel::Clock as _;
use customs_platform::{SystemClock, metrics};
use customs_signatures::{TrustError, TrustStore, TrustStoreBuilder, Verifier};
use openssl::{
    hash::MessageDigest,
    ocsp::{OcspCertId, OcspRequest},
    x509::X509,
};
use reqwest::{Client, RequestBuilder, Url, header::CONTENT_TYPE, redirect::Policy};
use serde::{Deserialize, Serialize};

/// How long one address may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest answer that is read, in octets.
const ANSWER_MAX: usize = 32 * 1024 * 1024;

/// What is fetched, and how often.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fetch {
    /// Addresses of lists of revoked certificates (DER).
    pub lists: Vec<String>,
    /// Responders that are asked for the status of certificates that are known beforehand.
    pub responders: Vec<Responder>,
    /// How often everything is fetched, in seconds.
    pub every_s: u32,
}

/// A responder (OCSP, RFC 6960).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Responder {
    /// Its address.
    pub url: String,
    /// Certificate (DER) of the authority.
    pub issuer: PathBuf,
    /// Certificates (DER) of that authority whose status is asked for: authorities below it, seals, timestamp authorities.
    pub certificates: Vec<PathBuf>,
}

impl Default for Fetch {
    fn default() -> Self {
        Self { lists: Vec::new(), responders: Vec::new(), every_s: 900 }
    }
}

/// Something to ask for.
#[derive(Clone, Debug)]
enum Source {
    List(Url),
    Status { url: Url, request: Vec<u8> },
}

/// The kinds of what is fetched, as metrics name them.
const KINDS: [&str; 2] = ["list", "status"];

impl Source {
    const fn kind(&self) -> &'static str {
        match self {
            Self::List(_) => KINDS[0],
            Self::Status { .. } => KINDS[1],
        }
    }

    fn url(&self) -> &Url {
        match self {
            Self::List(url) | Self::Status { url, .. } => url,
        }
    }

    fn add(&self, trust: &mut TrustStoreBuilder, octets: &[u8]) -> Result<(), TrustError> {
        match self {
            Self::List(_) => trust.crl(octets).map(drop),
            Self::Status { .. } => trust.ocsp(octets).map(drop),
        }
    }
}

fn address(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{text} is no address"))?;
    anyhow::ensure!(matches!(url.scheme(), "http" | "https"), "{text} is neither http nor https");
    Ok(url)
}

fn status_request(certificate: &X509, issuer: &X509) -> anyhow::Result<Vec<u8>> {
    let id = OcspCertId::from_cert(MessageDigest::sha1(), certificate, issuer)?;
    let mut request = OcspRequest::new()?;
    request.add_id(id)?;
    Ok(request.to_der()?)
}

fn sources(fetch: &Fetch) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for list in &fetch.lists {
        sources.push(Source::List(address(list)?));
    }
    let certificate = |path: &PathBuf| -> anyhow::Result<X509> {
        let octets = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        X509::from_der(&octets).with_context(|| format!("{} is no certificate", path.display()))
    };
    for responder in &fetch.responders {
        let (url, issuer) = (address(&responder.url)?, certificate(&responder.issuer)?);
        for path in &responder.certificates {
            let request = status_request(&certificate(path)?, &issuer)?;
            sources.push(Source::Status { url: url.clone(), request });
        }
    }
    Ok(sources)
}

/// What the verifier trusts: what the administration has laid down, with what was fetched on top of it.
pub(crate) struct Inlet {
    verifier: Arc<Verifier>,
    held: Mutex<Held>,
}

struct Held {
    base: Arc<TrustStore>,
    fetched: BTreeMap<usize, (Source, Vec<u8>)>,
    /// Issuers whose lists are told of.
    told: BTreeSet<String>,
}

impl Held {
    /// Tells how old the lists of `trust` are; of several lists of one name the oldest.
    fn tell(&mut self, trust: &TrustStore) {
        let mut lives: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for (issuer, issued, ends) in trust.list_lives() {
            let (issued, ends) = (issued.timestamp(), ends.timestamp());
            let known = lives.entry(issuer).or_insert((issued, ends));
            *known = (known.0.min(issued), known.1.min(ends));
        }
        for gone in self.told.iter().filter(|issuer| !lives.contains_key(*issuer)) {
            metrics::list(gone, None);
        }
        for (issuer, life) in &lives {
            metrics::list(issuer, Some(*life));
        }
        self.told = lives.into_keys().collect();
    }
}

impl Inlet {
    /// The inlet of `verifier`, which trusts `base` so far.
    pub(crate) fn new(verifier: Arc<Verifier>, base: Arc<TrustStore>) -> Self {
        let mut held = Held { base, fetched: BTreeMap::new(), told: BTreeSet::new() };
        held.tell(&verifier.trust());
        Self { verifier, held: Mutex::new(held) }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Trusts `base` from now on, with what was fetched on top; on failure everything stays.
    pub(crate) fn lay(&self, base: Arc<TrustStore>) -> Result<(), TrustError> {
        let mut held = self.held();
        let trust = assembled(&base, &held.fetched);
        self.verifier.swap_trust(Arc::clone(&trust))?;
        held.base = base;
        held.tell(&trust);
        Ok(())
    }

    /// Takes what `source` number `number` gave, and tells whether it is new; on failure everything stays.
    fn take(&self, number: usize, source: &Source, octets: Vec<u8>) -> Result<bool, TrustError> {
        let mut held = self.held();
        if held.fetched.get(&number).is_some_and(|(_, known)| *known == octets) {
            return Ok(false);
        }
        let mut probe = self.verifier.trust().next(self.verifier.trust().sequence());
        source.add(&mut probe, &octets)?;
        let before = held.fetched.insert(number, (source.clone(), octets));
        let trust = assembled(&held.base, &held.fetched);
        if let Err(error) = self.verifier.swap_trust(Arc::clone(&trust)) {
            match before {
                Some(before) => drop(held.fetched.insert(number, before)),
                None => drop(held.fetched.remove(&number)),
            }
            return Err(error);
        }
        held.tell(&trust);
        Ok(true)
    }
}

/// `base` with everything of `fetched` that is not older than what is in it.
fn assembled(base: &TrustStore, fetched: &BTreeMap<usize, (Source, Vec<u8>)>) -> Arc<TrustStore> {
    let number = u64::try_from(SystemClock.now().timestamp_micros()).unwrap_or_default();
    let mut trust = base.next(number.max(base.sequence()));
    for (source, octets) in fetched.values() {
        // What was good under the authorities of before may be nobody's now, or the folder has a newer one.
        if let Err(error) = source.add(&mut trust, octets) {
            tracing::debug!(url = %source.url(), %error, "fetched before, of no use now");
        }
    }
    trust.build()
}

/// Fetches on and on; nothing but the configuration says from where.
pub(crate) struct Fetcher {
    client: Client,
    sources: Vec<Source>,
    every: Duration,
    inlet: Arc<Inlet>,
}

impl Fetcher {
    /// A fetcher of what `fetch` names, `None` when it names nothing.
    pub(crate) fn new(fetch: &Fetch, inlet: Arc<Inlet>) -> anyhow::Result<Option<Self>> {
        let sources = sources(fetch)?;
        if sources.is_empty() {
            return Ok(None);
        }
        let client = Client::builder()
            .user_agent(concat!("ecustoms-fetch/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        let every = Duration::from_secs(u64::from(fetch.every_s.max(1)));
        Ok(Some(Self { client, sources, every, inlet }))
    }

    /// Fetches until the process ends.
    pub(crate) async fn run(self) {
        loop {
            let mut failing = KINDS.map(|kind| (kind, 0));
            for (number, source) in self.sources.iter().enumerate() {
                let fetched = self.fetch(number, source).await;
                metrics::fetched(source.kind(), fetched.outcome());
                if let Fetched::Unanswered(error) | Fetched::Refused(error) = fetched {
                    let url = source.url();
                    tracing::error!(%url, error = format!("{error:#}"), "what was known of revoked certificates stays");
                    for (_, count) in failing.iter_mut().filter(|(kind, _)| *kind == source.kind()) {
                        *count += 1;
                    }
                }
            }
            for (kind, count) in failing {
                metrics::fetch_failing(kind, count);
            }
            tokio::time::sleep(self.every).await;
        }
    }

    async fn fetch(&self, number: usize, source: &Source) -> Fetched {
        let request = match source {
            Source::List(url) => self.client.get(url.clone()),
            Source::Status { url, request } => self
                .client
                .post(url.clone())
                .header(CONTENT_TYPE, "application/ocsp-request")
                .body(request.clone()),
        };
        let octets = match answer(request).await {
            Ok(octets) => octets,
            Err(error) => return Fetched::Unanswered(error),
        };
        let (inlet, source) = (Arc::clone(&self.inlet), source.clone());
        // A long list takes a while to read and verify.
        match tokio::task::spawn_blocking(move || inlet.take(number, &source, octets)).await {
            Ok(Ok(true)) => Fetched::New,
            Ok(Ok(false)) => Fetched::Same,
            Ok(Err(error)) => Fetched::Refused(error.into()),
            Err(error) => Fetched::Refused(error.into()),
        }
    }
}

/// What became of asking one address.
enum Fetched {
    New,
    Same,
    Unanswered(anyhow::Error),
    Refused(anyhow::Error),
}

impl Fetched {
    const fn outcome(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Unanswered(_) => "unanswered",
            Self::Refused(_) => "refused",
        }
    }
}

async fn answer(request: RequestBuilder) -> anyhow::Result<Vec<u8>> {
    let mut response = request.send().await?.error_for_status()?;
    let mut octets = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        octets.extend_from_slice(&chunk);
        anyhow::ensure!(octets.len() <= ANSWER_MAX, "the answer is larger than {ANSWER_MAX} octets");
    }
    Ok(octets)
}
