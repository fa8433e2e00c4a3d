//! What every run has in common: how long it lasts, what is watched meanwhile, what comes out.

use tokio::{
    task::JoinHandle,
    time::{Duration, sleep},
};

use crate::{
    figures::{Book, Figures, Tenths, median, ms, percentile},
    pace::Pace,
    usage::{Component, Usage, usage},
};

/// How long a run lasts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Seconds before measuring begins.
    pub(crate) warm: u64,
    /// Seconds that are measured.
    pub(crate) measured: u64,
    /// Operations in a second that are prepared for where the pace does not say how many there will be.
    pub(crate) prepared: u64,
}

impl Limits {
    /// How many operations are prepared.
    pub(crate) fn count(self, pace: Pace) -> usize {
        let per_s = match pace {
            Pace::Rate(rate) => u64::from(rate),
            Pace::InFlight(_) => self.prepared,
        };
        usize::try_from((self.warm + self.measured) * per_s).unwrap_or(usize::MAX)
    }

    /// When measuring begins, in microseconds after the beginning.
    pub(crate) const fn begin_us(self) -> u64 {
        self.warm * 1_000_000
    }

    /// When the run ends, in microseconds after the beginning.
    pub(crate) const fn end_us(self) -> u64 {
        (self.warm + self.measured) * 1_000_000
    }
}

/// Reads the CPU time of the components at both ends of what is measured.
pub(crate) struct Watch(JoinHandle<anyhow::Result<Usage>>);

impl Watch {
    /// Begins to watch `components`.
    pub(crate) fn begin(components: &[Component], limits: Limits) -> Self {
        let components = components.to_vec();
        Self(tokio::spawn(async move {
            sleep(Duration::from_secs(limits.warm)).await;
            let before = usage(&components)?;
            sleep(Duration::from_secs(limits.measured)).await;
            Ok(usage(&components)?.since(&before))
        }))
    }

    /// What was used while it was measured.
    pub(crate) async fn end(self) -> anyhow::Result<Usage> {
        self.0.await?
    }
}

/// What came out of a run.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// The figures of what was measured.
    pub(crate) figures: Figures,
    /// The figures of each part of it, where it is long.
    pub(crate) parts: Vec<Figures>,
    /// CPU time while it was measured.
    pub(crate) usage: Usage,
    /// How many operations were started.
    pub(crate) started: usize,
    /// How many never came to an end.
    pub(crate) open: usize,
    /// How many were not taken in.
    pub(crate) failed: u64,
}

/// How long a part of a long run is.
const PART_S: u64 = 30;

impl Outcome {
    /// The outcome noted in `book`; `counts` are operations started, left open and failed.
    pub(crate) fn new(book: &Book, limits: Limits, usage: Usage, counts: (usize, usize, u64)) -> Self {
        let (started, open, failed) = counts;
        let figures = book.figures(limits.begin_us(), limits.end_us());
        let parts = (0..limits.measured / PART_S).map(|part| {
            let from = limits.begin_us() + part * PART_S * 1_000_000;
            book.figures(from, from + PART_S * 1_000_000)
        });
        Self { figures, parts: parts.collect(), usage, started, open, failed }
    }

    /// Microseconds of each component for one finished operation.
    pub(crate) fn each_us(&self) -> Vec<u64> {
        let count = self.figures.finished_in.max(1);
        self.usage.parts.iter().map(|us| us / count).collect()
    }

    /// Prints the outcome.
    pub(crate) fn print(&self, title: &str, components: &[Component]) {
        let figures = &self.figures;
        let p = |list: &[u64], permille| ms(percentile(list, permille));
        println!("{title}");
        println!(
            "  accepted {}/s, released {}/s; started {}, refused {}, not taken in {}, without end {}",
            Tenths(figures.accepted_per_10s()),
            Tenths(figures.finished_per_10s()),
            self.started,
            figures.refused,
            self.failed,
            self.open
        );
        for (name, list) in [
            ("submit", &figures.submit_us),
            ("accepted to released", &figures.release_us),
            ("whole life", &figures.life_us),
        ] {
            println!("  {name}: p50 {} ms, p99 {} ms", p(list, 500), p(list, 990));
        }
        let each: Vec<String> = components
            .iter()
            .zip(self.each_us())
            .map(|(component, us)| format!("{} {us}", component.name))
            .collect();
        let total: u64 = self.each_us().iter().sum();
        println!("  CPU us an operation: {} = {total}", each.join(" + "));
        println!(
            "  others on the machine {} % of a core, stolen {} %",
            percent(self.usage.others_us(), figures.window_us),
            percent(self.usage.stolen, figures.window_us)
        );
    }

    /// How p99 of the whole life went over time: medians of the parts in the first and in the last third.
    pub(crate) fn growth(&self) -> Option<(u64, u64)> {
        let parts: Vec<u64> = self.parts.iter().map(|part| percentile(&part.life_us, 990)).collect();
        let third = parts.len() / 3;
        (third > 0).then(|| (median(&parts[..third]), median(&parts[parts.len() - third..])))
    }
}

/// `part` of `whole` in hundredths.
pub(crate) fn percent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100) / whole.max(1)
}
