//! Webhooks: registered, listed, rotated, deleted, each its owner's only.

use customs_notifications::deliver_due;
use customs_notifications_contract::{
    DeleteWebhook, ListWebhooks, ReadWebhook, RegisterWebhook, RotateWebhookSecret, TestWebhook,
    WebhookDeliveries, event,
};
use uuid::Uuid;

use crate::{
    receiver::Receiver,
    stand::{Stand, officer, party, stands, strict_stands},
};

const URL: &str = "http://127.0.0.1:9/hook";

fn deliveries(id: Uuid) -> WebhookDeliveries {
    WebhookDeliveries { id, first: None, after: None }
}

#[tokio::test]
async fn a_secret_is_shown_once_and_never_again() {
    for stand in stands().await {
        let registered = stand.register("KZ1", URL).await;
        assert!(registered.secret.starts_with("whsec_"));
        let list = stand.ask(&party("KZ1"), ListWebhooks::default()).await.unwrap();
        assert_eq!(list.items, std::slice::from_ref(&registered.webhook));
        let read = stand.ask(&party("KZ1"), ReadWebhook { id: registered.webhook.id }).await.unwrap();
        assert!(!serde_json::to_string(&read).unwrap().contains("whsec_"));
    }
}

#[tokio::test]
async fn a_list_of_webhooks_comes_in_pages() {
    for stand in stands().await {
        for _ in 0..5 {
            stand.register("KZ1", URL).await;
        }
        let mut ask = ListWebhooks { first: Some(2), after: None };
        let mut ids = Vec::new();
        loop {
            let page = stand.ask(&party("KZ1"), ask.clone()).await.unwrap();
            ids.extend(page.items.iter().map(|webhook| webhook.id));
            match page.next {
                Some(next) => ask.after = Some(next),
                None => break,
            }
        }
        let sorted = {
            let mut sorted = ids.clone();
            sorted.sort_unstable();
            sorted.dedup();
            sorted
        };
        assert_eq!((ids.len(), &ids), (5, &sorted));
    }
}

#[tokio::test]
async fn addresses_that_do_not_lead_out_are_refused() {
    for stand in strict_stands().await {
        for url in [
            "http://broker.example/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://169.254.169.254/",
            "https://[::ffff:127.0.0.1]/",
            "https://nowhere.invalid/",
            "nonsense",
        ] {
            let ask = RegisterWebhook { url: url.to_owned(), types: None };
            let problem = stand.ask(&party("KZ1"), ask).await.unwrap_err();
            assert_eq!((problem.status, problem.code.as_ref()), (422, "webhook-url-refused"), "{url}");
            assert_eq!(problem.errors[0].pointer, "/url");
        }
        assert!(stand.ask(&party("KZ1"), ListWebhooks::default()).await.unwrap().items.is_empty());
    }
}

#[tokio::test]
async fn unknown_types_are_refused_by_name() {
    for stand in stands().await {
        let types = vec![event::MESSAGE_ISSUED.to_owned(), "ecustoms.nonsense".to_owned()];
        let ask = RegisterWebhook { url: URL.to_owned(), types: Some(types) };
        let problem = stand.ask(&party("KZ1"), ask).await.unwrap_err();
        assert_eq!((problem.status, problem.errors[0].pointer.as_str()), (400, "/types/1"));
    }
}

#[tokio::test]
async fn a_participant_has_twenty_webhooks_at_most() {
    for stand in stands().await {
        let mut last = None;
        for _ in 0..20 {
            last = Some(stand.register("KZ1", URL).await.webhook.id);
        }
        let ask = || RegisterWebhook { url: URL.to_owned(), types: None };
        assert_eq!(stand.ask(&party("KZ1"), ask()).await.unwrap_err().code, "webhooks-too-many");
        stand.ask(&party("KZ1"), DeleteWebhook { id: last.unwrap() }).await.unwrap();
        assert!(stand.ask(&party("KZ1"), ask()).await.is_ok());
    }
}

async fn refusals(stand: &Stand, eori: &str, id: Uuid) -> Vec<u16> {
    let caller = party(eori);
    vec![
        stand.ask(&caller, ReadWebhook { id }).await.unwrap_err().status,
        stand.ask(&caller, RotateWebhookSecret { id }).await.unwrap_err().status,
        stand.ask(&caller, TestWebhook { id }).await.unwrap_err().status,
        stand.ask(&caller, deliveries(id)).await.unwrap_err().status,
        stand.ask(&caller, DeleteWebhook { id }).await.unwrap_err().status,
    ]
}

#[tokio::test]
async fn a_foreign_webhook_answers_like_one_that_does_not_exist() {
    for stand in stands().await {
        let id = stand.register("KZ1", URL).await.webhook.id;
        assert_eq!(refusals(&stand, "KZ2", id).await, [404; 5]);
        assert_eq!(refusals(&stand, "KZ1", Uuid::nil()).await, [404; 5]);
        assert!(stand.ask(&party("KZ1"), ReadWebhook { id }).await.is_ok());
        let problem = stand.ask(&officer(&["KZ000001"]), ListWebhooks::default()).await.unwrap_err();
        assert_eq!(problem.status, 403);
    }
}

#[tokio::test]
async fn after_a_rotation_both_secrets_sign_for_a_day() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        let old = stand.register("KZ1", &receiver.url).await;
        let id = old.webhook.id;
        let new = stand.ask(&party("KZ1"), RotateWebhookSecret { id }).await.unwrap();
        assert_ne!(new.secret, old.secret);
        for (seconds, by_old) in [(0, true), (24 * 3600 - 1, true), (1, false)] {
            stand.later(seconds);
            stand.ask(&party("KZ1"), TestWebhook { id }).await.unwrap();
            deliver_due(&stand.app).await.unwrap();
            let taken = receiver.taken().remove(0);
            assert_eq!((taken.is_signed_by(&old.secret), taken.is_signed_by(&new.secret)), (by_old, true));
            assert_eq!(taken.signatures().len(), if by_old { 2 } else { 1 });
        }
        let read = stand.ask(&party("KZ1"), ReadWebhook { id }).await.unwrap();
        assert_eq!(read.previous_secret_until, None);
    }
}

#[tokio::test]
async fn nothing_more_is_sent_to_a_deleted_webhook() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        let id = stand.register("KZ1", &receiver.url).await.webhook.id;
        stand.deliver(vec![stand.issued("KZ1", Uuid::now_v7(), "CC028C")]).await;
        stand.ask(&party("KZ1"), DeleteWebhook { id }).await.unwrap();
        stand.deliver(vec![stand.issued("KZ1", Uuid::now_v7(), "CC028C")]).await;
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 0);
        assert!(receiver.taken().is_empty());
        assert_eq!(refusals(&stand, "KZ1", id).await, [404; 5]);
    }
}

#[tokio::test]
async fn a_test_goes_to_the_webhook_and_into_no_box() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        let id = stand.register("KZ1", &receiver.url).await.webhook.id;
        let tested = stand.ask(&party("KZ1"), TestWebhook { id }).await.unwrap();
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 1);
        let event = receiver.taken().remove(0).event();
        assert_eq!(
            (event["type"].as_str(), event["data"]["webhook"].as_str()),
            (Some(event::WEBHOOK_TESTED), Some(id.to_string().as_str()))
        );
        let log = stand.ask(&party("KZ1"), deliveries(id)).await.unwrap();
        assert_eq!((log.items[0].id, log.items[0].state.as_str()), (tested.delivery, "delivered"));
        assert_eq!(stand.pull(&party("KZ1")).await.last_number, 0);
    }
}
