//! What waits is written with the commit, once, and is told of only afterwards.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use customs_platform::{Known, Sheet, Store, Work, sql};

use crate::world::World;

/// A table that every service has, as good as any other.
static NOTES: Sheet = Sheet {
    table: "idempotency",
    columns: &["key", "fingerprint", "output", "kept_at"],
    key: &["key"],
    known: Known::Replaced,
};

/// The same table where a key must be new.
static NEW_NOTES: Sheet = Sheet { known: Known::Refused, ..NOTES };

fn note(work: &Work, sheet: &'static Sheet, key: &str, text: &str) {
    work.write(sheet, key, vec![key.into(), text.into(), "".into(), work.now().into()]);
}

async fn notes(store: &Store) -> Vec<String> {
    let sql = "SELECT key, fingerprint FROM idempotency ORDER BY key";
    let rows = sql::rows(store.reader(), sql, Vec::new()).await.unwrap();
    let text = |column, row: &sea_orm::QueryResult| row.try_get::<String>("", column).unwrap();
    rows.iter().map(|row| format!("{} {}", text("key", row), text("fingerprint", row))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_changes_again_is_written_as_it_is_last() {
    World::both(async |world| {
        let work = world.sender.begin("test", "c").await.unwrap();
        note(&work, &NOTES, "a", "first");
        note(&work, &NOTES, "b", "other");
        note(&work, &NOTES, "a", "last");
        work.commit().await.unwrap();
        assert_eq!(notes(&world.sender).await, ["a last", "b other"]);
        let work = world.sender.begin("test", "c").await.unwrap();
        note(&work, &NOTES, "a", "later");
        work.commit().await.unwrap();
        assert_eq!(notes(&world.sender).await, ["a later", "b other"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_read_back_where_it_is_asked_for() {
    World::both(async |world| {
        let work = world.sender.begin("test", "c").await.unwrap();
        note(&work, &NOTES, "a", "first");
        let read = async |work: &Work| {
            let row = sql::row(work.txn(), "SELECT fingerprint FROM idempotency", Vec::new()).await.unwrap();
            row.map(|row| row.try_get::<String>("", "fingerprint").unwrap())
        };
        assert_eq!(read(&work).await, None);
        work.settled().await.unwrap();
        assert_eq!(read(&work).await.as_deref(), Some("first"));
        note(&work, &NOTES, "a", "second");
        work.commit().await.unwrap();
        assert_eq!(notes(&world.sender).await, ["a second"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_must_be_new_and_is_not_undoes_everything() {
    World::both(async |world| {
        let mut work = world.sender.begin("test", "c").await.unwrap();
        note(&work, &NEW_NOTES, "a", "first");
        work.tell("test.said", "a", &"first").unwrap();
        work.commit().await.unwrap();
        let mut work = world.sender.begin("test", "c").await.unwrap();
        note(&work, &NEW_NOTES, "b", "beside");
        note(&work, &NEW_NOTES, "a", "second");
        work.tell("test.said", "a", &"second").unwrap();
        work.set_timer("test", "a", work.now());
        work.commit().await.unwrap_err();
        assert_eq!(notes(&world.sender).await, ["a first"]);
        assert_eq!(customs_platform::outbox::waiting(&world.sender).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn afterwards_comes_after_the_commit_or_never() {
    World::both(async |world| {
        let done = Arc::new(AtomicBool::new(false));
        let then = |work: &Work| {
            let done = Arc::clone(&done);
            work.afterwards(move || done.store(true, Ordering::SeqCst));
        };
        let work = world.sender.begin("test", "c").await.unwrap();
        then(&work);
        drop(work);
        assert!(!done.load(Ordering::SeqCst));
        let work = world.sender.begin("test", "c").await.unwrap();
        then(&work);
        work.commit().await.unwrap();
        assert!(done.load(Ordering::SeqCst));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_work_remembers_what_it_was_given_by_kind() {
    World::both(async |world| {
        let work = world.sender.begin("test", "c").await.unwrap();
        work.shelf(|numbers: &mut Vec<u8>| numbers.push(1));
        work.shelf(|numbers: &mut Vec<u8>| numbers.push(2));
        assert_eq!(work.shelf(|numbers: &mut Vec<u8>| numbers.clone()), [1, 2]);
        assert_eq!(work.shelf(|text: &mut String| text.clone()), "");
    })
    .await;
}
