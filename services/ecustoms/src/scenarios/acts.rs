//! What officers do when they are asked to: the acts of the offices of departure and destination over the public API.

use serde_json::{Value, json};

use crate::demo::{answer::Answer, client::Visitor};

/// Something that an officer does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Act {
    /// Accepts a declaration of the normal procedure.
    Accept,
    /// Orders a control of the goods.
    Control,
    /// Releases the goods: for transit before the journey, from transit after it.
    Release,
    /// Refuses the release, after a control because of it.
    End,
    /// Invalidates the declaration of the office's own accord.
    Cancel,
    /// Grants the holder's request for invalidation.
    Grant,
    /// Records that the goods have passed the next office on the way.
    Pass,
    /// Records an arrival that nobody has notified.
    Arrive,
    /// Finds major discrepancies at destination.
    Contest,
    /// Takes the discrepancies for resolved.
    Resolve,
    /// Takes the discrepancies for confirmed: the duties are recovered.
    Confirm,
}

/// A movement as an officer sees it.
pub(crate) struct Seen {
    /// Its identity.
    pub(crate) id: String,
    /// Its MRN; empty before it is allocated.
    pub(crate) mrn: String,
    /// Its state.
    pub(crate) state: String,
    /// Office of departure.
    pub(crate) departure: String,
    /// Office of destination.
    pub(crate) destination: String,
    /// The next office on the way that has not seen the goods, and what it is for the movement.
    pub(crate) next: Option<(String, String)>,
    tag: String,
}

impl Seen {
    /// The movement `id` as `officer` sees it now.
    pub(crate) async fn by(officer: &Visitor, id: &str) -> anyhow::Result<Self> {
        let answer = officer.get(&format!("/transits/{id}")).await?;
        let movement: Value = answer.read()?;
        let text = |name: &str| movement[name].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            id: id.to_owned(),
            mrn: text("mrn"),
            state: text("state"),
            departure: text("departureOffice"),
            destination: text("destinationOffice"),
            next: next(&movement),
            tag: answer.etag.clone().unwrap_or_default(),
        })
    }
}

/// The first office of exit or transit that still expects the goods.
fn next(movement: &Value) -> Option<(String, String)> {
    let mut offices = movement["offices"].as_array().into_iter().flatten();
    let ahead = offices.find(|one| one["state"] == "expected" && one["role"] != "destination")?;
    let text = |name: &str| ahead[name].as_str().map(str::to_owned);
    Some((text("office")?, text("role")?))
}

impl Act {
    /// The act for a letter of a script.
    pub(crate) const fn of_letter(letter: char) -> Option<Self> {
        Some(match letter {
            'A' => Self::Accept,
            'C' => Self::Control,
            'R' => Self::Release,
            'E' => Self::End,
            'X' => Self::Cancel,
            'G' => Self::Grant,
            'P' => Self::Pass,
            'V' => Self::Arrive,
            'M' => Self::Contest,
            'S' => Self::Resolve,
            'K' => Self::Confirm,
            _ => return None,
        })
    }

