//! Random orders against a model of what must come of them.

use std::collections::BTreeMap;

use customs_guarantees_contract::{AmendGuarantee, CallHold, GrantGuaranteeLevel, ReduceHold, bus};
use customs_kernel::{Currency, Grn, Money};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use crate::world::{World, euro, everywhere, mrn, officer, order};

const GUARANTEES: usize = 2;
const MOVEMENTS: u32 = 4;
const LIMIT: i64 = 1_000;

#[derive(Clone, Debug)]
enum Step {
    /// A further attempt of a movement over these amounts of each guarantee; zero is not named.
    Hold(u32, [i64; GUARANTEES]),
    /// The latest attempt again.
    Repeat(u32),
    Free(u32),
    Reduce(u32, usize, i64),
    Call(u32, usize, i64),
    Amend(usize, i64),
    /// Another share of the reference amount, in per cent, is insured from today on.
    Level(usize, i32),
}

fn step() -> impl Strategy<Value = Step> {
    let movement = 1..=MOVEMENTS;
    let guarantee = 0..GUARANTEES;
    prop_oneof![
        4 => (movement.clone(), [0_i64..700, 0_i64..700]).prop_map(|(movement, parts)| Step::Hold(movement, parts)),
        1 => movement.clone().prop_map(Step::Repeat),
        3 => movement.clone().prop_map(Step::Free),
        1 => (movement.clone(), guarantee.clone(), 0_i64..700).prop_map(|(m, g, minor)| Step::Reduce(m, g, minor)),
        1 => (movement, guarantee.clone(), 0_i64..400).prop_map(|(m, g, minor)| Step::Call(m, g, minor)),
        1 => (guarantee.clone(), 1_i64..2_000).prop_map(|(g, minor)| Step::Amend(g, minor)),
        1 => (guarantee, prop_oneof![Just(100), Just(50), Just(30)]).prop_map(|(g, level)| Step::Level(g, level)),
    ]
}

/// What must be: limits, what is called, and what each movement holds of each guarantee.
#[derive(Debug, Default)]
struct Model {
    insured: [i64; GUARANTEES],
    level: [i64; GUARANTEES],
    called: [i64; GUARANTEES],
    holds: BTreeMap<(u32, usize), i64>,
    last: BTreeMap<u32, (bus::Hold, bool)>,
    attempts: u32,
    /// Numbers the movements of one round apart from those of another.
    first: u32,
}

impl Model {
    fn held(&self, guarantee: usize) -> i64 {
        self.holds.iter().filter(|((_, own), _)| *own == guarantee).map(|(_, minor)| minor).sum()
    }

    fn limit(&self, guarantee: usize) -> i64 {
        self.insured[guarantee] * 100 / self.level[guarantee]
    }

    fn in_use(&self, guarantee: usize) -> i64 {
        self.held(guarantee) + self.called[guarantee]
    }

    fn available(&self, guarantee: usize) -> i64 {
        self.limit(guarantee) - self.called[guarantee] - self.held(guarantee)
    }

    fn hold(&mut self, movement: u32, parts: [i64; GUARANTEES]) -> bool {
        let own =
            |model: &Self, guarantee| model.holds.get(&(movement, guarantee)).copied().unwrap_or_default();
        let fits = (0..GUARANTEES).all(|guarantee| {
            parts[guarantee] == 0 || parts[guarantee] <= self.available(guarantee) + own(self, guarantee)
        });
        if fits {
            for (guarantee, minor) in parts.into_iter().enumerate() {
                self.holds.remove(&(movement, guarantee));
                if minor > 0 {
                    self.holds.insert((movement, guarantee), minor);
                }
            }
        }
        fits
    }
}

