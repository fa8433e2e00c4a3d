//! What an entry of a file means beside the one that stands: new, changed or the same.

use chrono::NaiveDate;

use super::{Draft, digest};

/// The newest row of a code as it stands, as much of it as comparing needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Head {
    /// Number of the row.
    pub(crate) seq: i64,
    /// First day.
    pub(crate) valid_from: NaiveDate,
    /// Whether it is open or ends later than it begins.
    pub(crate) valid_to: Option<NaiveDate>,
    /// What it says.
    pub(crate) digest: i64,
    /// Whether it ended because a file did not name it any more.
    pub(crate) removed: bool,
}

/// What an entry of a file means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It stands already.
    Same,
    /// There was no such code.
    Added(NaiveDate),
    /// It replaces what stands, from the same day or from an earlier one.
    Replaces(NaiveDate),
    /// What stands ends on the day on which this begins.
    Follows(NaiveDate),
}

/// Judges `draft` beside the `head` that stands; `undated` is the first day of what names none.
pub(crate) fn judge(head: Option<&Head>, draft: &Draft, undated: NaiveDate) -> Verdict {
    let Some(head) = head else {
        return Verdict::Added(draft.valid_from.unwrap_or(undated));
    };
    let from = draft.valid_from.unwrap_or(head.valid_from);
    if from > head.valid_from {
        return Verdict::Follows(from);
    }
    if from == head.valid_from && head.digest == digest(draft) && !head.removed {
        return Verdict::Same;
    }
    Verdict::Replaces(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn draft(from: Option<u32>, name: &str) -> Draft {
        Draft { code: "A".to_owned(), valid_from: from.map(day), ..Draft::default() }
            .named(vec![("en".to_owned(), name.to_owned())])
    }

    fn head(from: u32, name: &str) -> Head {
        Head {
            seq: 1,
            valid_from: day(from),
            valid_to: None,
            digest: digest(&draft(None, name)),
            removed: false,
        }
    }

    #[test]
    fn the_table_of_verdicts() {
        let cases = [
            (None, draft(Some(5), "a"), Verdict::Added(day(5))),
            (None, draft(None, "a"), Verdict::Added(day(1))),
            (Some(head(5, "a")), draft(Some(5), "a"), Verdict::Same),
            (Some(head(5, "a")), draft(None, "a"), Verdict::Same),
            (Some(head(5, "a")), draft(Some(5), "b"), Verdict::Replaces(day(5))),
            (Some(head(5, "a")), draft(Some(3), "a"), Verdict::Replaces(day(3))),
            (Some(head(5, "a")), draft(Some(9), "a"), Verdict::Follows(day(9))),
            (Some(Head { removed: true, ..head(5, "a") }), draft(Some(5), "a"), Verdict::Replaces(day(5))),
        ];
        for (head, draft, verdict) in cases {
            assert_eq!(judge(head.as_ref(), &draft, day(1)), verdict, "{head:?} {draft:?}");
        }
    }
}
