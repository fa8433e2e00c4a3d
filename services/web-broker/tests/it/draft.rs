//! Drafts: autosave, locks, handing over, copies and expiry.

use chrono::TimeDelta;
use customs_kernel::{Caller, Once, Role, problem};
use customs_web_broker_contract::{
    CopyDraft, DeleteDraft, DraftHead, DraftKind, GrantMembership, HandOverDraft, ListDrafts,
    ListRegistryChanges, LockDraft, MemberRole, MyOrganisation, NationalNumber, NumberScheme, OpenDraft,
    RegisterPerson, SaveDraft, UnlockDraft, problems::DRAFT_LOCKED,
};
use uuid::Uuid;

use crate::world::{DECLARANT, World, in_every_world, pointers, somebody};

const CONTENT: &str = r#"{"n1:CC015C":{"TransitOperation":{"LRN":"L-1","declarationType":"T1"}}}"#;

fn new(content: &str) -> SaveDraft {
    SaveDraft {
        id: None,
        expected_version: None,
        kind: DraftKind::Transit,
        content: content.to_owned(),
        title: "Almaty - Tashkent".to_owned(),
    }
}

fn change(head: &DraftHead, content: &str) -> SaveDraft {
    SaveDraft { id: Some(head.id), expected_version: Some(head.version), ..new(content) }
}

/// A second declarant of the demo declarant's organisation.
async fn colleague(world: &World) -> Caller {
    let administrator = world.caller("administrator").await;
    let own = world.ask(&world.caller("declarant").await, MyOrganisation {}).await.unwrap();
    let number = NationalNumber { scheme: NumberScheme::KgPin, number: "11503199000001".to_owned() };
    let ask = RegisterPerson { name: "Gulnara Asanova".to_owned(), national_number: number };
    let person = world.ask(&administrator, ask).await.unwrap();
    let ask = GrantMembership {
        person_id: person.id,
        organisation_id: own.id,
        roles: vec![MemberRole::Declarant],
        offices: Vec::new(),
        valid_from: None,
        valid_to: None,
    };
    world.ask(&administrator, ask).await.unwrap();
    let mut caller = somebody(Role::Declarant, Some(DECLARANT));
    caller.actor.subject = person.id.to_string();
    caller
}