async fn take(world: &World, model: &mut Model, grns: &[(Grn, String)], step: Step) {
    world.tick();
    match step {
        Step::Hold(movement, parts) => {
            model.attempts += 1;
            let named: Vec<_> = parts
                .iter()
                .zip(grns)
                .filter(|(minor, _)| **minor > 0)
                .map(|(minor, (grn, code))| (grn, code.as_str(), *minor))
                .collect();
            let ask = bus::Hold { attempt: model.attempts, ..order(model.first + movement, &named) };
            let held = world.hold(&ask).await.unwrap().is_ok();
            assert_eq!(held, model.hold(movement, parts), "{ask:?}");
            model.last.insert(movement, (ask, held));
        }
        Step::Repeat(movement) => {
            if let Some((ask, held)) = model.last.get(&movement) {
                assert_eq!(world.hold(ask).await.unwrap().is_ok(), *held);
            }
        }
        Step::Free(movement) => {
            world.free(&mrn(model.first + movement), "cancelled").await;
            model.holds.retain(|(own, _), _| *own != movement);
            if let Some((_, held)) = model.last.get_mut(&movement) {
                *held = false;
            }
        }
        Step::Reduce(movement, guarantee, minor) => {
            let (reference, mrn) = (grns[guarantee].0.to_string(), mrn(model.first + movement));
            let amount = euro(&Money::new(minor, Currency::EUR).decimal());
            let done = world.ask(&officer(), ReduceHold { reference, mrn, amount }).await.is_ok();
            let held = model.holds.get_mut(&(movement, guarantee)).filter(|held| minor < **held);
            assert_eq!(done, held.is_some());
            if let Some(held) = held {
                *held = minor;
            }
        }
        Step::Call(movement, guarantee, minor) => {
            let (reference, mrn) = (grns[guarantee].0.to_string(), mrn(model.first + movement));
            let amount = euro(&Money::new(minor, Currency::EUR).decimal());
            let done = world.ask(&officer(), CallHold { reference, mrn, amount }).await.is_ok();
            let insured = model.insured[guarantee] - model.called[guarantee];
            let held = model.holds.get(&(movement, guarantee));
            let fits = held.is_some_and(|held| minor <= *held && minor <= insured);
            assert_eq!(done, fits);
            if fits {
                model.holds.remove(&(movement, guarantee));
                model.called[guarantee] += minor;
            }
        }
        Step::Amend(guarantee, minor) => {
            let insured_amount = euro(&Money::new(minor, Currency::EUR).decimal());
            let reference = grns[guarantee].0.to_string();
            let done = world
                .ask(&officer(), AmendGuarantee { reference, version: None, insured_amount })
                .await
                .is_ok();
            let before = std::mem::replace(&mut model.insured[guarantee], minor);
            let fits = model.limit(guarantee) >= model.in_use(guarantee) && minor >= model.called[guarantee];
            assert_eq!(done, fits);
            if !fits {
                model.insured[guarantee] = before;
            }
        }
        Step::Level(guarantee, level) => relevel(world, model, &grns[guarantee].0, (guarantee, level)).await,
    }
}

async fn relevel(world: &World, model: &mut Model, grn: &Grn, (guarantee, level): (usize, i32)) {
    let done = world.ask(&officer(), granted(grn, level)).await.is_ok();
    let before = std::mem::replace(&mut model.level[guarantee], i64::from(level));
    let fits = model.limit(guarantee) >= model.in_use(guarantee);
    assert_eq!(done, fits);
    if !fits {
        model.level[guarantee] = before;
    }
}

fn granted(grn: &Grn, level_percent: i32) -> GrantGuaranteeLevel {
    GrantGuaranteeLevel {
        reference: grn.to_string(),
        version: None,
        level_percent,
        authorisation: "KZCGU1".to_owned(),
        effective_on: "2026-06-01".parse().unwrap(),
        reason: "sound accounts".to_owned(),
    }
}

async fn check(world: &World, model: &Model, grns: &[(Grn, String)]) {
    for (guarantee, (grn, _)) in grns.iter().enumerate() {
        let decimal = |minor| Money::new(minor, Currency::EUR).decimal();
        let want = [decimal(model.available(guarantee)), decimal(model.held(guarantee))];
        assert_eq!(world.balance(grn).await, want, "{model:?}");
        assert!(model.available(guarantee) >= 0);
        world.assert_reconciled(grn).await;
    }
}

#[tokio::test]
async fn whatever_is_ordered_the_ledger_adds_up_and_every_hold_ends_freed_or_called() {
    everywhere("model", async |world| {
        let mut runner = TestRunner::new(Config::with_cases(1));
        let steps = proptest::collection::vec(step(), 30..60);
        for round in 0..16 {
            let steps = steps.new_tree(&mut runner).unwrap().current();
            let mut model = Model {
                insured: [LIMIT; GUARANTEES],
                level: [100; GUARANTEES],
                first: round * 100,
                ..Model::default()
            };
            let mut grns = Vec::new();
            for _ in 0..GUARANTEES {
                grns.push(world.approved("1", "10.00").await);
            }
            let before = world.number("SELECT COUNT(*) AS n FROM holds").await;
            println!("{steps:?}");
            for step in steps {
                take(&world, &mut model, &grns, step).await;
                check(&world, &model, &grns).await;
            }
            for movement in 1..=MOVEMENTS {
                world.tick();
                take(&world, &mut model, &grns, Step::Free(movement)).await;
            }
            check(&world, &model, &grns).await;
            let ended =
                "SELECT COUNT(*) AS n FROM holds WHERE state IN ('freed', 'called') AND ended_at IS NOT NULL";
            assert_eq!(world.number(ended).await, world.number("SELECT COUNT(*) AS n FROM holds").await);
            assert!(world.number("SELECT COUNT(*) AS n FROM holds").await >= before);
        }
        world.assert_nothing_parked().await;
    })
    .await;
}
