//! The form of an input: everything that is wrong with it is found before it is refused.

use std::str::FromStr;

use chrono::{DateTime, Datelike, DurationRound, TimeDelta, Utc};
use customs_kernel::{Finding, NumberError, Problem, problem};

/// What was found wrong with one input so far.
#[derive(Default)]
pub(crate) struct Form(Vec<Finding>);

impl Form {
    /// Notes `message` at `pointer` unless `holds`.
    pub(crate) fn require(&mut self, holds: bool, pointer: &str, message: &str) {
        if !holds {
            self.0.push(Finding::new(problem::INPUT_INVALID.code, pointer, message));
        }
    }

    /// The number written as `text`.
    pub(crate) fn number<T: FromStr<Err = NumberError>>(&mut self, text: &str, pointer: &str) -> Option<T> {
        match text.parse() {
            Ok(number) => Some(number),
            Err(error) => {
                let finding = Finding::new(problem::INPUT_INVALID.code, pointer, error.to_string());
                self.0.push(finding.with_value(text.chars().take(64).collect::<String>()));
                None
            }
        }
    }

    /// Notes a `text` that is empty, longer than `max` characters, padded or not printable.
    pub(crate) fn text(&mut self, text: &str, max: usize, pointer: &str) {
        let length = text.chars().count();
        self.require((1..=max).contains(&length), pointer, &format!("must have 1 to {max} characters"));
        self.require(text.trim() == text, pointer, "must not begin or end with a space");
        self.require(!text.chars().any(char::is_control), pointer, "must not have control characters");
    }

    /// The instant `at` in whole microseconds, as every store keeps it.
    pub(crate) fn instant(&mut self, at: DateTime<Utc>, pointer: &str) -> DateTime<Utc> {
        self.require((2000..2200).contains(&at.year()), pointer, "must lie between the years 2000 and 2200");
        at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
    }

    /// A period from `from` or now until `to`, which must be later.
    pub(crate) fn period(
        &mut self,
        (from, from_pointer): (Option<DateTime<Utc>>, &str),
        (to, to_pointer): (Option<DateTime<Utc>>, &str),
        now: DateTime<Utc>,
    ) -> (DateTime<Utc>, Option<DateTime<Utc>>) {
        let from = from.map_or(now, |at| self.instant(at, from_pointer));
        let to = to.map(|at| self.instant(at, to_pointer));
        self.require(to.is_none_or(|to| to > from), to_pointer, "must be later than the beginning");
        (from, to)
    }

    /// `made`, if nothing was found wrong; else everything that was.
    pub(crate) fn done<T>(self, made: Option<T>) -> Result<T, Problem> {
        match made {
            Some(made) if self.0.is_empty() => Ok(made),
            _ => {
                let detail = format!("{} thing(s) to mend", self.0.len());
                Err(problem::INPUT_INVALID.because(detail).with_errors(self.0))
            }
        }
    }
}

/// The refusal of a change to another version than the `current` one.
pub(crate) fn stale(expected: i32, current: i32) -> Problem {
    let detail = format!("version {expected} was replaced by version {current}");
    let finding = Finding::new(problem::VERSION_STALE.code, "/expectedVersion", detail.as_str());
    problem::VERSION_STALE.because(detail).with_errors(vec![finding.with_value(current.to_string())])
}

/// Whether `at` lies in the period from `from` until `to`, exclusive.
pub(crate) fn within(at: DateTime<Utc>, from: DateTime<Utc>, to: Option<DateTime<Utc>>) -> bool {
    from <= at && to.is_none_or(|to| at < to)
}

/// Whether two periods share an instant.
pub(crate) fn overlap(
    (from, to): (DateTime<Utc>, Option<DateTime<Utc>>),
    (other_from, other_to): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> bool {
    let begins_before_end =
        |begin: DateTime<Utc>, end: Option<DateTime<Utc>>| end.is_none_or(|end| begin < end);
    begins_before_end(from, other_to) && begins_before_end(other_from, to)
}

#[cfg(test)]
mod tests {
    use customs_kernel::Eori;
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let mut form = Form::default();
        let eori = form.number::<Eori>("kz", "/eori");
        form.text(" a\u{0}", 2, "/name");
        let problem = form.done(eori).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/eori", "/name", "/name", "/name"]);
    }

    #[test]
    fn a_sound_input_is_let_through() {
        let mut form = Form::default();
        form.text("Altyn", 5, "/name");
        assert_eq!(form.done(Some(1)), Ok(1));
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused() {
        let mut form = Form::default();
        let _ = form.period((Some(at(1)), "/from"), (Some(at(1)), "/to"), at(0));
        assert_eq!(form.done(Some(())).unwrap_err().errors[0].pointer, "/to");
    }

    #[test]
    fn an_instant_is_kept_in_whole_microseconds() {
        let mut form = Form::default();
        let fine = at(0) + TimeDelta::nanoseconds(1_999);
        assert_eq!(form.instant(fine, "/at"), at(0) + TimeDelta::microseconds(1));
        form.instant(DateTime::<Utc>::MAX_UTC, "/at");
        assert!(form.done(Some(())).is_err());
    }

    proptest! {
        #[test]
        fn two_periods_overlap_if_and_only_if_an_instant_lies_in_both(
            a in 0_i64..20, a_length in proptest::option::of(1_i64..20),
            b in 0_i64..20, b_length in proptest::option::of(1_i64..20),
        ) {
            let first = (at(a), a_length.map(|length| at(a + length)));
            let second = (at(b), b_length.map(|length| at(b + length)));
            let shared = (0..60).any(|second_| {
                within(at(second_), first.0, first.1) && within(at(second_), second.0, second.1)
            });
            prop_assert_eq!(overlap(first, second), shared);
        }
    }
}
