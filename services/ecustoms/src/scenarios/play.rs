//! One scenario played: each step sends, lets officers act and deadlines pass, and compares what customs sends.

mod write;

use std::time::Duration;

use anyhow::{Context as _, bail};
use customs_messages::{Document, Phase, write_xml};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{
    acts::{Act, Seen},
    cast::{CONSIGNEE, Cast, DECLARANT},
    dossier::{Dossier, Received},
    published::{Procedure, Scenario, Step},
    shelf::Shelf,
};
use crate::demo::{client::Form, documents::Pledge};

/// How long customs may take to send the next message.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long nothing more may come after the last message that is expected.
const QUIET: Duration = Duration::from_millis(120);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(15);

/// Deadlines: in which state which message comes when which time has passed, in seconds.
const DEADLINES: &[(&str, &str, i64)] = &[
    ("awaiting-release", "IE029", 45 * 60),
    ("guarantee-under-amendment", "IE051", 60 * 60),
    ("pre-lodged", "IE056", 30 * 86_400),
    ("arrived", "IE025", 15 * 60),
    ("released", "IE140", 30 * 86_400),
    ("under-enquiry", "IE035", 214 * 86_400),
];

/// The holder's request for invalidation.
const WITHDRAWAL: &str = "IE014";

/// What became of a scenario.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What was sent and done, a step after the other.
    pub(super) sent: Vec<String>,
    /// What came, a step after the other.
    pub(super) got: Vec<Vec<String>>,
    /// Why it is not as expected.
    pub(super) fault: Option<String>,
}

/// A scenario being played.
struct Play<'a> {
    cast: &'a mut Cast,
    shelf: &'a Shelf,
    scenario: &'a Scenario,
    phase: Phase,
    pledge: Pledge,
    dossier: Dossier,
    /// The declaration as it was sent.
    lodged: Option<Document>,
    outcome: Outcome,
}

/// Plays `scenario` with the messages of `shelf`.
pub(super) async fn play(cast: &mut Cast, shelf: &Shelf, scenario: &Scenario) -> Outcome {
    match prepared(cast, shelf, scenario).await {
        Ok(mut play) => {
            if let Err(error) = play.run().await {
                play.outcome.fault = Some(format!("{error:#}"));
            }
            play.outcome
        }
        Err(error) => Outcome { fault: Some(format!("{error:#}")), ..Outcome::default() },
    }
}

async fn prepared<'a>(
    cast: &'a mut Cast,
    shelf: &'a Shelf,
    scenario: &'a Scenario,
) -> anyhow::Result<Play<'a>> {
    for login in [DECLARANT, CONSIGNEE] {
        cast.call(login).await?;
    }
    let pledge = cast.pledge(!scenario.has_wrong_guarantee())?;
    let dossier = Dossier::new(cast.next_lrn());
    let phase = scenario.phase()?;
    Ok(Play { cast, shelf, scenario, phase, pledge, dossier, lodged: None, outcome: Outcome::default() })
}

