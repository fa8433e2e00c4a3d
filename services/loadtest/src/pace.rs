//! When operations start: at a fixed rate whatever happens, or as soon as one of so many in flight has ended.

use std::{future::Future, sync::Arc};

use tokio::{
    sync::{Notify, Semaphore},
    task::JoinSet,
    time::{Duration, Instant, sleep_until, timeout},
};

use crate::figures::Book;

/// When operations start.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// So many a second; latency counts from the intended start (open loop).
    Rate(u32),
    /// So many at a time (closed loop); tells the capacity.
    InFlight(usize),
}

/// Lets go of one place in flight when an operation has ended.
#[derive(Clone, Debug)]
pub(crate) struct Places(Arc<Semaphore>);

impl Places {
    /// The places of `pace`.
    pub(crate) fn of(pace: Pace) -> Self {
        Self(Arc::new(Semaphore::new(match pace {
            Pace::Rate(_) => Semaphore::MAX_PERMITS,
            Pace::InFlight(places) => places,
        })))
    }

    /// One operation has ended.
    pub(crate) fn free(&self, pace: Pace) {
        if matches!(pace, Pace::InFlight(_)) {
            self.0.add_permits(1);
        }
    }
}

/// Starts `start(number)` for `count` operations at `pace` until `until_us` after the beginning of `book`; tells
/// how many were started.
pub(crate) async fn drive<F>(
    book: &Book,
    pace: Pace,
    places: &Places,
    (count, until_us): (usize, u64),
    start: impl Fn(usize) -> F,
) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    for number in 0..count {
        let intended_us = match pace {
            Pace::Rate(rate) => {
                let after = u64::try_from(number).unwrap_or(u64::MAX).saturating_mul(1_000_000);
                after / u64::from(rate.max(1)) + 1
            }
            Pace::InFlight(_) => {
                let patience = Duration::from_micros(until_us.saturating_sub(book.now_us()));
                let Ok(Ok(place)) = timeout(patience, places.0.acquire()).await else { return number };
                place.forget();
                book.now_us()
            }
        };
        if intended_us >= until_us {
            return number;
        }
        if matches!(pace, Pace::Rate(_)) {
            sleep_until(book.at(intended_us)).await;
        }
        book.intend(number, intended_us);
        running.spawn(start(number));
        while running.try_join_next().is_some() {}
    }
    // What is under way is not broken off: it still counts.
    running.detach_all();
    count
}

/// Waits until nothing is open any more in `book`, at most for `patience`; tells how many ends stay open.
pub(crate) async fn settle(book: &Book, patience: Duration, changed: &Notify) -> usize {
    let by = Instant::now() + patience;
    loop {
        let open = book.open_ends();
        if open == 0 || Instant::now() >= by {
            return open;
        }
        let _ = timeout(Duration::from_millis(100), changed.notified()).await;
    }
}
