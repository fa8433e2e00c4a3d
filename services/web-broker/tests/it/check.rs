//! Checks without sending: findings, and receipts that hold for exactly what was checked.

use chrono::TimeDelta;
use customs_kernel::{Caller, problem};
use customs_web_broker_contract::{
    CheckDraft, ConfirmPreCheck, DraftCheck, DraftKind, PreCheckReceipt, SaveDraft,
};
use uuid::Uuid;

use crate::world::{BROKER, DECLARANT, World, in_every_world, service};

fn draft(content: &str) -> SaveDraft {
    SaveDraft {
        id: None,
        expected_version: None,
        kind: DraftKind::Transit,
        content: content.to_owned(),
        title: "T".to_owned(),
    }
}

async fn check(world: &World, caller: &Caller, content: &str) -> DraftCheck {
    let head = world.ask(caller, draft(content)).await.unwrap();
    world.ask(caller, CheckDraft { id: head.id }).await.unwrap()
}

fn confirm(receipt: &PreCheckReceipt) -> ConfirmPreCheck {
    ConfirmPreCheck {
        receipt_id: receipt.id,
        organisation: DECLARANT.to_owned(),
        ruleset_hash: receipt.ruleset_hash.clone(),
        content_sha256: receipt.content_sha256.clone(),
    }
}

async fn holds(world: &World, ask: ConfirmPreCheck) -> bool {
    world.ask(&service(), ask).await.unwrap().holds
}

in_every_world! {
    async fn a_check_tells_every_finding_and_sends_nothing(world: &World) {
        let declarant = world.caller("declarant").await;
        let told = world.told().await.len();
        let checked = check(world, &declarant, "{}").await;
        assert!(!checked.valid);
        assert_eq!((checked.draft_version, checked.message_type.as_deref()), (1, Some("CC015C")));
        assert_eq!((checked.errors[0].code.as_str(), checked.errors[0].rule.as_deref()), ("13", Some("C0030")));
        assert_eq!(world.told().await.len(), told, "a check tells nobody");
        assert!(!holds(world, confirm(&checked.receipt)).await, "an invalid content gets no good receipt");
    }

    async fn a_receipt_holds_for_what_was_checked_and_nothing_else(world: &World) {
        let declarant = world.caller("declarant").await;
        let receipt = check(world, &declarant, "{\"good\":1}").await.receipt;
        assert_eq!((receipt.ruleset_hash.as_str(), receipt.at), ("rules-1", world.now()));
        let sha256 = "ce19dbc21c5b1f2a4b5d0b9e1ba8f2a6b3b6e0bb1a5f8d5f7a2b7c6c2f5e0b11";
        for (ask, want) in [
            (confirm(&receipt), true),
            (ConfirmPreCheck { organisation: BROKER.to_owned(), ..confirm(&receipt) }, false),
            (ConfirmPreCheck { ruleset_hash: "rules-2".to_owned(), ..confirm(&receipt) }, false),
            (ConfirmPreCheck { content_sha256: sha256.to_owned(), ..confirm(&receipt) }, false),
            (ConfirmPreCheck { receipt_id: Uuid::nil(), ..confirm(&receipt) }, false),
        ] {
            assert_eq!(holds(world, ask.clone()).await, want, "{ask:?}");
        }
    }

    async fn a_check_while_the_rules_are_down_is_to_be_tried_again(world: &World) {
        let declarant = world.caller("declarant").await;
        let ask = draft("{\"down\":1}");
        let head = world.ask(&declarant, ask).await.unwrap();
        let refused = world.ask(&declarant, CheckDraft { id: head.id }).await.unwrap_err();
        assert!(refused.is(problem::UNAVAILABLE) && refused.retry_after_s.is_some());
        assert_eq!(world.count("pre_checks").await, 0);
    }

    async fn a_check_sees_the_version_it_names(world: &World) {
        let declarant = world.caller("declarant").await;
        let head = world.ask(&declarant, draft("{}")).await.unwrap();
        let ask = SaveDraft { id: Some(head.id), expected_version: Some(1), ..draft("{\"good\":1}") };
        world.ask(&declarant, ask).await.unwrap();
        let checked = world.ask(&declarant, CheckDraft { id: head.id }).await.unwrap();
        assert_eq!((checked.draft_version, checked.valid), (2, true));
    }

    async fn a_receipt_is_good_for_a_day(world: &World) {
        let declarant = world.caller("declarant").await;
        let receipt = check(world, &declarant, "{\"good\":1}").await.receipt;
        world.clock.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
        assert!(holds(world, confirm(&receipt)).await);
        world.clock.advance(TimeDelta::microseconds(1));
        assert!(!holds(world, confirm(&receipt)).await);
        assert_eq!(world.ring().await, 1);
        assert_eq!(world.count("pre_checks").await, 0);
    }
}