impl Play<'_> {
    async fn run(&mut self) -> anyhow::Result<()> {
        for step in &self.scenario.steps {
            self.outcome.got.push(Vec::new());
            self.outcome.sent.push(step.trader_sends.clone().unwrap_or_default());
            if let Some(message) = &step.trader_sends {
                self.send(step, message).await?;
            } else if step.officer_action && self.grants_what_nobody_asked_for(step) {
                self.send(step, WITHDRAWAL).await?;
                self.outcome.sent.pop();
                self.outcome.sent.push(WITHDRAWAL.to_owned());
            }
            self.answered(step).await?;
        }
        self.stays_quiet().await?;
        self.breaks_what_it_should().await
    }

    /// Whether an officer is to grant a withdrawal that no published step sends: then the step sends it itself.
    fn grants_what_nobody_asked_for(&self, step: &Step) -> bool {
        let sent = self.scenario.steps.iter().any(|one| one.trader_sends.as_deref() == Some(WITHDRAWAL));
        !sent && Act::requested(&step.action).contains(&Act::Grant)
    }

    /// Waits for the messages of `step`, while officers act and deadlines pass as far as they are needed.
    async fn answered(&mut self, step: &Step) -> anyhow::Result<()> {
        let mut acts = if step.officer_action { Act::requested(&step.action) } else { Vec::new() };
        acts.reverse();
        let (mut passed, mut trouble) = (None, String::new());
        let mut since = Instant::now();
        loop {
            if self.look(step).await? {
                since = Instant::now();
            }
            let count = self.outcome.got.last().map_or(0, Vec::len);
            let Some(next) = step.expect.get(count) else {
                return if step.expect.is_empty() { self.stays_quiet().await } else { Ok(()) };
            };
            if passed != Some(count) && self.lets_a_deadline_pass(next, count, !acts.is_empty()).await? {
                passed = Some(count);
                since = Instant::now();
                continue;
            }
            if step.officer_action {
                let act = acts.last().copied().or_else(|| Act::towards(next));
                if act == Some(Act::Accept) && !self.dossier.mrn.is_empty() {
                    acts.pop();
                    continue;
                }
                match self.act(act).await? {
                    Acted::Done => {
                        acts.pop();
                        since = Instant::now();
                        continue;
                    }
                    Acted::GoesOn => continue,
                    Acted::Refused(why) => trouble = why,
                    Acted::Nothing => {}
                }
            }
            if since.elapsed() > PATIENCE {
                bail!("{next} does not come; the movement is {}{trouble}", self.dossier.state);
            }
            sleep(LOOK).await;
        }
    }

    /// Takes over what has come; whether anything has. What is not expected ends the scenario.
    async fn look(&mut self, step: &Step) -> anyhow::Result<bool> {
        let expected = &step.expect[self.outcome.got.last().map_or(0, Vec::len)..];
        let fresh = self.dossier.look(self.cast, expected).await?;
        let any = !fresh.is_empty();
        for message in fresh {
            let got = self.outcome.got.last_mut().context("a step is under way")?;
            let wanted = step.expect.get(got.len());
            got.push(message.kind.clone());
            if wanted != Some(&message.kind) {
                let told = self.told(&message).await?;
                bail!("{} was not expected{told}", message.kind);
            }
        }
        Ok(any)
    }

    /// What a refusal says is wrong.
    async fn told(&self, message: &Received) -> anyhow::Result<String> {
        let errors = self.dossier.errors(self.cast, message).await?;
        let told: Vec<String> =
            errors.iter().map(|(code, rule, pointer)| format!("{code} {rule} {pointer}")).collect();
        Ok(if told.is_empty() { String::new() } else { format!(": {}", told.join("; ")) })
    }

    /// Lets the time pass after which `next` comes by itself, where nobody is to act before.
    async fn lets_a_deadline_pass(&mut self, next: &str, count: usize, acts: bool) -> anyhow::Result<bool> {
        let state = self.dossier.state.as_str();
        let due = DEADLINES.iter().find(|(at, message, _)| *at == state && *message == next);
        let Some((_, _, seconds)) = due else { return Ok(false) };
        // The first refusal of a presentation is an answer, only the second comes by itself.
        let too_early = next == "IE056" && count == 0;
        let blocked = acts && next != "IE051";
        if too_early || blocked || !self.waits_for_nobody(next) {
            return Ok(false);
        }
        self.cast.advance(seconds + 5).await?;
        Ok(true)
    }

    /// Whether `next` comes without an officer: goods of an authorised trader are released by themselves.
    fn waits_for_nobody(&self, next: &str) -> bool {
        match next {
            "IE029" => self.scenario.departure() == Procedure::Simplified,
            "IE025" => self.dossier.arrival_state == "remarks-received",
            _ => true,
        }
    }

    /// Lets the officer in charge do `act`.
    async fn act(&mut self, act: Option<Act>) -> anyhow::Result<Acted> {
        let (Some(act), Some(id)) = (act, self.dossier.departure.clone()) else { return Ok(Acted::Nothing) };
        let login = self.cast.officer(&self.departure_office()?).await?;
        let mut seen = Seen::by(self.cast.who(&login)?, &id).await?;
        self.dossier.state.clone_from(&seen.state);
        // The arrival may be at another office than declared; the scenarios keep to the declared one.
        seen.destination = self.destination_office()?;
        let officer = self.cast.officer(act.office(&seen)).await?;
        let (answer, goes_on) = act.perform(self.cast.who(&officer)?, &seen).await?;
        if answer.status == 404 && answer.text.contains("path-unknown") {
            bail!("no officer can {}", act.word());
        }
        if answer.status >= 300 {
            return Ok(Acted::Refused(format!("; to {} is refused: {}", act.word(), answer.told())));
        }
        if goes_on {
            return Ok(Acted::GoesOn);
        }
        let sent = self.outcome.sent.last_mut().context("a step is under way")?;
        if !sent.is_empty() {
            sent.push(' ');
        }
        sent.push_str("officer:");
        sent.push_str(&act.word().replace(' ', "-"));
        Ok(Acted::Done)
    }

    fn departure_office(&self) -> anyhow::Result<String> {
        self.office("CustomsOfficeOfDeparture")
    }

    fn destination_office(&self) -> anyhow::Result<String> {
        self.office("CustomsOfficeOfDestinationDeclared")
    }

    fn office(&self, group: &str) -> anyhow::Result<String> {
        let lodged = self.lodged.as_ref().context("nothing was lodged")?;
        Ok(lodged
            .text(&format!("{group}/referenceNumber"))
            .context("the declaration names no office")?
            .to_owned())
    }

    /// That nothing more comes than was expected.
    async fn stays_quiet(&mut self) -> anyhow::Result<()> {
        let until = Instant::now() + QUIET;
        while Instant::now() < until {
            if let Some(message) = self.dossier.look(self.cast, &[]).await?.into_iter().next() {
                let got = self.outcome.got.last_mut().context("a step is over")?;
                got.push(message.kind.clone());
                bail!("{} was not expected{}", message.kind, self.told(&message).await?);
            }
            sleep(LOOK).await;
        }
        Ok(())
    }

    /// That a refusal which a scenario is about names the rules that it is about.
    async fn breaks_what_it_should(&self) -> anyhow::Result<()> {
        let rules = self.scenario.broken_rules();
        if rules.is_empty() {
            return Ok(());
        }
        let refusal = self.dossier.last("IE056").context("there is no refusal")?;
        let errors = self.dossier.errors(self.cast, refusal).await?;
        let silent: Vec<&str> =
            rules.into_iter().filter(|rule| !errors.iter().any(|(_, broken, _)| broken == rule)).collect();
        if silent.is_empty() {
            return Ok(());
        }
        bail!("IE056 does not name {}{}", silent.join(", "), self.told(refusal).await?)
    }

    async fn send(&mut self, step: &Step, message: &str) -> anyhow::Result<()> {
        let kind = format!("CC{}C", message.trim_start_matches("IE"));
        let identification = self.cast.identification();
        let at_destination = matches!(message, "IE007" | "IE044");
        let login = if at_destination { CONSIGNEE } else { DECLARANT };
        let document = self.written(step, &kind, login, &identification).await?;
        let content = write_xml(&document);
        let path = match (message, &self.dossier.departure, &self.dossier.arrival) {
            ("IE015", _, _) => "/movements/departures".to_owned(),
            ("IE007", _, _) => "/movements/arrivals".to_owned(),
            ("IE044", _, Some(arrival)) => format!("/movements/arrivals/{arrival}/messages"),
            (_, Some(departure), _) if !at_destination => {
                format!("/movements/departures/{departure}/messages")
            }
            _ => bail!("there is nothing that {message} could be about"),
        };
        let mut answer = self.cast.who(login)?.send(&path, Form::Xml, &content, &content).await?;
        let since = Instant::now();
        // The movement may have changed while the message was judged: nothing was done, and it is sent again.
        while answer.status == 503 && since.elapsed() < PATIENCE {
            sleep(LOOK).await;
            answer = self.cast.who(login)?.send(&path, Form::Xml, &content, &content).await?;
        }
        let taken: Value = answer.read()?;
        match message {
            "IE015" => self.dossier.departure = taken["departureId"].as_str().map(str::to_owned),
            "IE007" => self.dossier.arrival = taken["arrivalId"].as_str().map(str::to_owned),
            _ => {}
        }
        if message == "IE015" {
            self.lodged = Some(document);
        }
        Ok(())
    }
}

/// What came of asking an officer.
enum Acted {
    Done,
    GoesOn,
    Refused(String),
    Nothing,
}
