//! Monthly counters: incremental, recounted, paged, refused.

use customs_declarations_contract::bus::{MOVEMENT_ARRIVED, MOVEMENT_DISCHARGED, MOVEMENT_RELEASED};
use customs_kernel::Role;
use customs_platform::Message;
use customs_statistics_contract::{ListMonths, TransitCounterPage, TransitCounters};

use crate::stand::{Stand, caller, fact, message, stands};

fn month(month: &str) -> TransitCounters {
    TransitCounters {
        month: month.to_owned(),
        country: None,
        declaration_type: None,
        partner: None,
        transit_country: None,
        watermark: None,
        first: None,
        after: None,
    }
}

/// Facts of several countries, types and months, in an order that mixes them.
fn mixed() -> Vec<Message> {
    let mut messages = Vec::new();
    for turn in 0..40_u32 {
        let mut told = fact(if turn % 5 == 0 { "2026-10-31" } else { "2026-11-01" });
        told.items = turn;
        told.gross_mass_micro = 9_999_999_999_999_999 - i64::from(turn);
        if turn % 2 == 0 {
            "T2".clone_into(&mut told.declaration_type);
        }
        if turn % 3 == 0 {
            told.destination_office = "TJ000001".parse().unwrap();
            told.transit_countries = vec!["KG".to_owned(), "UZ".to_owned(), "KG".to_owned()];
        }
        let name =
            [MOVEMENT_RELEASED, MOVEMENT_ARRIVED, MOVEMENT_DISCHARGED][usize::try_from(turn % 3).unwrap()];
        messages.push(message(name, &told));
    }
    messages
}

async fn read(stand: &Stand, ask: TransitCounters) -> TransitCounterPage {
    stand.ask(ask).await.unwrap()
}

#[tokio::test]
async fn one_movement_moves_each_counter_by_one() {
    for stand in stands().await {
        let told = fact("2026-11-20");
        for name in [MOVEMENT_RELEASED, MOVEMENT_ARRIVED, MOVEMENT_DISCHARGED] {
            stand.deliver(vec![message(name, &told)]).await;
        }
        let page = read(&stand, month("2026-11")).await;
        let whole = &page.items[0];
        assert_eq!((whole.released, whole.arrived, whole.discharged, whole.items), (1, 1, 1, 3));
        assert_eq!(whole.gross_mass, "1250.000500");
        assert_eq!((whole.country.as_str(), whole.partner.as_str()), ("KZ", "UZ"));
        assert_eq!(page.items[1].transit_country.as_deref(), Some("KG"));
        assert_eq!((page.items.len(), page.watermark), (2, 3));
    }
}

#[tokio::test]
async fn a_message_that_arrives_twice_counts_once() {
    for stand in stands().await {
        let message = message(MOVEMENT_RELEASED, &fact("2026-11-20"));
        stand.deliver(vec![message.clone()]).await;
        stand.deliver(vec![message.clone(), message]).await;
        let page = read(&stand, month("2026-11")).await;
        assert_eq!((page.items[0].released, page.watermark), (1, 1));
    }
}

#[tokio::test]
async fn the_table_equals_the_recount_at_every_watermark() {
    for stand in stands().await {
        let mut seen = Vec::new();
        for told in mixed() {
            stand.deliver(vec![told]).await;
            seen.push(read(&stand, month("2026-11")).await);
        }
        for before in seen {
            let again = TransitCounters { watermark: Some(before.watermark), ..month("2026-11") };
            assert_eq!(read(&stand, again).await, before);
        }
    }
}

#[tokio::test]
async fn a_batch_counts_like_its_messages_one_by_one() {
    for stand in stands().await {
        stand.deliver(mixed()).await;
        let page = read(&stand, month("2026-11")).await;
        let whole: i64 = page
            .items
            .iter()
            .filter(|row| row.transit_country.is_none())
            .map(|row| row.released + row.arrived + row.discharged)
            .sum();
        assert_eq!((whole, page.watermark), (32, 40));
        let months = stand.ask(ListMonths { first: None, after: None }).await.unwrap();
        let shown: Vec<_> = months.items.iter().map(|month| (month.month.as_str(), month.facts)).collect();
        assert_eq!(shown, [("2026-11", 32), ("2026-10", 8)]);
    }
}

#[tokio::test]
async fn pages_join_to_the_whole_though_facts_come_in_between() {
    for stand in stands().await {
        stand.deliver(mixed()).await;
        let whole = read(&stand, month("2026-11")).await;
        let mut ask = TransitCounters { first: Some(2), ..month("2026-11") };
        let mut joined = Vec::new();
        loop {
            let page = read(&stand, ask.clone()).await;
            assert_eq!((&page.sha256, page.watermark), (&whole.sha256, whole.watermark));
            joined.extend(page.items);
            stand.deliver(vec![message(MOVEMENT_RELEASED, &fact("2026-11-02"))]).await;
            match page.next {
                Some(next) => ask.after = Some(next),
                None => break,
            }
        }
        assert_eq!(joined, whole.items);
    }
}

#[tokio::test]
async fn a_filter_keeps_only_what_fits() {
    for stand in stands().await {
        stand.deliver(mixed()).await;
        let ask = TransitCounters {
            partner: Some("TJ".to_owned()),
            transit_country: Some("UZ".to_owned()),
            declaration_type: Some("T1".to_owned()),
            country: Some("KZ".to_owned()),
            ..month("2026-11")
        };
        let page = read(&stand, ask.clone()).await;
        assert!(page.items.iter().all(|row| row.partner == "TJ"
            && row.declaration_type == "T1"
            && row.transit_country.as_deref() == Some("UZ")));
        assert_eq!(page.items.len(), 1);
        stand.deliver(vec![message(MOVEMENT_ARRIVED, &fact("2026-11-02"))]).await;
        assert_eq!(read(&stand, TransitCounters { watermark: Some(40), ..ask }).await, page);
    }
}

#[tokio::test]
async fn a_month_without_facts_is_empty_and_not_an_error() {
    for stand in stands().await {
        let page = read(&stand, month("2026-01")).await;
        assert_eq!((page.items.len(), page.watermark, page.next), (0, 0, None));
    }
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    for stand in stands().await {
        let ask = TransitCounters {
            month: "2026-13".to_owned(),
            country: Some("kz".to_owned()),
            declaration_type: Some(String::new()),
            partner: Some("'; --".to_owned()),
            transit_country: Some("KGZ".to_owned()),
            watermark: Some(-1),
            first: Some(101),
            after: Some("nonsense".to_owned()),
        };
        let problem = stand.ask(ask).await.unwrap_err();
        assert_eq!((problem.status, problem.errors.len()), (400, 8), "{problem:?}");
        let ahead = TransitCounters { watermark: Some(1), ..month("2026-11") };
        let problem = stand.ask(ahead).await.unwrap_err();
        assert_eq!(problem.errors[0].pointer, "/watermark");
        let months =
            stand.ask(ListMonths { first: Some(-1), after: Some("é".to_owned()) }).await.unwrap_err();
        assert_eq!((months.status, months.errors.len()), (400, 2));
    }
}

#[tokio::test]
async fn a_participant_may_not_read_statistics() {
    for stand in stands().await {
        let problem = stand.desk.ask(&caller(Role::Declarant), month("2026-11")).await.unwrap_err();
        assert_eq!(problem.status, 403);
    }
}
