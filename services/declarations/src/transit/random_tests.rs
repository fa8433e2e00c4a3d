//! Whatever is asked in whatever order, movement, arrival and records stay within their tables, and history repeats itself.

use customs_declarations_contract::CrossingKind;

use super::*;
use crate::{
    arrival::{ArrivalEvent, ArrivalState},
    transit::{
        FURTHER_MESSAGES, RecordEvent, RecordState, Stop, Withdrawals, asks_for,
        crossing::{Crossing, decide},
    },
};

/// A small generator, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())]
    }
}

/// One journey: the movement, its arrival and the records of its offices.
struct Journey {
    movement: Movement,
    arrival: ArrivalState,
    stops: Vec<Stop>,
}

const OFFICES: [&str; 5] = ["KZKRD001", "KGAKZ001", "KGOSH001", "UZDST001", "UZTAS001"];

impl Journey {
    fn new(number: u64) -> Self {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let facts = DeclarationFacts { lrn: format!("L{number}"), ..DeclarationFacts::default() };
        let id = Uuid::from_u128(u128::from(number) + 1);
        let stop = |position, office: &str, role| Stop {
            position,
            office: office.to_owned(),
            role,
            state: RecordState::Expected,
        };
        Self {
            movement: Movement::submitted(id, "KZ123".parse().unwrap(), &facts, at),
            arrival: ArrivalState::Submitted,
            stops: vec![
                stop(1, "KGAKZ001", "transit"),
                stop(3, "UZDST001", "transit"),
                stop(1_000, "UZTAS001", "destination"),
            ],
        }
    }

    /// Asks for something at random and holds the outcome against the table.
    fn step(&mut self, dice: &mut Dice) {
        match dice.roll(6) {
            4 | 5 => self.go_on(dice),
            0 => {
                let message = dice.of(&FURTHER_MESSAGES);
                let withdrawals = dice.of(&[Withdrawals::Granted, Withdrawals::ByOfficer]);
                let event = asks_for(self.movement.state, message, dice.roll(2) == 0, withdrawals);
                self.happen(event);
            }
            1 => self.cross(dice),
            2 => {
                let event = dice.of(ArrivalEvent::ALL);
                if let Some(next) = self.arrival.on(event) {
                    assert!(ArrivalState::EDGES.contains(&(self.arrival, event, next)));
                    self.arrival = next;
                }
            }
            _ => self.happen(dice.of(MovementEvent::ALL)),
        }
    }

    /// Something that the table has, so that journeys get far; an end only when nothing else is left.
    fn go_on(&mut self, dice: &mut Dice) {
        let state = self.movement.state;
        let rows = MovementState::EDGES.iter().filter(|(from, _, to)| *from == state && !to.is_final());
        let further: Vec<MovementEvent> = rows.map(|(_, event, _)| *event).collect();
        if !further.is_empty() {
            self.happen(dice.of(&further));
        }
    }

    fn happen(&mut self, event: MovementEvent) {
        let (state, events, hash) =
            (self.movement.state, self.movement.events, self.movement.last_hash.clone());
        let row = MovementState::EDGES.iter().find(|(from, on, _)| (*from, *on) == (state, event));
        let at = self.movement.submitted_at;
        match (row, self.movement.happen(event, Decision::system("dice"), at)) {
            (Some((_, _, to)), Ok(())) => assert_eq!(self.movement.state, *to),
            (None, Err(refused)) => {
                assert!(refused.detail.contains(state.as_str()), "{refused} does not name {state:?}");
                let untouched = (self.movement.state, self.movement.events, self.movement.last_hash.clone());
                assert_eq!(untouched, (state, events, hash), "a refused step changes nothing");
            }
            (row, outcome) => panic!("{state:?} {event:?}: the table says {row:?}, it was {outcome:?}"),
        }
    }

    fn cross(&mut self, dice: &mut Dice) {
        let kind = dice.of(&[CrossingKind::Exit, CrossingKind::Entry]);
        let office = dice.of(&OFFICES);
        match decide(&self.stops, "KZ", office, kind) {
            Crossing::Recorded { at, closes } => {
                self.record(at, RecordEvent::Cross);
                for index in closes {
                    self.record(index, RecordEvent::Close);
                }
            }
            Crossing::NewExit { position } => {
                let office = office.to_owned();
                self.stops.push(Stop { position, office, role: "exit", state: RecordState::Crossed });
                self.stops.sort_by_key(|stop| stop.position);
            }
            Crossing::Refused(why) => assert!(!why.is_empty()),
        }
        if dice.roll(3) == 0 {
            let index = dice.roll(self.stops.len());
            let event = dice.of(RecordEvent::ALL);
            if let Some(next) = self.stops[index].state.on(event) {
                self.stops[index].state = next;
            }
        }
    }

    /// A decided crossing always has its row in the table.
    fn record(&mut self, index: usize, event: RecordEvent) {
        let stop = &mut self.stops[index];
        stop.state = stop.state.on(event).unwrap_or_else(|| panic!("{stop:?} {event:?}"));
    }

    fn repeats_itself(&self) {
        let events = &self.movement.news.events;
        let (state, hash) = replay(self.movement.id, events).unwrap();
        let bytes = |state: MovementState, hash: &str| format!("{} {hash}", state.as_str()).into_bytes();
        assert_eq!(bytes(state, &hash), bytes(self.movement.state, &self.movement.last_hash));
        assert_eq!(events.len(), usize::try_from(self.movement.events).unwrap());
    }
}

#[test]
fn ten_thousand_random_journeys_stay_within_the_tables_and_can_be_replayed() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut reached = std::collections::HashSet::new();
    for number in 0..10_000 {
        let mut journey = Journey::new(number);
        for _ in 0..60 {
            journey.step(&mut dice);
            reached.insert(journey.movement.state);
        }
        journey.repeats_itself();
    }
    assert_eq!(reached.len(), MovementState::ALL.len(), "every state is visited: {reached:?}");
}

#[test]
fn a_history_that_was_changed_is_not_replayed() {
    let mut journey = Journey::new(1);
    for event in [MovementEvent::PreLodge, MovementEvent::Amend, MovementEvent::Present] {
        journey.happen(event);
    }
    let id = journey.movement.id;
    let events = journey.movement.news.events.clone();
    assert!(replay(id, &events).is_ok());
    let mut reasons = events.clone();
    reasons[1].decision.reasons = vec!["another reason".to_owned()];
    assert_eq!(replay(id, &reasons).unwrap_err(), 2, "a changed reason");
    let mut jump = events.clone();
    jump[2].state = MovementState::Released;
    assert_eq!(replay(id, &jump).unwrap_err(), 3, "a state that does not follow");
    let mut gap = events;
    gap.remove(1);
    assert_eq!(replay(id, &gap).unwrap_err(), 2, "a missing event");
}
