//! The published form of scenarios: who sends what, what the office does, which messages are expected.

use std::{fs, path::Path};

use anyhow::Context as _;
use customs_messages::Phase;
use serde::Deserialize;

/// One scenario.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Scenario {
    /// Its id, such as `P6-DSGB-01`.
    pub(super) id: String,
    phase: String,
    #[serde(default)]
    movement: String,
    #[serde(default)]
    section: String,
    #[serde(default, rename = "scenario")]
    title: String,
    /// What happens, in order.
    pub(super) steps: Vec<Step>,
}

/// One step of a scenario.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Step {
    /// The message that the trader sends, such as `IE015`.
    #[serde(default)]
    pub(super) trader_sends: Option<String>,
    /// Whether an officer is asked to act.
    #[serde(default)]
    pub(super) officer_action: bool,
    /// The messages that customs is to send, in order.
    #[serde(default)]
    pub(super) expect: Vec<String>,
    /// What is done, in words.
    #[serde(default)]
    pub(super) action: String,
}

/// How goods leave or arrive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Procedure {
    /// At the office, before an officer.
    Normal,
    /// At the trader's own place, under an authorisation.
    Simplified,
}

/// Reads the scenarios of `file`.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Scenario>> {
    let octets = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_slice(&octets).with_context(|| format!("{} holds no scenarios", file.display()))
}

impl Scenario {
    /// The phase whose formats are used.
    pub(super) fn phase(&self) -> anyhow::Result<Phase> {
        match self.phase.as_str() {
            "P5" => Ok(Phase::P5),
            "P6" => Ok(Phase::P6),
            other => anyhow::bail!("there is no phase {other}"),
        }
    }

    /// Whether the goods are declared before they are presented.
    pub(super) fn is_pre_lodged(&self) -> bool {
        let first = self.steps.first().map(|step| step.action.as_str()).unwrap_or_default();
        let told = says(&self.movement, "pre-lodged") || says(&self.movement, "prelodged");
        told || says(first, "pre-lodged")
            || says(first, "prelodged")
            || self.steps.iter().any(|step| step.trader_sends.as_deref() == Some("IE170"))
    }

    /// Whether the declaration travels under a TIR carnet.
    pub(super) fn is_tir(&self) -> bool {
        says(&self.title, "TIR") || self.steps.iter().any(|step| says(&step.action, "TIR"))
    }

    /// The procedure at departure: what is accepted without an officer is simplified.
    pub(super) fn departure(&self) -> Procedure {
        let Some(first) = self.steps.first() else { return Procedure::Normal };
        let at_once = |message: &str| first.expect.iter().any(|one| one == message);
        if at_once("IE028") {
            return Procedure::Simplified;
        }
        if at_once("IE928") && !self.is_pre_lodged() {
            return Procedure::Normal;
        }
        let told = format!("{} {} {}", self.movement, self.section, first.action);
        if says(&told, "simplified") { Procedure::Simplified } else { Procedure::Normal }
    }

    /// Whether the number of the guarantee is to be one that does not exist.
    pub(super) fn has_wrong_guarantee(&self) -> bool {
        self.steps.iter().any(|step| step.expect.iter().any(|one| one == "IE055"))
    }

    /// The rules that the declaration is to break, such as `B1895`.
    pub(super) fn broken_rules(&self) -> Vec<&str> {
        let refused = self.steps.first().is_some_and(|step| step.expect.iter().any(|one| one == "IE056"));
        if refused { rule_ids(&self.title) } else { Vec::new() }
    }
}

impl Step {
    /// The procedure at destination: an unloading permission is for an authorised consignee.
    pub(super) fn arrival(&self) -> Procedure {
        let permitted = self.expect.iter().any(|one| one == "IE043");
        if permitted || !says(&self.action, "normal arrival") && says(&self.action, "simplified") {
            return Procedure::Simplified;
        }
        if says(&self.action, "either") { Procedure::Simplified } else { Procedure::Normal }
    }

    /// Whether customs is to refuse what the trader sends in this step.
    pub(super) fn is_refused(&self) -> bool {
        let refusals = ["IE056", "IE057", "IE906", "IE917"];
        self.expect.first().is_some_and(|first| refusals.contains(&first.as_str()))
    }

    /// Whether what is sent is itself wrong, and not only sent at the wrong time.
    pub(super) fn sends_what_is_invalid(&self) -> bool {
        self.is_refused() && (says(&self.action, "invalid ") || says(&self.action, "invalid\u{a0}"))
    }

    /// Whether the goods of the declaration travel without a container.
    pub(super) fn is_without_container(&self, scenario: &Scenario) -> bool {
        let told = ["non containerised", "non-containerised", "without container"];
        told.iter().any(|word| says(&self.action, word) || says(&scenario.movement, word))
    }

    /// Whether the unloading remarks are to differ from the declaration.
    pub(super) fn finds_discrepancies(&self) -> bool {
        let told = ["discrepancies)", "(m)", "(n)", "major discrepanc", "non-conform", "non conform"];
        told.iter().any(|word| says(&self.action, word)) && !says(&self.action, "(no discrepancies)")
    }
}

/// Whether `text` has `word`, in letters of either size.
pub(super) fn says(text: &str, word: &str) -> bool {
    text.to_lowercase().contains(&word.to_lowercase())
}

/// The words of `text` that are a letter and four digits.
fn rule_ids(text: &str) -> Vec<&str> {
    let words = text.split(|one: char| !one.is_ascii_alphanumeric());
    words
        .filter(|word| {
            let (letter, digits) = word.split_at_checked(1).unwrap_or(("", ""));
            ["B", "C", "E", "G", "R", "T"].contains(&letter)
                && digits.len() == 4
                && digits.bytes().all(|one| one.is_ascii_digit())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(text: &str) -> Scenario {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_is_accepted_at_once_is_simplified_and_the_rest_waits_for_an_officer() {
        let of = |expect: &str| {
            scenario(&format!(
                r#"{{"id":"X","phase":"P6","movement":"Simplified","steps":[
                   {{"trader_sends":"IE015","officer_action":false,"expect":[{expect}],"action":"send","n":"1","result":""}}]}}"#
            ))
        };
        assert_eq!(of(r#""IE928","IE028""#).departure(), Procedure::Simplified);
        assert_eq!(of(r#""IE928""#).departure(), Procedure::Normal);
        assert_eq!(of(r#""IE056""#).departure(), Procedure::Simplified);
    }

    #[test]
    fn the_rules_to_be_broken_stand_in_the_title() {
        let one = scenario(
            r#"{"id":"X","phase":"P5","scenario":"Violation of transition rules B1890 and B1891","steps":[
               {"trader_sends":"IE015","expect":["IE056"]}]}"#,
        );
        assert_eq!(one.broken_rules(), ["B1890", "B1891"]);
        let kept = scenario(
            r#"{"id":"X","phase":"P5","scenario":"Validation of transition rule B1964","steps":[
               {"trader_sends":"IE015","expect":["IE928"]}]}"#,
        );
        assert!(kept.broken_rules().is_empty());
    }
}
