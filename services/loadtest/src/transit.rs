//! The scenario: transit declarations are lodged, accepted, their guarantee is held, the goods are released.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use anyhow::Context as _;
use customs_kernel::{Clock as _, id::uuid_at};
use customs_platform::SystemClock;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::{sync::Notify, time::Duration};

use crate::{
    door::{Door, Visitor},
    ear::{self, End},
    figures::Book,
    pace::{Pace, Places, drive, settle},
    run::{Limits, Outcome, Watch},
    stock::{self, Pledge, Sizes},
    usage::Component,
};

/// Who lodges, and on which guarantees.
pub(crate) struct Scene {
    declarant: Visitor,
    pledges: Vec<Pledge>,
}

impl Scene {
    /// Logs in at the suite at `url` and lets the insurer lodge `guarantees` guarantees of the declarant.
    pub(crate) async fn open(url: &str, guarantees: usize) -> anyhow::Result<Self> {
        let door = Door::new(url)?;
        let sandbox = door.sandbox().await.context("is this a suite with a demo nation?")?;
        let declarant = door.log_in(&sandbox, "declarant").await?;
        let insurer = door.log_in(&sandbox, "insurer").await?;
        let officer = door.log_in(&sandbox, "officer-departure").await?;
        let pledges = stream::iter(0..guarantees.max(1))
            .map(|_| insurer.guarantee(&declarant.eori, &officer))
            .buffer_unordered(8)
            .try_collect()
            .await?;
        Ok(Self { declarant, pledges })
    }

    /// Runs the scenario at `pace` within `limits`.
    pub(crate) async fn run(
        &self,
        pace: Pace,
        sizes: Sizes,
        limits: Limits,
        components: &[Component],
    ) -> anyhow::Result<Outcome> {
        let id = uuid_at(SystemClock.now()).simple().to_string();
        let name: String = id.chars().rev().take(10).collect();
        let count = limits.count(pace);
        let parcels = Arc::new(stock::make(&self.declarant, &name, &self.pledges, sizes, count)?);
        let declarant = self.declarant.again().await?;
        let (places, changed) = (Places::of(pace), Arc::new(Notify::new()));
        let book = Arc::new(Book::open(count));
        let hear = {
            let (book, places, changed) = (Arc::clone(&book), places.clone(), Arc::clone(&changed));
            move |number, end| {
                let first = match end {
                    End::Released => book.finish(number),
                    End::Refused => book.refuse(number),
                };
                if first {
                    places.free(pace);
                    changed.notify_one();
                }
            }
        };
        let listener = ear::follow(&declarant, &name, hear).await?;
        let failed = Arc::new(AtomicU64::new(0));
        let watch = Watch::begin(components, limits);
        let start = |number: usize| {
            let (declarant, parcels) = (declarant.clone(), Arc::clone(&parcels));
            let (book, failed, places) = (Arc::clone(&book), Arc::clone(&failed), places.clone());
            async move {
                let Some(parcel) = parcels.get(number).cloned() else { return };
                match declarant.lodge(parcel).await {
                    Ok((202, _)) => book.accept(number),
                    other => {
                        if failed.fetch_add(1, Ordering::Relaxed) == 0 {
                            eprintln!("a declaration was not taken in: {other:?}");
                        }
                        book.refuse(number);
                        places.free(pace);
                    }
                }
            }
        };
        let started = drive(&book, pace, &places, (count, limits.end_us()), start).await;
        let usage = watch.end().await?;
        let open = settle(&book, Duration::from_secs(30), &changed).await;
        listener.abort();
        Ok(Outcome::new(&book, limits, usage, (started, open, failed.load(Ordering::Relaxed))))
    }
}
