//! What a movement has been answered: a hold is decided once an attempt, and never after a later word.

use chrono::{DateTime, Utc};

/// The last word about the guarantees of one movement.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Word {
    /// They are held.
    Held,
    /// They are not.
    Refused,
    /// Whatever was held is freed.
    Freed,
}

impl Word {
    /// As text.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Freed => "freed",
        }
    }

    /// The word of that text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Held, Self::Refused, Self::Freed].into_iter().find(|word| word.as_str() == text)
    }
}

/// What is known of a movement when a message about it arrives.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Cover {
    /// The latest attempt that was answered.
    pub(super) attempt: i64,
    /// The last word.
    pub(super) word: Word,
    /// Why it was refused, as JSON.
    pub(super) reasons: Option<String>,
    /// When the last order to free was given.
    pub(super) freed_at: Option<DateTime<Utc>>,
}

/// How an order to hold stands to what is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    /// It is a further attempt, to be decided.
    Next,
    /// It was decided before and is answered alike.
    Repeated,
    /// The movement was freed after it was given: it counts no more.
    Late,
    /// A later attempt was decided already.
    Superseded,
}

impl Cover {
    /// How an order to hold, attempt `attempt` given at `said_at`, stands to what is known.
    ///
    /// After an order to free, only an attempt that is new and was given later counts: messages may overtake
    /// each other, and what was freed must not come back to life.
    pub(super) fn standing(&self, attempt: i64, said_at: DateTime<Utc>) -> Standing {
        let freed_later = self.freed_at.is_some_and(|freed_at| said_at <= freed_at);
        if self.word == Word::Freed {
            return if attempt > self.attempt && !freed_later { Standing::Next } else { Standing::Late };
        }
        match attempt.cmp(&self.attempt) {
            std::cmp::Ordering::Equal => Standing::Repeated,
            std::cmp::Ordering::Less => Standing::Superseded,
            std::cmp::Ordering::Greater if freed_later => Standing::Late,
            std::cmp::Ordering::Greater => Standing::Next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn cover(attempt: i64, word: Word, freed: Option<i64>) -> Cover {
        Cover { attempt, word, reasons: None, freed_at: freed.map(second) }
    }

    #[test]
    fn an_order_counts_by_its_attempt_and_by_when_it_was_given() {
        for (known, attempt, said, want) in [
            (cover(1, Word::Held, None), 1, 9, Standing::Repeated),
            (cover(1, Word::Refused, None), 1, 9, Standing::Repeated),
            (cover(1, Word::Refused, None), 2, 9, Standing::Next),
            (cover(2, Word::Held, None), 1, 9, Standing::Superseded),
            (cover(0, Word::Freed, Some(5)), 1, 4, Standing::Late),
            (cover(0, Word::Freed, Some(5)), 0, 6, Standing::Late),
            (cover(1, Word::Freed, Some(5)), 1, 6, Standing::Late),
            (cover(1, Word::Freed, Some(5)), 2, 5, Standing::Late),
            (cover(1, Word::Freed, Some(5)), 2, 6, Standing::Next),
            (cover(3, Word::Held, Some(5)), 4, 5, Standing::Late),
        ] {
            assert_eq!(known.standing(attempt, second(said)), want, "{known:?} {attempt} {said}");
        }
    }
}
