//! Contracts: from proposal to close, and who sees what.

use chrono::TimeDelta;
use customs_guarantees_contract::{
    AmendGuarantee, ApproveGuarantee, CancelGuarantee, GuaranteeBalance, GuaranteeDetail, GuaranteeLedger,
    GuaranteeUses, ListGuarantees, RejectGuarantee, ReplaceAccessCode, ResumeGuarantee, ReviewGuarantee,
    SuspendGuarantee,
    bus::{GUARANTEE_CHANGED, GuaranteeChanged},
};
use customs_kernel::{Caller, Once, Problem, Role};
use sea_orm::{ConnectionTrait, Statement};

use crate::world::{
    World, administrator, codes, euro, everywhere, insurer, mrn, of, officer, order, other_insurer,
    other_owner, owner, proposal, unknown,
};

fn code(result: Result<impl Sized, Problem>) -> String {
    result.err().map(|problem| problem.code.into_owned()).unwrap_or_default()
}

fn list() -> ListGuarantees {
    ListGuarantees { state: None, guarantee_type: None, first: None, after: None }
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
async fn the_insurer_sees_all_nine_fields_of_its_contract() {
    everywhere("fields", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&grn, &access, 30_000)])).await.unwrap().unwrap();
        let detail = GuaranteeDetail { reference: grn.to_string() };
        let detail = world.ask(&insurer(), detail).await.unwrap();
        assert_eq!(detail.grn, Some(grn.to_string()));
        assert_eq!(
            detail.valid_from.to_string() + "/" + &detail.valid_until.to_string(),
            "2026-01-01/2026-12-31"
        );
        assert_eq!(detail.insured_amount, euro("1000.00"));
        assert_eq!(detail.running_total, euro("300.00"));
        assert_eq!(detail.available, euro("700.00"));
        assert!(detail.payment_terms.contains("30 days"));
        assert!(detail.liabilities.contains("duties"));
        assert_eq!(detail.decided_at, Some(world.now()));
        assert_eq!((detail.state.as_str(), detail.headroom_percent, detail.open_uses), ("active", 70, 1));
        let uses = GuaranteeUses {
            reference: Some(grn.to_string()),
            mrn: None,
            open_only: None,
            first: None,
            after: None,
        };
        let uses = world.ask(&insurer(), uses).await.unwrap();
        assert_eq!((uses.items[0].mrn.clone(), uses.items[0].state.as_str()), (mrn(1), "placed"));
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
async fn strangers_learn_nothing_of_a_contract() {
    everywhere("strangers", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&grn, &access, 100)])).await.unwrap().unwrap();
        let reference = grn.to_string();
        for stranger in [other_insurer(), other_owner()] {
            let detail = GuaranteeDetail { reference: reference.clone() };
            let foreign = world.ask(&stranger, detail).await.unwrap_err();
            let detail = GuaranteeDetail { reference: unknown() };
            assert_eq!(world.ask(&stranger, detail).await.unwrap_err(), foreign);
            let ledger = GuaranteeLedger { reference: reference.clone(), first: None, after: None };
            assert_eq!(code(world.ask(&stranger, ledger).await), "not-found");
            let uses = GuaranteeUses {
                reference: Some(reference.clone()),
                mrn: None,
                open_only: None,
                first: None,
                after: None,
            };
            assert_eq!(code(world.ask(&stranger, uses).await), "not-found");
            let uses = GuaranteeUses {
                reference: None,
                mrn: Some(mrn(1)),
                open_only: None,
                first: None,
                after: None,
            };
            assert!(world.ask(&stranger, uses).await.unwrap().items.is_empty());
            assert!(world.ask(&stranger, list()).await.unwrap().items.is_empty());
        }
        for concerned in [insurer(), owner(), officer()] {
            assert_eq!(world.ask(&concerned, list()).await.unwrap().items.len(), 1);
            let uses = GuaranteeUses {
                reference: None,
                mrn: Some(mrn(1)),
                open_only: None,
                first: None,
                after: None,
            };
            assert_eq!(world.ask(&concerned, uses).await.unwrap().items.len(), 1);
        }
        let cancel = CancelGuarantee {
            reference,
            version: None,
            effective_on: "2026-07-01".parse().unwrap(),
            reason: "no".to_owned(),
        };
        assert_eq!(code(world.ask(&other_insurer(), cancel).await), "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_list_is_told_page_by_page() {
    everywhere("pages", async |world| {
        for _ in 0..5 {
            world.ask(&insurer(), proposal("1", "1.00")).await.unwrap();
            world.tick();
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page =
                world.ask(&insurer(), ListGuarantees { first: Some(2), after, ..list() }).await.unwrap();
            seen.extend(page.items.into_iter().map(|item| item.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted_by(|one, next| one > next));
        let wrong =
            ListGuarantees { state: Some("asleep".to_owned()), after: Some("0".to_owned()), ..list() };
        assert_eq!(world.ask(&insurer(), wrong).await.unwrap_err().errors[0].pointer, "/after");
        let none = ListGuarantees { state: Some("active".to_owned()), ..list() };
        assert!(world.ask(&insurer(), none).await.unwrap().items.is_empty());
    })
    .await;
}

async fn balance(world: &World, who: &Caller, grn: &str, code: &str) -> Result<String, Problem> {
    let ask = GuaranteeBalance { grn: grn.to_owned(), access_code: code.to_owned() };
    world.ask(who, ask).await.map(|told| format!("{} {}", told.balance, told.currency))
}

#[tokio::test]
async fn a_balance_is_told_only_to_the_owner_with_the_code_and_nobody_else_learns_why() {
    everywhere("balance", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        let (voucher, secret) = world.approved("4", "500.00").await;
        let told = balance(&world, &owner(), grn.as_str(), &access).await.unwrap();
        assert_eq!(told, "1000.00 EUR");
        let shape = balance(&world, &owner(), &unknown(), &access).await.unwrap_err();
        assert_eq!(shape.status, 404);
        for (who, grn, code) in [
            (owner(), grn.as_str(), "0000"),
            (owner(), grn.as_str(), ""),
            (owner(), "no number", access.as_str()),
            (other_owner(), grn.as_str(), access.as_str()),
            (owner(), voucher.as_str(), "0000"),
            (other_owner(), voucher.as_str(), secret.as_str()),
        ] {
            assert_eq!(balance(&world, &who, grn, code).await.unwrap_err(), shape);
        }
        let none = balance(&world, &owner(), voucher.as_str(), &secret).await.unwrap_err();
        assert_eq!((none.code.as_ref(), none.status), ("balance-not-monitored", 400));
        assert_eq!(balance(&world, &officer(), grn.as_str(), &access).await.unwrap(), "1000.00 EUR");
    })
    .await;
}

#[tokio::test]
async fn access_codes_cannot_be_guessed_by_trying() {
    everywhere("tries", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        for unknown in [grn.as_str(), &unknown()] {
            for _ in 0..20 {
                assert_eq!(balance(&world, &owner(), unknown, "0000").await.unwrap_err().status, 404);
            }
            assert_eq!(balance(&world, &owner(), unknown, &access).await.unwrap_err().status, 429);
        }
    })
    .await;
}

