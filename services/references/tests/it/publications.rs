//! Publications and rates: read by everybody, kept by administrators.

use chrono::{Days, NaiveDate, TimeDelta};
use customs_kernel::{Actor, Caller, Clock, Role, problem};
use customs_references_contract::{
    EndPublication, ExchangeRate, ListPublications, ListRates, PublicationKind, PublicationText, Publish,
    SetRates,
    problems::{MEASURE_ENDED, RATES_SET},
};

use crate::place::{House, caller, on_both};

fn publish(kind: PublicationKind, title: &str) -> Publish {
    let text = |language: &str| PublicationText {
        language: language.to_owned(),
        title: title.to_owned(),
        text: "First line\nsecond line".to_owned(),
    };
    let texts = ["en", "ru", "kk"].map(text).to_vec();
    Publish { kind, number: Some("7-1".to_owned()), texts, valid_from: None, valid_to: None }
}

async fn titles(house: &House, ask: ListPublications) -> Vec<String> {
    let anybody = Caller::new(Actor::anonymous(), "test");
    let page = house.ask_as(&anybody, ask).await.unwrap();
    page.items.into_iter().map(|one| one.texts[0].title.clone()).collect()
}

#[test]
fn everybody_reads_what_counts_newest_first() {
    on_both(|house| async move {
        let today = house.clock.now().date_naive();
        let first = house.ask(publish(PublicationKind::Regulation, "one")).await.unwrap();
        house.clock.advance(TimeDelta::minutes(1));
        house.ask(publish(PublicationKind::Notice, "two")).await.unwrap();
        house.clock.advance(TimeDelta::minutes(1));
        let later = Publish {
            valid_from: today.checked_add_days(Days::new(3)),
            ..publish(PublicationKind::Notice, "three")
        };
        house.ask(later).await.unwrap();
        assert_eq!(titles(&house, ListPublications::default()).await, ["two", "one"]);
        let regulations =
            ListPublications { kind: Some(PublicationKind::Regulation), ..ListPublications::default() };
        assert_eq!(titles(&house, regulations).await, ["one"]);
        let then =
            ListPublications { at: today.checked_add_days(Days::new(3)), ..ListPublications::default() };
        assert_eq!(titles(&house, then).await, ["three", "two", "one"]);

        let ask = ListPublications { first: Some(1), ..ListPublications::default() };
        let page = house.ask(ask.clone()).await.unwrap();
        let rest = house.ask(ListPublications { after: page.next, ..ask }).await.unwrap();
        assert_eq!((rest.items[0].id, rest.next), (first.id, None));

        house.ask(EndPublication { id: first.id, valid_to: None }).await.unwrap();
        assert_eq!(titles(&house, ListPublications::default()).await, ["two"]);
        let again = EndPublication { id: first.id, valid_to: None };
        assert!(house.ask(again).await.unwrap_err().is(MEASURE_ENDED));
        let unknown = EndPublication { id: uuid::Uuid::nil(), valid_to: None };
        assert!(house.ask(unknown).await.unwrap_err().is(problem::NOT_FOUND));
    });
}

#[test]
fn everything_that_is_wrong_with_a_publication_is_told_and_only_administrators_publish() {
    on_both(|house| async move {
        let mut wrong = publish(PublicationKind::Notice, "");
        wrong.texts[2].language = "de".to_owned();
        wrong.texts[1].text = " ".to_owned();
        wrong.valid_from = NaiveDate::from_ymd_opt(2026, 11, 9);
        wrong.valid_to = wrong.valid_from;
        let refused = house.ask(wrong).await.unwrap_err();
        let pointers: Vec<_> = refused.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/texts",
                "/texts/0/title",
                "/texts/1/title",
                "/texts/1/text",
                "/texts/2/language",
                "/texts/2/title",
                "/validTo"
            ]
        );
        let officer = caller("officer", Role::OfficerOfDeparture);
        let refused = house.ask_as(&officer, publish(PublicationKind::Notice, "x")).await.unwrap_err();
        assert_eq!(refused.status, 403);
        assert!(titles(&house, ListPublications::default()).await.is_empty());
    });
}

fn rates(on: NaiveDate, rates: &[(&str, i32, &str)]) -> SetRates {
    let rate = |(currency, units, rate): &(&str, i32, &str)| ExchangeRate {
        currency: (*currency).to_owned(),
        units: *units,
        rate: (*rate).to_owned(),
    };
    SetRates { on, base: "KZT".to_owned(), rates: rates.iter().map(rate).collect() }
}

#[test]
fn the_rates_of_a_day_are_those_of_the_last_day_that_has_any() {
    on_both(|house| async move {
        let today = house.clock.now().date_naive();
        let day = |days| today.checked_sub_days(Days::new(days)).unwrap();
        assert_eq!(house.ask(ListRates::default()).await.unwrap().on, None);
        house.ask(rates(day(5), &[("USD", 1, "500.25"), ("EUR", 1, "550")])).await.unwrap();
        house.ask(rates(day(1), &[("EUR", 1, "551.5")])).await.unwrap();
        let now = house.ask(ListRates::default()).await.unwrap();
        assert_eq!((now.on, now.rates.len(), now.rates[0].rate.as_str()), (Some(day(1)), 1, "551.5"));
        let before = house.ask(ListRates { at: Some(day(2)) }).await.unwrap();
        let kept: Vec<_> = before.rates.iter().map(|one| one.currency.as_str()).collect();
        assert_eq!((before.base.as_deref(), kept), (Some("KZT"), vec!["EUR", "USD"]));
        assert_eq!(house.ask(ListRates { at: Some(day(6)) }).await.unwrap().rates, []);
        assert!(house.ask(rates(day(1), &[("USD", 1, "1")])).await.unwrap_err().is(RATES_SET));
    });
}

#[test]
fn rates_that_are_none_are_all_named() {
    on_both(|house| async move {
        let today = house.clock.now().date_naive();
        let wrong = rates(today, &[("usd", 1, "1"), ("EUR", 7, "0"), ("EUR", 1, "1,5"), ("KZT", 1, "1")]);
        let refused = house.ask(wrong).await.unwrap_err();
        let pointers: Vec<_> = refused.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/rates/0/currency",
                "/rates/1/units",
                "/rates/1/rate",
                "/rates/2/currency",
                "/rates/2/rate",
                "/rates/3/currency"
            ]
        );
        assert_eq!(house.ask(rates(today, &[])).await.unwrap_err().errors[0].pointer, "/rates");
        assert_eq!(house.ask(ListRates::default()).await.unwrap().on, None, "none or all");
    });
}
