//! Imports: what a file changes, what a broken one leaves alone.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use customs_kernel::{Role, problem};
use customs_platform::timer;
use customs_references_contract::{
    AddImportChunk, BeginImport, ChangeKind, FindCode, FinishImport, ListChanges, ListCodeLists,
    ListVersions, TakeSnapshot, TellSnapshotVersion,
    bus::VERSION_ACTIVATED,
    problems::{
        CHUNK_OUT_OF_ORDER, DATASET_UNKNOWN, IMPORT_BROKEN, IMPORT_DIFFERS, IMPORT_UNKNOWN, VERSION_UNKNOWN,
    },
};

use crate::place::{House, caller, on_both};

pub(crate) fn export(entries: &str) -> Vec<u8> {
    let text = format!(
        r#"{{"messageInformation":{{"snapshotDate":"2026-11-15"}},"lists":{{"GuaranteeType":{{"listName":"GuaranteeType","listEntries":[{entries}]}}}}}}"#
    );
    text.into_bytes()
}

pub(crate) fn entry(code: &str, from: &str, name: &str) -> String {
    format!(r#"{{"state":"valid","activeFrom":"{from}","code":"{code}","description":"{name}"}}"#)
}

fn find(code: &str, at: Option<&str>) -> FindCode {
    FindCode {
        list: "GuaranteeType".to_owned(),
        code: code.to_owned(),
        at: at.map(|day| day.parse().unwrap()),
    }
}

pub(crate) async fn name(house: &House, code: &str, at: Option<&str>) -> Option<String> {
    let entry = house.ask(find(code, at)).await.ok()?;
    Some(entry.labels[0].text.clone())
}

#[test]
fn the_second_import_tells_what_was_added_changed_and_removed() {
    on_both(|house| async move {
        let first = [
            entry("0", "2026-01-01", "Waiver"),
            entry("1", "2026-01-01", "Whole"),
            entry("2", "2026-01-01", "Single"),
        ];
        let report = house.import("first.json", &export(&first.join(","))).await.unwrap();
        assert_eq!((report.added, report.changed, report.removed, report.unchanged), (3, 0, 0, 0));
        assert_eq!((report.number, report.dataset.as_str()), (1, "code-lists"));

        let second = [
            entry("0", "2026-01-01", "Waiver"),
            entry("1", "2026-11-18", "Comprehensive"),
            entry("9", "2026-01-01", "Several"),
        ];
        let report = house.import("second.json", &export(&second.join(","))).await.unwrap();
        assert_eq!((report.added, report.changed, report.removed, report.unchanged), (1, 1, 1, 1));
        let kinds: Vec<_> =
            report.first_changes.iter().map(|change| (change.code.as_str(), change.kind)).collect();
        assert_eq!(kinds, [("1", ChangeKind::Changed), ("9", ChangeKind::Added), ("2", ChangeKind::Removed)]);

        // Reading at a date: what was, is.
        assert_eq!(name(&house, "1", None).await.as_deref(), Some("Comprehensive"));
        assert_eq!(name(&house, "1", Some("2026-11-17")).await.as_deref(), Some("Whole"));
        assert_eq!(name(&house, "2", Some("2026-11-14")).await.as_deref(), Some("Single"));
        assert_eq!(name(&house, "2", Some("2026-11-15")).await, None);
        assert_eq!(name(&house, "2", None).await, None);
        assert_eq!(name(&house, "0", Some("2025-12-31")).await, None);

        let delta = house.ask(ListChanges { since: 1, list: None, first: None, after: None }).await.unwrap();
        assert_eq!(delta.number, 2);
        let codes: Vec<_> = delta.items.iter().map(|change| (change.code.as_str(), change.kind)).collect();
        let expected = [
            ("1", ChangeKind::Changed),
            ("1", ChangeKind::Changed),
            ("9", ChangeKind::Added),
            ("2", ChangeKind::Removed),
        ];
        assert_eq!(codes, expected);
        let none = house.ask(ListChanges { since: 2, list: None, first: None, after: None }).await.unwrap();
        assert!(none.items.is_empty());
        let beyond = house.ask(ListChanges { since: 3, list: None, first: None, after: None }).await;
        assert!(beyond.unwrap_err().is(VERSION_UNKNOWN));
    });
}

#[test]
fn the_same_file_again_changes_nothing_and_makes_no_version() {
    on_both(|house| async move {
        let file = export(&entry("1", "2026-01-01", "Whole"));
        house.import("a.json", &file).await.unwrap();
        assert_eq!(house.deliver().await, [VERSION_ACTIVATED]);
        let report = house.import("a.json", &file).await.unwrap();
        assert_eq!((report.added, report.changed, report.removed, report.unchanged), (0, 0, 0, 1));
        assert_eq!(report.number, 1);
        assert!(house.deliver().await.is_empty());
        let versions = house.ask(ListVersions::default()).await.unwrap();
        assert_eq!(versions.items.len(), 1);
        assert_eq!(versions.items[0].source, "a.json");
    });
}

#[test]
fn a_broken_file_changes_nothing_and_leaves_no_chunks() {
    on_both(|house| async move {
        house.import("a.json", &export(&entry("1", "2026-01-01", "Whole"))).await.unwrap();
        let before = house.ask(TakeSnapshot::default()).await.unwrap();
        let good = export(&[entry("1", "2026-01-01", "Other"), entry("2", "2026-01-01", "New")].join(","));
        let cut = &good[..good.len() - 3];
        let problem = house.import("cut.json", cut).await.unwrap_err();
        assert!(problem.is(IMPORT_BROKEN), "{problem}");
        assert!(problem.detail.contains(&format!("line 1 column {}", cut.len())), "{problem}");
        let twice = export(&[entry("1", "2026-01-01", "Other"), entry("1", "2026-01-01", "New")].join(","));
        let problem = house.import("twice.json", &twice).await.unwrap_err();
        assert!(problem.detail.contains("code 1 of GuaranteeType stands twice"), "{problem}");
        assert!(house.import("photo.jpg", b"\xff\xd8\xff").await.unwrap_err().is(DATASET_UNKNOWN));
        assert_eq!(house.ask(TakeSnapshot::default()).await.unwrap(), before);
        assert_eq!(name(&house, "1", None).await.as_deref(), Some("Whole"));
        assert_eq!((house.count("imports").await, house.count("import_chunks").await), (0, 0));
        assert_eq!(house.count("versions").await, 1);
    });
}

#[test]
fn a_file_of_another_dataset_than_named_is_refused_but_the_nation_may_add() {
    on_both(|house| async move {
        let file = export(&entry("1", "2026-01-01", "Whole"));
        let problem = house.import_into(Some("currencies"), "a.json", &file).await.unwrap_err();
        assert!(problem.is(DATASET_UNKNOWN), "{problem}");
        let problem = house.import_into(Some("weather"), "a.json", &file).await.unwrap_err();
        assert!(problem.is(DATASET_UNKNOWN), "{problem}");

        house.import("a.json", &file).await.unwrap();
        let national =
            export(&[entry("1", "2026-01-01", "National"), entry("X", "2026-01-01", "Ours")].join(","));
        let report = house.import_into(Some("national"), "n.json", &national).await.unwrap();
        assert_eq!((report.dataset.as_str(), report.added), ("national", 2));
        // What is published is not overwritten, what the nation adds stands beside it.
        assert_eq!(name(&house, "1", None).await.as_deref(), Some("Whole"));
        assert_eq!(name(&house, "X", None).await.as_deref(), Some("Ours"));
        house.import("b.json", &export(&entry("2", "2026-01-01", "Single"))).await.unwrap();
        assert_eq!(name(&house, "X", None).await.as_deref(), Some("Ours"));
    });
}

#[test]
fn a_withdrawn_code_that_comes_back_may_be_used_again() {
    on_both(|house| async move {
        house.import("a.json", &export(&entry("1", "2026-01-01", "Whole"))).await.unwrap();
        let gone = r#"{"state":"invalid","activeFrom":"2026-11-01","code":"1","description":"Whole"}"#;
        house.import("b.json", &export(gone)).await.unwrap();
        assert_eq!(name(&house, "1", None).await, None);
        assert_eq!(name(&house, "1", Some("2026-10-31")).await.as_deref(), Some("Whole"));
        let report = house.import("c.json", &export(&entry("1", "2026-11-10", "Whole"))).await.unwrap();
        assert_eq!((report.added, report.changed), (0, 1));
        assert_eq!(name(&house, "1", None).await.as_deref(), Some("Whole"));
        assert_eq!(name(&house, "1", Some("2026-11-05")).await, None);
        // An earlier first day lets everything later give way.
        house.import("d.json", &export(&entry("1", "2025-06-01", "Ever"))).await.unwrap();
        for day in ["2025-06-01", "2026-01-01", "2026-11-05", "2026-11-20"] {
            assert_eq!(name(&house, "1", Some(day)).await.as_deref(), Some("Ever"), "{day}");
        }
    });
}

#[test]
fn what_begins_in_the_future_makes_the_snapshot_stale_on_its_day() {
    on_both(|house| async move {
        house.import("a.json", &export(&entry("1", "2026-11-22", "Soon"))).await.unwrap();
        let before = house.ask(TakeSnapshot::default()).await.unwrap();
        assert_eq!(before.stale_on, Some("2026-11-22".parse().unwrap()));
        assert_eq!(before.lists[0].codes, "");
        assert!(house.ask(find("1", None)).await.unwrap_err().is(problem::NOT_FOUND));
        house.clock.advance(TimeDelta::days(2));
        let version = house.ask(TellSnapshotVersion::default()).await.unwrap().version;
        assert_ne!(version, before.version);
        assert_eq!(name(&house, "1", None).await.as_deref(), Some("Soon"));
        let then = TakeSnapshot { at: Some("2026-11-20".parse().unwrap()) };
        assert_eq!(house.ask(then).await.unwrap(), before);
    });
}

#[test]
fn chunks_may_be_repeated_but_not_skipped_changed_or_sent_by_another() {
    on_both(|house| async move {
        let file = export(&entry("1", "2026-01-01", "Whole"));
        let begin = BeginImport {
            dataset: None,
            file_name: "a.json".to_owned(),
            sha256: "0".repeat(64),
            size: i64::try_from(file.len()).unwrap(),
        };
        let import = house.ask(begin).await.unwrap().import;
        let chunk =
            |position: i32, bytes: &[u8]| AddImportChunk { import, position, base64: STANDARD.encode(bytes) };
        assert!(house.ask(chunk(1, &file[..9])).await.unwrap_err().is(CHUNK_OUT_OF_ORDER));
        assert_eq!(house.ask(chunk(0, &file[..9])).await.unwrap().received, 9);
        assert_eq!(house.ask(chunk(0, &file[..9])).await.unwrap().received, 9);
        assert!(house.ask(chunk(0, &file[..8])).await.unwrap_err().is(CHUNK_OUT_OF_ORDER));
        let other = caller("admin-2", Role::Administrator);
        assert!(house.ask_as(&other, chunk(1, &file[9..])).await.unwrap_err().is(IMPORT_UNKNOWN));
        let early = house.ask(FinishImport { import }).await.unwrap_err();
        assert!(early.is(IMPORT_DIFFERS) && early.detail.contains("9 of"), "{early}");
        let bad = AddImportChunk { import, position: 1, base64: "a*b".to_owned() };
        assert_eq!(house.ask(bad).await.unwrap_err().errors[0].pointer, "/base64");
        let more = [&file[..], b"more"].concat();
        assert!(house.ask(chunk(1, &more)).await.unwrap_err().is(IMPORT_DIFFERS));
        house.ask(chunk(1, &file[9..])).await.unwrap();
        // The hash that was announced was another.
        assert!(house.ask(FinishImport { import }).await.unwrap_err().is(IMPORT_DIFFERS));
        assert!(house.ask(FinishImport { import }).await.unwrap_err().is(IMPORT_UNKNOWN));
    });
}

#[test]
fn an_import_that_nobody_finishes_is_forgotten() {
    on_both(|house| async move {
        let begin =
            BeginImport { dataset: None, file_name: "a.json".to_owned(), sha256: "0".repeat(64), size: 10 };
        let import = house.ask(begin).await.unwrap().import;
        let chunk = AddImportChunk { import, position: 0, base64: STANDARD.encode(b"12345") };
        house.ask(chunk).await.unwrap();
        house.clock.advance(TimeDelta::minutes(61));
        let rings = house.service.rings.as_ref().unwrap();
        timer::ring_due(&house.store, rings.as_ref()).await.unwrap();
        assert_eq!((house.count("imports").await, house.count("import_chunks").await), (0, 0));
    });
}

#[test]
fn everything_wrong_with_an_announcement_is_told_at_once() {
    on_both(|house| async move {
        let begin =
            BeginImport { dataset: None, file_name: String::new(), sha256: "xyz".to_owned(), size: 0 };
        let problem = house.ask(begin).await.unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/fileName", "/sha256", "/size"]);
    });
}

#[test]
fn nobody_but_an_administrator_imports() {
    on_both(|house| async move {
        let begin = BeginImport { dataset: None, file_name: "a".to_owned(), sha256: "0".repeat(64), size: 1 };
        for role in Role::ALL.iter().filter(|role| **role != Role::Administrator) {
            let problem = house.ask_as(&caller("x", *role), begin.clone()).await.unwrap_err();
            assert!(problem.is(problem::FORBIDDEN), "{role:?}");
        }
    });
}

#[test]
fn another_replica_hears_of_a_new_version() {
    on_both(|house| async move {
        let replica = house.replica();
        let reader = caller("declarations", Role::Service);
        let lists = || ListCodeLists { first: None, after: None };
        let before = replica.ask(&reader, lists()).await.unwrap();
        house.import("a.json", &export(&entry("1", "2026-01-01", "Whole"))).await.unwrap();
        // Whoever takes a snapshot gets the newest, heard of or not.
        assert_eq!(replica.ask(&reader, TakeSnapshot::default()).await.unwrap().number, 1);

        house.import("b.json", &export(&entry("2", "2026-01-01", "Whole"))).await.unwrap();
        house.deliver().await;
        // The whisper is heard by a task of its own.
        let mut after = replica.ask(&reader, lists()).await.unwrap();
        for _ in 0..10_000 {
            if after.etag.starts_with("2-") {
                break;
            }
            tokio::task::yield_now().await;
            after = replica.ask(&reader, lists()).await.unwrap();
        }
        assert!(before.etag.starts_with("0-") && after.etag.starts_with("2-"), "{}", after.etag);
    });
}
