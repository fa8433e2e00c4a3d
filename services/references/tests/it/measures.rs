//! Measures: restricted goods and route countries.

use chrono::TimeDelta;
use customs_kernel::problem;
use customs_references_contract::{
    AddRestriction, AddRouteCountry, EndRestriction, EndRouteCountry, ListRestrictions, ListRouteCountries,
    Lookup, RestrictionEffect, TakeSnapshot,
    problems::{MEASURE_ENDED, MEASURE_OVERLAPS},
};

use crate::place::{House, on_both};

fn restriction(prefix: &str, country: Option<&str>) -> AddRestriction {
    AddRestriction {
        prefix: prefix.to_owned(),
        country: country.map(ToOwned::to_owned),
        effect: RestrictionEffect::Refuse,
        reason: "by decree".to_owned(),
        valid_from: None,
        valid_to: None,
    }
}

async fn lookup(house: &House) -> Lookup {
    Lookup::from(house.ask(TakeSnapshot::default()).await.unwrap())
}

#[test]
fn a_restriction_counts_until_it_ends() {
    on_both(|house| async move {
        let measure = house.ask(restriction("93", Some("AF"))).await.unwrap();
        assert_eq!(lookup(&house).await.restrictions("930100", &["KZ", "AF"]).count(), 1);
        assert_eq!(lookup(&house).await.restrictions("930100", &["KZ"]).count(), 0);
        assert!(house.ask(restriction("93", Some("AF"))).await.unwrap_err().is(MEASURE_OVERLAPS));
        house.ask(restriction("93", None)).await.unwrap();

        let end = EndRestriction { id: measure.id, valid_to: Some("2026-11-25".parse().unwrap()) };
        house.ask(end.clone()).await.unwrap();
        assert_eq!(lookup(&house).await.restrictions("930100", &["AF"]).count(), 2);
        house.clock.advance(TimeDelta::days(5));
        assert_eq!(lookup(&house).await.restrictions("930100", &["AF"]).count(), 1);
        assert!(house.ask(end).await.unwrap_err().is(MEASURE_ENDED));
        let unknown = EndRestriction { id: uuid::Uuid::nil(), valid_to: None };
        assert!(house.ask(unknown).await.unwrap_err().is(problem::NOT_FOUND));
    });
}

#[test]
fn restrictions_are_listed_by_commodity_page_by_page() {
    on_both(|house| async move {
        for prefix in ["2402", "24", "93", "9301"] {
            house.ask(restriction(prefix, None)).await.unwrap();
        }
        let ask = ListRestrictions { first: Some(3), ..ListRestrictions::default() };
        let page = house.ask(ask.clone()).await.unwrap();
        let rest = house.ask(ListRestrictions { after: page.next, ..ask }).await.unwrap();
        let prefixes: Vec<_> =
            page.items.iter().chain(&rest.items).map(|measure| measure.prefix.as_str()).collect();
        assert_eq!(prefixes, ["24", "2402", "93", "9301"]);
        let tobacco =
            ListRestrictions { commodity_code: Some("240220".to_owned()), ..ListRestrictions::default() };
        assert_eq!(house.ask(tobacco).await.unwrap().items.len(), 2);
        let forged = ListRestrictions { after: Some(hex::encode("24")), ..ListRestrictions::default() };
        assert_eq!(house.ask(forged).await.unwrap_err().errors[0].pointer, "/after");
        let bad = AddRestriction { reason: String::new(), ..restriction("9x", Some("kz")) };
        let problem = house.ask(bad).await.unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/prefix", "/country", "/reason"]);
    });
}

#[test]
fn transit_passes_a_country_only_in_its_time() {
    on_both(|house| async move {
        let add = |from: Option<&str>| AddRouteCountry {
            country: "TM".to_owned(),
            valid_from: from.map(|day| day.parse().unwrap()),
            valid_to: None,
        };
        house.ask(add(None)).await.unwrap();
        assert!(lookup(&house).await.may_pass("TM"));
        assert!(!lookup(&house).await.may_pass("AF"));
        assert!(house.ask(add(Some("2027-01-01"))).await.unwrap_err().is(MEASURE_OVERLAPS));
        let end = EndRouteCountry { country: "TM".to_owned(), valid_to: None };
        house.ask(end.clone()).await.unwrap();
        assert!(!lookup(&house).await.may_pass("TM"));
        assert!(house.ask(end).await.unwrap_err().is(MEASURE_ENDED));
        // It ended on the day on which it began; the day may be used again.
        house.ask(add(None)).await.unwrap();
        assert!(lookup(&house).await.may_pass("TM"));
        let listed = house.ask(ListRouteCountries::default()).await.unwrap();
        assert_eq!(listed.items.len(), 1);
        let never = EndRouteCountry { country: "AF".to_owned(), valid_to: None };
        assert!(house.ask(never).await.unwrap_err().is(problem::NOT_FOUND));
    });
}
