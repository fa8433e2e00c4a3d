//! Message boxes: numbered, pulled, acknowledged, each its owner's only.

use std::{collections::HashSet, sync::Arc, time::Duration};

use customs_declarations_contract::bus::{MOVEMENT_RELEASED, MovementFact};
use customs_guarantees_contract::bus::{GUARANTEE_CHANGED, GuaranteeChanged, USE_CHANGED, UseChanged};
use customs_kernel::{Actor, Caller, Currency, Money, Role};
use customs_notifications_contract::{
    AcknowledgeNotifications, PullNotifications, ReadNotification, event, whisper_topic,
};
use customs_platform::{Cache, Message};
use tokio::{task::JoinSet, time::timeout};
use uuid::Uuid;

use crate::stand::{Stand, officer, party, stands};

async fn fill(stand: &Stand, eori: &str, count: usize) {
    let movement = Uuid::now_v7();
    let batch = (0..count).map(|_| stand.issued(eori, movement, "CC028C")).collect();
    stand.deliver(batch).await;
}

#[tokio::test]
async fn whoever_is_concerned_is_told_once_and_nobody_else() {
    for stand in stands().await {
        let movement = Uuid::now_v7();
        stand.deliver(vec![stand.issued("KZ1", movement, "CC928C")]).await;
        stand.deliver(vec![stand.changed("KZ1", &["KZ2", "KZ1"], movement, "accepted")]).await;
        let holder = stand.pull(&party("KZ1")).await;
        let told: Vec<_> =
            holder.items.iter().map(|entry| (entry.number, entry.event.kind.as_str())).collect();
        assert_eq!(told, [(1, event::MESSAGE_ISSUED), (2, event::MOVEMENT_CHANGED)]);
        assert_eq!(holder.items[0].message_type.as_deref(), Some("CC928C"));
        assert_eq!(holder.items[1].state.as_deref(), Some("accepted"));
        assert_eq!((holder.last_number, holder.unacknowledged), (2, 2));
        let carrier = stand.pull(&party("KZ2")).await;
        assert_eq!((carrier.items.len(), carrier.items[0].number), (1, 1));
        assert!(stand.pull(&party("KZ3")).await.items.is_empty());
    }
}

#[tokio::test]
async fn an_entry_is_a_cloud_event() {
    for stand in stands().await {
        let movement = Uuid::now_v7();
        stand.deliver(vec![stand.issued("KZ1", movement, "CC028C")]).await;
        let entry = stand.pull(&party("KZ1")).await.items.remove(0);
        let seen = serde_json::to_value(&entry.event).unwrap();
        assert_eq!(seen["specversion"], "1.0");
        assert_eq!(seen["id"], entry.id.to_string());
        assert_eq!(seen["source"], "/declarations");
        assert_eq!(seen["type"], event::MESSAGE_ISSUED);
        assert_eq!(seen["subject"], format!("movement/{movement}"));
        assert_eq!(seen["time"], "2026-11-20T08:00:00Z");
        assert_eq!(seen["correlationid"], "correlation");
        assert_eq!(seen["data"]["messageType"], "CC028C");
        let small = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(seen.as_object().unwrap().keys().all(small), "{seen}");
    }
}

#[tokio::test]
async fn guarantor_and_owner_are_told_of_each_use() {
    for stand in stands().await {
        let eori = |text: &str| text.parse().unwrap();
        let used = UseChanged {
            grn: "26KZ00000000000012".to_owned(),
            guarantor: eori("KZ9"),
            owner: eori("KZ1"),
            mrn: "26KZ000000000001J5".to_owned(),
            movement: Uuid::now_v7(),
            amount: Money::new(1_000_050, Currency::EUR),
            state: "placed".to_owned(),
            at: stand.now(),
        };
        let proposed = GuaranteeChanged {
            grn: None,
            guarantor: eori("KZ9"),
            owner: eori("KZ1"),
            state: "proposed".to_owned(),
            headroom_percent: 100,
            headroom: None,
            level_percent: Some(100),
            warned_at_percent: None,
            at: stand.now(),
        };
        let warned = GuaranteeChanged {
            grn: Some(used.grn.clone()),
            state: "active".to_owned(),
            headroom_percent: 19,
            headroom: Some(Money::new(190_000, Currency::EUR)),
            level_percent: Some(50),
            warned_at_percent: Some(80),
            ..proposed.clone()
        };
        stand.deliver(vec![stand.message(GUARANTEE_CHANGED, "g", &proposed)]).await;
        stand.deliver(vec![stand.message(USE_CHANGED, "g", &used)]).await;
        stand.deliver(vec![stand.message(GUARANTEE_CHANGED, "g", &warned)]).await;
        for eori in ["KZ9", "KZ1"] {
            let page = stand.pull(&party(eori)).await;
            let states: Vec<_> = page.items.iter().map(|entry| entry.state.as_deref()).collect();
            assert_eq!(states, [Some("proposed"), Some("placed"), Some("active")], "{eori}");
            let data = &page.items[2].event.data;
            assert_eq!((&data["headroom"], &data["warnedAtPercent"]), (&"1900.00".into(), &80.into()));
            assert_eq!(page.items[1].event.data["amount"], "10000.50");
        }
    }
}