#[tokio::test]
async fn a_replaced_access_code_is_void_and_no_code_is_kept_in_clear() {
    everywhere("access", async |world| {
        let (grn, old) = world.approved("1", "1000.00").await;
        let replace = ReplaceAccessCode { reference: grn.to_string() };
        let new = world.ask(&officer(), replace).await.unwrap().access_code.unwrap();
        if old != new {
            assert_eq!(balance(&world, &owner(), grn.as_str(), &old).await.unwrap_err().status, 404);
        }
        assert!(balance(&world, &owner(), grn.as_str(), &new).await.is_ok());
        let reader = world.store.reader();
        let sql = "SELECT access_salt, access_hash FROM guarantees";
        let statement = Statement::from_string(reader.get_database_backend(), sql);
        let row = reader.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get::<String>("", "access_salt").unwrap().len(), 32);
        assert_eq!(row.try_get::<String>("", "access_hash").unwrap().len(), 64);
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_is_asked_for_again_is_answered_without_the_access_code() {
    everywhere("again", async |world| {
        let proposed = world.ask(&insurer(), proposal("1", "1000.00")).await.unwrap();
        let approve = ApproveGuarantee { reference: proposed.id.to_string(), version: None };
        let mut keyed = officer();
        keyed.once = Some(Once { key: "k".to_owned(), fingerprint: "f".to_owned() });
        let first = world.ask(&keyed, approve.clone()).await.unwrap();
        let again = world.ask(&keyed, approve).await.unwrap();
        assert_eq!(again.guarantee, first.guarantee);
        assert_eq!((first.access_code.is_some(), again.access_code), (true, None));
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
