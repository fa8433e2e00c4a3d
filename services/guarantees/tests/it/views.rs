//! What is told of guarantees, to whom, and what is told to nobody.

use customs_guarantees_contract::{
    ApproveGuarantee, CancelGuarantee, GuaranteeBalance, GuaranteeDetail, GuaranteeLedger, GuaranteeUses,
    ListGuarantees, ReplaceAccessCode,
};
use customs_kernel::{Caller, Once, Problem};
use sea_orm::{ConnectionTrait, Statement};

use crate::world::{
    World, euro, everywhere, insurer, mrn, officer, order, other_insurer, other_owner, owner, proposal,
    unknown,
};

fn code(result: Result<impl Sized, Problem>) -> String {
    result.err().map(|problem| problem.code.into_owned()).unwrap_or_default()
}

fn list() -> ListGuarantees {
    ListGuarantees { state: None, guarantee_type: None, first: None, after: None }
}

async fn balance(world: &World, who: &Caller, grn: &str, code: &str) -> Result<String, Problem> {
    let ask = GuaranteeBalance { grn: grn.to_owned(), access_code: code.to_owned() };
    world.ask(who, ask).await.map(|told| format!("{} {}", told.balance, told.currency))
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
