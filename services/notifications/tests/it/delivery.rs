//! Deliveries: signed, in the order of each movement, repeated, given up.

use std::{sync::Arc, time::Duration};

use customs_notifications::{deliver_due, deliver_webhooks};
use customs_notifications_contract::{
    ReadWebhook, RegisterWebhook, TestWebhook, WebhookDeliveries, WebhookDelivery, event,
};
use customs_signatures::http::{HttpKey, HttpMessage, HttpProfile, HttpRefusal};
use openssl::x509::X509;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    receiver::{Receiver, Taken, status},
    stand::{Stand, party, stands},
};

async fn log(stand: &Stand, id: Uuid) -> Vec<WebhookDelivery> {
    let ask = WebhookDeliveries { id, first: Some(100), after: None };
    stand.ask(&party("KZ1"), ask).await.unwrap().items
}

fn types(taken: &[Taken]) -> Vec<String> {
    taken.iter().map(|taken| taken.event()["data"]["messageType"].as_str().unwrap().to_owned()).collect()
}

fn is_about(taken: &Taken, message_type: &str) -> bool {
    taken.event()["data"]["messageType"] == message_type
}

#[tokio::test]
async fn an_entry_is_pushed_once_signed_as_the_standard_says() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        let registered = stand.register("KZ1", &receiver.url).await;
        stand.deliver(vec![stand.issued("KZ1", Uuid::now_v7(), "CC028C")]).await;
        stand.deliver(vec![stand.issued("KZ2", Uuid::now_v7(), "CC028C")]).await;
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 1);
        stand.later(3600);
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 0);
        let taken = receiver.taken();
        assert_eq!(taken.len(), 1);
        let entry = stand.pull(&party("KZ1")).await.items.remove(0);
        assert_eq!(taken[0].headers["webhook-id"], entry.id.to_string());
        assert_eq!(taken[0].headers["webhook-timestamp"], "1795161600");
        assert_eq!(taken[0].headers["content-type"], "application/cloudevents+json");
        assert!(taken[0].is_signed_by(&registered.secret));
        assert_eq!(taken[0].event(), serde_json::to_value(&entry.event).unwrap());
        let log = log(&stand, registered.webhook.id).await;
        assert_eq!((log[0].state.as_str(), log[0].last_status, log[0].attempts), ("delivered", Some(204), 1));
        assert_eq!((log[0].number, log[0].event, log[0].next_attempt_at), (Some(1), entry.id, None));
    }
}

#[tokio::test]
async fn a_delivery_is_signed_in_the_name_of_the_suite_as_well() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        stand.register("KZ1", &receiver.url).await;
        stand.deliver(vec![stand.issued("KZ1", Uuid::now_v7(), "CC028C")]).await;
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 1);
        let taken = receiver.taken().remove(0);
        let certificate = stand.seal.certificates().remove(0);
        let spki = X509::from_der(&certificate).unwrap().public_key().unwrap().public_key_to_der().unwrap();
        let key = |id: &str| {
            let known = hex::encode(openssl::sha::sha256(&certificate));
            (id == known).then(|| HttpKey::from_spki(&spki).unwrap())
        };
        let mut message = HttpMessage {
            method: "POST".to_owned(),
            scheme: "http".to_owned(),
            authority: taken.headers["host"].clone(),
            path: "/hook".to_owned(),
            query: Some("key=1".to_owned()),
            headers: taken.headers.clone().into_iter().collect(),
            body: taken.body.clone().into_bytes(),
            ..HttpMessage::default()
        };
        let profile = HttpProfile::ecustoms();
        let signature = profile.verify(&message, key, stand.now()).unwrap();
        assert!(signature.nonce.ends_with('1'), "{signature:?}");
        message.body.push(b' ');
        assert_eq!(profile.verify(&message, key, stand.now()), Err(HttpRefusal::DigestMismatch));
    }
}