#[tokio::test]
async fn a_message_that_arrives_twice_makes_one_entry() {
    for stand in stands().await {
        let message = stand.issued("KZ1", Uuid::now_v7(), "CC028C");
        stand.deliver(vec![message.clone()]).await;
        stand.deliver(vec![message.clone(), message]).await;
        assert_eq!(stand.pull(&party("KZ1")).await.last_number, 1);
    }
}

#[tokio::test]
async fn numbers_have_no_gaps_though_many_write_at_once() {
    for stand in stands().await {
        let mut tasks = JoinSet::new();
        for turn in 0..12 {
            let inbox = Arc::clone(&stand.inbox);
            // Each batch meets the boxes in another order.
            let parties: &[&str] = if turn % 2 == 0 { &["KZ2", "KZ3"] } else { &["KZ3", "KZ2"] };
            let batch: Vec<Message> = (0..8)
                .map(|_| stand.changed(parties[0], &[parties[1]], Uuid::now_v7(), "released"))
                .collect();
            tasks.spawn(async move { inbox.deliver(batch).await });
        }
        tasks.join_all().await;
        for eori in ["KZ2", "KZ3"] {
            let page = stand.pull(&party(eori)).await;
            let numbers: Vec<i64> = page.items.iter().map(|entry| entry.number).collect();
            assert_eq!(numbers, (1..=96).collect::<Vec<i64>>());
            let ids: HashSet<_> = page.items.iter().map(|entry| entry.id).collect();
            assert_eq!((ids.len(), page.last_number, page.unacknowledged), (96, 96, 96));
        }
    }
}

#[tokio::test]
async fn pages_join_to_the_whole_box_though_entries_come_in_between() {
    for stand in stands().await {
        fill(&stand, "KZ1", 7).await;
        let mut ask = PullNotifications { first: Some(3), ..PullNotifications::default() };
        let mut numbers = Vec::new();
        loop {
            let page = stand.ask(&party("KZ1"), ask.clone()).await.unwrap();
            numbers.extend(page.items.iter().map(|entry| entry.number));
            if numbers.len() == 3 {
                fill(&stand, "KZ1", 1).await;
            }
            match page.next {
                Some(next) => ask.after = Some(next),
                None => break,
            }
        }
        assert_eq!(numbers, (1..=8).collect::<Vec<i64>>());
        let resumed = PullNotifications { after_number: Some(6), ..PullNotifications::default() };
        let page = stand.ask(&party("KZ1"), resumed).await.unwrap();
        assert_eq!(page.items.iter().map(|entry| entry.number).collect::<Vec<_>>(), [7, 8]);
        let cursor = page.items[0].cursor.clone();
        let behind = PullNotifications { after: Some(cursor), ..PullNotifications::default() };
        assert_eq!(stand.ask(&party("KZ1"), behind).await.unwrap().items.len(), 1);
    }
}

#[tokio::test]
async fn what_is_acknowledged_is_not_pulled_again_unless_asked_for() {
    for stand in stands().await {
        fill(&stand, "KZ1", 6).await;
        let caller = party("KZ1");
        let all = stand.pull(&caller).await.items;
        let ask = AcknowledgeNotifications {
            ids: Some(vec![all[3].id, all[3].id]),
            numbers: Some(vec![5, 4]),
            up_to: Some(2),
            ..AcknowledgeNotifications::default()
        };
        let done = stand.ask(&caller, ask.clone()).await.unwrap();
        assert_eq!((done.acknowledged, done.unacknowledged), (4, 2));
        let again = stand.ask(&caller, ask).await.unwrap();
        assert_eq!((again.acknowledged, again.unacknowledged), (0, 2));
        let open = PullNotifications { unacknowledged_only: Some(true), ..PullNotifications::default() };
        let page = stand.ask(&caller, open).await.unwrap();
        assert_eq!(page.items.iter().map(|entry| entry.number).collect::<Vec<_>>(), [3, 6]);
        let replay = stand.pull(&caller).await;
        assert_eq!((replay.items.len(), replay.unacknowledged), (6, 2));
        assert!(replay.items[0].acknowledged_at.is_some() && replay.items[2].acknowledged_at.is_none());
    }
}

