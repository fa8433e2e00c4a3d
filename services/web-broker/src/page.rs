//! Pages of a list, newest first: a bounded number of rows from a cursor on.

use customs_kernel::{Finding, Problem, problem};
use uuid::Uuid;

/// How many rows a page has where nothing is said.
const FIRST: i32 = 50;
/// How many rows a page has at most.
const FIRST_MAX: i32 = 100;

/// The part of a list that was asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Slice {
    first: u64,
    after: Option<Uuid>,
}

impl Slice {
    /// The part with at most `first` rows that begins behind the cursor `after`.
    pub(crate) fn read(first: Option<i32>, after: Option<&str>) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        let first = first.unwrap_or(FIRST);
        if !(1..=FIRST_MAX).contains(&first) {
            let message = format!("must lie between 1 and {FIRST_MAX}");
            errors.push(Finding::new(problem::INPUT_INVALID.code, "/first", message));
        }
        let cursor = after.map(|text| (text.len() == 32).then(|| Uuid::try_parse(text).ok()).flatten());
        if cursor == Some(None) {
            errors.push(Finding::new(problem::INPUT_INVALID.code, "/after", "is no cursor of this list"));
        }
        if !errors.is_empty() {
            return Err(problem::INPUT_INVALID.because("this is no page of the list").with_errors(errors));
        }
        Ok(Self { first: u64::try_from(first).unwrap_or(1), after: cursor.flatten() })
    }

    /// The id behind which the part begins.
    pub(crate) const fn after(self) -> Option<Uuid> {
        self.after
    }

    /// How many rows to read: one more than are shown, to know whether there is another page.
    pub(crate) const fn limit(self) -> u64 {
        self.first + 1
    }

    /// The rows to show, and the cursor of the next page if there is one.
    pub(crate) fn cut<R>(self, mut rows: Vec<R>, id: impl Fn(&R) -> Uuid) -> (Vec<R>, Option<String>) {
        let first = usize::try_from(self.first).unwrap_or(usize::MAX);
        let more = rows.len() > first;
        rows.truncate(first);
        let next = rows.last().filter(|_| more).map(|row| id(row).simple().to_string());
        (rows, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_out_of_bounds_or_with_a_strange_cursor_is_refused() {
        let problem = Slice::read(Some(0), Some("x")).unwrap_err();
        assert_eq!(problem.errors.len(), 2);
        assert!(Slice::read(Some(101), None).is_err());
        assert!(Slice::read(None, Some("{00000000000000000000000000000000}")).is_err());
    }

    #[test]
    fn the_cursor_of_a_page_is_where_it_ended() {
        let slice = Slice::read(Some(2), None).unwrap();
        let rows = vec![Uuid::from_u128(3), Uuid::from_u128(2), Uuid::from_u128(1)];
        let (rows, next) = slice.cut(rows, |id| *id);
        assert_eq!(rows.len(), 2);
        assert_eq!(Slice::read(None, next.as_deref()).unwrap().after(), Some(Uuid::from_u128(2)));
        assert_eq!(slice.cut(rows, |id| *id).1, None);
    }
}