#[tokio::test]
async fn only_the_wanted_types_are_pushed() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        let types = Some(vec![event::MOVEMENT_CHANGED.to_owned()]);
        let ask = RegisterWebhook { url: receiver.url.clone(), types };
        stand.ask(&party("KZ1"), ask).await.unwrap();
        let movement = Uuid::now_v7();
        stand.deliver(vec![stand.issued("KZ1", movement, "CC028C")]).await;
        stand.deliver(vec![stand.changed("KZ1", &[], movement, "released")]).await;
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 1);
        assert_eq!(receiver.taken()[0].event()["type"], event::MOVEMENT_CHANGED);
    }
}

#[tokio::test]
async fn order_is_kept_within_a_movement_and_others_do_not_wait() {
    for stand in stands().await {
        let mut refused = 0;
        let mut receiver = Receiver::start(move |taken| {
            refused += u32::from(is_about(taken, "CC028C"));
            status(if is_about(taken, "CC028C") && refused < 3 { 503 } else { 200 })
        })
        .await;
        let id = stand.register("KZ1", &receiver.url).await.webhook.id;
        let (slow, other) = (Uuid::now_v7(), Uuid::now_v7());
        stand.deliver(vec![stand.issued("KZ1", slow, "CC028C"), stand.issued("KZ1", slow, "CC029C")]).await;
        stand.deliver(vec![stand.issued("KZ1", other, "CC928C")]).await;
        deliver_due(&stand.app).await.unwrap();
        let mut first = types(&receiver.taken());
        first.sort_unstable();
        assert_eq!(first, ["CC028C", "CC928C"]);
        stand.later(149);
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 0);
        stand.later(1);
        deliver_due(&stand.app).await.unwrap();
        assert_eq!(types(&receiver.taken()), ["CC028C"]);
        stand.later(300);
        deliver_due(&stand.app).await.unwrap();
        assert_eq!(types(&receiver.taken()), ["CC028C", "CC029C"]);
        assert!(log(&stand, id).await.iter().all(|line| line.state == "delivered"));
        assert_eq!(stand.ask(&party("KZ1"), ReadWebhook { id }).await.unwrap().failures, 0);
    }
}

#[tokio::test]
async fn a_dead_receiver_holds_up_nobody_else() {
    for stand in stands().await {
        let mut living = Receiver::willing().await;
        let dead = stand.register("KZ1", "http://127.0.0.1:9/").await.webhook.id;
        stand.register("KZ1", &living.url).await;
        let batch = (0..100).map(|_| stand.issued("KZ1", Uuid::now_v7(), "CC028C")).collect();
        stand.deliver(batch).await;
        deliver_due(&stand.app).await.unwrap();
        assert_eq!(living.taken().len(), 100);
        let log = log(&stand, dead).await;
        assert!(log.iter().all(|line| line.state == "pending" && line.attempts == 1));
        assert_eq!((log[0].last_status, log[0].last_response.as_deref()), (None, Some("no connection")));
        assert!(stand.ask(&party("KZ1"), ReadWebhook { id: dead }).await.unwrap().failures > 0);
    }
}

