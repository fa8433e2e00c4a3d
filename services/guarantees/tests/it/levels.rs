//! Reduced amounts of a comprehensive guarantee: granted from a day on, explained, and never below what is in use.

use chrono::TimeDelta;
use customs_guarantees_contract::{
    GrantGuaranteeLevel, GuaranteeContract,
    bus::{CALL, CALL_REFUSED, CALLED, Call, CallRefused, Called, GUARANTEE_CHANGED, GuaranteeChanged},
};
use customs_kernel::{Currency, Grn, Money, Problem, id::uuid_at};
use uuid::Uuid;

use crate::world::{World, codes, euro, everywhere, insurer, mrn, of, officer, order, owner, proposal};

fn grant(grn: &Grn, level_percent: i32, on: &str) -> GrantGuaranteeLevel {
    GrantGuaranteeLevel {
        reference: grn.to_string(),
        version: None,
        level_percent,
        authorisation: format!("KZCGU{level_percent}"),
        effective_on: on.parse().unwrap(),
        reason: "sound accounts and no debts".to_owned(),
    }
}

async fn granted(world: &World, grn: &Grn, level: i32, on: &str) -> Result<GuaranteeContract, Problem> {
    world.ask(&officer(), grant(grn, level, on)).await
}

fn amounts(contract: &GuaranteeContract) -> (i32, &str, &str, &str) {
    let GuaranteeContract { level_percent, insured_amount, reference_amount, available, .. } = contract;
    (*level_percent, &insured_amount.amount, &reference_amount.amount, &available.amount)
}

#[tokio::test]
async fn the_reference_amount_is_what_is_insured_by_the_level_and_all_uses_share_it() {
    everywhere("level", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        assert_eq!(amounts(&world.detail(&grn).await), (100, "1000.00", "1000.00", "1000.00"));
        let half = granted(&world, &grn, 50, "2026-06-01").await.unwrap();
        assert_eq!(amounts(&half), (50, "1000.00", "2000.00", "2000.00"));
        let held = world.hold(&order(1, &[(&grn, &access, 170_000)])).await.unwrap().unwrap();
        let share = &held.shares[0];
        assert_eq!((share.level_percent, share.authorisation.as_deref()), (50, Some("KZCGU50")));
        assert_eq!(
            (share.amount.minor, share.insured.minor, share.reference_amount.minor, share.headroom.minor),
            (170_000, 100_000, 200_000, 30_000)
        );
        assert_eq!((share.headroom_percent, share.warned_at_percent), (15, Some(80)));
        let again = world.hold(&order(1, &[(&grn, &access, 170_000)])).await.unwrap().unwrap();
        assert_eq!(again.shares, held.shares, "asked twice, answered alike");
        assert_eq!(codes(world.hold(&order(2, &[(&grn, &access, 30_001)])).await), ["G09"]);
        world.tick();
        let third = granted(&world, &grn, 30, "2026-06-01").await.unwrap();
        assert_eq!(amounts(&third), (30, "1000.00", "3333.33", "1633.33"));
        let levels: Vec<_> =
            third.levels.iter().map(|level| (level.level_percent, level.applied_at.is_some())).collect();
        assert_eq!(levels, [(30, true), (50, true)], "every decision is kept");
        world.assert_reconciled(&grn).await;
        let back = granted(&world, &grn, 100, "2026-06-01").await.unwrap_err();
        assert_eq!(back.code, "guarantee-amount-below-use");
        assert_eq!(world.detail(&grn).await.level_percent, 30);
    })
    .await;
}

#[tokio::test]
async fn a_level_begins_on_its_day_and_a_later_decision_takes_its_place() {
    everywhere("level-day", async |world| {
        let (grn, _) = world.approved("1", "1000.00").await;
        let half = granted(&world, &grn, 50, "2026-06-03").await.unwrap();
        assert_eq!(amounts(&half), (100, "1000.00", "1000.00", "1000.00"), "not yet");
        assert!(half.levels[0].applied_at.is_none());
        world.advance(TimeDelta::hours(34)).await;
        assert_eq!(world.detail(&grn).await.level_percent, 100, "the evening before");
        world.advance(TimeDelta::hours(2)).await;
        assert_eq!(amounts(&world.detail(&grn).await), (50, "1000.00", "2000.00", "2000.00"));
        granted(&world, &grn, 30, "2026-06-10").await.unwrap();
        let replaced = granted(&world, &grn, 100, "2026-06-20").await.unwrap();
        let levels: Vec<_> = replaced.levels.iter().map(|level| level.level_percent).collect();
        assert_eq!(levels, [100, 50], "30 per cent will never be");
        world.advance(TimeDelta::days(8)).await;
        assert_eq!(world.detail(&grn).await.level_percent, 50);
        world.advance(TimeDelta::days(10)).await;
        assert_eq!(world.detail(&grn).await.level_percent, 100);
        world.assert_reconciled(&grn).await;
    })
    .await;
}

