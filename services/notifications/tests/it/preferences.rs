//! Preferences: what is quiet comes into the box all the same, as acknowledged; webhooks are told what they want.

use customs_notifications_contract::{
    ChangeWebhook, PullNotifications, ReadPreferences, SavePreferences, event,
};
use uuid::Uuid;

use crate::stand::{officer, party, stands};

const URL: &str = "http://127.0.0.1:9/hook";

fn quiet(kinds: &[&str]) -> SavePreferences {
    SavePreferences { quiet: kinds.iter().map(|kind| (*kind).to_owned()).collect() }
}

#[tokio::test]
async fn what_is_quiet_stands_in_the_box_and_does_not_count() {
    for stand in stands().await {
        let own = party("KZ1");
        let all = stand.ask(&own, ReadPreferences {}).await.unwrap();
        assert!(all.kinds.iter().all(|one| one.aloud) && all.kinds.len() == event::FOR_PARTICIPANTS.len());
        let saved = stand.ask(&own, quiet(&[event::MOVEMENT_CHANGED])).await.unwrap();
        assert_eq!(saved, stand.ask(&own, ReadPreferences {}).await.unwrap());
        let still: Vec<_> =
            saved.kinds.iter().filter(|one| !one.aloud).map(|one| one.kind.as_str()).collect();
        assert_eq!(still, [event::MOVEMENT_CHANGED]);
        let movement = Uuid::now_v7();
        let batch = vec![
            stand.changed("KZ1", &["KZ2"], movement, "released"),
            stand.issued("KZ1", movement, "CC029C"),
            stand.changed("KZ1", &["KZ2"], movement, "arrived"),
        ];
        stand.deliver(batch).await;
        let page = stand.pull(&own).await;
        assert_eq!((page.last_number, page.unacknowledged), (3, 1));
        let open = PullNotifications { unacknowledged_only: Some(true), ..PullNotifications::default() };
        let open = stand.ask(&own, open).await.unwrap().items;
        assert_eq!(
            open.iter().map(|entry| entry.event.kind.as_str()).collect::<Vec<_>>(),
            [event::MESSAGE_ISSUED]
        );
        assert_eq!(stand.pull(&party("KZ2")).await.unacknowledged, 2, "others are told as before");
        stand.ask(&own, quiet(&[])).await.unwrap();
        stand.deliver(vec![stand.changed("KZ1", &[], movement, "written-off")]).await;
        assert_eq!(stand.pull(&own).await.unacknowledged, 2);
    }
}

#[tokio::test]
async fn a_kind_that_is_none_is_named_and_nothing_is_saved() {
    for stand in stands().await {
        let own = party("KZ1");
        let wrong = quiet(&[event::GUARANTEE_CHANGED, "nonsense", event::MOVEMENT_RELEASED]);
        let problem = stand.ask(&own, wrong).await.unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!((problem.status, pointers), (400, vec!["/quiet/1", "/quiet/2"]));
        assert!(stand.ask(&own, ReadPreferences {}).await.unwrap().kinds.iter().all(|one| one.aloud));
        assert_eq!(stand.ask(&officer(&["KZ000001"]), ReadPreferences {}).await.unwrap_err().status, 403);
    }
}

#[tokio::test]
async fn a_webhook_is_told_what_it_wants_now_and_is_its_owners_alone() {
    for stand in stands().await {
        let id = stand.register("KZ1", URL).await.webhook.id;
        let change =
            |types: &[&str]| ChangeWebhook { id, types: types.iter().map(|one| (*one).to_owned()).collect() };
        let changed =
            stand.ask(&party("KZ1"), change(&[event::NOTE_WRITTEN, event::MESSAGE_ISSUED])).await.unwrap();
        assert_eq!(
            changed.types,
            [event::MESSAGE_ISSUED, event::NOTE_WRITTEN],
            "in the order of the catalogue"
        );
        assert_eq!(stand.ask(&party("KZ1"), change(&["x"])).await.unwrap_err().errors[0].pointer, "/types/0");
        assert_eq!(stand.ask(&party("KZ2"), change(&[])).await.unwrap_err().status, 404);
        assert!(stand.ask(&party("KZ1"), change(&[])).await.unwrap().types.is_empty(), "every type again");
    }
}
