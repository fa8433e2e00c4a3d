//! A thousand movements at once on one guarantee: never over the limit, never less than the limit allows.

use std::sync::Arc;

use customs_guarantees_contract::bus::{HELD, HOLD, HOLD_REFUSED};
use customs_kernel::id::uuid_at;
use tokio::task::JoinSet;

use crate::world::{World, everywhere, message, mrn, order};

const MOVEMENTS: u32 = 1_000;

async fn all_at_once(world: &Arc<World>, orders: Vec<customs_guarantees_contract::bus::Hold>) {
    let mut tasks = JoinSet::new();
    for ask in orders {
        let world = Arc::clone(world);
        tasks.spawn(async move {
            let body = serde_json::to_string(&ask).unwrap();
            world.deliver(uuid_at(world.now()), HOLD, &ask.mrn, body, world.now()).await;
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_holds_at_once_use_the_limit_up_and_never_exceed_it() {
    everywhere("thousand", async |world| {
        let world = Arc::new(world);
        let (grn, access) = world.approved("1", "10000.00").await;
        world.told().await;
        // 10 000.00 / 27.00 = 370 whole parts and 10.00 left.
        let orders = (1..=MOVEMENTS).map(|number| order(number, &[(&grn, &access, 2_700)])).collect();
        all_at_once(&world, orders).await;
        let told = world.told().await;
        let count = |name: &str| told.iter().filter(|(own, _)| own == name).count();
        assert_eq!((count(HELD), count(HOLD_REFUSED)), (370, 630));
        assert_eq!(world.number("SELECT COUNT(*) AS n FROM holds WHERE ended_at IS NULL").await, 370);
        assert_eq!(world.balance(&grn).await, ["10.00", "9990.00"]);
        world.assert_reconciled(&grn).await;
        world.assert_nothing_parked().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn movements_that_name_the_same_guarantees_in_any_order_do_not_wait_for_each_other_for_ever() {
    everywhere("deadlock", async |world| {
        let world = Arc::new(world);
        let (a, code_of_a) = world.approved("1", "1000.00").await;
        let (b, code_of_b) = world.approved("1", "1000.00").await;
        let orders = (1..=200).map(|number| {
            let mut parts = [(&a, code_of_a.as_str(), 100), (&b, code_of_b.as_str(), 100)];
            if number % 2 == 0 {
                parts.reverse();
            }
            order(number, &parts)
        });
        all_at_once(&world, orders.collect()).await;
        assert_eq!(world.balance(&a).await, ["800.00", "200.00"]);
        assert_eq!(world.balance(&b).await, ["800.00", "200.00"]);
        let mut tasks = JoinSet::new();
        for number in 1..=200 {
            let world = Arc::clone(&world);
            tasks.spawn(async move {
                let free = customs_guarantees_contract::bus::Free {
                    movement: uuid::Uuid::nil(),
                    mrn: mrn(number),
                    reason: "discharged".to_owned(),
                };
                let body = serde_json::to_string(&free).unwrap();
                world.deliver(uuid_at(world.now()), "guarantees.free", &free.mrn, body, world.now()).await;
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        for grn in [&a, &b] {
            assert_eq!(world.balance(grn).await, ["1000.00", "0.00"]);
            world.assert_reconciled(grn).await;
        }
        world.assert_nothing_parked().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_that_name_the_same_guarantees_in_any_order_take_effect_one_after_the_other() {
    everywhere("batches", async |world| {
        let world = Arc::new(world);
        let mut guarantees = Vec::new();
        for _ in 0..8 {
            guarantees.push(world.approved("1", "100.00").await);
        }
        let mut tasks = JoinSet::new();
        for batch in 0..16_u32 {
            let order_of = |number: u32| {
                let at = usize::try_from((number * 5 + batch * 3) % 8).unwrap();
                let (grn, access) = &guarantees[at];
                let ask = order(batch * 100 + number, &[(grn, access, 125)]);
                let body = serde_json::to_string(&ask).unwrap();
                message(uuid_at(world.now()), HOLD, &ask.mrn, body, world.now())
            };
            let messages: Vec<_> = (1..=40).map(order_of).collect();
            let world = Arc::clone(&world);
            tasks.spawn(async move { world.deliver_all(messages).await });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        for (grn, _) in &guarantees {
            assert_eq!(world.balance(grn).await, ["0.00", "100.00"]);
            world.assert_reconciled(grn).await;
        }
        world.assert_nothing_parked().await;
    })
    .await;
}