#[tokio::test]
async fn a_reduction_that_ends_while_more_is_in_use_stops_new_uses_until_it_fits() {
    everywhere("level-end", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        granted(&world, &grn, 50, "2026-06-01").await.unwrap();
        world.hold(&order(1, &[(&grn, &access, 150_000)])).await.unwrap().unwrap();
        granted(&world, &grn, 100, "2026-06-02").await.unwrap();
        world.advance(TimeDelta::days(1)).await;
        let detail = world.detail(&grn).await;
        assert_eq!((detail.state.as_str(), detail.level_percent), ("suspended", 50));
        assert!(detail.reason.unwrap().contains("more is in use"));
        assert_eq!(codes(world.hold(&order(2, &[(&grn, &access, 1)])).await), ["G02"]);
        world.free(&mrn(1), "discharged").await;
        world.advance(TimeDelta::days(1)).await;
        let detail = world.detail(&grn).await;
        assert_eq!((detail.state.as_str(), detail.level_percent, detail.reason), ("active", 100, None));
        world.hold(&order(3, &[(&grn, &access, 100_000)])).await.unwrap().unwrap();
        world.assert_reconciled(&grn).await;
    })
    .await;
}

#[tokio::test]
async fn a_level_is_for_customs_to_grant_and_for_comprehensive_guarantees_only() {
    everywhere("level-who", async |world| {
        let (grn, _) = world.approved("1", "1000.00").await;
        for who in [insurer(), owner()] {
            let refused = world.ask(&who, grant(&grn, 50, "2026-06-01")).await.unwrap_err();
            assert_eq!(refused.code, "forbidden");
        }
        for kind in ["2", "4", "9"] {
            let (other, _) = world.approved(kind, "1000.00").await;
            let refused = granted(&world, &other, 50, "2026-06-01").await.unwrap_err();
            assert_eq!(refused.code, "guarantee-level-not-possible", "{kind}");
        }
        let wrong = GrantGuaranteeLevel { authorisation: " ".to_owned(), ..grant(&grn, 60, "2026-05-31") };
        let refused = world.ask(&officer(), wrong).await.unwrap_err();
        let pointers: Vec<_> = refused.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/levelPercent", "/authorisation", "/effectiveOn"]);
        let mut own = proposal("0", "1000.00");
        own.guarantor_kind = None;
        let waived = world.ask(&owner(), own).await.unwrap();
        assert_eq!((waived.level_percent, waived.reference_amount), (0, euro("1000.00")));
    })
    .await;
}

#[tokio::test]
async fn the_guarantor_is_called_for_no_more_than_it_insures() {
    everywhere("level-call", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        granted(&world, &grn, 50, "2026-06-01").await.unwrap();
        for number in [1, 2] {
            world.hold(&order(number, &[(&grn, &access, 80_000)])).await.unwrap().unwrap();
        }
        let call = async |number| {
            let debt = Money::new(80_000, Currency::EUR);
            let ask = Call { movement: Uuid::from_u128(u128::from(number)), mrn: mrn(number), debt };
            let body = serde_json::to_string(&ask).unwrap();
            world.deliver(uuid_at(world.now()), CALL, &ask.mrn, body, world.now()).await;
            world.tick();
            world.told().await
        };
        world.told().await;
        let first: Vec<Called> = of(&call(1).await, CALLED);
        let second: Vec<Called> = of(&call(2).await, CALLED);
        assert_eq!(
            (first[0].called.minor, second[0].called.minor),
            (80_000, 20_000),
            "the rest is the holder's"
        );
        world.hold(&order(3, &[(&grn, &access, 10_000)])).await.unwrap().unwrap();
        let third: Vec<CallRefused> = of(&call(3).await, CALL_REFUSED);
        assert!(third[0].reason.contains("all that they insure"), "{third:?}");
        world.assert_reconciled(&grn).await;
    })
    .await;
}

#[tokio::test]
async fn the_thresholds_are_those_of_the_contract_and_a_notice_tells_the_headroom() {
    everywhere("thresholds", async |world| {
        let change = |proposal: &mut customs_guarantees_contract::ProposeGuarantee| {
            proposal.warn_at_percent = Some(vec![50, 90]);
        };
        let (grn, access) = world.approved_for("1", "1000.00", change).await;
        assert_eq!(world.detail(&grn).await.warn_at_percent, [50, 90]);
        world.told().await;
        let mut warned = Vec::new();
        for (number, minor) in [(1, 49_900), (2, 100), (3, 39_900), (4, 100)] {
            let ask = order(number, &[(&grn, &access, minor)]);
            let body = serde_json::to_string(&ask).unwrap();
            world.deliver(uuid_at(world.now()), "guarantees.hold", &ask.mrn, body, world.now()).await;
            let changed: Vec<GuaranteeChanged> = of(&world.told().await, GUARANTEE_CHANGED);
            warned.push(
                changed.first().map(|one| (one.warned_at_percent, one.headroom.map(|left| left.minor))),
            );
        }
        assert_eq!(warned, [None, Some((Some(50), Some(50_000))), None, Some((Some(90), Some(10_000)))]);
        assert_eq!(world.detail(&grn).await.alert, "over-90");
        let mut wrong = proposal("1", "1000.00");
        wrong.warn_at_percent = Some(vec![95, 80]);
        assert_eq!(world.ask(&insurer(), wrong).await.unwrap_err().errors[0].pointer, "/warnAtPercent");
    })
    .await;
}
