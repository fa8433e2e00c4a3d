//! One installation of the suite as one client knows it: whatever becomes of the processes, the client gets
//! its answers.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use customs_testkit::until;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Ask, Client},
    host::{Host, Mode},
};

/// How long anything may take, a start in between included.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// One installation of the suite, with its demo nation, as one client knows it.
pub(crate) struct Site {
    pub(crate) client: Client,
    host: Arc<Host>,
}

impl Site {
    /// A new installation that is ready.
    pub(crate) fn open(mode: Mode) -> anyhow::Result<Self> {
        Self::of(Arc::new(Host::open(mode)?))
    }

    /// The same installation, as another client knows it.
    pub(crate) fn again(&self) -> anyhow::Result<Self> {
        Self::of(Arc::clone(&self.host))
    }

    fn of(host: Arc<Host>) -> anyhow::Result<Self> {
        Ok(Self { client: Client::new(&host.url())?, host })
    }

    /// The processes and databases.
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// Asks until there is an answer, whatever becomes of the processes meanwhile.
    pub(crate) fn answer(&mut self, ask: &Ask) -> anyhow::Result<Answer> {
        let (mut answer, mut failed) = (None, Ok(()));
        until(&format!("an answer to {} by {}", ask.path, ask.who), PATIENCE, || {
            failed = self.host.attend();
            answer = if failed.is_ok() { self.client.try_ask(ask) } else { None };
            answer.is_some() || failed.is_err()
        })
        .with_context(|| format!("{} {}", self.client.excuse, self.host.complaints()))?;
        failed?;
        answer.context("there is an answer")
    }

    /// Asks until there is an answer; it must be a success.
    pub(crate) fn ask(&mut self, ask: &Ask) -> anyhow::Result<Value> {
        self.answer(ask)?.value(ask)
    }

    /// Signs `content` for `who`.
    pub(crate) fn sign(&mut self, who: &'static str, content: &str) -> anyhow::Result<String> {
        let mut failed = Ok(());
        until("a key", PATIENCE, || {
            failed = self.host.attend();
            failed.is_err() || self.client.learn(who).is_ok()
        })?;
        failed?;
        self.client.sign(who, content)
    }

    /// The instant by the clock of the suite.
    pub(crate) fn now(&mut self) -> anyhow::Result<DateTime<Utc>> {
        self.advance(0)
    }

    /// Moves the clock so that it shows `target` at least.
    pub(crate) fn not_before(&mut self, target: DateTime<Utc>) -> anyhow::Result<()> {
        let missing = target - self.now()?;
        if missing > TimeDelta::zero() {
            self.advance(missing.num_seconds() + 1)?;
        }
        Ok(())
    }

    fn advance(&mut self, seconds: i64) -> anyhow::Result<DateTime<Utc>> {
        let shown = self.ask(&Ask::json("administrator", "/admin/clock", &json!({"seconds": seconds})))?;
        Ok(shown["now"].as_str().context("the clock shows nothing")?.parse()?)
    }
}
