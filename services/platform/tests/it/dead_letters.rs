//! A message that cannot be acted on is parked with its reason, and can be replayed.

use std::sync::Arc;

use customs_platform::dead_letter;

use crate::{
    outbox_and_inbox::message,
    world::{Diary, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_is_parked_with_its_reason_and_replayed_once_mended() {
    World::both(async |world| {
        let diary = Arc::new(Diary::default());
        let inbox = world.listen(&diary).await;
        diary.break_at("poison");
        let poison = message("poison");
        inbox.deliver(vec![poison.clone(), message("fine")]).await;
        let parked = dead_letter::list(&world.receiver, None, 10).await.unwrap();
        assert_eq!(parked.len(), 1);
        assert_eq!(parked[0].message, poison);
        assert!(parked[0].reason.contains("cannot act on poison"), "{}", parked[0].reason);
        assert_eq!(diary.heard().last().map(String::as_str), Some("fine"));

        dead_letter::replay(&world.receiver, inbox.as_ref(), poison.id).await.unwrap();
        assert_eq!(dead_letter::list(&world.receiver, None, 10).await.unwrap().len(), 1, "still broken");

        diary.mend();
        dead_letter::replay(&world.receiver, inbox.as_ref(), poison.id).await.unwrap();
        assert!(dead_letter::list(&world.receiver, None, 10).await.unwrap().is_empty());
        assert_eq!(diary.heard().last().map(String::as_str), Some("poison"));
        assert!(dead_letter::replay(&world.receiver, inbox.as_ref(), poison.id).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_readable_content_is_parked() {
    World::both(async |world| {
        let diary = Arc::new(Diary::default());
        let inbox = world.listen(&diary).await;
        let mut garbled = message("x");
        garbled.body = "{".to_owned();
        inbox.deliver(vec![garbled.clone()]).await;
        let letter = dead_letter::find(&world.receiver, garbled.id).await.unwrap();
        assert!(letter.reason.contains("cannot read test.said"), "{}", letter.reason);
        assert!(diary.heard().is_empty());
    })
    .await;
}
