//! What must be true of the databases whenever nothing is under way: each effect exactly once, nothing left.

use std::{collections::BTreeMap, fmt::Display};

use customs_kernel::Mrn;
use customs_notifications_contract::event::{
    GUARANTEE_USE_CHANGED, MESSAGE_ISSUED, MOVEMENT_ARRIVED, MOVEMENT_CHANGED, MOVEMENT_DISCHARGED,
    MOVEMENT_RELEASED,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::picture::{Entry, Event, Picture};

/// The events of a movement that statistics and offices are told of: event, stage, type of the notification.
const STAGES: [(&str, &str, &str); 3] = [
    ("released", "released", MOVEMENT_RELEASED),
    ("arrived", "arrived", MOVEMENT_ARRIVED),
    ("written-off", "discharged", MOVEMENT_DISCHARGED),
];
/// Movements that hold a part of their guarantee.
const HOLDING: [&str; 5] = ["awaiting-release", "under-control", "released", "arrived", "under-discharge"];

/// Everything that is wrong.
#[derive(Default)]
pub(crate) struct Breaks(pub(crate) Vec<String>);

impl Breaks {
    fn unless(&mut self, true_: bool, what: impl FnOnce() -> String) {
        if !true_ {
            self.0.push(what());
        }
    }

    /// That both sides have the same things, each as often.
    fn same<T: Display + Ord>(&mut self, what: &str, expected: Vec<T>, found: Vec<T>) {
        let mut tally: BTreeMap<T, i64> = BTreeMap::new();
        for each in expected {
            *tally.entry(each).or_default() += 1;
        }
        for each in found {
            *tally.entry(each).or_default() -= 1;
        }
        for (each, number) in tally.into_iter().filter(|(_, number)| *number != 0) {
            let how = if number > 0 { "lost" } else { "too often" };
            self.0.push(format!("{what}: {each} is there {how} ({})", number.abs()));
        }
    }

    /// That `numbers` are 1, 2, 3 ... `last`.
    fn gapless(&mut self, what: &str, numbers: impl Iterator<Item = i64>, last: i64) {
        let numbers: Vec<i64> = numbers.collect();
        let wanted: Vec<i64> = (1..=last).collect();
        self.unless(numbers == wanted, || format!("{what}: numbers {numbers:?}, not 1 to {last}"));
    }
}

/// Everything that is wrong in `picture`.
pub(crate) fn audit(picture: &Picture) -> Breaks {
    let mut breaks = Breaks::default();
    movements(picture, &mut breaks);
    dossiers(picture, &mut breaks);
    guarantees(picture, &mut breaks);
    boxes(picture, &mut breaks);
    statistics(picture, &mut breaks);
    for (service, table, number) in &picture.left {
        breaks.0.push(format!("{number} rows are left in {table} of {service}"));
    }
    breaks
}

/// One movement a local reference number, one sound MRN a movement; history without gaps, chained.
fn movements(picture: &Picture, breaks: &mut Breaks) {
    let count = |wanted: &dyn Fn(&str, Option<&str>) -> bool| {
        picture.movements.iter().filter(|each| wanted(&each.lrn, each.mrn.as_deref())).count()
    };
    for movement in &picture.movements {
        let id = movement.id;
        breaks
            .unless(count(&|lrn, _| lrn == movement.lrn) == 1, || format!("{} is there twice", movement.lrn));
        let mrn = movement.mrn.as_deref().unwrap_or_default();
        breaks.unless(mrn.parse::<Mrn>().is_ok(), || format!("{id} has the MRN {mrn:?}"));
        breaks.unless(count(&|_, other| other == Some(mrn)) == 1, || format!("{mrn} is there twice"));
        let events: Vec<&Event> = picture.events.iter().filter(|event| event.movement == id).collect();
        breaks.gapless(
            &format!("events of {id}"),
            events.iter().map(|event| event.sequence),
            movement.events,
        );
        let mut last = String::new();
        for event in &events {
            last = chained(&last, event);
            breaks
                .unless(last == event.hash, || format!("event {} of {id} breaks the chain", event.sequence));
        }
        breaks.unless(last == movement.last_hash, || format!("the chain of {id} has another end"));
        let state = events.last().map(|event| event.state.as_str());
        breaks
            .unless(state == Some(&movement.state), || format!("{id} is {}, not {state:?}", movement.state));
        let waits = ["guarantee-under-amendment", "awaiting-release"].contains(&movement.state.as_str());
        let own = picture.sagas.iter().filter(|(aggregate, ..)| *aggregate == id.to_string());
        for (_, name, status) in own {
            let over = status == "done" || status == "undone" || (waits && status == "waiting");
            breaks.unless(over, || format!("the saga {name} of {id} is {status}"));
        }
    }
}

fn chained(before: &str, event: &Event) -> String {
    let mut hash = Sha256::new();
    for part in [
        before,
        &event.movement.to_string(),
        &event.sequence.to_string(),
        &event.happened,
        &event.state,
        &event.by,
        event.subject.as_deref().unwrap_or_default(),
        event.office.as_deref().unwrap_or_default(),
        &event.reasons.join("\n"),
        &event.ruleset,
        &event.at.timestamp_micros().to_string(),
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}

/// The messages of every movement and arrival are numbered without gaps.
fn dossiers(picture: &Picture, breaks: &mut Breaks) {
    let movements = picture.movements.iter().map(|movement| (movement.id, movement.messages));
    let arrivals = picture.arrivals.iter().map(|(id, _, messages)| (*id, *messages));
    for (id, messages) in movements.chain(arrivals) {
        let own = picture.letters.iter().filter(|letter| letter.dossier == id);
        breaks.gapless(&format!("messages of {id}"), own.map(|letter| letter.sequence), messages);
    }
    let twice = |(_, movement, _): &&(Uuid, Uuid, i64)| {
        picture.arrivals.iter().filter(|(_, other, _)| other == movement).count() > 1
    };
    for (_, movement, _) in picture.arrivals.iter().filter(twice) {
        breaks.0.push(format!("{movement} has arrived twice"));
    }
}

/// A movement holds at most once: placed while it needs cover, freed after; each posted once.
fn guarantees(picture: &Picture, breaks: &mut Breaks) {
    let mut wanted = Vec::new();
    for hold in &picture.holds {
        let movement = picture.movements.iter().find(|each| each.mrn.as_ref() == Some(&hold.mrn));
        let state = movement.map_or("unknown", |movement| movement.state.as_str());
        let right = if HOLDING.contains(&state) { "placed" } else { "freed" };
        breaks.unless(hold.state == right, || format!("{} is {state}, its hold is {}", hold.mrn, hold.state));
        wanted.push(format!("hold of {} for {}", hold.minor, hold.mrn));
        wanted.extend((hold.state == "freed").then(|| format!("free of {} for {}", hold.minor, hold.mrn)));
    }
    let posted = picture.postings.iter().map(|(mrn, reason, minor)| format!("{reason} of {minor} for {mrn}"));
    breaks.same("postings", wanted, posted.collect());
    for movement in &picture.movements {
        let mrn = movement.mrn.as_deref().unwrap_or_default();
        let holds = picture.holds.iter().filter(|hold| hold.mrn == mrn).count();
        let once = usize::from(HOLDING.contains(&movement.state.as_str()) || movement.state == "written-off");
        breaks.unless((once..=1).contains(&holds), || format!("{mrn} is held {holds} times"));
    }
}

/// Every box has exactly what happened, in order, numbered without gaps.
fn boxes(picture: &Picture, breaks: &mut Breaks) {
    for (owner, last) in &picture.boxes {
        let own = picture.entries.iter().filter(|entry| entry.owner == *owner);
        breaks.gapless(&format!("the box of {owner}"), own.map(|entry| entry.number), *last);
    }
    let of = |kind: &str, told: &dyn Fn(&Entry) -> String| -> Vec<String> {
        picture.entries.iter().filter(|entry| entry.kind == kind).map(told).collect()
    };
    let issued = picture.letters.iter().filter(|letter| letter.issued);
    let issued = issued.map(|letter| format!("{} to {}", letter.id, letter.party)).collect();
    let told =
        of(MESSAGE_ISSUED, &|entry| format!("{} to {}", entry.message.unwrap_or_default(), entry.owner));
    breaks.same("messages told", issued, told);

    let change = |movement: Uuid, sequence: i64, owner: &str| format!("{movement} {sequence:03} to {owner}");
    let mut changes = Vec::new();
    for event in &picture.events {
        let own = picture.parties.iter().filter(|(movement, _)| *movement == event.movement);
        changes.extend(own.map(|(_, party)| change(event.movement, event.sequence, party)));
    }
    let told = of(MOVEMENT_CHANGED, &|entry| {
        change(entry.movement.unwrap_or_default(), entry.sequence.unwrap_or_default(), &entry.owner)
    });
    in_order(picture, breaks);
    breaks.same("changes told", changes, told);

    let mut uses = Vec::new();
    for hold in &picture.holds {
        for owner in [&hold.owner, &hold.guarantor] {
            uses.push(format!("{} placed to {owner}", hold.mrn));
            uses.extend((hold.state == "freed").then(|| format!("{} freed to {owner}", hold.mrn)));
        }
    }
    let told = of(GUARANTEE_USE_CHANGED, &|entry| {
        let (mrn, state) = (entry.mrn.as_deref().unwrap_or_default(), entry.state.as_deref());
        format!("{mrn} {} to {}", state.unwrap_or_default(), entry.owner)
    });
    breaks.same("uses told", uses, told);
    for (event, _, kind) in STAGES {
        let told = of(kind, &|entry| format!("{} to {}", entry.movement.unwrap_or_default(), entry.owner));
        let offices = reached(picture, event).flat_map(|movement| {
            let offices = picture.movements.iter().filter(move |each| each.id == movement);
            offices.flat_map(move |each| {
                each.offices.clone().map(|office| format!("{movement} to office:{office}"))
            })
        });
        breaks.same(kind, offices.collect(), told);
    }
}

/// In a box the changes of a movement stand in their order.
fn in_order(picture: &Picture, breaks: &mut Breaks) {
    let mut last: BTreeMap<(&str, Uuid), i64> = BTreeMap::new();
    for entry in picture.entries.iter().filter(|entry| entry.kind == MOVEMENT_CHANGED) {
        let (movement, sequence) = (entry.movement.unwrap_or_default(), entry.sequence.unwrap_or_default());
        let before = last.insert((&entry.owner, movement), sequence).unwrap_or_default();
        breaks.unless(before < sequence, || {
            format!("{} is told change {sequence} of {movement} after {before}", entry.owner)
        });
    }
}

/// The movements to which `event` has happened, each as often.
fn reached<'a>(picture: &'a Picture, event: &'static str) -> impl Iterator<Item = Uuid> + 'a {
    picture.events.iter().filter(move |each| each.happened == event).map(|each| each.movement)
}

/// The journal has every stage of every movement once, and the counters say what the journal says.
fn statistics(picture: &Picture, breaks: &mut Breaks) {
    for ((event, stage, _), counted) in STAGES.into_iter().zip(picture.counted) {
        let journal = picture.journal.iter().filter(|(each, _)| each == stage).map(|(_, movement)| *movement);
        let journal: Vec<Uuid> = journal.collect();
        let told = i64::try_from(journal.len()).unwrap_or(i64::MAX);
        breaks.unless(counted == told, || format!("{counted} {stage} are counted, {told} in the journal"));
        breaks.same(stage, reached(picture, event).collect(), journal);
    }
}
