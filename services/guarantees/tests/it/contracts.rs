//! Contracts: from proposal to close.

use chrono::TimeDelta;
use customs_guarantees_contract::{
    AmendGuarantee, ApproveGuarantee, CancelGuarantee, GuaranteeLedger, RejectGuarantee, ResumeGuarantee,
    ReviewGuarantee, SuspendGuarantee,
    bus::{GUARANTEE_CHANGED, GuaranteeChanged},
};
use customs_kernel::{Problem, Role};
use sea_orm::{ConnectionTrait, Statement};

use crate::world::{
    administrator, codes, euro, everywhere, insurer, mrn, of, officer, order, owner, proposal,
};

fn code(result: Result<impl Sized, Problem>) -> String {
    result.err().map(|problem| problem.code.into_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_proposal_is_examined_approved_and_gets_its_number_and_code_once() {
    everywhere("approve", async |world| {
        let proposed = world.ask(&insurer(), proposal("1", "10000.00")).await.unwrap();
        assert_eq!((proposed.state.as_str(), proposed.grn), ("proposed", None));
        let review = ReviewGuarantee { reference: proposed.id.to_string(), version: Some(1) };
        assert_eq!(world.ask(&officer(), review).await.unwrap().state, "under-approval");
        let issued = world.approve(proposed.id).await.unwrap();
        assert_eq!(issued.guarantee.state, "active");
        assert_eq!(issued.guarantee.available, euro("10000.00"));
        assert_eq!(issued.guarantee.grn.as_deref(), Some("26KZ0000000000015"));
        assert_eq!(issued.access_code.unwrap().len(), 4);
        assert_eq!(code(world.approve(proposed.id).await), "guarantee-state");
        let told: Vec<GuaranteeChanged> = of(&world.told().await, GUARANTEE_CHANGED);
        let states: Vec<_> = told.iter().map(|changed| changed.state.as_str()).collect();
        assert_eq!(states, ["proposed", "under-approval", "active"]);
    })
    .await;
}

#[tokio::test]
async fn who_proposed_does_not_approve() {
    everywhere("four_eyes", async |world| {
        let mut both = insurer();
        both.actor.roles.push(Role::OfficerOfDeparture);
        let proposed = world.ask(&both, proposal("1", "10000.00")).await.unwrap();
        let approve = ApproveGuarantee { reference: proposed.id.to_string(), version: None };
        assert_eq!(code(world.ask(&both, approve).await), "guarantee-four-eyes");
        let reject =
            RejectGuarantee { reference: proposed.id.to_string(), version: None, reason: "no".to_owned() };
        assert_eq!(code(world.ask(&both, reject.clone()).await), "guarantee-four-eyes");
        assert_eq!(world.ask(&officer(), reject).await.unwrap().state, "rejected");
    })
    .await;
}

#[tokio::test]
async fn a_proposal_is_refused_with_everything_that_is_wrong() {
    everywhere("invalid", async |world| {
        let mut bad = proposal("7", "0");
        bad.owner = "x".to_owned();
        bad.guarantor_kind = Some("friend".to_owned());
        bad.valid_until = "2025-12-31".parse().unwrap();
        bad.not_valid_in = Some(vec!["KG".to_owned(), "Uzbekistan".to_owned()]);
        bad.liabilities = " ".to_owned();
        let problem = world.ask(&insurer(), bad).await.unwrap_err();
        let mut pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        pointers.dedup();
        assert_eq!(
            pointers,
            [
                "/guaranteeType",
                "/guarantorKind",
                "/owner",
                "/insuredAmount/amount",
                "/validUntil",
                "/liabilities",
                "/notValidIn/1",
            ]
        );
        let mut own = proposal("1", "1");
        own.owner = crate::world::INSURER.to_owned();
        assert_eq!(code(world.ask(&insurer(), own).await), "guarantor-is-owner");
        assert_eq!(code(world.ask(&owner(), proposal("1", "1")).await), "forbidden");
    })
    .await;
}

#[tokio::test]
async fn an_old_version_is_not_decided_on() {
    everywhere("version", async |world| {
        let proposed = world.ask(&insurer(), proposal("1", "10000.00")).await.unwrap();
        let reference = proposed.id.to_string();
        world
            .ask(&officer(), ReviewGuarantee { reference: reference.clone(), version: Some(1) })
            .await
            .unwrap();
        let approve = ApproveGuarantee { reference, version: Some(1) };
        assert_eq!(code(world.ask(&officer(), approve).await), "version-stale");
    })
    .await;
}

#[tokio::test]
async fn a_suspended_guarantee_takes_no_new_use_and_keeps_the_running_ones() {
    everywhere("suspend", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&grn, &access, 100)])).await.unwrap().unwrap();
        let reference = grn.to_string();
        let suspend =
            SuspendGuarantee { reference: reference.clone(), version: None, reason: "insolvent".to_owned() };
        assert_eq!(world.ask(&administrator(), suspend).await.unwrap().state, "suspended");
        assert_eq!(codes(world.hold(&order(2, &[(&grn, &access, 100)])).await), ["G02"]);
        assert_eq!(world.balance(&grn).await, ["999.00", "1.00"]);
        let resume = ResumeGuarantee { reference, version: None };
        assert_eq!(world.ask(&officer(), resume).await.unwrap().state, "active");
        world.hold(&order(3, &[(&grn, &access, 100)])).await.unwrap().unwrap();
        assert_eq!(
            code(world.ask(&insurer(), ResumeGuarantee { reference: grn.to_string(), version: None }).await),
            "forbidden"
        );
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_guarantee_runs_off_with_its_last_use() {
    everywhere("cancel", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&grn, &access, 100)])).await.unwrap().unwrap();
        let cancel = |on: &str| CancelGuarantee {
            reference: grn.to_string(),
            version: None,
            effective_on: on.parse().unwrap(),
            reason: "premium unpaid".to_owned(),
        };
        let early = world.ask(&insurer(), cancel("2026-05-31")).await.unwrap_err();
        assert_eq!(early.errors[0].pointer, "/effectiveOn");
        assert_eq!(world.ask(&insurer(), cancel("2026-06-10")).await.unwrap().state, "cancelled");
        world.hold(&order(2, &[(&grn, &access, 100)])).await.unwrap().unwrap();
        world.advance(TimeDelta::days(9)).await;
        assert_eq!(world.detail(&grn).await.state, "run-off");
        assert_eq!(codes(world.hold(&order(3, &[(&grn, &access, 100)])).await), ["G02"]);
        world.free(&mrn(1), "discharged").await;
        assert_eq!(world.detail(&grn).await.state, "run-off");
        world.free(&mrn(2), "discharged").await;
        let detail = world.detail(&grn).await;
        assert_eq!((detail.state.as_str(), detail.open_uses), ("closed", 0));
        world.assert_reconciled(&grn).await;
    })
    .await;
}

