//! Pages of a list: how many, after which cursor.

use chrono::{Datelike, NaiveDate};
use customs_kernel::{Finding, Problem, problem};
use customs_references_contract::{PAGE_DEFAULT, PAGE_MAX};

/// Which page is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Page {
    /// How many things.
    pub(crate) first: u64,
    /// The key of the last thing of the page before; empty for the first page.
    pub(crate) after: String,
}

impl Page {
    /// The page as asked for; what is wrong with it is added to `findings`.
    pub(crate) fn read(first: Option<i32>, after: Option<&str>, findings: &mut Vec<Finding>) -> Self {
        let count = first.map_or(Some(PAGE_DEFAULT), |first| {
            u64::try_from(first).ok().filter(|count| (1..=PAGE_MAX).contains(count))
        });
        if count.is_none() {
            findings.push(invalid("/first", format!("first is a number from 1 to {PAGE_MAX}")));
        }
        let key = after.map_or(Some(String::new()), read_cursor);
        if key.is_none() {
            findings.push(invalid("/after", "after is not a cursor of this list"));
        }
        Self { first: count.unwrap_or(PAGE_DEFAULT), after: key.unwrap_or_default() }
    }

    /// One more than asked for: whether there is a next page.
    pub(crate) fn limit(&self) -> i64 {
        i64::try_from(self.first + 1).unwrap_or(i64::MAX)
    }

    /// Cuts `items` to the page and makes the cursor of the next one.
    pub(crate) fn cut<T>(&self, items: &mut Vec<T>, key: impl Fn(&T) -> String) -> Option<String> {
        let first = usize::try_from(self.first).unwrap_or(usize::MAX);
        if items.len() <= first {
            return None;
        }
        items.truncate(first);
        items.last().map(|last| hex::encode(key(last)))
    }
}

fn read_cursor(text: &str) -> Option<String> {
    let key = String::from_utf8(hex::decode(text).ok()?).ok()?;
    (!key.is_empty() && !key.contains('\0')).then_some(key)
}

/// One thing that is wrong with the input.
pub(crate) fn invalid(pointer: impl Into<String>, message: impl Into<String>) -> Finding {
    Finding::new(problem::INPUT_INVALID.code, pointer, message)
}

/// Everything that is wrong with the input, if anything is.
pub(crate) fn require(findings: Vec<Finding>) -> Result<(), Problem> {
    if findings.is_empty() {
        return Ok(());
    }
    let detail = findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ");
    Err(problem::INPUT_INVALID.because(detail).with_errors(findings))
}

/// Checks that `text` has `min` to `max` characters and no control characters.
pub(crate) fn check_text(pointer: &str, text: &str, min: usize, max: usize, findings: &mut Vec<Finding>) {
    let count = text.chars().count();
    if count < min || count > max {
        findings.push(invalid(pointer, format!("{pointer} has {min} to {max} characters, not {count}")));
    } else if text.chars().any(char::is_control) {
        findings.push(invalid(pointer, format!("{pointer} contains a control character")));
    }
}

/// Checks that `day`, if it is named, lies in years of four digits: what every store can compare.
pub(crate) fn check_day(pointer: &str, day: Option<NaiveDate>, findings: &mut Vec<Finding>) {
    if day.is_some_and(|day| !(1000..=9999).contains(&day.year())) {
        findings.push(invalid(pointer, format!("{pointer} is a day of the years 1000 to 9999")));
    }
}

/// Checks that `texts` are 1 to 100, each of 1 to 80 characters.
pub(crate) fn check_texts(pointer: &str, texts: &[String], findings: &mut Vec<Finding>) {
    if !(1..=100).contains(&texts.len()) {
        findings.push(invalid(pointer, format!("{pointer} has 1 to 100 entries, not {}", texts.len())));
    }
    for (place, text) in texts.iter().enumerate().take(100) {
        check_text(&format!("{pointer}/{place}"), text, 1, 80, findings);
    }
}

/// Checks that `text` is a country of two capital letters.
pub(crate) fn check_country(pointer: &str, text: &str, findings: &mut Vec<Finding>) {
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        findings.push(invalid(pointer, format!("{pointer} is a country of two capital letters")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_out_of_bounds_and_a_forged_cursor_are_both_named() {
        let mut findings = Vec::new();
        Page::read(Some(0), Some("zz"), &mut findings);
        let pointers: Vec<_> = findings.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/first", "/after"]);
    }

    #[test]
    fn the_cursor_of_a_cut_page_leads_to_the_next() {
        let mut findings = Vec::new();
        let page = Page::read(Some(2), None, &mut findings);
        let mut items = vec!["a", "b", "c"];
        let next = page.cut(&mut items, |item| (*item).to_owned());
        assert_eq!(items, ["a", "b"]);
        assert_eq!(Page::read(Some(2), next.as_deref(), &mut findings).after, "b");
        assert!(findings.is_empty());
    }
}
