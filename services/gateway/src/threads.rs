//! A few threads for work that takes a while and is no waiting: what is under way and what waits is bounded.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use tokio::sync::{Semaphore, oneshot};

type Job = Box<dyn FnOnce() + Send>;

/// Threads of their own: neither those that serve requests, nor those that others wait for disks on.
pub(crate) struct Threads {
    jobs: SyncSender<Job>,
    turns: Arc<Semaphore>,
}

impl Threads {
    /// `number` threads called `name`, which end with this; of what is more than `at_once` nothing is even queued.
    pub(crate) fn start(name: &str, number: usize, at_once: usize) -> std::io::Result<Self> {
        let (jobs, waiting) = sync_channel(at_once);
        let waiting = Arc::new(Mutex::new(waiting));
        for place in 0..number {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new().name(format!("{name}-{place}")).spawn(move || work_off(&waiting))?;
        }
        Ok(Self { jobs, turns: Arc::new(Semaphore::new(at_once)) })
    }

    /// What `work` comes to on one of the threads; nothing if it broke off. Work that nobody waits for any more when its
    /// turn comes is not begun.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        let (tell, told) = oneshot::channel();
        let job = move || {
            // It ends with the work and not with the waiting: whoever hangs up makes no room for more.
            let _turn = turn;
            if !tell.is_closed() {
                let _ = tell.send(work());
            }
        };
        self.jobs.try_send(Box::new(job)).ok()?;
        told.await.ok()
    }
}

fn work_off(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // What panics has told so, and whoever waits for it hears that nothing will come.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn work_is_done_on_the_threads_and_what_breaks_off_costs_no_thread() {
        let threads = Threads::start("test", 1, 2).unwrap();
        let name = threads.run(|| thread::current().name().map(str::to_owned)).await;
        assert_eq!(name.flatten().as_deref(), Some("test-0"));
        assert!(threads.run::<()>(|| panic!("on purpose")).await.is_none());
        assert_eq!(threads.run(|| 7).await, Some(7));
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_begun_and_keeps_its_turn_until_then() {
        let threads = Arc::new(Threads::start("test", 1, 2).unwrap());
        let (begin, may_end) = mpsc::channel::<()>();
        let (begun, is_under_way) = oneshot::channel();
        let held = {
            let threads = Arc::clone(&threads);
            tokio::spawn(async move { threads.run(move || (begun.send(()), may_end.recv())).await.is_some() })
        };
        is_under_way.await.unwrap();
        let forgotten = {
            let threads = Arc::clone(&threads);
            tokio::spawn(async move { threads.run::<()>(|| panic!("nobody waits")).await.is_none() })
        };
        while threads.turns.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        forgotten.abort();
        assert!(forgotten.await.unwrap_err().is_cancelled());
        assert_eq!(threads.turns.available_permits(), 0, "its turn ends with the work");
        begin.send(()).unwrap();
        assert!(held.await.unwrap());
        assert_eq!(threads.run(|| 7).await, Some(7));
    }
}
