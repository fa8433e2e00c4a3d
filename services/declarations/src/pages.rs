//! The tables of states as a page of the documents: what may happen where, and what is answered by error 92.

use std::fmt::Write as _;

use crate::{
    arrival::{ArrivalEvent, ArrivalState},
    deadline::DEADLINES,
    transit::{FURTHER_MESSAGES, MovementState, RecordState, Withdrawals, asks_for},
};

const HEAD: &str = "# States of the transit procedure

This page is printed by `ecustoms schema states` from the tables that the program runs by; a test holds it against them.
What the words mean stands in [transit](transit.md). What has no row in a table is not possible: an officer's decision is
refused as `out-of-sequence` with the name of the state, a participant's message is answered by IE056 or IE057 with error 92.
";

/// The page.
#[must_use]
pub fn states_page() -> String {
    let mut page = HEAD.to_owned();
    let mut section = |title: &str, diagram: &str, rows: Vec<[&str; 3]>| {
        let _ = writeln!(
            page,
            "\n## {title}\n\n```mermaid\n{}\n```\n\n| from | event | to |\n|---|---|---|",
            underscored(diagram)
        );
        for [from, event, to] in rows {
            let _ = writeln!(page, "| `{from}` | `{event}` | `{to}` |");
        }
    };
    section(
        "Office of departure",
        &MovementState::diagram(),
        MovementState::EDGES
            .iter()
            .map(|(from, event, to)| [from.as_str(), event.as_str(), to.as_str()])
            .collect(),
    );
    section(
        "Offices of exit and of transit, and the record of destination",
        &RecordState::diagram(),
        RecordState::EDGES
            .iter()
            .map(|(from, event, to)| [from.as_str(), event.as_str(), to.as_str()])
            .collect(),
    );
    section(
        "Office of destination",
        &ArrivalState::diagram(),
        ArrivalState::EDGES
            .iter()
            .map(|(from, event, to)| [from.as_str(), event.as_str(), to.as_str()])
            .collect(),
    );
    messages(&mut page);
    remarks(&mut page);
    page.push_str("\n## Deadlines\n\nNames of the timers, in the order of the procedure: ");
    page.push_str(&DEADLINES.map(|name| format!("`{name}`")).join(", "));
    page.push_str(".\n");
    page
}

/// Mermaid reads no hyphens in the names of states.
fn underscored(diagram: &str) -> String {
    diagram
        .lines()
        .map(|line| match line.split_once(": ") {
            Some((edge, event)) => {
                let edge = edge.replace(" --> ", " \u{0} ").replace('-', "_").replace('\u{0}', "-->");
                format!("{edge}: {event}")
            }
            None => line.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// What each message about a departure does in each state.
fn messages(page: &mut String) {
    let heads = ["IE013", "IE014", "IE054 yes", "IE054 no", "IE141", "IE170"];
    page.push_str("\n## Messages about a departure, state by state\n\n");
    page.push_str("Each cell is the state after the message, or 92. For IE014 the first is where the system decides, the second where\nan officer does (`declarations.officers_decide_in`).\n\n");
    let _ = writeln!(page, "| state | {} |\n|---|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for state in MovementState::ALL {
        let to = |message: &str, agreed: bool, withdrawals: Withdrawals| {
            let event = asks_for(*state, message, agreed, withdrawals);
            state.on(event).map_or("92".to_owned(), |to| format!("`{}`", to.as_str()))
        };
        let mut cells = Vec::new();
        for message in FURTHER_MESSAGES {
            let granted = to(message, true, Withdrawals::Granted);
            cells.push(match message {
                "CC014C" => {
                    let by_officer = to(message, true, Withdrawals::ByOfficer);
                    if granted == by_officer { granted } else { format!("{granted} / {by_officer}") }
                }
                _ => granted,
            });
            if message == "CC054C" {
                cells.push(to(message, false, Withdrawals::Granted));
            }
        }
        let _ = writeln!(page, "| `{}` | {} |", state.as_str(), cells.join(" | "));
    }
}

/// What unloading remarks do in each state of an arrival.
fn remarks(page: &mut String) {
    page.push_str("\n## Unloading remarks (IE044), state by state\n\n| state | complete | not complete |\n|---|---|---|\n");
    for state in ArrivalState::ALL {
        let to = |event| state.on(event).map_or("92".to_owned(), |to| format!("`{}`", to.as_str()));
        let (complete, partial) = (to(ArrivalEvent::Remark), to(ArrivalEvent::ContinueUnloading));
        let _ = writeln!(page, "| `{}` | {complete} | {partial} |", state.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_states_is_the_committed_one() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/states.md");
        let page = states_page();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &page).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == page, "docs/states.md is stale: run `cargo xtask generate`");
    }

    #[test]
    fn every_state_of_a_movement_answers_every_message() {
        let page = states_page();
        for state in MovementState::ALL {
            let row = page.lines().find(|line| {
                line.starts_with(&format!("| `{}` |", state.as_str())) && line.matches(" | ").count() == 6
            });
            assert!(row.is_some(), "{state:?}");
        }
    }
}