    /// The word for it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Control => "control",
            Self::Release => "release",
            Self::End => "end",
            Self::Cancel => "cancel",
            Self::Grant => "grant the withdrawal",
            Self::Pass => "record the crossing",
            Self::Arrive => "record the arrival",
            Self::Contest => "find major discrepancies",
            Self::Resolve => "resolve",
            Self::Confirm => "confirm",
        }
    }

    /// The acts that a request in words asks for, in its order.
    pub(crate) fn requested(words: &str) -> Vec<Self> {
        let words = words.to_lowercase();
        let request = words.split_once("email").map_or(words.as_str(), |(_, request)| request);
        let ends = ["note:", " - control must", "within 45"];
        let request = ends.iter().fold(request, |text, end| text.split(end).next().unwrap_or(text));
        let mut found: Vec<(usize, Self)> = Vec::new();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for (phrase, act) in PHRASES {
            for (at, _) in request.match_indices(phrase) {
                let end = at + phrase.len();
                if taken.iter().all(|(from, to)| end <= *from || at >= *to) {
                    taken.push((at, end));
                    found.extend(act.map(|act| (at, act)));
                }
            }
        }
        found.sort_by_key(|(at, _)| *at);
        found.dedup_by_key(|(_, act)| *act);
        found.into_iter().map(|(_, act)| act).collect()
    }

    /// The act that brings about `message`.
    pub(crate) fn towards(message: &str) -> Option<Self> {
        let acts = [
            ("IE028", Self::Accept),
            ("IE060", Self::Control),
            ("IE029", Self::Release),
            ("IE025", Self::Release),
            ("IE045", Self::Release),
            ("IE051", Self::End),
            ("IE009", Self::Cancel),
            ("IE019", Self::Contest),
            ("IE035", Self::Confirm),
        ];
        acts.iter().find(|(brought, _)| *brought == message).map(|(_, act)| *act)
    }

    /// Does it as `officer`, on the movement as it was seen.
    ///
    /// The second value tells that the act is not over: a control has a result before anything else follows.
    pub(crate) async fn perform(self, officer: &Visitor, seen: &Seen) -> anyhow::Result<(Answer, bool)> {
        let here = |path: &str| format!("/transits/{}/{path}", seen.id);
        let there = |path: &str| format!("/offices/{}/{path}", seen.destination);
        let controlled = seen.state == "under-control";
        let result = |result: &str| json!({"result": result, "remarks": "as the sandbox was asked to find"});
        let (path, body, goes_on) = match self {
            Self::Accept => (here("acceptance"), json!({}), false),
            Self::Control => {
                (here("control"), json!({"controlType": "40", "reason": "asked for in the sandbox"}), false)
            }
            Self::Release if controlled => (here("control-result"), result("satisfactory"), true),
            Self::End if controlled => (here("control-result"), result("unsatisfactory"), false),
            Self::Release if seen.state == "arrived" => {
                let body = json!({"mrn": seen.mrn, "code": "A2", "remarks": "released in the sandbox"});
                return Ok((officer.post(&there("control-results"), &body).await?, false));
            }
            Self::Release => (here("release"), json!({}), false),
            Self::End => (here("refusal"), json!({"reason": "ended in the sandbox"}), false),
            Self::Cancel => (here("invalidation"), json!({"reason": "cancelled in the sandbox"}), false),
            Self::Grant => (here("withdrawal-answer"), json!({"granted": true}), false),
            Self::Pass => {
                let (office, role) = seen.next.clone().unwrap_or_default();
                let kind = if role == "exit" { "exit" } else { "entry" };
                let body = json!({"mrn": seen.mrn, "kind": kind, "sealsIntact": true});
                return Ok((officer.post(&format!("/offices/{office}/crossings"), &body).await?, false));
            }
            Self::Arrive => {
                return Ok((officer.post(&there("arrivals"), &json!({"mrn": seen.mrn})).await?, false));
            }
            Self::Contest => {
                let body = json!({"mrn": seen.mrn, "code": "B1", "remarks": "major discrepancies"});
                return Ok((officer.post(&there("control-results"), &body).await?, false));
            }
            Self::Resolve => (here("discrepancies"), json!({"remarks": "resolved in the sandbox"}), false),
            Self::Confirm => (here("recovery"), json!({"text": "major discrepancies confirmed"}), false),
        };
        Ok((officer.post_to(&path, &seen.tag, &body).await?, goes_on))
    }

    /// The office where it is done.
    pub(crate) fn office(self, seen: &Seen) -> &str {
        match self {
            Self::Arrive | Self::Contest => &seen.destination,
            Self::Release if seen.state == "arrived" => &seen.destination,
            Self::Pass => seen.next.as_ref().map_or("", |(office, _)| office.as_str()),
            Self::Release
            | Self::Accept
            | Self::Control
            | Self::End
            | Self::Cancel
            | Self::Grant
            | Self::Resolve
            | Self::Confirm => &seen.departure,
        }
    }
}

/// Phrases of requests and the acts they ask for, longer ones first; a phrase without an act is no request.
const PHRASES: &[(&str, Option<Act>)] = &[
    ("accept the cancellation", Some(Act::Grant)),
    ("cancellation request", Some(Act::Grant)),
    ("accept the arrival notification", None),
    ("automatic release", None),
    ("major discrepanc", Some(Act::Contest)),
    ("to be arrived", Some(Act::Arrive)),
    ("arrive the movement", Some(Act::Arrive)),
    ("accept", Some(Act::Accept)),
    ("control", Some(Act::Control)),
    ("release", Some(Act::Release)),
    ("reject", Some(Act::End)),
    ("to end", Some(Act::End)),
    ("and end", Some(Act::End)),
    ("cancel", Some(Act::Cancel)),
    ("resolve", Some(Act::Resolve)),
    ("confirm", Some(Act::Confirm)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_in_words_is_read_in_its_order() {
        for (words, acts) in [
            ("Send an email to accept and release the declaration", vec![Act::Accept, Act::Release]),
            (
                "Send an email to accept, control and end the declaration",
                vec![Act::Accept, Act::Control, Act::End],
            ),
            (
                "Submit a cancellation IE014 AND Send an email to accept the cancellation request",
                vec![Act::Grant],
            ),
            (
                "Immediately after IE015 send an email to control and to end the declaration - control must happen \
                 before the automatic release timer ends.",
                vec![Act::Control, Act::End],
            ),
            (
                "Use the 'GB-XI (Major Discrepancies)' column. Send an email to request major discrepancies and to \
                 resolve it",
                vec![Act::Contest, Act::Resolve],
            ),
            (
                "Send an email to MB to accept the arrival notification and release the declaration.",
                vec![Act::Release],
            ),
            ("Send an Email request to ask for the movement to be arrived", vec![Act::Arrive]),
            ("Send an email to cancel the declaration.", vec![Act::Cancel]),
        ] {
            assert_eq!(Act::requested(words), acts, "{words}");
        }
    }
}
