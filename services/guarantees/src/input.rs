//! Reading what was asked: amounts, numbers and pages, with everything that is wrong told at once.

use std::fmt::Display;

use customs_guarantees_contract::GuaranteeMoney;
use customs_kernel::{Currency, Finding, Money, Problem, problem};

const PAGE: i32 = 25;
const PAGE_MAX: i32 = 100;

/// Everything that is wrong with an input.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Notes what is wrong at `pointer`.
    pub(crate) fn add(&mut self, pointer: &str, message: impl Into<String>) {
        self.0.push(Finding::new(problem::INPUT_INVALID.code, pointer, message));
    }

    /// Notes `message` at `pointer` unless `holds`.
    pub(crate) fn require(&mut self, holds: bool, pointer: &str, message: &str) {
        if !holds {
            self.add(pointer, message);
        }
    }

    /// The value, or a note of why there is none.
    pub(crate) fn take<T>(&mut self, value: Result<T, impl Display>, pointer: &str) -> Option<T> {
        value.map_err(|error| self.add(pointer, error.to_string())).ok()
    }

    /// A text that says something, in at most `most` characters.
    pub(crate) fn text(&mut self, value: &str, most: usize, pointer: &str) {
        self.require(!value.trim().is_empty(), pointer, "must say something");
        self.require(value.chars().count() <= most, pointer, "is too long");
    }

    /// The amount, or a note of why there is none.
    pub(crate) fn money(&mut self, value: &GuaranteeMoney, pointer: &str) -> Option<Money> {
        let currency: Option<Currency> = self.take(value.currency.parse(), &format!("{pointer}/currency"));
        self.take(Money::parse(&value.amount, currency?), &format!("{pointer}/amount"))
    }

    /// Nothing is wrong, or the problem that names it all.
    pub(crate) fn done(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(self.problem()) }
    }

    /// The problem that names everything that is wrong.
    pub(crate) fn problem(self) -> Problem {
        let detail = format!("{} of the input must be mended", self.0.len());
        problem::INPUT_INVALID.because(detail).with_errors(self.0)
    }
}

/// One amount that must be right.
pub(crate) fn amount(value: &GuaranteeMoney, pointer: &str) -> Result<Money, Problem> {
    let mut findings = Findings::default();
    findings.money(value, pointer).ok_or_else(|| findings.problem())
}

/// An amount as it is told.
pub(crate) fn told(money: Money) -> GuaranteeMoney {
    GuaranteeMoney { amount: money.decimal(), currency: money.currency.to_string() }
}

/// How many rows of a list are wanted, after which key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<K> {
    size: usize,
    /// The key of the last row of the page before.
    pub(crate) after: Option<K>,
}

impl<K> Page<K> {
    /// The page that was asked for; `read` reads the key in the bytes of a cursor.
    pub(crate) fn read(
        first: Option<i32>,
        after: Option<&str>,
        read: impl FnOnce(&[u8]) -> Option<K>,
    ) -> Result<Self, Problem> {
        let mut findings = Findings::default();
        let first = first.unwrap_or(PAGE);
        findings.require((1..=PAGE_MAX).contains(&first), "/first", "must be 1 to 100");
        let key = after.map(|cursor| hex::decode(cursor).ok().and_then(|bytes| read(&bytes)));
        findings.require(!matches!(key, Some(None)), "/after", "is no cursor of this list");
        findings.done()?;
        Ok(Self { size: usize::try_from(first).unwrap_or_default(), after: key.flatten() })
    }

    /// How many rows to read: one more than is told, to know whether there is a next page.
    pub(crate) fn rows(&self) -> u64 {
        u64::try_from(self.size).unwrap_or_default().saturating_add(1)
    }

    /// The rows of this page and the cursor of the next, if there is one.
    pub(crate) fn cut<T, B: AsRef<[u8]>>(
        &self,
        mut rows: Vec<T>,
        key: impl FnOnce(&T) -> B,
    ) -> (Vec<T>, Option<String>) {
        let more = rows.len() > self.size;
        rows.truncate(self.size);
        let next = rows.last().filter(|_| more).map(|last| hex::encode(key(last)));
        (rows, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(bytes: &[u8]) -> Option<i64> {
        bytes.try_into().ok().map(i64::from_be_bytes)
    }

    #[test]
    fn a_cursor_leads_on_where_the_page_ended() {
        let page = Page::read(Some(2), None, number).unwrap();
        let (rows, next) = page.cut(vec![9_i64, 8, 7], |row| row.to_be_bytes());
        assert_eq!(rows, [9, 8]);
        assert_eq!(Page::read(None, next.as_deref(), number).unwrap().after, Some(8));
        assert_eq!(page.cut(vec![9_i64, 8], |row| row.to_be_bytes()).1, None);
    }

    #[test]
    fn a_bad_page_is_refused_with_everything_that_is_wrong() {
        let problem = Page::read(Some(0), Some("zz"), number).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/first", "/after"]);
        assert!(Page::read(Some(101), None, number).is_err());
        assert!(Page::read(None, Some("00"), number).is_err());
    }

    #[test]
    fn an_amount_names_the_field_that_is_wrong() {
        let value = GuaranteeMoney { amount: "1,5".to_owned(), currency: "EUR".to_owned() };
        assert_eq!(amount(&value, "/amount").unwrap_err().errors[0].pointer, "/amount/amount");
        let value = GuaranteeMoney { amount: "1.5".to_owned(), currency: "euro".to_owned() };
        assert_eq!(amount(&value, "/amount").unwrap_err().errors[0].pointer, "/amount/currency");
    }
}
