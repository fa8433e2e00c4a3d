//! Who plays: everybody logged in, their boxes followed live, and the clock of the suite.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::id::uuid_at;
use customs_messages::Phase;
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    client::{Door, Guarantees, Sandbox, Visitor},
    documents::Head,
    live::{By, Live},
    timeline::Timeline,
};

/// Everybody who plays, by log-in name.
const LOGINS: [&str; 10] = [
    "declarant",
    "broker",
    "carrier",
    "insurer",
    "officer-departure",
    "officer-transit-kz",
    "officer-transit-kg",
    "officer-transit-uz",
    "officer-destination",
    "administrator",
];

/// Whose box is followed, and by which door.
const FOLLOWED: [(Who, By); 4] = [
    (Who::Declarant, By::Subscription),
    (Who::Broker, By::Events),
    (Who::Carrier, By::Events),
    (Who::Insurer, By::Subscription),
];

/// Somebody of the play.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Who {
    /// Declares goods of its own and owns the guarantees.
    Declarant,
    /// Declares for the declarant under a delegation.
    Broker,
    /// Carries the goods and is the trader at destination.
    Carrier,
    /// Guarantees.
    Insurer,
    /// Officer at the office of departure.
    Departure,
    /// Officer at the frontier of Kazakhstan.
    TransitKz,
    /// Officer at the frontiers of Kyrgyzstan.
    TransitKg,
    /// Officer at the frontier of Uzbekistan.
    TransitUz,
    /// Officer at the office of destination.
    Destination,
    /// Keeps the sandbox.
    Administrator,
}

/// The play: people, boxes, clock.
pub(super) struct Stage {
    /// Prints what happens.
    pub(super) timeline: Timeline,
    sandbox: Sandbox,
    people: Vec<Visitor>,
    boxes: Vec<(Who, Live)>,
    clock: (DateTime<Utc>, Instant),
    run: String,
    documents: u32,
}

impl Stage {
    /// Logs everybody in at the suite at `url` and follows the boxes.
    pub(super) async fn open(url: &str, timeline: &Timeline) -> anyhow::Result<Self> {
        let door = Door::new(url)?;
        let sandbox = door.sandbox().await?;
        let people = try_join_all(LOGINS.iter().map(|login| door.log_in(&sandbox, login))).await?;
        for visitor in &people {
            timeline.say(visitor.login(), "logs in with a signed challenge", visitor.eori());
        }
        let now = DateTime::UNIX_EPOCH;
        let mut stage = Self {
            timeline: timeline.clone(),
            sandbox,
            people,
            boxes: Vec::new(),
            clock: (now, Instant::now()),
            run: String::new(),
            documents: 0,
        };
        stage.move_clock(0).await?;
        stage.run = run_name(stage.now());
        for (who, by) in FOLLOWED {
            let live = Live::follow(stage.who(who), by, timeline).await?;
            stage.boxes.push((who, live));
        }
        Ok(stage)
    }

    /// The guarantees of the declarant.
    pub(super) fn guarantees(&self) -> &Guarantees {
        &self.sandbox.guarantee
    }

    /// The person.
    pub(super) fn who(&self, who: Who) -> &Visitor {
        &self.people[who.place()]
    }

    /// The box that is followed for `who`.
    pub(super) fn mailbox(&mut self, who: Who) -> anyhow::Result<&mut Live> {
        let live = self.boxes.iter_mut().find(|(owner, _)| *owner == who).map(|(_, live)| live);
        live.with_context(|| format!("nobody follows the box of {who:?}"))
    }

    /// Every box that is followed, with its owner.
    pub(super) fn mailboxes(&mut self) -> impl Iterator<Item = (&Visitor, &mut Live)> {
        let people = &self.people;
        self.boxes.iter_mut().map(|(who, live)| (&people[who.place()], live))
    }

    /// Says on the timeline what `who` does.
    pub(super) fn say(&self, who: Who, event: &str, about: &str) {
        self.timeline.say(self.who(who).login(), event, about);
    }

    /// The instant by the clock of the suite.
    pub(super) fn now(&self) -> DateTime<Utc> {
        let (told, at) = self.clock;
        told + TimeDelta::from_std(at.elapsed()).unwrap_or_default()
    }

    /// A local reference number that no other run has.
    pub(super) fn next_lrn(&mut self) -> String {
        self.documents += 1;
        format!("DEMO{}{:02}", self.run, self.documents)
    }

    /// The head of a message that `who` sends now, under the identification `identification`.
    pub(super) fn head<'a>(&'a self, who: Who, phase: Phase, identification: &'a str) -> Head<'a> {
        Head { phase, sender: self.who(who).eori(), identification, at: self.now() }
    }

    /// A fresh identification of a message.
    pub(super) fn identification(&self) -> String {
        uuid_at(self.now()).simple().to_string()
    }

    /// Moves the clock of the sandbox forward and tells what it shows.
    pub(super) async fn move_clock(&mut self, seconds: i64) -> anyhow::Result<()> {
        let answer = self.who(Who::Administrator).post("/admin/clock", &json!({"seconds": seconds})).await?;
        let shown: Value = answer.read()?;
        let now = shown["now"].as_str().context("the clock shows nothing")?;
        self.clock = (now.parse()?, Instant::now());
        Ok(())
    }

    /// Interrupts every live stream, as a network may; what is told meanwhile waits in the boxes.
    pub(super) fn interrupt(&mut self) {
        for (_, live) in &mut self.boxes {
            live.interrupt();
        }
    }

    /// Renews everybody's token and goes on behind the last notification of every box.
    pub(super) async fn come_back(&mut self) -> anyhow::Result<()> {
        try_join_all(self.people.iter_mut().map(Visitor::renew)).await?;
        self.timeline.say("everybody", "renews the session and resumes the live streams", "");
        for (who, live) in &mut self.boxes {
            live.resume(&self.people[who.place()]).await?;
        }
        Ok(())
    }
}

impl Who {
    /// The place in [`LOGINS`].
    const fn place(self) -> usize {
        match self {
            Self::Declarant => 0,
            Self::Broker => 1,
            Self::Carrier => 2,
            Self::Insurer => 3,
            Self::Departure => 4,
            Self::TransitKz => 5,
            Self::TransitKg => 6,
            Self::TransitUz => 7,
            Self::Destination => 8,
            Self::Administrator => 9,
        }
    }
}

/// Ten characters that tell this run from any other.
fn run_name(now: DateTime<Utc>) -> String {
    let id = uuid_at(now).simple().to_string().to_ascii_uppercase();
    id.chars().rev().take(10).collect()
}
