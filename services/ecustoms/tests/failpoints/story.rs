//! The main job and its twins, played by the parties and officers, one request after the other.

use anyhow::Context as _;
use chrono::{TimeDelta, Utc};
use customs_kernel::{Currency, Money, id::uuid_at};
use customs_messages::{Document, Phase, write_xml};
use customs_testkit::until;
use ecustoms::demo::documents::{
    self, DESTINATION, ENTRY_KG, ENTRY_UZ, EXIT_KG, EXIT_KZ, Head, Lodging, Pledge,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    client::Ask,
    site::{PATIENCE, Site},
};

/// What is to be covered, in hundredths.
pub(crate) const AMOUNT_MINOR: i64 = 1_250_000;
/// More than the small guarantee has, in hundredths.
const TOO_MUCH_MINOR: i64 = 10_001;
/// After this nobody may amend guarantees any more.
const AMENDMENT_OVER: TimeDelta = TimeDelta::seconds(3_660);

/// Where a frontier is crossed, in which direction, seen by whom.
const CROSSINGS: [(&str, &str, &str); 4] = [
    ("officer-transit-kz", EXIT_KZ, "exit"),
    ("officer-transit-kg", ENTRY_KG, "entry"),
    ("officer-transit-kg", EXIT_KG, "exit"),
    ("officer-transit-uz", ENTRY_UZ, "entry"),
];

/// What is played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Story {
    /// Declared, held, released, crossed, arrived, discharged.
    Discharged,
    /// The guarantee is too small, amended in time, then as above.
    Amended,
    /// The guarantee is too small, and the deadline passes.
    Expired,
    /// Held, then withdrawn before release.
    Withdrawn,
}

/// A movement that was played to its end.
#[derive(Clone, Debug)]
pub(crate) struct Played {
    pub(crate) story: Story,
    pub(crate) lrn: String,
    pub(crate) movement: Uuid,
    pub(crate) mrn: String,
    pub(crate) arrival: Option<Uuid>,
}

impl Story {
    /// The state in which it ends.
    pub(crate) const fn end(self) -> &'static str {
        match self {
            Self::Discharged | Self::Amended => "written-off",
            Self::Expired => "not-released",
            Self::Withdrawn => "cancelled",
        }
    }

    /// Plays it on `site`.
    pub(crate) fn play(self, site: &mut Site) -> anyhow::Result<Played> {
        let small = matches!(self, Self::Amended | Self::Expired);
        let (mut played, declaration) = lodge(site, self, &pledge(site, small)?)?;
        match self {
            Self::Discharged => {}
            Self::Amended => amend(site, &played, &declaration)?,
            Self::Expired => expire(site, &played)?,
            Self::Withdrawn => withdraw(site, &played)?,
        }
        if self.end() == "written-off" {
            travel(site, &mut played)?;
        }
        state(site, &played, self.end())?;
        Ok(played)
    }
}

/// A part of the small guarantee that it does not have, or of the ample one.
pub(crate) fn pledge(site: &Site, small: bool) -> anyhow::Result<Pledge> {
    let (grn, code, minor) = if small {
        ("smallGrn", "smallAccessCode", TOO_MUCH_MINOR)
    } else {
        ("grn", "accessCode", AMOUNT_MINOR)
    };
    let euro: Currency = "EUR".parse()?;
    Ok(Pledge {
        grn: site.client.guarantee(grn),
        access_code: site.client.guarantee(code),
        amount: Money::new(minor, euro),
    })
}