#[tokio::test]
async fn the_day_after_the_policy_period_a_guarantee_without_uses_is_closed() {
    everywhere("period", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.advance(TimeDelta::days(213) + TimeDelta::hours(10)).await;
        assert_eq!(world.detail(&grn).await.state, "active");
        world.advance(TimeDelta::hours(1)).await;
        assert_eq!(world.detail(&grn).await.state, "closed");
        assert_eq!(codes(world.hold(&order(1, &[(&grn, &access, 100)])).await), ["G02"]);
    })
    .await;
}

#[tokio::test]
async fn the_insured_amount_goes_up_at_once_and_down_not_below_use() {
    everywhere("amend", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&grn, &access, 90_000)])).await.unwrap().unwrap();
        let amend = |amount: &str| AmendGuarantee {
            reference: grn.to_string(),
            version: None,
            insured_amount: euro(amount),
        };
        assert_eq!(code(world.ask(&officer(), amend("899.99")).await), "guarantee-amount-below-use");
        assert_eq!(world.ask(&officer(), amend("900.00")).await.unwrap().state, "exhausted");
        let more = world.ask(&officer(), amend("2000.00")).await.unwrap();
        assert_eq!((more.state.as_str(), more.available), ("active", euro("1100.00")));
        assert_eq!(code(world.ask(&insurer(), amend("9000.00")).await), "forbidden");
        world.assert_reconciled(&grn).await;
        let ledger = GuaranteeLedger { reference: grn.to_string(), first: None, after: None };
        let reasons: Vec<_> = world
            .ask(&insurer(), ledger)
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|posting| posting.reason)
            .collect();
        assert_eq!(reasons, ["amend", "amend", "hold", "open"]);
    })
    .await;
}

#[tokio::test]
async fn use_beyond_80_and_95_per_cent_is_told() {
    everywhere("alerts", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.told().await;
        let mut headrooms = Vec::new();
        for (number, minor) in [(1, 79_900), (2, 100), (3, 14_000), (4, 1_000), (5, 100)] {
            let ask = order(number, &[(&grn, &access, minor)]);
            let body = serde_json::to_string(&ask).unwrap();
            let id = customs_kernel::id::uuid_at(world.now());
            world.deliver(id, "guarantees.hold", &ask.mrn, body, world.now()).await;
            let changed: Vec<GuaranteeChanged> = of(&world.told().await, GUARANTEE_CHANGED);
            headrooms.push(changed.first().map(|changed| changed.headroom_percent));
        }
        assert_eq!(headrooms, [None, Some(20), None, Some(5), None]);
        assert_eq!(world.detail(&grn).await.alert, "over-95");
    })
    .await;
}

#[tokio::test]
async fn a_ledger_that_does_not_add_up_stops_new_uses_of_that_guarantee_only() {
    everywhere("broken", async |world| {
        let (broken, access) = world.approved("1", "1000.00").await;
        let (sound, code_of_sound) = world.approved("1", "1000.00").await;
        let reader = world.store.reader();
        let sql = format!("UPDATE guarantees SET held_minor = 1 WHERE grn = '{broken}'");
        reader.execute_raw(Statement::from_string(reader.get_database_backend(), sql)).await.unwrap();
        let reconcile = customs_guarantees_contract::ReconcileGuarantee { reference: broken.to_string() };
        let told = world.ask(&administrator(), reconcile).await.unwrap();
        assert!(!told.balanced);
        assert_eq!(world.detail(&broken).await.state, "suspended");
        let resume = ResumeGuarantee { reference: broken.to_string(), version: None };
        assert_eq!(code(world.ask(&officer(), resume).await), "guarantee-ledger-broken");
        assert_eq!(codes(world.hold(&order(1, &[(&broken, &access, 1)])).await), ["G02"]);
        world.hold(&order(2, &[(&sound, &code_of_sound, 1)])).await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_owner_proposes_a_waiver_and_a_cash_deposit_of_its_own() {
    everywhere("own", async |world| {
        for kind in ["0", "3"] {
            let mut own = proposal(kind, "1000.00");
            own.guarantor_kind = None;
            let proposed = world.ask(&owner(), own.clone()).await.unwrap();
            let issued = world.approve(proposed.id).await.unwrap();
            assert_eq!(issued.access_code.is_some(), kind == "0");
            own.owner = "KZ200000000002".to_owned();
            assert_eq!(code(world.ask(&owner(), own).await), "forbidden");
        }
    })
    .await;
}
