//! What was measured: moments of every operation, and the figures made of them.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use tokio::time::Instant;

/// Microseconds since the run began, of each moment of one operation; 0 is never.
#[derive(Debug, Default)]
struct Moments {
    intended: AtomicU64,
    accepted: AtomicU64,
    finished: AtomicU64,
    refused: AtomicU64,
}

/// The moments of all operations of a run.
#[derive(Debug)]
pub(crate) struct Book {
    began: Instant,
    moments: Vec<Moments>,
}

impl Book {
    /// A book for at most `count` operations; the run begins now.
    pub(crate) fn open(count: usize) -> Self {
        Self { began: Instant::now(), moments: (0..count).map(|_| Moments::default()).collect() }
    }

    /// Microseconds since the run began.
    pub(crate) fn now_us(&self) -> u64 {
        micros(self.began.elapsed()).max(1)
    }

    /// The instant `after_us` after the beginning.
    pub(crate) fn at(&self, after_us: u64) -> Instant {
        self.began + std::time::Duration::from_micros(after_us)
    }

    /// Operation `number` was to start at `at_us`.
    pub(crate) fn intend(&self, number: usize, at_us: u64) {
        self.note(number, at_us, |moments| &moments.intended);
    }

    /// Operation `number` was accepted.
    pub(crate) fn accept(&self, number: usize) {
        self.note(number, self.now_us(), |moments| &moments.accepted);
    }

    /// Operation `number` has come to its end; whether it is the first time that this is noted.
    pub(crate) fn finish(&self, number: usize) -> bool {
        self.note(number, self.now_us(), |moments| &moments.finished)
    }

    /// Operation `number` was refused.
    pub(crate) fn refuse(&self, number: usize) -> bool {
        self.note(number, self.now_us(), |moments| &moments.refused)
    }

    fn note(&self, number: usize, at_us: u64, which: impl Fn(&Moments) -> &AtomicU64) -> bool {
        let cell = self.moments.get(number).map(which);
        cell.is_some_and(|cell| {
            cell.compare_exchange(0, at_us.max(1), Ordering::Relaxed, Ordering::Relaxed).is_ok()
        })
    }

    /// How many operations were accepted and have neither finished nor been refused.
    pub(crate) fn open_ends(&self) -> usize {
        let get = |cell: &AtomicU64| cell.load(Ordering::Relaxed);
        let is_open = |moments: &&Moments| {
            get(&moments.accepted) > 0 && get(&moments.finished) + get(&moments.refused) == 0
        };
        self.moments.iter().filter(is_open).count()
    }

    /// The figures of the operations that were to start in `from_us..to_us`, and of what finished in it.
    pub(crate) fn figures(&self, from_us: u64, to_us: u64) -> Figures {
        let window = from_us..to_us;
        let mut figures = Figures { window_us: to_us.saturating_sub(from_us), ..Figures::default() };
        for moments in &self.moments {
            let [intended, accepted, finished, refused] =
                [&moments.intended, &moments.accepted, &moments.finished, &moments.refused]
                    .map(|cell| cell.load(Ordering::Relaxed));
            figures.accepted_in += u64::from(accepted > 0 && window.contains(&accepted));
            figures.finished_in += u64::from(finished > 0 && window.contains(&finished));
            if intended == 0 || !window.contains(&intended) {
                continue;
            }
            figures.sent += 1;
            figures.refused += u64::from(refused > 0);
            if accepted > 0 {
                figures.submit_us.push(accepted.saturating_sub(intended));
            }
            if finished > 0 {
                figures.life_us.push(finished.saturating_sub(intended));
                figures.release_us.push(finished.saturating_sub(accepted));
            }
        }
        for list in [&mut figures.submit_us, &mut figures.release_us, &mut figures.life_us] {
            list.sort_unstable();
        }
        figures
    }
}

/// The figures of one stretch of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    /// Its length in microseconds.
    pub(crate) window_us: u64,
    /// How many operations were to start in it.
    pub(crate) sent: u64,
    /// How many of these were refused.
    pub(crate) refused: u64,
    /// How many operations were accepted in it.
    pub(crate) accepted_in: u64,
    /// How many operations finished in it.
    pub(crate) finished_in: u64,
    /// From the intended start to acceptance, sorted.
    pub(crate) submit_us: Vec<u64>,
    /// From acceptance to the end, sorted.
    pub(crate) release_us: Vec<u64>,
    /// From the intended start to the end, sorted.
    pub(crate) life_us: Vec<u64>,
}

impl Figures {
    /// Operations accepted in a second, times ten.
    pub(crate) fn accepted_per_10s(&self) -> u64 {
        per_10s(self.accepted_in, self.window_us)
    }

    /// Operations finished in ten seconds.
    pub(crate) fn finished_per_10s(&self) -> u64 {
        per_10s(self.finished_in, self.window_us)
    }
}

fn per_10s(count: u64, window_us: u64) -> u64 {
    count.saturating_mul(10_000_000) / window_us.max(1)
}

/// Microseconds of a length of time.
pub(crate) fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The value below which `permille` of the sorted `values` lie; 0 where there are none.
pub(crate) fn percentile(values: &[u64], permille: usize) -> u64 {
    let place = (values.len() * permille).div_ceil(1_000).max(1) - 1;
    values.get(place).or(values.last()).copied().unwrap_or_default()
}

/// The middle of `values`; 0 where there are none.
pub(crate) fn median(values: &[u64]) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    percentile(&sorted, 500)
}

/// Lowest and highest of `values`, as text.
pub(crate) fn spread(values: &[u64], show: impl Fn(u64) -> String) -> String {
    let (low, high) = (values.iter().min().copied(), values.iter().max().copied());
    format!("{} to {}", show(low.unwrap_or_default()), show(high.unwrap_or_default()))
}

/// Tenths as a decimal number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tenths(pub(crate) u64);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// Microseconds as milliseconds with one decimal.
pub(crate) fn ms(us: u64) -> String {
    Tenths(us / 100).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let values: Vec<u64> = (1..=100).collect();
        assert_eq!([500, 990, 1_000].map(|permille| percentile(&values, permille)), [50, 99, 100]);
        assert_eq!(percentile(&[], 990), 0);
        assert_eq!(percentile(&[7], 10), 7);
    }

    #[test]
    fn an_operation_counts_from_its_intended_start() {
        let book = Book::open(2);
        book.intend(0, 1_000);
        assert!(book.note(0, 5_000, |moments| &moments.accepted));
        assert_eq!(book.open_ends(), 1);
        assert!(book.note(0, 10_000, |moments| &moments.finished));
        assert!(!book.finish(0));
        let figures = book.figures(0, 20_000);
        let found = (figures.submit_us, figures.release_us, figures.life_us);
        assert_eq!(found, (vec![4_000], vec![5_000], vec![9_000]));
        assert_eq!((figures.sent, figures.finished_in, book.open_ends()), (1, 1, 0));
    }
}