#[tokio::test]
async fn a_refusal_is_repeated_later_than_an_outage_and_given_up_after_fourteen_days() {
    for stand in stands().await {
        let mut receiver =
            Receiver::start(|_| "404 X\r\n\r\nno such <b>hook</b> of a@b.example".to_owned()).await;
        let id = stand.register("KZ1", &receiver.url).await.webhook.id;
        stand.deliver(vec![stand.issued("KZ1", Uuid::now_v7(), "CC028C")]).await;
        let start = stand.now();
        deliver_due(&stand.app).await.unwrap();
        let line = log(&stand, id).await.remove(0);
        assert_eq!(line.next_attempt_at, Some(start + chrono::TimeDelta::seconds(600)));
        assert_eq!(line.last_response.as_deref(), Some("no such <b>hook</b> of […]"));
        loop {
            let line = log(&stand, id).await.remove(0);
            let Some(next) = line.next_attempt_at else { break };
            stand.clock.advance(next - stand.now());
            assert_eq!(deliver_due(&stand.app).await.unwrap(), 1);
        }
        let line = log(&stand, id).await.remove(0);
        assert_eq!((line.state.as_str(), stand.now() - start), ("expired", chrono::TimeDelta::days(14)));
        assert_eq!(receiver.taken().len(), usize::try_from(line.attempts).unwrap());
    }
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    for stand in stands().await {
        let mut target = Receiver::willing().await;
        let location = target.url.clone();
        let receiver = Receiver::start(move |_| format!("302 X\r\nlocation: {location}")).await;
        let id = stand.register("KZ1", &receiver.url).await.webhook.id;
        stand.ask(&party("KZ1"), TestWebhook { id }).await.unwrap();
        deliver_due(&stand.app).await.unwrap();
        assert!(target.taken().is_empty());
        assert_eq!(log(&stand, id).await[0].last_status, Some(302));
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_left_alone() {
    for stand in stands().await {
        let mut receiver = Receiver::start(|_| status(410)).await;
        let id = stand.register("KZ1", &receiver.url).await.webhook.id;
        let movement = Uuid::now_v7();
        for kind in ["CC928C", "CC028C", "CC029C"] {
            stand.deliver(vec![stand.issued("KZ1", movement, kind)]).await;
        }
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 1);
        stand.deliver(vec![stand.issued("KZ1", movement, "CC045C")]).await;
        assert_eq!(deliver_due(&stand.app).await.unwrap(), 0);
        assert_eq!(receiver.taken().len(), 1);
        let log = log(&stand, id).await;
        assert!(log.len() == 3 && log.iter().all(|line| line.state == "gone"), "{log:?}");
        assert_eq!(stand.ask(&party("KZ1"), ReadWebhook { id }).await.unwrap().state, "gone");
        let problem = stand.ask(&party("KZ1"), TestWebhook { id }).await.unwrap_err();
        assert_eq!((problem.status, problem.code.as_ref()), (409, "webhook-gone"));
        assert_eq!(stand.pull(&party("KZ1")).await.last_number, 4);
    }
}

#[tokio::test]
async fn two_workers_deliver_each_entry_once() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        stand.register("KZ1", &receiver.url).await;
        let movements: Vec<Uuid> = (0..10).map(|_| Uuid::now_v7()).collect();
        for kind in ["CC928C", "CC028C", "CC029C"] {
            let batch = movements.iter().map(|movement| stand.issued("KZ1", *movement, kind)).collect();
            stand.deliver(batch).await;
        }
        let (one, two) = tokio::join!(deliver_due(&stand.app), deliver_due(&stand.app));
        assert_eq!(one.unwrap() + two.unwrap(), 30);
        let taken = receiver.taken();
        for movement in movements {
            let of_one: Vec<Taken> = taken
                .iter()
                .filter(|taken| taken.event()["data"]["movement"] == movement.to_string())
                .cloned()
                .collect();
            assert_eq!(types(&of_one), ["CC928C", "CC028C", "CC029C"]);
        }
    }
}

#[tokio::test]
async fn the_work_in_the_background_delivers_and_stops_when_told() {
    for stand in stands().await {
        let mut receiver = Receiver::willing().await;
        stand.register("KZ1", &receiver.url).await;
        let stop = CancellationToken::new();
        let work = tokio::spawn(deliver_webhooks(Arc::clone(&stand.app), stop.clone()));
        stand.deliver(vec![stand.issued("KZ1", Uuid::now_v7(), "CC028C")]).await;
        let taken = timeout(Duration::from_secs(10), receiver.requests.recv()).await.unwrap().unwrap();
        assert!(is_about(&taken, "CC028C"));
        stop.cancel();
        timeout(Duration::from_secs(10), work).await.unwrap().unwrap();
    }
}