/// A signed request of `who` with the document that `write` makes.
fn letter(
    site: &mut Site,
    who: &'static str,
    path: &str,
    write: impl FnOnce(&Head<'_>) -> anyhow::Result<Document>,
) -> anyhow::Result<(Ask, Document)> {
    let (at, sender) = (site.now()?, site.client.eori(who));
    let identification = uuid_at(at).simple().to_string();
    let head = Head { phase: Phase::P6, sender: &sender, identification: &identification, at };
    let document = write(&head)?;
    let content = write_xml(&document);
    let signature = site.sign(who, &content)?;
    Ok((Ask::signed(who, path, content, signature), document))
}

/// A signed declaration under a fresh local reference number.
pub(crate) fn declaration(site: &mut Site, pledge: &Pledge) -> anyhow::Result<(String, Ask, Document)> {
    let lrn = lrn();
    let holder = site.client.eori("declarant");
    let lodging = Lodging { lrn: &lrn, holder: &holder, representative: None, pledge };
    let write = |head: &Head<'_>| documents::declaration(head, &lodging);
    let (ask, document) = letter(site, "declarant", "/movements/departures", write)?;
    Ok((lrn, ask, document))
}

/// Twenty-two characters that no other declaration has.
fn lrn() -> String {
    let id = uuid_at(chrono::DateTime::<Utc>::UNIX_EPOCH).simple().to_string().to_ascii_uppercase();
    id.chars().rev().take(18).collect()
}

fn lodge(site: &mut Site, story: Story, pledge: &Pledge) -> anyhow::Result<(Played, Document)> {
    let (lrn, ask, document) = declaration(site, pledge)?;
    let taken = site.ask(&ask)?;
    let movement = id(&taken, "departureId")?;
    let mut played = Played { story, lrn, movement, mrn: String::new(), arrival: None };
    let small = matches!(story, Story::Amended | Story::Expired);
    let seen = state(site, &played, if small { "guarantee-under-amendment" } else { "awaiting-release" })?;
    seen["mrn"].as_str().context("an accepted movement has an MRN")?.clone_into(&mut played.mrn);
    Ok((played, document))
}

fn id(answer: &Value, field: &str) -> anyhow::Result<Uuid> {
    serde_json::from_value(answer[field].clone()).with_context(|| format!("no {field} in {answer}"))
}

/// Waits until the declarant sees the movement in `state`.
fn state(site: &mut Site, played: &Played, state: &str) -> anyhow::Result<Value> {
    let ask = Ask::read("declarant", format!("/movements/{}", played.movement));
    let (mut seen, mut failed) = (Value::Null, Ok(()));
    let waited = until(&format!("the movement to be {state}"), PATIENCE, || {
        match site.ask(&ask) {
            Ok(answer) => seen = answer,
            Err(error) => failed = Err(error),
        }
        seen["state"] == state || failed.is_err()
    });
    failed?;
    waited.with_context(|| format!("it is {}; {}", seen["state"], site.host().complaints()))?;
    Ok(seen)
}

/// The other guarantee is named (IE013 with flag 1).
fn amend(site: &mut Site, played: &Played, declaration: &Document) -> anyhow::Result<()> {
    let other = pledge(site, false)?;
    let path = format!("/movements/departures/{}/messages", played.movement);
    let (ask, _) = letter(site, "declarant", &path, |head| {
        documents::guarantee_amendment(head, declaration, &played.mrn, &other)
    })?;
    site.ask(&ask)?;
    state(site, played, "awaiting-release")?;
    Ok(())
}

/// Nobody amends; the clock moves beyond the deadline, also that of a process that came back.
fn expire(site: &mut Site, played: &Played) -> anyhow::Result<()> {
    let over = site.now()? + AMENDMENT_OVER;
    let ask = Ask::read("declarant", format!("/movements/{}", played.movement));
    let mut failed = Ok(());
    until("the deadline to pass", PATIENCE, || {
        let seen = site.not_before(over).and_then(|()| site.ask(&ask));
        let ended = seen.as_ref().is_ok_and(|seen| seen["state"] == "not-released");
        failed = seen.map(drop);
        ended || failed.is_err()
    })?;
    failed
}

/// The holder withdraws (IE014).
fn withdraw(site: &mut Site, played: &Played) -> anyhow::Result<()> {
    let path = format!("/movements/departures/{}/messages", played.movement);
    let holder = site.client.eori("declarant");
    let (ask, _) =
        letter(site, "declarant", &path, |head| documents::invalidation(head, &holder, &played.mrn))?;
    site.ask(&ask).map(drop)
}

/// From release to the control at destination.
fn travel(site: &mut Site, played: &mut Played) -> anyhow::Result<()> {
    let path = format!("/movements/{}", played.movement);
    let seen = site.answer(&Ask::read("officer-departure", &path))?;
    site.ask(&Ask::json("officer-departure", format!("{path}/release"), &json!({})).of(&seen.etag))?;
    let mrn = played.mrn.clone();
    for (who, office, kind) in CROSSINGS {
        let crossing = json!({"mrn": mrn, "kind": kind, "sealsIntact": true});
        site.ask(&Ask::json(who, format!("/offices/{office}/crossings"), &crossing))?;
    }
    let (ask, _) = letter(site, "carrier", "/movements/arrivals", |head| documents::arrival(head, &mrn))?;
    let arrival = id(&site.ask(&ask)?, "arrivalId")?;
    played.arrival = Some(arrival);
    let path = format!("/movements/arrivals/{arrival}/messages");
    let (ask, _) = letter(site, "carrier", &path, |head| documents::unloading_remarks(head, &mrn))?;
    site.ask(&ask)?;
    let result = json!({"mrn": mrn, "code": "A1", "remarks": "as declared"});
    site.ask(&Ask::json("officer-destination", format!("/offices/{DESTINATION}/control-results"), &result))?;
    Ok(())
}
