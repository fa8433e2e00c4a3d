//! `bus dead-letters`: an administrator's work over the public API.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Client, client::Session, report, say};

const SERVICES: &[&str] =
    &["declarations", "guarantees", "references", "web-broker", "notifications", "statistics"];
/// How many of the letters that failed again are named in a report.
const NAMED: usize = 10;
/// How much of each reason stands there.
const REASON_CHARS: usize = 200;
/// A report must fit into the last words of a container.
const REPORT_OCTETS: usize = 4_096;

/// Which dead letters of a service are meant; everything that is said holds.
#[derive(Args)]
pub struct Selection {
    /// One of these letters; may be given several times.
    #[arg(long)]
    id: Vec<Uuid>,
    /// One of these messages, such as guarantees.hold; may be given several times.
    #[arg(long)]
    message: Vec<String>,
    /// One of these kinds; may be given several times.
    #[arg(long)]
    kind: Vec<Kind>,
    /// The reason has this in it.
    #[arg(long)]
    reason: Option<String>,
    /// Parked at this instant or later.
    #[arg(long)]
    parked_after: Option<DateTime<Utc>>,
    /// Parked before this instant.
    #[arg(long)]
    parked_before: Option<DateTime<Utc>>,
    /// Only letters behind this one.
    #[arg(long)]
    after: Option<Uuid>,
    /// How many at most.
    #[arg(long, default_value_t = 100)]
    most: usize,
    /// Write what was found, as JSON, to this file.
    #[arg(long)]
    report: Option<PathBuf>,
}

/// The kinds of messages.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Kind {
    /// Something is to be done.
    Command,
    /// What became of a command.
    Reply,
    /// Something has happened.
    Event,
}

/// Lists the dead letters of all services or of one.
pub async fn dead_letters_list(client: &Client, service: Option<&str>) -> anyhow::Result<()> {
    let session = client.session().await?;
    let mut total = 0_u64;
    for service in SERVICES.iter().filter(|name| service.is_none_or(|wanted| wanted == **name)) {
        let mut pages = Pages::of(&session, service, None);
        while let Some(letters) = pages.next().await? {
            for letter in letters {
                total += 1;
                let (id, name) = (text(&letter, "id"), text(&letter, "name"));
                let (parked, reason) = (text(&letter, "parkedAt"), text(&letter, "reason"));
                say(format!("{service} {id} {name} {parked}: {reason}"));
            }
        }
    }
    say(format!("{total} dead letters"));
    Ok(())
}

/// Tells the ids of the dead letters of a service that are meant, oldest first.
pub async fn dead_letters_select(
    client: &Client,
    service: &str,
    selection: &Selection,
) -> anyhow::Result<()> {
    select(&client.session().await?, service, selection).await
}

async fn select(session: &Session, service: &str, selection: &Selection) -> anyhow::Result<()> {
    let mut pages = Pages::of(session, service, selection.after);
    let (mut ids, mut more) = (Vec::new(), 0_u64);
    while let Some(letters) = pages.next().await? {
        for letter in letters.iter().filter(|letter| selection.has(letter)) {
            if ids.len() < selection.most {
                ids.push(text(letter, "id").to_owned());
            } else {
                more += 1;
            }
        }
    }
    ids.iter().for_each(say);
    selection.report.as_ref().map_or(Ok(()), |file| report(file, &json!({ "ids": ids, "more": more })))
}

/// Shows one dead letter.
pub async fn dead_letters_read(client: &Client, service: &str, id: Uuid) -> anyhow::Result<()> {
    let session = client.session().await?;
    let letter = session.call(Method::GET, &format!("/admin/dead-letters/{service}/{id}"), None).await?;
    say(serde_json::to_string_pretty(&letter)?);
    Ok(())
}

/// Tries dead letters again, one after the other.
///
/// With a report file it is told there what became of them, and that is no failure, whatever it was. Without one a
/// letter that failed again or was not there is.
pub async fn dead_letters_replay(
    client: &Client,
    service: &str,
    ids: &[Uuid],
    told: Option<&Path>,
) -> anyhow::Result<()> {
    replay(&client.session().await?, service, ids, told).await
}