in_every_world! {
    async fn a_draft_is_opened_as_it_was_saved(world: &World) {
        let declarant = world.caller("declarant").await;
        let head = world.ask(&declarant, new(CONTENT)).await.unwrap();
        assert_eq!((head.version, head.keeper_name.as_deref()), (1, Some("Aigerim Sadykova")));
        assert_eq!(head.expires_at, world.now() + TimeDelta::days(30));
        let opened = world.ask(&declarant, OpenDraft { id: head.id }).await.unwrap();
        assert_eq!((opened.head, opened.content.as_str()), (head.clone(), CONTENT));

        let next = world.ask(&declarant, change(&head, "{\"a\": 1.10}")).await.unwrap();
        assert_eq!(next.version, 2);
        let opened = world.ask(&declarant, OpenDraft { id: head.id }).await.unwrap();
        assert_eq!(opened.content, "{\"a\": 1.10}");
    }

    async fn an_autosave_over_a_newer_version_is_refused_with_that_version(world: &World) {
        let declarant = world.caller("declarant").await;
        let head = world.ask(&declarant, new(CONTENT)).await.unwrap();
        world.ask(&colleague(world).await, change(&head, "{}")).await.unwrap();
        let stale = world.ask(&declarant, change(&head, "{\"lost\":1}")).await.unwrap_err();
        assert!(stale.is(problem::VERSION_STALE));
        assert_eq!((pointers(&stale), stale.errors[0].value.as_deref()), (vec!["/expectedVersion"], Some("2")));
        let opened = world.ask(&declarant, OpenDraft { id: head.id }).await.unwrap();
        assert_eq!(opened.content, "{}");
    }

    async fn a_save_must_name_the_version_it_changes(world: &World) {
        let declarant = world.caller("declarant").await;
        let head = world.ask(&declarant, new(CONTENT)).await.unwrap();
        let unnamed = SaveDraft { expected_version: None, ..change(&head, "{}") };
        assert!(world.ask(&declarant, unnamed).await.unwrap_err().is(problem::VERSION_REQUIRED));
        let needless = SaveDraft { expected_version: Some(1), ..new("{}") };
        assert_eq!(pointers(&world.ask(&declarant, needless).await.unwrap_err()), ["/expectedVersion"]);
        let nowhere = SaveDraft { id: Some(Uuid::nil()), ..change(&head, "{}") };
        assert!(world.ask(&declarant, nowhere).await.unwrap_err().is(problem::NOT_FOUND));
    }

    async fn a_content_that_cannot_be_kept_is_refused(world: &World) {
        let declarant = world.caller("declarant").await;
        let huge = format!("{{\"a\":\"{}\"}}", "x".repeat(512 * 1024));
        assert!(world.ask(&declarant, new(&huge)).await.unwrap_err().is(problem::TOO_LARGE));
        for content in ["", "[1]", "{\"a\":"] {
            let refused = world.ask(&declarant, new(content)).await.unwrap_err();
            assert_eq!(pointers(&refused), ["/content"], "{content}");
        }
        let untitled = SaveDraft { title: "\u{7}".to_owned(), ..new("{}") };
        assert_eq!(pointers(&world.ask(&declarant, untitled).await.unwrap_err()), ["/title"]);
        assert_eq!(world.count("drafts").await, 0);
    }

    async fn the_same_save_sent_twice_begins_one_draft(world: &World) {
        let mut declarant = world.caller("declarant").await;
        declarant.once = Some(Once { key: "k1".to_owned(), fingerprint: "f".to_owned() });
        let first = world.ask(&declarant, new(CONTENT)).await.unwrap();
        let second = world.ask(&declarant, new(CONTENT)).await.unwrap();
        assert_eq!(first, second);
        assert_eq!(world.count("drafts").await, 1);
    }

    async fn a_colleague_sees_who_is_at_work_and_waits(world: &World) {
        let (declarant, colleague) = (world.caller("declarant").await, colleague(world).await);
        let head = world.ask(&declarant, new(CONTENT)).await.unwrap();
        let id = head.id;
        world.ask(&declarant, LockDraft { id }).await.unwrap();
        let seen = world.ask(&colleague, ListDrafts::default()).await.unwrap();
        let lock = seen.items[0].lock.clone().unwrap();
        assert_eq!(lock.holder_name.as_deref(), Some("Aigerim Sadykova"));
        assert_eq!(lock.until, world.now() + TimeDelta::minutes(1));
        for refused in [
            world.ask(&colleague, LockDraft { id }).await.unwrap_err(),
            world.ask(&colleague, change(&head, "{}")).await.unwrap_err(),
        ] {
            assert!(refused.is(DRAFT_LOCKED) && refused.retry_after_s.is_some());
        }
        world.ask(&colleague, UnlockDraft { id }).await.unwrap();
        assert!(world.ask(&colleague, LockDraft { id }).await.is_err());

        world.clock.advance(TimeDelta::seconds(61));
        world.ask(&colleague, LockDraft { id }).await.unwrap();
        assert!(world.ask(&declarant, LockDraft { id }).await.unwrap_err().is(DRAFT_LOCKED));
        let freed = world.ask(&colleague, UnlockDraft { id }).await.unwrap();
        assert_eq!(freed.lock, None);
        world.ask(&declarant, LockDraft { id }).await.unwrap();
    }

    async fn a_draft_is_handed_to_a_colleague_and_to_nobody_else(world: &World) {
        let (declarant, colleague) = (world.caller("declarant").await, colleague(world).await);
        let head = world.ask(&declarant, new(CONTENT)).await.unwrap();
        let to = |subject: &str| HandOverDraft {
            id: head.id,
            expected_version: 1,
            to_person_id: subject.parse().unwrap(),
        };
        let broker = world.caller("broker").await;
        for stranger in [broker.actor.subject.as_str(), &Uuid::nil().to_string()] {
            let refused = world.ask(&declarant, to(stranger)).await.unwrap_err();
            assert_eq!((refused.status, pointers(&refused)), (404, vec!["/toPersonId"]));
        }
        let handed = world.ask(&declarant, to(&colleague.actor.subject)).await.unwrap();
        assert_eq!(handed.keeper_name.as_deref(), Some("Gulnara Asanova"));
        assert_eq!(handed.version, 2);
        let stale = world.ask(&declarant, to(&colleague.actor.subject)).await.unwrap_err();
        assert!(stale.is(problem::VERSION_STALE));
    }

    async fn a_copy_has_a_life_of_its_own_and_no_lrn(world: &World) {
        let declarant = world.caller("declarant").await;
        let head = world.ask(&declarant, new(CONTENT)).await.unwrap();
        let ask = CopyDraft { id: head.id, title: Some("Second".to_owned()) };
        let copy = world.ask(&declarant, ask).await.unwrap();
        assert_eq!((copy.title.as_str(), copy.copied_from), ("Second", Some(head.id)));
        let opened = world.ask(&declarant, OpenDraft { id: copy.id }).await.unwrap();
        assert_eq!(opened.content, r#"{"n1:CC015C":{"TransitOperation":{"declarationType":"T1"}}}"#);
        let delete = DeleteDraft { id: head.id, expected_version: 1 };
        world.ask(&declarant, delete.clone()).await.unwrap();
        assert!(world.ask(&declarant, delete).await.unwrap_err().is(problem::NOT_FOUND));
        assert!(world.ask(&declarant, OpenDraft { id: copy.id }).await.is_ok());
        assert_eq!((world.count("drafts").await, world.count("draft_contents").await), (1, 1));
    }

    async fn a_draft_that_nobody_saves_is_gone_after_thirty_days(world: &World) {
        let declarant = world.caller("declarant").await;
        let idle = world.ask(&declarant, new(CONTENT)).await.unwrap();
        let busy = world.ask(&declarant, new(CONTENT)).await.unwrap();
        world.clock.advance(TimeDelta::days(29));
        assert_eq!(world.ring().await, 0);
        world.ask(&declarant, change(&busy, "{}")).await.unwrap();
        world.clock.advance(TimeDelta::days(1));
        assert_eq!(world.ring().await, 1);
        assert!(world.ask(&declarant, OpenDraft { id: idle.id }).await.unwrap_err().is(problem::NOT_FOUND));
        assert!(world.ask(&declarant, OpenDraft { id: busy.id }).await.is_ok());
        world.clock.advance(TimeDelta::days(29));
        assert_eq!(world.ring().await, 1);
        assert_eq!((world.count("drafts").await, world.count("timers").await), (0, 0));
        let changes = world.ask(&declarant, ListRegistryChanges::default()).await.unwrap();
        let expired = changes.items.iter().filter(|change| change.what == "draft-expired").count();
        assert_eq!(expired, 2);
    }

    async fn pages_of_drafts_have_no_gap_while_others_are_begun(world: &World) {
        let declarant = world.caller("declarant").await;
        let mut begun = Vec::new();
        for _ in 0..7 {
            world.clock.advance(TimeDelta::seconds(1));
            begun.insert(0, world.ask(&declarant, new("{}")).await.unwrap().id);
        }
        let (mut walked, mut after) = (Vec::new(), None);
        loop {
            let page = world.ask(&declarant, ListDrafts { first: Some(2), after }).await.unwrap();
            walked.extend(page.items.into_iter().map(|head| head.id));
            world.clock.advance(TimeDelta::seconds(1));
            world.ask(&declarant, new("{}")).await.unwrap();
            after = page.next;
            if after.is_none() { break; }
        }
        assert_eq!(walked, begun);
    }

    async fn software_of_an_organisation_keeps_drafts_under_its_own_id(world: &World) {
        let mut software = somebody(Role::Broker, Some(DECLARANT));
        software.actor.subject = "client:erp".to_owned();
        let head = world.ask(&software, new(CONTENT)).await.unwrap();
        assert_eq!((head.keeper.as_str(), head.keeper_name), ("client:erp", None));
    }

    async fn two_saves_at_once_make_one_version(world: &World) {
        let declarant = world.caller("declarant").await;
        let head = world.ask(&declarant, new(CONTENT)).await.unwrap();
        let (one, other) = tokio::join!(
            world.ask(&declarant, change(&head, "{\"one\":1}")),
            world.ask(&declarant, change(&head, "{\"other\":1}")),
        );
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1);
        let refused = one.err().or(other.err()).unwrap();
        assert!(refused.is(problem::VERSION_STALE));
    }
}