#[tokio::test]
async fn an_acknowledgement_of_something_unknown_changes_nothing() {
    for stand in stands().await {
        fill(&stand, "KZ1", 2).await;
        fill(&stand, "KZ2", 1).await;
        let foreign = stand.pull(&party("KZ2")).await.items[0].id;
        let ask = AcknowledgeNotifications {
            ids: Some(vec![foreign]),
            numbers: Some(vec![1, 0, 3]),
            up_to: Some(9),
            ..AcknowledgeNotifications::default()
        };
        let problem = stand.ask(&party("KZ1"), ask).await.unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!((problem.status, pointers), (404, vec!["/ids/0", "/numbers/1", "/numbers/2", "/upTo"]));
        assert_eq!(stand.pull(&party("KZ1")).await.unacknowledged, 2);
        assert_eq!(stand.pull(&party("KZ2")).await.unacknowledged, 1);
        let nothing = AcknowledgeNotifications { up_to: Some(1), ..AcknowledgeNotifications::default() };
        assert_eq!(stand.ask(&party("KZ3"), nothing).await.unwrap_err().status, 404);
    }
}

#[tokio::test]
async fn an_entry_is_read_by_its_owner_only() {
    for stand in stands().await {
        fill(&stand, "KZ1", 1).await;
        let id = stand.pull(&party("KZ1")).await.items[0].id;
        let ask = || ReadNotification { office: None, id };
        assert_eq!(stand.ask(&party("KZ1"), ask()).await.unwrap().number, 1);
        assert_eq!(stand.ask(&party("KZ2"), ask()).await.unwrap_err().status, 404);
        let unknown = ReadNotification { office: None, id: Uuid::nil() };
        assert_eq!(stand.ask(&party("KZ1"), unknown).await.unwrap_err().status, 404);
    }
}

#[tokio::test]
async fn the_offices_of_departure_and_destination_are_told_of_a_release() {
    for stand in stands().await {
        let fact = MovementFact {
            movement: Uuid::now_v7(),
            mrn: "26KZ000000000001J5".to_owned(),
            declaration_type: "T1".to_owned(),
            departure_office: "KZ000001".parse().unwrap(),
            destination_office: "UZ000001".parse().unwrap(),
            transit_countries: Vec::new(),
            items: 1,
            gross_mass_micro: 1,
            day: "2026-11-20".parse().unwrap(),
            at: stand.now(),
        };
        stand.deliver(vec![stand.message(MOVEMENT_RELEASED, "m", &fact)]).await;
        for office in ["KZ000001", "UZ000001"] {
            let page = stand.pull(&officer(&[office])).await;
            assert_eq!(page.owner, format!("office:{office}"));
            assert_eq!(page.items[0].event.kind, event::MOVEMENT_RELEASED);
        }
        let foreign =
            PullNotifications { office: Some("UZ000001".to_owned()), ..PullNotifications::default() };
        for caller in [officer(&["KZ000001"]), party("KZ1")] {
            assert_eq!(stand.ask(&caller, foreign.clone()).await.unwrap_err().status, 404);
        }
    }
}

#[tokio::test]
async fn a_listener_is_woken_when_the_entry_can_be_read() {
    for stand in stands().await {
        let mut whispers = stand.cache.listen();
        fill(&stand, "KZ1", 3).await;
        let topic = whisper_topic("KZ1");
        let woken = async {
            loop {
                let whisper = whispers.recv().await.unwrap();
                if whisper.topic == topic && whisper.text == "3" {
                    return;
                }
            }
        };
        timeout(Duration::from_secs(5), woken).await.unwrap();
        assert_eq!(stand.pull(&party("KZ1")).await.last_number, 3);
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    for stand in stands().await {
        let ask = PullNotifications {
            office: None,
            unacknowledged_only: None,
            after_number: Some(-1),
            first: Some(0),
            after: Some("\u{0}".to_owned()),
        };
        let problem = stand.ask(&party("KZ1"), ask).await.unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(
            (problem.status, pointers),
            (400, vec!["/first", "/after", "/afterNumber", "/afterNumber"])
        );
        let empty = AcknowledgeNotifications::default();
        assert_eq!(stand.ask(&party("KZ1"), empty).await.unwrap_err().status, 400);
        let many = AcknowledgeNotifications {
            numbers: Some(vec![1; 501]),
            up_to: Some(0),
            ..AcknowledgeNotifications::default()
        };
        let problem = stand.ask(&party("KZ1"), many).await.unwrap_err();
        assert_eq!((problem.status, problem.errors.len()), (400, 2));
    }
}

#[tokio::test]
async fn an_administrator_reads_nobodys_box() {
    for stand in stands().await {
        let mut actor = Actor::anonymous();
        actor.roles = vec![Role::Administrator];
        let problem = stand.ask(&Caller::new(actor, "test"), PullNotifications::default()).await.unwrap_err();
        assert_eq!(problem.status, 403);
    }
}
