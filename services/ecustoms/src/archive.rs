//! The archive of this process: which authority stamps evidence, and how it is asked.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use async_trait::async_trait;
use customs_declarations::{Keeper, Stamps};
use customs_platform::SystemClock;
use customs_signatures::{
    Verifier,
    issue::{TIMESTAMP_QUERY, TIMESTAMP_REPLY, timestamp_of, timestamp_request},
};
use openssl::sha::sha256;
use reqwest::{Client, Url, header::CONTENT_TYPE, redirect::Policy};

use crate::{config::Config, sandbox::Sandbox, suite::Suite};

/// How long an authority may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest answer that is read, in octets.
const ANSWER_MAX: usize = 256 * 1024;

/// An authority on the network (RFC 3161, 3.4): one configured address, no redirects.
struct Authority {
    client: Client,
    url: Url,
}

impl Authority {
    fn new(url: &str) -> anyhow::Result<Self> {
        let url = Url::parse(url).with_context(|| format!("{url} is no address of an authority"))?;
        let client = Client::builder()
            .user_agent(concat!("ecustoms-archive/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { client, url })
    }

    async fn ask(&self, octets: &[u8]) -> anyhow::Result<Vec<u8>> {
        let request = timestamp_request(&sha256(octets))?;
        let asked = self.client.post(self.url.clone()).header(CONTENT_TYPE, TIMESTAMP_QUERY).body(request);
        let mut response = asked.send().await?.error_for_status()?;
        let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        anyhow::ensure!(
            kind.is_some_and(|kind| kind.starts_with(TIMESTAMP_REPLY)),
            "the answer is not {TIMESTAMP_REPLY}"
        );
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            answer.extend_from_slice(&chunk);
            anyhow::ensure!(answer.len() <= ANSWER_MAX, "the answer is larger than {ANSWER_MAX} octets");
        }
        timestamp_of(&answer)?.context("the authority refuses")
    }
}

#[async_trait]
impl Stamps for Authority {
    async fn stamp(&self, octets: &[u8]) -> Result<Vec<u8>, String> {
        self.ask(octets).await.map_err(|error| format!("{error:#}"))
    }
}

/// Sets the keeper of the archive going, where this process has the evidence and knows an authority: that of the
/// configuration, else that of the sandbox.
pub(crate) fn start(
    config: &Config,
    suite: &Suite,
    sandbox: Option<&Sandbox>,
    verifier: &Arc<Verifier>,
) -> anyhow::Result<()> {
    let Some(service) = suite.services.iter().find(|service| service.name == customs_declarations::NAME)
    else {
        return Ok(());
    };
    let own = || sandbox.map(|_| format!("{}/sandbox/timestamps", config.public_url().trim_end_matches('/')));
    let settings = config.declarations.archive.clone();
    let Some(url) = settings.authority_url.clone().or_else(own) else { return Ok(()) };
    let (authority, verifier) = (Arc::new(Authority::new(&url)?), Arc::clone(verifier));
    let trust = Arc::new(move || verifier.trust());
    let keeper = Keeper::new(service.store.clone(), settings, authority, trust, Arc::new(SystemClock));
    suite.spawn(|stop| keeper.run(stop));
    Ok(())
}
