//! The published scenarios of the transit system, played by an outside client over the public API of a sandbox.

pub(crate) mod acts;
mod adapt;
pub(crate) mod cast;
mod dossier;
mod mend;
mod play;
mod published;
mod shelf;

use std::path::Path;

use self::{cast::Cast, play::Outcome, published::Scenario, shelf::Shelf};

/// How many scenarios went as expected, and how many did not.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Score {
    /// As expected.
    pub passed: u32,
    /// Otherwise.
    pub failed: u32,
}

/// Plays the scenarios of `scenarios` with the messages in `messages` at the sandbox at `url`; `tell` gets a line for each.
pub async fn run(
    scenarios: &Path,
    messages: &Path,
    url: &str,
    tell: impl Fn(String),
) -> anyhow::Result<Score> {
    let scenarios = published::read(scenarios)?;
    let shelf = Shelf::open(messages)?;
    let mut cast = Cast::open(url).await?;
    let mut score = Score::default();
    for scenario in &scenarios {
        let outcome = play::play(&mut cast, &shelf, scenario).await;
        let passed = outcome.fault.is_none();
        let count = if passed { &mut score.passed } else { &mut score.failed };
        *count += 1;
        tell(line(scenario, &outcome));
    }
    Ok(score)
}

/// One line: what was sent, what was expected, what came, steps apart by semicolons.
fn line(scenario: &Scenario, outcome: &Outcome) -> String {
    let steps = |lists: Vec<String>| lists.join("; ");
    let expected = steps(scenario.steps.iter().map(|step| together(&step.expect)).collect());
    let got = steps(outcome.got.iter().map(|messages| together(messages)).collect());
    let verdict = if outcome.fault.is_none() { "pass" } else { "FAIL" };
    let fault = outcome.fault.as_ref().map(|fault| format!(" | {fault}")).unwrap_or_default();
    let sent = steps(outcome.sent.clone());
    format!("{verdict} {} sent {sent} | expected {expected} | got {got}{fault}", scenario.id)
}

fn together(messages: &[String]) -> String {
    if messages.is_empty() { "nothing".to_owned() } else { messages.join("+") }
}
