//! Robots that stand for officers: they do at a movement what its local reference number asks for.
//!
//! They are clients like any other: logged in as the officers of the demo nation, over the public API.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use crate::scenarios::{
    acts::{Act, Seen},
    cast::Cast,
};

/// How a local reference number begins that asks officers to act.
const TRIGGER: &str = "BOT-";
/// How often it is looked for movements that ask for something.
const LOOK: Duration = Duration::from_millis(400);
/// After how long a movement whose script does not go on is left alone.
const PATIENCE: Duration = Duration::from_mins(15);
/// What a look goes back behind the one before, so that nothing slips through.
const OVERLAP: TimeDelta = TimeDelta::seconds(5);
/// Who sees every movement.
const OVERSEER: &str = "administrator";

/// What the officers have still to do at a movement.
struct Script {
    acts: VecDeque<Act>,
    since: Instant,
}

#[derive(Deserialize)]
struct Movements {
    items: Vec<MovementSeen>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MovementSeen {
    id: String,
    lrn: String,
    submitted_at: DateTime<Utc>,
}

/// Lets the officers of the sandbox at `url` work until the task is dropped.
pub async fn work(url: String) {
    let mut robots = None;
    loop {
        if robots.is_none() {
            robots = told("wait for the sandbox", Robots::open(&url).await);
        }
        if let Some(robots) = &mut robots {
            told("could not look", robots.round().await);
        }
        sleep(LOOK).await;
    }
}

/// What came out, or nothing where it failed: the next look tries again.
fn told<T>(what: &str, outcome: anyhow::Result<T>) -> Option<T> {
    outcome.inspect_err(|error| tracing::debug!(%error, "the officers of the sandbox {what}")).ok()
}

/// The robots, with what they have still to do.
struct Robots {
    cast: Cast,
    scripts: HashMap<String, Script>,
    seen_until: DateTime<Utc>,
}

impl Robots {
    async fn open(url: &str) -> anyhow::Result<Self> {
        let cast = Cast::open(url).await?;
        Ok(Self { cast, scripts: HashMap::new(), seen_until: DateTime::UNIX_EPOCH })
    }

    /// Looks for movements and goes on with every script.
    async fn round(&mut self) -> anyhow::Result<()> {
        look(&mut self.cast, &mut self.scripts, &mut self.seen_until).await?;
        self.scripts.retain(|_, script| script.since.elapsed() < PATIENCE);
        for (id, script) in self.scripts.iter_mut().filter(|(_, script)| !script.acts.is_empty()) {
            told("could not act", go_on(&mut self.cast, id, script).await);
        }
        Ok(())
    }
}

/// Finds the movements that were lodged since it was last looked and that ask for something.
async fn look(
    cast: &mut Cast,
    scripts: &mut HashMap<String, Script>,
    seen_until: &mut DateTime<Utc>,
) -> anyhow::Result<()> {
    cast.call(OVERSEER).await?;
    let since = (*seen_until - OVERLAP).format("%Y-%m-%dT%H:%M:%SZ");
    let path = format!("/transits?first=100&changedSince={since}");
    let movements: Movements = cast.who(OVERSEER)?.get(&path).await?.read()?;
    for movement in movements.items {
        *seen_until = (*seen_until).max(movement.submitted_at);
        if let Some(acts) = script(&movement.lrn) {
            scripts.entry(movement.id).or_insert_with(|| Script { acts, since: Instant::now() });
        }
    }
    Ok(())
}

/// Does the next act of `script` if the movement is ready for it.
async fn go_on(cast: &mut Cast, id: &str, script: &mut Script) -> anyhow::Result<()> {
    let Some(act) = script.acts.front().copied() else { return Ok(()) };
    let seen = Seen::by(cast.who(OVERSEER)?, id).await?;
    if act == Act::Accept && !seen.mrn.is_empty() {
        script.acts.pop_front();
        return Ok(());
    }
    let office = act.office(&seen).to_owned();
    if office.is_empty() {
        return Ok(());
    }
    let officer = cast.officer(&office).await?;
    let (answer, goes_on) = act.perform(cast.who(&officer)?, &seen).await?;
    if answer.status < 300 && !goes_on {
        tracing::info!(movement = id, office, act = act.word(), "an officer of the sandbox acts");
        script.acts.pop_front();
        script.since = Instant::now();
    }
    Ok(())
}

/// The acts that a local reference number such as `BOT-ACR-0001` asks for.
fn script(lrn: &str) -> Option<VecDeque<Act>> {
    let letters = lrn.strip_prefix(TRIGGER)?.split('-').next()?;
    let acts: Option<VecDeque<Act>> = letters.chars().map(Act::of_letter).collect();
    acts.filter(|acts| !acts.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_reference_number_asks_for_acts_by_their_letters() {
        assert_eq!(script("BOT-ACR-0001"), Some([Act::Accept, Act::Control, Act::Release].into()));
        assert_eq!(script("BOT-MK"), Some([Act::Contest, Act::Confirm].into()));
        for nothing in ["DEMO1", "BOT-", "BOT-A1", "ACR-1"] {
            assert_eq!(script(nothing), None, "{nothing}");
        }
    }
}
