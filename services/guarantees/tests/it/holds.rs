//! Holds by the bus: all or none, once, answered alike, and never back to life.

use chrono::TimeDelta;
use customs_guarantees_contract::{
    CallHold, GuaranteeUses, RecordGuaranteePayment, ReduceHold,
    bus::{FREE, Free, HOLD, HoldPart, USE_CHANGED, UseChanged},
};
use customs_kernel::{Currency, Money, Problem, id::uuid_at};
use uuid::Uuid;

use crate::world::{codes, euro, everywhere, insurer, message, mrn, of, officer, order, part};

fn code(result: Result<impl Sized, Problem>) -> String {
    result.err().map(|problem| problem.code.into_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_hold_is_placed_told_and_freed() {
    everywhere("placed", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.told().await;
        let ask = order(1, &[(&grn, &access, 60_000)]);
        world
            .deliver(Uuid::from_u128(1), HOLD, &ask.mrn, serde_json::to_string(&ask).unwrap(), world.now())
            .await;
        let told: Vec<UseChanged> = of(&world.told().await, USE_CHANGED);
        assert_eq!(
            (told[0].state.as_str(), told[0].amount.minor, told[0].mrn.clone()),
            ("placed", 60_000, mrn(1))
        );
        assert_eq!(world.balance(&grn).await, ["400.00", "600.00"]);
        let freed: Vec<UseChanged> = of(&world.free(&mrn(1), "discharged").await, USE_CHANGED);
        assert_eq!((freed.len(), freed[0].state.as_str()), (1, "freed"));
        assert_eq!(world.balance(&grn).await, ["1000.00", "0.00"]);
        let again: Vec<UseChanged> = of(&world.free(&mrn(1), "discharged").await, USE_CHANGED);
        assert!(again.is_empty(), "freeing nothing changes nothing");
        world.assert_reconciled(&grn).await;
        world.assert_nothing_parked().await;
    })
    .await;
}

#[tokio::test]
async fn the_same_order_in_another_message_is_answered_alike_and_held_once() {
    everywhere("repeat", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        let good = order(1, &[(&grn, &access, 60_000)]);
        let first = world.hold(&good).await.unwrap().unwrap();
        assert_eq!(world.hold(&good).await.unwrap().unwrap(), first);
        assert_eq!(world.balance(&grn).await, ["400.00", "600.00"]);
        let bad = order(2, &[(&grn, &access, 60_000)]);
        let refused = world.hold(&bad).await.unwrap().unwrap_err();
        world.free(&mrn(1), "discharged").await;
        assert_eq!(world.hold(&bad).await.unwrap().unwrap_err(), refused, "an attempt is decided once");
        let mut next = bad;
        next.attempt = 2;
        world.hold(&next).await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_same_message_twice_takes_effect_once() {
    everywhere("twice", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        let ask = order(1, &[(&grn, &access, 60_000)]);
        let body = serde_json::to_string(&ask).unwrap();
        let id = uuid_at(world.now());
        for _ in 0..3 {
            world.deliver(id, HOLD, &ask.mrn, body.clone(), world.now()).await;
        }
        assert_eq!(world.balance(&grn).await, ["400.00", "600.00"]);
        assert_eq!(world.number("SELECT COUNT(*) AS n FROM holds").await, 1);
    })
    .await;
}

#[tokio::test]
async fn several_guarantees_are_held_all_or_none() {
    everywhere("all", async |world| {
        let (first, code_of_first) = world.approved("1", "1000.00").await;
        let (second, code_of_second) = world.approved("1", "100.00").await;
        let parts = |minor| order(1, &[(&first, &code_of_first, 60_000), (&second, &code_of_second, minor)]);
        let refused = world.hold(&parts(10_001)).await.unwrap().unwrap_err();
        let told: Vec<_> =
            refused.reasons.iter().map(|reason| (reason.position, reason.code.as_str())).collect();
        assert_eq!(told, [(1, "G09")]);
        assert!(!refused.reasons[0].text.contains("100"), "no figures that are not the holder's to know");
        assert_eq!(world.balance(&first).await, ["1000.00", "0.00"]);
        let mut next = parts(10_000);
        next.attempt = 2;
        world.hold(&next).await.unwrap().unwrap();
        assert_eq!(world.balance(&first).await, ["400.00", "600.00"]);
        assert_eq!(world.balance(&second).await, ["0.00", "100.00"]);
        assert_eq!(world.detail(&second).await.state, "exhausted");
    })
    .await;
}

#[tokio::test]
async fn all_forms_of_guarantee_are_combined_in_one_declaration() {
    everywhere("forms", async |world| {
        let mut ask = order(1, &[]);
        let mut grns = Vec::new();
        for kind in ["0", "1", "2", "3", "4", "9"] {
            let (grn, access) = world.approved(kind, "100.00").await;
            let mut each = part(kind, &grn, &access, Some(5_000));
            if kind == "3" {
                each.access_code = None;
                each.other_reference = each.grn.take();
            }
            ask.guarantees.push(each);
            grns.push(grn);
        }
        for kind in ["5", "8"] {
            ask.guarantees.push(HoldPart {
                guarantee_type: kind.to_owned(),
                grn: None,
                access_code: None,
                other_reference: (kind == "8").then(|| "Ministry of Health".to_owned()),
                amount: (kind == "5").then(|| Money::new(100, Currency::EUR)),
            });
        }
        world.hold(&ask).await.unwrap().unwrap();
        for grn in &grns {
            assert_eq!(world.balance(grn).await, ["50.00", "50.00"]);
        }
        let uses = GuaranteeUses {
            reference: None,
            mrn: Some(mrn(1)),
            open_only: Some(true),
            first: None,
            after: None,
        };
        assert_eq!(world.ask(&officer(), uses.clone()).await.unwrap().items.len(), 8);
        world.free(&mrn(1), "discharged").await;
        assert!(world.ask(&officer(), uses).await.unwrap().items.is_empty());
        for (grn, state) in grns.iter().zip(["active", "active", "closed", "closed", "closed", "active"]) {
            assert_eq!(world.detail(grn).await.state, state, "{grn}");
            world.assert_reconciled(grn).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_voucher_covers_one_movement() {
    everywhere("voucher", async |world| {
        let (voucher, access) = world.approved("4", "100.00").await;
        assert_eq!(voucher.as_str().len(), 24);
        let ask = |number| {
            let mut ask = order(number, &[]);
            ask.guarantees.push(part("4", &voucher, &access, None));
            ask
        };
        world.hold(&ask(1)).await.unwrap().unwrap();
        assert_eq!(codes(world.hold(&ask(2)).await), ["G05"]);
        world.free(&mrn(1), "cancelled").await;
        world.hold(&ask(3)).await.unwrap().unwrap();
        world.free(&mrn(3), "discharged").await;
        assert_eq!(codes(world.hold(&ask(4)).await), ["G05"]);
        assert_eq!(world.detail(&voucher).await.state, "closed");
    })
    .await;
}

#[tokio::test]
async fn an_order_to_hold_that_was_overtaken_by_the_order_to_free_holds_nothing() {
    everywhere("overtaken", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        let said = world.now();
        world.tick();
        world.free(&mrn(1), "undone").await;
        world.tick();
        let late = order(1, &[(&grn, &access, 60_000)]);
        assert_eq!(codes(world.hold_said(&late, said).await), ["G02"]);
        assert_eq!(world.balance(&grn).await, ["1000.00", "0.00"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_freed_does_not_come_back_by_an_old_attempt() {
    everywhere("revive", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        let first = order(1, &[(&grn, &access, 60_000)]);
        world.hold(&first).await.unwrap().unwrap();
        let second = customs_guarantees_contract::bus::Hold { attempt: 2, ..first.clone() };
        let said = world.now();
        world.tick();
        world.free(&mrn(1), "not-released").await;
        world.tick();
        assert_eq!(codes(world.hold(&first).await), ["G02"]);
        assert_eq!(codes(world.hold_said(&second, said).await), ["G02"]);
        assert_eq!(world.balance(&grn).await, ["1000.00", "0.00"]);
        world.hold(&second).await.unwrap().unwrap();
        assert_eq!(world.balance(&grn).await, ["400.00", "600.00"]);
        world.assert_reconciled(&grn).await;
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_a_later_one_has_passed_is_left_unanswered() {
    everywhere("passed", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        let mut ask = order(1, &[(&grn, &access, 60_000)]);
        ask.attempt = 2;
        world.hold(&ask).await.unwrap().unwrap();
        ask.attempt = 1;
        assert_eq!(world.hold(&ask).await, None);
        assert_eq!(world.balance(&grn).await, ["400.00", "600.00"]);
    })
    .await;
}

#[tokio::test]
async fn a_further_attempt_swaps_guarantees_and_keeps_the_old_hold_where_the_new_one_fails() {
    everywhere("swap", async |world| {
        let (old, code_of_old) = world.approved("1", "1000.00").await;
        let (new, code_of_new) = world.approved("1", "500.00").await;
        world.hold(&order(1, &[(&old, &code_of_old, 60_000)])).await.unwrap().unwrap();
        let mut swap = order(1, &[(&new, &code_of_new, 60_000)]);
        swap.attempt = 2;
        assert_eq!(codes(world.hold(&swap).await), ["G09"]);
        assert_eq!(world.balance(&old).await, ["400.00", "600.00"]);
        let mut swap = order(1, &[(&new, &code_of_new, 50_000)]);
        swap.attempt = 3;
        world.hold(&swap).await.unwrap().unwrap();
        assert_eq!(world.balance(&old).await, ["1000.00", "0.00"]);
        assert_eq!(world.balance(&new).await, ["0.00", "500.00"]);
        world.free(&mrn(1), "cancelled").await;
        world.assert_reconciled(&old).await;
        world.assert_reconciled(&new).await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_reduced_called_and_paid() {
    everywhere("call", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&grn, &access, 60_000)])).await.unwrap().unwrap();
        let reduce =
            |amount: &str| ReduceHold { reference: grn.to_string(), mrn: mrn(1), amount: euro(amount) };
        assert_eq!(code(world.ask(&officer(), reduce("600.00")).await), "amount-above-hold");
        assert_eq!(code(world.ask(&insurer(), reduce("1.00")).await), "forbidden");
        assert_eq!(world.ask(&officer(), reduce("500.00")).await.unwrap().state, "reduced");
        assert_eq!(world.balance(&grn).await, ["500.00", "500.00"]);
        let call = |amount: &str| CallHold { reference: grn.to_string(), mrn: mrn(1), amount: euro(amount) };
        assert_eq!(code(world.ask(&officer(), call("500.01")).await), "amount-above-hold");
        let called = world.ask(&officer(), call("300.00")).await.unwrap();
        assert_eq!((called.state.as_str(), called.amount), ("called", Some(euro("300.00"))));
        assert_eq!(world.balance(&grn).await, ["700.00", "0.00"]);
        assert_eq!(code(world.ask(&officer(), call("1.00")).await), "hold-not-open");
        let pay = |amount: &str| RecordGuaranteePayment {
            reference: grn.to_string(),
            mrn: mrn(1),
            amount: euro(amount),
        };
        world.ask(&officer(), pay("100.00")).await.unwrap();
        assert_eq!(code(world.ask(&officer(), pay("200.01")).await), "amount-above-hold");
        let paid = world.ask(&officer(), pay("200.00")).await.unwrap();
        assert_eq!((paid.called, paid.paid, paid.available), (euro("0.00"), euro("300.00"), euro("700.00")));
        let told: Vec<UseChanged> = of(&world.told().await, USE_CHANGED);
        let states: Vec<_> = told.iter().map(|each| each.state.as_str()).collect();
        assert_eq!(states, ["reduced", "called"]);
        let freed: Vec<UseChanged> = of(&world.free(&mrn(1), "paid").await, USE_CHANGED);
        assert!(freed.is_empty(), "what was called is not freed");
        world.assert_reconciled(&grn).await;
        assert_eq!(code(world.ask(&officer(), CallHold { mrn: mrn(9), ..call("1.00") }).await), "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_batch_of_orders_takes_effect_in_its_order() {
    everywhere("batch", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.told().await;
        let mut messages = Vec::new();
        for number in 1..=30 {
            let ask = order(number, &[(&grn, &access, 40_000)]);
            let hold = serde_json::to_string(&ask).unwrap();
            let free = Free { movement: ask.movement, mrn: ask.mrn.clone(), reason: "discharged".to_owned() };
            let free = serde_json::to_string(&free).unwrap();
            let said = world.now() + TimeDelta::milliseconds(i64::from(number));
            messages.push(message(Uuid::from_u128(u128::from(number)), HOLD, &ask.mrn, hold, said));
            messages.push(message(Uuid::from_u128(1_000 + u128::from(number)), FREE, &ask.mrn, free, said));
        }
        world.deliver_all(messages).await;
        let told: Vec<UseChanged> = of(&world.told().await, USE_CHANGED);
        let states: Vec<_> = told.iter().map(|each| each.state.as_str()).collect();
        assert_eq!(states, ["placed", "freed"].repeat(30));
        assert_eq!(world.balance(&grn).await, ["1000.00", "0.00"]);
        world.assert_nothing_parked().await;
    })
    .await;
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_parked_and_the_others_of_its_batch_take_effect() {
    everywhere("poison", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        let ask = order(1, &[(&grn, &access, 40_000)]);
        let good = serde_json::to_string(&ask).unwrap();
        let bad = good.replace("KZ200000000001", "nobody");
        world
            .deliver_all(vec![
                message(Uuid::from_u128(1), HOLD, &mrn(2), bad, world.now()),
                message(Uuid::from_u128(2), HOLD, &ask.mrn, good, world.now()),
            ])
            .await;
        assert_eq!(world.number("SELECT COUNT(*) AS n FROM dead_letters").await, 1);
        assert_eq!(world.balance(&grn).await, ["600.00", "400.00"]);
    })
    .await;
}

#[tokio::test]
async fn nine_by_ninety_nine_references_are_held_at_once() {
    everywhere("many", async |world| {
        let mut ask = order(1, &[]);
        let mut first = None;
        for _ in 0..99 {
            let (grn, access) = world.approved("1", "100.00").await;
            ask.guarantees.extend((0..9).map(|_| part("1", &grn, &access, Some(1_000))));
            first.get_or_insert(grn);
        }
        assert_eq!(ask.guarantees.len(), 891);
        world.hold(&ask).await.unwrap().unwrap();
        assert_eq!(world.balance(&first.unwrap()).await, ["10.00", "90.00"]);
        assert_eq!(world.number("SELECT COUNT(*) AS n FROM holds WHERE ended_at IS NULL").await, 99);
        world.free(&mrn(1), "discharged").await;
        assert_eq!(world.number("SELECT COUNT(*) AS n FROM holds WHERE ended_at IS NULL").await, 0);
        assert_eq!(
            world
                .number("SELECT COUNT(*) AS n FROM guarantees WHERE held_minor <> 0 OR open_uses <> 0")
                .await,
            0
        );
    })
    .await;
}
