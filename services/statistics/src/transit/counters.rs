//! Use case: read the transit counters of one month, now or as they stood at a watermark.

use customs_kernel::{Caller, Finding};
use customs_platform::{Answers, Failure};
use customs_statistics_contract::{TransitCounter, TransitCounterPage, TransitCounters};

use super::{
    aggregate::{Counters, sha256},
    store::{self, Filter},
};
use crate::{App, page};

/// Where a page begins: the watermark of the first page and the row before.
type Place = (i64, [String; 4]);

impl Answers<TransitCounters> for App {
    async fn answer(&self, _caller: &Caller, ask: TransitCounters) -> Result<TransitCounterPage, Failure> {
        let mut findings = form(&ask);
        let first = page::first(ask.first, &mut findings);
        let after = page::after(ask.after.as_deref(), &mut findings, place);
        if let (Some((of_cursor, _)), Some(asked)) = (&after, ask.watermark)
            && *of_cursor != asked
        {
            findings.push(page::invalid("/watermark", "the cursor belongs to another watermark"));
        }
        page::refuse(findings)?;
        let asked = ask.watermark.or(after.as_ref().map(|(watermark, _)| *watermark));
        let filter = filter(&ask);
        let (watermark, counters) = self.counted(&filter, asked).await?;
        let rows = counters.rows(&filter.month, |key| filter.fits(key));
        let sha256 = sha256(&rows)?;
        let behind = |row: &TransitCounter| after.as_ref().is_none_or(|(_, before)| key(row) > *before);
        let mut items: Vec<TransitCounter> = rows.into_iter().filter(behind).take(first + 1).collect();
        let more = items.len() > first;
        items.truncate(first);
        let next = items.last().filter(|_| more).map(|row| cursor(watermark, row));
        Ok(TransitCounterPage { month: filter.month, watermark, sha256, items, next })
    }
}

impl App {
    async fn counted(&self, filter: &Filter, asked: Option<i64>) -> Result<(i64, Counters), Failure> {
        let reader = self.store.reader();
        let (present, counters) = store::present(reader, filter).await?;
        match asked {
            Some(asked) if asked > present => {
                let text = format!("the journal is counted up to {present} only");
                page::refuse(vec![page::invalid("/watermark", &text).with_value(asked.to_string())])?;
                Ok((present, counters))
            }
            Some(asked) if asked < present => Ok((asked, store::recounted(reader, filter, asked).await?)),
            Some(_) | None => Ok((present, counters)),
        }
    }
}

fn filter(ask: &TransitCounters) -> Filter {
    Filter {
        month: ask.month.clone(),
        country: ask.country.clone(),
        declaration_type: ask.declaration_type.clone(),
        partner: ask.partner.clone(),
        transit_country: ask.transit_country.clone(),
    }
}

fn form(ask: &TransitCounters) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !is_month(&ask.month) {
        findings.push(page::invalid("/month", "write a month as 2026-11").with_value(short(&ask.month)));
    }
    for (pointer, value) in
        [("/country", &ask.country), ("/partner", &ask.partner), ("/transitCountry", &ask.transit_country)]
    {
        if let Some(value) = value
            && !is_country(value)
        {
            let text = "write a country as two capital letters";
            findings.push(page::invalid(pointer, text).with_value(short(value)));
        }
    }
    if let Some(value) = &ask.declaration_type
        && !is_declaration_type(value)
    {
        let text = "write a declaration type as 1 to 5 capital letters and digits";
        findings.push(page::invalid("/declarationType", text).with_value(short(value)));
    }
    if ask.watermark.is_some_and(|watermark| watermark < 0) {
        findings.push(page::invalid("/watermark", "a watermark is not negative"));
    }
    findings
}

fn short(value: &str) -> String {
    value.chars().take(20).collect()
}

fn is_month(text: &str) -> bool {
    let digits = |part: &str, long: usize| part.len() == long && part.bytes().all(|b| b.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, month)| {
        digits(year, 4)
            && digits(month, 2)
            && month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
    })
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_declaration_type(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=5).contains(&text.len()) && text.bytes().all(fits)
}

fn key(row: &TransitCounter) -> [String; 4] {
    let transit = row.transit_country.clone().unwrap_or_default();
    [row.country.clone(), row.declaration_type.clone(), row.partner.clone(), transit]
}

fn cursor(watermark: i64, row: &TransitCounter) -> String {
    page::cursor(&format!("{watermark}/{}", key(row).join("/")))
}

fn place(text: &str) -> Option<Place> {
    let (watermark, key) = text.split_once('/')?;
    let watermark = watermark.parse().ok().filter(|watermark| *watermark >= 0)?;
    let key: Vec<String> = key.split('/').map(str::to_owned).collect();
    Some((watermark, key.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_four_digits_and_two_from_01_to_12() {
        assert!(is_month("2026-11"));
        for text in ["2026-13", "2026-00", "26-11", "2026/11", "", "２０２６-11", "2026-1a"] {
            assert!(!is_month(text), "{text}");
        }
    }
}
