//! Sagas written as data: a name, a version and a list of steps, checked while compiling.

use serde::Serialize;

/// How long an answer may take unless a step says otherwise, in seconds.
pub const PATIENCE_S: u32 = 120;

/// A saga over the facts `S` that it keeps while it runs.
#[derive(Debug)]
pub struct Saga<S: 'static> {
    /// Name on the wire and in the saga's row.
    pub name: &'static str,
    /// Raised whenever the list of steps changes.
    pub version: u32,
    /// The steps, in order.
    pub steps: &'static [Step<S>],
}

/// One step: what is done, which answers it accepts, and what undoes it.
#[derive(Debug)]
pub struct Step<S: 'static> {
    /// Name in the saga's row; unique in the saga.
    pub name: &'static str,
    /// What is done.
    pub action: Action<S>,
    /// What undoes it, or why nothing must.
    pub undo: Undo<S>,
}

/// What a step does.
#[derive(Debug)]
pub enum Action<S: 'static> {
    /// Sends a command to another service and waits for one of the answers.
    Ask {
        /// Makes the command from the facts.
        command: fn(&S) -> Command,
        /// The answers that count, and where each leads.
        answers: &'static [Answer],
        /// After how many seconds without an answer the command is sent again; it may arrive twice.
        patience_s: u32,
    },
    /// Is decided by the orchestrating service itself, in the transaction that reached the step.
    Decide,
}

/// An answer that a step accepts.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// Name of the message, such as `guarantees.held`.
    pub name: &'static str,
    /// Where it leads.
    pub then: Then,
}

/// Where a saga goes from a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Then {
    /// To the next step, or to the end.
    Next,
    /// Nowhere, until the orchestrator resumes this step or unwinds the saga.
    Wait,
    /// Back: everything done so far is undone, last first.
    Unwind,
}

/// How a step is undone.
#[derive(Debug)]
pub enum Undo<S: 'static> {
    /// Send this command; it may not fail and is repeated until it is done.
    Ask(fn(&S) -> Command),
    /// Nothing to undo, and why.
    Nothing(&'static str),
    /// The point of no return: from this step on the saga only goes forward.
    NeverAgain,
}

/// A command addressed to a service.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Command {
    /// Name on the bus, such as `guarantees.hold`.
    pub name: &'static str,
    /// Its input, as JSON.
    pub body: serde_json::Value,
}

impl Command {
    /// The command `name` with `input`; an input that has no JSON form is sent as null and refused there.
    pub fn new(name: &'static str, input: &impl Serialize) -> Self {
        Self { name, body: serde_json::to_value(input).unwrap_or_default() }
    }
}

impl<S> Step<S> {
    /// A step that asks another service.
    pub const fn ask(
        name: &'static str,
        command: fn(&S) -> Command,
        answers: &'static [Answer],
        undo: Undo<S>,
    ) -> Self {
        Self { name, action: Action::Ask { command, answers, patience_s: PATIENCE_S }, undo }
    }

    /// A step that the orchestrator decides itself.
    pub const fn decide(name: &'static str, undo: Undo<S>) -> Self {
        Self { name, action: Action::Decide, undo }
    }
}

impl Answer {
    /// The answer `name`, leading to `then`.
    pub const fn new(name: &'static str, then: Then) -> Self {
        Self { name, then }
    }
}

impl<S> Saga<S> {
    /// Refuses, while compiling, a list that breaks a rule of sagas.
    pub const fn check(&self) {
        assert!(!self.steps.is_empty(), "a saga has at least one step");
        let mut turned = false;
        let mut i = 0;
        while i < self.steps.len() {
            let mut j = 0;
            while j < i {
                assert!(!same(self.steps[i].name, self.steps[j].name), "two steps share a name");
                j += 1;
            }
            if let Action::Ask { answers, .. } = &self.steps[i].action {
                assert!(!answers.is_empty(), "a question needs an answer");
            }
            match self.steps[i].undo {
                Undo::Ask(_) => assert!(!turned, "a step after the point of no return cannot be undone"),
                Undo::Nothing(why) => assert!(!why.is_empty(), "say why nothing must be undone"),
                Undo::NeverAgain => {
                    assert!(!turned, "a saga has one point of no return");
                    turned = true;
                }
            }
            i += 1;
        }
    }

    /// The position of the step `name`.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.name == name)
    }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// The commands that undo the steps before `reached`, last first; none after the point of no return.
#[must_use]
pub fn undoing<S>(saga: &Saga<S>, facts: &S, reached: usize) -> Vec<Command> {
    let done = saga.steps.get(..reached).unwrap_or(saga.steps);
    if done.iter().any(|step| matches!(step.undo, Undo::NeverAgain)) {
        return Vec::new();
    }
    done.iter()
        .rev()
        .filter_map(|step| match &step.undo {
            Undo::Ask(undo) => Some(undo(facts)),
            Undo::Nothing(_) | Undo::NeverAgain => None,
        })
        .collect()
}

/// What a saga would do if step number `refused` said no (or no step did): its transcript, for golden files.
#[must_use]
pub fn rehearse<S>(saga: &Saga<S>, facts: &S, refused: Option<usize>) -> String {
    let mut lines = Vec::new();
    for (number, step) in saga.steps.iter().enumerate() {
        let mut line = match &step.action {
            Action::Ask { command, .. } => format!("{}: ask {}", step.name, command(facts).name),
            Action::Decide => format!("{}: decide", step.name),
        };
        if refused == Some(number) {
            line.push_str(" (refused)");
            lines.push(line);
            lines.extend(undoing(saga, facts, number).iter().map(|undo| format!("  undo {}", undo.name)));
            return lines.join("\n");
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    static TRIP: Saga<()> = Saga {
        name: "trip",
        version: 1,
        steps: &[
            Step::ask(
                "book",
                |()| Command::new("hotel.book", &()),
                &[Answer::new("hotel.booked", Then::Next), Answer::new("hotel.full", Then::Unwind)],
                Undo::Ask(|()| Command::new("hotel.cancel", &())),
            ),
            Step::decide("pack", Undo::Nothing("a bag may stay packed")),
            Step::decide("leave", Undo::NeverAgain),
            Step::decide("wave", Undo::Nothing("we are gone")),
        ],
    };
    #[test]
    fn a_refusal_undoes_what_was_done_last_first() {
        TRIP.check();
        assert_eq!(
            rehearse(&TRIP, &(), Some(1)),
            "book: ask hotel.book\npack: decide (refused)\n  undo hotel.cancel"
        );
    }

    #[test]
    fn nothing_is_undone_after_the_point_of_no_return() {
        assert_eq!(undoing(&TRIP, &(), 3), []);
    }
}