async fn replay(session: &Session, service: &str, ids: &[Uuid], told: Option<&Path>) -> anyhow::Result<()> {
    let (mut replayed, mut gone, mut failed) = (0_u64, 0_u64, Vec::new());
    for id in ids {
        match attempt(session, service, *id).await? {
            Replayed::Done => {
                replayed += 1;
                say(format!("{id} has taken effect"));
            }
            Replayed::Gone => {
                gone += 1;
                say(format!("{id} is no dead letter, or not any more"));
            }
            Replayed::Again(reason) => {
                say(format!("{id} failed again: {reason}"));
                failed.push((*id, reason));
            }
        }
    }
    if let Some(file) = told {
        // What is gone has taken effect: by an earlier try, or by another hand.
        return report(file, &told_of(replayed + gone, &failed));
    }
    anyhow::ensure!(failed.is_empty(), "{} failed again; read them for the new reason", failed.len());
    anyhow::ensure!(gone == 0, "{gone} of {} are no dead letters of {service}", ids.len());
    Ok(())
}

/// What became of letters, with as many of those that failed as there is room for.
fn told_of(replayed: u64, failed: &[(Uuid, String)]) -> Value {
    let short = |reason: &str| reason.chars().take(REASON_CHARS).collect::<String>();
    let mut letters: Vec<Value> =
        failed.iter().take(NAMED).map(|(id, reason)| json!({ "id": id, "reason": short(reason) })).collect();
    loop {
        let told = json!({ "replayed": replayed, "failed": failed.len(), "letters": letters });
        if told.to_string().len() <= REPORT_OCTETS || letters.pop().is_none() {
            return told;
        }
    }
}

/// What became of one letter.
enum Replayed {
    Done,
    Gone,
    Again(String),
}

async fn attempt(session: &Session, service: &str, id: Uuid) -> anyhow::Result<Replayed> {
    let path = format!("/admin/dead-letters/{service}/{id}");
    let tried = session.ask(Method::POST, &format!("{path}/replay"), Some(json!({}))).await?;
    if tried.status == StatusCode::NOT_FOUND {
        return Ok(Replayed::Gone);
    }
    tried.taken()?;
    let still = session.ask(Method::GET, &path, None).await?;
    if still.status == StatusCode::NOT_FOUND {
        return Ok(Replayed::Done);
    }
    Ok(Replayed::Again(text(&still.taken()?, "reason").to_owned()))
}

fn text<'a>(letter: &'a Value, field: &str) -> &'a str {
    letter.get(field).and_then(Value::as_str).unwrap_or_default()
}

impl Selection {
    fn has(&self, letter: &Value) -> bool {
        let parked = || text(letter, "parkedAt").parse::<DateTime<Utc>>().ok();
        let is_one = |id: &Uuid| id.to_string() == text(letter, "id");
        (self.id.is_empty() || self.id.iter().any(is_one))
            && (self.message.is_empty() || self.message.iter().any(|name| name == text(letter, "name")))
            && (self.kind.is_empty() || self.kind.iter().any(|kind| kind.is(text(letter, "kind"))))
            && self.reason.as_deref().is_none_or(|part| text(letter, "reason").contains(part))
            && self.parked_after.is_none_or(|after| parked().is_some_and(|at| at >= after))
            && self.parked_before.is_none_or(|before| parked().is_some_and(|at| at < before))
    }
}

impl Kind {
    fn is(self, word: &str) -> bool {
        self.to_possible_value().is_some_and(|value| value.get_name() == word)
    }
}

/// The dead letters of a service, page by page.
struct Pages<'a> {
    session: &'a Session,
    service: &'a str,
    after: Option<String>,
    is_over: bool,
}

impl<'a> Pages<'a> {
    fn of(session: &'a Session, service: &'a str, after: Option<Uuid>) -> Self {
        Self { session, service, after: after.map(|id| id.to_string()), is_over: false }
    }

    async fn next(&mut self) -> anyhow::Result<Option<Vec<Value>>> {
        if self.is_over {
            return Ok(None);
        }
        let after = self.after.as_ref().map(|id| format!("&after={id}")).unwrap_or_default();
        let path = format!("/admin/dead-letters/{}?first=100{after}", self.service);
        let page = self.session.call(Method::GET, &path, None).await?;
        self.after = page.get("next").and_then(Value::as_str).map(str::to_owned);
        self.is_over = self.after.is_none();
        Ok(page.get("items").and_then(Value::as_array).cloned())
    }
}

#[cfg(test)]
mod tests;
