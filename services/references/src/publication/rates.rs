//! Use cases: the rates of currencies of a day, told to everybody and set by an administrator.

use std::collections::BTreeSet;

use customs_kernel::Caller;
use customs_platform::{Acts, Answers, Failure, Work};
use customs_references_contract::{DayRates, ExchangeRate, ListRates, SetRates, problems::RATES_SET};

use super::store;
use crate::{
    App,
    page::{check_day, invalid, require},
};

/// The most currencies of a day.
const RATES_MAX: usize = 200;

impl Answers<ListRates> for App {
    async fn answer(&self, _: &Caller, ask: ListRates) -> Result<DayRates, Failure> {
        let mut findings = Vec::new();
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let reader = self.store().reader();
        match store::last_day(reader, day).await? {
            None => Ok(DayRates { on: None, base: None, rates: Vec::new() }),
            Some((on, base)) => {
                let rates = store::rates_of(reader, on).await?;
                Ok(DayRates { on: Some(on), base: Some(base), rates })
            }
        }
    }
}

impl Acts<SetRates> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: SetRates) -> Result<DayRates, Failure> {
        check(&ask)?;
        if store::last_day(work.txn(), ask.on).await?.is_some_and(|(on, _)| on == ask.on) {
            return Err(RATES_SET.because(format!("the rates of {} are set", ask.on)).at("/on").into());
        }
        let mut rates = ask.rates;
        rates.sort_unstable_by(|one, other| one.currency.cmp(&other.currency));
        for rate in &rates {
            store::set_rate(work.txn(), (ask.on, &ask.base), rate, &caller.actor.subject).await?;
        }
        Ok(DayRates { on: Some(ask.on), base: Some(ask.base), rates })
    }
}

/// Everything that is wrong with the rates, at once.
fn check(ask: &SetRates) -> Result<(), Failure> {
    let mut findings = Vec::new();
    check_day("/on", Some(ask.on), &mut findings);
    if !is_currency(&ask.base) {
        findings.push(invalid("/base", "a currency has three capital letters"));
    }
    if !(1..=RATES_MAX).contains(&ask.rates.len()) {
        findings.push(invalid("/rates", "there are 1 to 200 rates"));
    }
    let mut known = BTreeSet::from([ask.base.as_str()]);
    for (place, rate) in ask.rates.iter().enumerate() {
        let at = |name: &str| format!("/rates/{place}/{name}");
        if !is_currency(&rate.currency) {
            findings.push(invalid(at("currency"), "a currency has three capital letters"));
        } else if !known.insert(&rate.currency) {
            findings.push(invalid(at("currency"), "each currency has one rate, and that of the rates none"));
        }
        if ![1, 10, 100, 1_000].contains(&rate.units) {
            findings.push(invalid(at("units"), "a rate is told for 1, 10, 100 or 1000 units"));
        }
        if !is_amount(rate) {
            findings.push(invalid(
                at("rate"),
                "a rate is a decimal number above 0 with at most 6 digits after the point",
            ));
        }
    }
    Ok(require(findings)?)
}

fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_amount(rate: &ExchangeRate) -> bool {
    let (whole, part) = rate.rate.split_once('.').unwrap_or((&rate.rate, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    digits(whole, 12) && digits(part, 6) && rate.rate.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_an_exact_number_above_nothing() {
        for (text, good) in [
            ("521.34", true),
            ("0.000001", true),
            ("7", true),
            ("0", false),
            ("0.0", false),
            ("1.", false),
            (".5", false),
            ("-1", false),
            ("1e3", false),
            ("1.1234567", false),
            ("", false),
        ] {
            let rate = ExchangeRate { currency: "EUR".to_owned(), units: 1, rate: text.to_owned() };
            assert_eq!(is_amount(&rate), good, "{text}");
        }
    }
}
