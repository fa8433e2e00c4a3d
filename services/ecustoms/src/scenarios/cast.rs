//! Who plays in the sandbox: its people, logged in when they are needed, and its clock.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::{Grn, Money, id::uuid_at};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use crate::demo::{
    client::{Door, Sandbox, Visitor},
    documents::Pledge,
};

/// Who declares.
pub(super) const DECLARANT: &str = "declarant";
/// Who is the trader at destination.
pub(super) const CONSIGNEE: &str = "carrier";

/// After how long a token is exchanged for a fresh one.
const FRESH: Duration = Duration::from_mins(5);

/// How much of the guarantee a movement asks for, in hundredths of a euro.
const AMOUNT_MINOR: i64 = 100_000;

/// The people and the clock of a sandbox.
pub(crate) struct Cast {
    door: Door,
    sandbox: Sandbox,
    people: BTreeMap<String, (Visitor, Instant)>,
    clock: (DateTime<Utc>, Instant),
    run: String,
    made: u32,
}

impl Cast {
    /// The sandbox at `url`.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        let door = Door::new(url)?;
        let sandbox = door.sandbox().await?;
        let clock = (DateTime::UNIX_EPOCH, Instant::now());
        let mut cast = Self { door, sandbox, people: BTreeMap::new(), clock, run: String::new(), made: 0 };
        cast.advance(0).await?;
        let id = uuid_at(cast.now()).simple().to_string().to_ascii_uppercase();
        cast.run = id.chars().rev().take(9).collect();
        Ok(cast)
    }

    /// Logs `login` in, if that was not done a short while ago.
    pub(crate) async fn call(&mut self, login: &str) -> anyhow::Result<()> {
        match self.people.get_mut(login) {
            None => {
                let visitor = self.door.log_in(&self.sandbox, login).await?;
                self.people.insert(login.to_owned(), (visitor, Instant::now()));
            }
            Some((visitor, since)) if since.elapsed() > FRESH => {
                visitor.renew().await?;
                *since = Instant::now();
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Somebody who was called.
    pub(crate) fn who(&self, login: &str) -> anyhow::Result<&Visitor> {
        let person = self.people.get(login).map(|(visitor, _)| visitor);
        person.with_context(|| format!("{login} was not called"))
    }

    /// The officer of `office`, called.
    pub(crate) async fn officer(&mut self, office: &str) -> anyhow::Result<String> {
        let login = self.sandbox.officer_at(office);
        let login = login.with_context(|| format!("the sandbox has no officer at {office}"))?.to_owned();
        self.call(&login).await?;
        Ok(login)
    }

    /// The instant by the clock of the sandbox.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let (told, at) = self.clock;
        told + TimeDelta::from_std(at.elapsed()).unwrap_or_default()
    }

    /// Moves the clock of the sandbox forward; tells what it shows.
    pub(crate) async fn advance(&mut self, seconds: i64) -> anyhow::Result<DateTime<Utc>> {
        self.call("administrator").await?;
        let moved = self.who("administrator")?.post("/admin/clock", &json!({"seconds": seconds})).await?;
        let shown: Value = moved.read()?;
        let now: DateTime<Utc> = shown["now"].as_str().context("the clock shows nothing")?.parse()?;
        self.clock = (now, Instant::now());
        Ok(now)
    }

    /// A local reference number that nobody has used.
    pub(super) fn next_lrn(&mut self) -> String {
        self.made += 1;
        format!("SCN{}{:04}", self.run, self.made)
    }

    /// A fresh identification of a message.
    pub(super) fn identification(&self) -> String {
        uuid_at(self.now()).simple().to_string()
    }

    /// A part of the declarant's guarantee, or of one that does not exist.
    pub(super) fn pledge(&self, exists: bool) -> anyhow::Result<Pledge> {
        let amount = Money::new(AMOUNT_MINOR, "EUR".parse()?);
        let guarantee = &self.sandbox.guarantee;
        let grn = if exists {
            guarantee.grn.clone()
        } else {
            Grn::compose(2026, "KZ", "NOSUCHNUMBER")?.to_string()
        };
        Ok(Pledge { grn, access_code: guarantee.access_code.clone(), amount })
    }
}
