//! Measures of the nation: restricted goods and the countries through which transit may pass.

mod restrict;
mod restrictions;
mod restrictions_list;
mod route;
mod routes;

pub(crate) use restrictions::restrictions_for;
pub(crate) use routes::route_countries_for;

use chrono::NaiveDate;
use customs_kernel::{Caller, Finding, id::uuid_at};
use customs_platform::{Failure, Work};
use customs_references_contract::{
    RestrictedGoods, RestrictionEffect, RouteCountry, problems::MEASURE_ENDED,
};

use crate::{
    dataset::{RESTRICTED_GOODS, ROUTE_COUNTRIES},
    entry::Tally,
    page::{check_day, invalid, require},
    version::{Activated, Sequence, Source},
};

/// Checks that a measure ends after it begins.
fn check_days(from: NaiveDate, to: Option<NaiveDate>, findings: &mut Vec<Finding>) {
    check_day("/validFrom", Some(from), findings);
    check_day("/validTo", to, findings);
    if to.is_some_and(|to| to <= from) {
        findings.push(invalid("/validTo", "validTo is a day after validFrom"));
    }
}

/// The day on which a measure from `from` to `to` shall end, or why it cannot.
fn end_day(from: NaiveDate, to: Option<NaiveDate>, wanted: NaiveDate) -> Result<NaiveDate, Failure> {
    let mut findings = Vec::new();
    check_day("/validTo", Some(wanted), &mut findings);
    require(findings)?;
    if to.is_some_and(|to| to <= wanted) {
        let detail = format!("the measure ends on {} already", to.unwrap_or(wanted));
        return Err(MEASURE_ENDED.because(detail).at("/validTo").into());
    }
    Ok(wanted.max(from))
}

/// Whether two times share a day.
fn overlap(one: (NaiveDate, Option<NaiveDate>), other: (NaiveDate, Option<NaiveDate>)) -> bool {
    let before = |end: Option<NaiveDate>, start: NaiveDate| end.is_some_and(|end| end <= start);
    !before(one.1, other.0) && !before(other.1, one.0)
}

/// What became of a measure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Became {
    New,
    Ended,
}

/// Records the version that a change of a measure makes.
async fn record(
    work: &mut Work,
    caller: &Caller,
    sequence: Sequence,
    dataset: &str,
    change: (Became, String),
) -> Result<(), Failure> {
    let mut tally = Tally { last_seq: sequence.seq, ..Tally::default() };
    match change.0 {
        Became::New => tally.added = 1,
        Became::Ended => tally.removed = 1,
    }
    let source = Source::administrator(dataset, caller, &change.1);
    source.record(work, sequence, &tally, Activated::Everywhere).await.map(|_| ())
}

/// Puts the first measures into an empty register of measures; where there are any, nothing is done.
pub(crate) async fn begin(
    work: &mut Work,
    caller: &Caller,
    countries: &[&str],
    goods: &[(&str, RestrictionEffect, &str)],
) -> Result<(), Failure> {
    let from = work.now().date_naive();
    let sequence = Sequence::take(work).await?;
    if !routes::any(work.txn()).await? {
        for country in countries {
            let route = RouteCountry { country: (*country).to_owned(), valid_from: from, valid_to: None };
            routes::insert(work.txn(), &route, sequence.next()).await?;
        }
        let what = format!("{} first route countries", countries.len());
        record(work, caller, sequence, ROUTE_COUNTRIES, (Became::New, what)).await?;
    }
    let sequence = Sequence::take(work).await?;
    if !restrictions::any(work.txn()).await? {
        for (prefix, effect, reason) in goods {
            let measure = RestrictedGoods {
                id: uuid_at(work.now()),
                prefix: (*prefix).to_owned(),
                country: None,
                effect: *effect,
                reason: (*reason).to_owned(),
                valid_from: from,
                valid_to: None,
            };
            restrictions::insert(work.txn(), &measure, sequence.next()).await?;
        }
        let what = format!("{} first restrictions", goods.len());
        record(work, caller, sequence, RESTRICTED_GOODS, (Became::New, what)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn times_that_only_touch_do_not_overlap() {
        assert!(!overlap((day(1), Some(day(5))), (day(5), None)));
        assert!(overlap((day(1), Some(day(6))), (day(5), None)));
        assert!(overlap((day(1), None), (day(9), Some(day(10)))));
    }

    #[test]
    fn a_measure_ends_once_and_not_before_it_begins() {
        assert_eq!(end_day(day(5), None, day(3)).unwrap(), day(5));
        assert_eq!(end_day(day(5), Some(day(9)), day(7)).unwrap(), day(7));
        assert!(end_day(day(5), Some(day(7)), day(7)).is_err());
    }
}
