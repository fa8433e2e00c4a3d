//! The clock of a sandbox: an administrator moves it, and every process follows.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use customs_gateway_contract::{AdvanceClock, SandboxClock as ClockView};
use customs_kernel::{Caller, Clock, problem};
use customs_platform::{Answers, Cache, Failure, SandboxClock, Store, UseCases};

use super::Suite;

/// Under which key and topic the offset is told to other processes, in microseconds.
const TOPIC: &str = "sandbox.clock";
/// How long a process that starts later still learns of the offset.
const LIFE: Duration = Duration::from_hours(24 * 365);
/// How often it is looked whether the cache can be reached.
const LOOK: Duration = Duration::from_millis(100);

struct Keeper {
    clock: Arc<SandboxClock>,
    cache: Arc<dyn Cache>,
    stores: Vec<Store>,
}

impl Keeper {
    fn of(suite: &Suite) -> Self {
        Self {
            clock: Arc::clone(&suite.clock),
            cache: Arc::clone(&suite.cache),
            stores: suite.services.iter().map(|service| service.store.clone()).collect(),
        }
    }

    /// Takes over what other processes, or this one before it was started again, have told.
    async fn catch_up(&self) {
        if let Some(offset_us) = self.cache.get(TOPIC).await.and_then(|text| text.parse().ok()) {
            self.clock.raise_to(offset_us);
        }
    }

    /// Deadlines may have passed by the move.
    fn ring(&self) {
        for store in &self.stores {
            store.rung().notify_one();
        }
    }
}

impl Answers<AdvanceClock> for Keeper {
    async fn answer(&self, _: &Caller, ask: AdvanceClock) -> Result<ClockView, Failure> {
        if !(0..=315_360_000).contains(&ask.seconds) {
            let problem = problem::INPUT_INVALID.because("the clock moves forward, by at most ten years");
            return Err(problem.at("/seconds").into());
        }
        self.catch_up().await;
        let offset_us = self.clock.advance(TimeDelta::seconds(ask.seconds));
        self.cache.put(TOPIC, &offset_us.to_string(), LIFE).await;
        self.cache.whisper(TOPIC, &offset_us.to_string()).await;
        self.ring();
        Ok(ClockView { now: self.clock.now(), ahead_seconds: offset_us / 1_000_000 })
    }
}

/// The operation that moves the clock.
pub(super) fn use_cases(suite: &Suite) -> UseCases {
    UseCases::new().answers::<AdvanceClock>(&Arc::new(Keeper::of(suite)))
}

/// Lets the clock of this process follow those of the others.
pub(super) fn follow(suite: &Suite) {
    let (keeper, stop) = (Keeper::of(suite), suite.stop.clone());
    suite.tasks.spawn(async move {
        let mut ear = keeper.cache.listen();
        // A cache that cannot be reached yet knows of no move.
        while !keeper.cache.ready().await {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        keeper.catch_up().await;
        keeper.ring();
        loop {
            let whisper = tokio::select! {
                () = stop.cancelled() => return,
                whisper = ear.recv() => whisper,
            };
            if let Ok(whisper) = whisper
                && whisper.topic == TOPIC
                && let Ok(offset_us) = whisper.text.parse()
            {
                keeper.clock.raise_to(offset_us);
                keeper.ring();
            }
        }
    });
}
