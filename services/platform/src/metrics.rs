//! Counters and durations for Prometheus; names never carry personal data.

use std::{sync::LazyLock, time::Duration};

use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder, core::Collector,
};

/// From a tenth of a second to an hour: how old messages are when they take effect.
const AGES: [f64; 10] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 300.0, 3_600.0];
/// From a second to two months: how long procedures take.
const LONG: [f64; 12] =
    [1.0, 10.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0, 14_400.0, 43_200.0, 86_400.0, 604_800.0, 5_184_000.0];

struct Meters {
    registry: Registry,
    use_cases: HistogramVec,
    published: IntCounterVec,
    received: IntCounterVec,
    parked: IntCounterVec,
    unreadable: IntCounterVec,
    age: HistogramVec,
    outbox: IntGaugeVec,
    outbox_oldest: IntGaugeVec,
    dead_letters: IntGaugeVec,
    sagas: IntGaugeVec,
    reminders: IntCounterVec,
    http: HistogramVec,
    signatures: IntCounterVec,
    release: HistogramVec,
    limits: IntGaugeVec,
    held: IntGaugeVec,
    build: IntGaugeVec,
    waiting: IntGaugeVec,
    probe_up: IntGaugeVec,
    probe: HistogramVec,
}

#[expect(clippy::expect_used, reason = "the names are constants of this file and tried by its test")]
static METERS: LazyLock<Meters> = LazyLock::new(|| Meters::new().expect("the meters have sound names"));

/// Makes meters and enters them into one registry.
#[derive(Default)]
struct Maker(Registry);

impl Maker {
    fn enter<C: Collector + Clone + 'static>(&self, meter: C) -> Result<C, prometheus::Error> {
        self.0.register(Box::new(meter.clone()))?;
        Ok(meter)
    }

    fn counter(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec, prometheus::Error> {
        self.enter(IntCounterVec::new(Opts::new(name, help), labels)?)
    }

    fn gauge(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntGaugeVec, prometheus::Error> {
        self.enter(IntGaugeVec::new(Opts::new(name, help), labels)?)
    }

    fn histogram(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
        buckets: &[f64],
    ) -> Result<HistogramVec, prometheus::Error> {
        let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.enter(HistogramVec::new(opts, labels)?)
    }
}

impl Meters {
    #[rustfmt::skip] // One line a meter reads as the table that it is.
    fn new() -> Result<Self, prometheus::Error> {
        let short = prometheus::DEFAULT_BUCKETS;
        let make = Maker::default();
        Ok(Self {
            use_cases: make.histogram("ecustoms_use_case_duration_seconds", "How long a use case took, by outcome", &["use_case", "outcome"], short)?,
            published: make.counter("ecustoms_bus_published_total", "Messages confirmed by the bus", &["service", "message"])?,
            received: make.counter("ecustoms_bus_received_total", "Messages acted on", &["service"])?,
            parked: make.counter("ecustoms_bus_parked_total", "Messages parked as dead letters", &["service", "message"])?,
            unreadable: make.counter("ecustoms_bus_unreadable_total", "Deliveries that were no message of ours", &["queue"])?,
            age: make.histogram("ecustoms_message_age_seconds", "From the cause of a message to its effect", &["service"], &AGES)?,
            outbox: make.gauge("ecustoms_outbox_waiting", "Messages waiting in the outbox", &["service"])?,
            outbox_oldest: make.gauge("ecustoms_outbox_oldest_seconds", "How long the oldest message has waited in the outbox", &["service"])?,
            dead_letters: make.gauge("ecustoms_dead_letters", "Dead letters that wait for an operator", &["service"])?,
            sagas: make.gauge("ecustoms_sagas", "Sagas under way", &["service", "status"])?,
            reminders: make.counter("ecustoms_saga_reminders_total", "Commands of sagas sent again for want of an answer", &["service"])?,
            http: make.histogram("ecustoms_http_request_duration_seconds", "How long a request took, by route and status", &["method", "route", "status"], short)?,
            signatures: make.counter("ecustoms_signature_verdicts_total", "Signatures of documents, by verdict and reason", &["verdict", "reason"])?,
            release: make.histogram("ecustoms_release_duration_seconds", "From the acceptance of a declaration to the release of its goods", &[], &LONG)?,
            limits: make.gauge("ecustoms_guarantee_limit_minor", "What guarantors are good for, in minor units", &["currency"])?,
            held: make.gauge("ecustoms_guarantee_held_minor", "What open movements hold of guarantees, in minor units", &["currency"])?,
            build: make.gauge("ecustoms_build_info", "Version and role of this process", &["version", "role"])?,
            waiting: make.gauge("ecustoms_waiting_for_schema", "Whether this process waits for its databases", &["role"])?,
            probe_up: make.gauge("ecustoms_probe_up", "Whether a step of the probe succeeded", &["step"])?,
            probe: make.histogram("ecustoms_probe_duration_seconds", "How long a step of the probe took", &["step"], short)?,
            registry: make.0,
        })
    }
}

/// A running measurement of one use case.
pub struct Timed {
    name: String,
    since: tokio::time::Instant,
}

/// Starts measuring the use case `name`.
#[must_use]
pub fn time_use_case(name: &str) -> Timed {
    Timed { name: name.to_owned(), since: tokio::time::Instant::now() }
}

impl Timed {
    /// Ends the measurement with the problem's code, if there was one.
    pub fn done(self, code: Option<&str>) {
        let outcome = code.unwrap_or("ok");
        METERS
            .use_cases
            .with_label_values(&[self.name.as_str(), outcome])
            .observe(self.since.elapsed().as_secs_f64());
    }
}

/// Counts a message that the bus has confirmed.
pub fn published(service: &str, name: &str) {
    METERS.published.with_label_values(&[service, name]).inc();
}

/// Counts messages that were acted on.
pub fn received(service: &str, count: usize) {
    METERS.received.with_label_values(&[service]).inc_by(u64::try_from(count).unwrap_or_default());
}

/// Counts a message that became a dead letter.
pub fn parked(service: &str, name: &str) {
    METERS.parked.with_label_values(&[service, name]).inc();
}

/// Counts a delivery in `queue` that is no message of ours.
pub fn unreadable(queue: &str) {
    METERS.unreadable.with_label_values(&[queue]).inc();
}

/// Notes how long after its cause a message took effect.
pub fn message_age(service: &str, age: Duration) {
    METERS.age.with_label_values(&[service]).observe(age.as_secs_f64());
}

/// Notes how many messages wait in the outbox, and for how many seconds the oldest of them.
pub fn outbox_waiting(service: &str, waiting: i64, oldest_s: i64) {
    METERS.outbox.with_label_values(&[service]).set(waiting);
    METERS.outbox_oldest.with_label_values(&[service]).set(oldest_s);
}

/// Notes how many dead letters wait for an operator.
pub fn dead_letters(service: &str, waiting: i64) {
    METERS.dead_letters.with_label_values(&[service]).set(waiting);
}

/// Notes how many sagas have a command out, or wait for people and deadlines.
pub fn sagas(service: &str, status: &str, under_way: i64) {
    METERS.sagas.with_label_values(&[service, status]).set(under_way);
}

/// Counts commands that a saga has sent again.
pub fn reminded(service: &str, commands: u32) {
    METERS.reminders.with_label_values(&[service]).inc_by(u64::from(commands));
}

/// Counts a signature with its `verdict` and the `reason` for it.
pub fn signature(verdict: &str, reason: &str) {
    METERS.signatures.with_label_values(&[verdict, reason]).inc();
}

/// Notes how long after its acceptance a movement was released.
pub fn released(after: Duration) {
    METERS.release.with_label_values::<&str>(&[]).observe(after.as_secs_f64());
}

/// Notes what guarantors are good for in `currency`, and what is held of it, in minor units.
pub fn guarantees(currency: &str, limit_minor: i64, held_minor: i64) {
    METERS.limits.with_label_values(&[currency]).set(limit_minor);
    METERS.held.with_label_values(&[currency]).set(held_minor);
}

/// Notes which version runs in which role.
pub fn process(version: &str, role: &str) {
    METERS.build.with_label_values(&[version, role]).set(1);
}

/// Notes whether this process waits for its databases.
pub fn waiting_for_schema(role: &str, waits: bool) {
    METERS.waiting.with_label_values(&[role]).set(i64::from(waits));
}

/// Notes a request of a client.
pub fn request(method: &str, route: &str, status: u16, since: tokio::time::Instant) {
    METERS
        .http
        .with_label_values(&[method, route, status.to_string().as_str()])
        .observe(since.elapsed().as_secs_f64());
}

/// Notes what became of a step of the probe.
pub fn probed(step: &str, ok: bool, took: Duration) {
    METERS.probe_up.with_label_values(&[step]).set(i64::from(ok));
    METERS.probe.with_label_values(&[step]).observe(took.as_secs_f64());
}

/// Everything measured, in the text form of Prometheus.
#[must_use]
pub fn text() -> String {
    TextEncoder::new().encode_to_string(&METERS.registry.gather()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_counted_is_told() {
        super::published("guarantees", "guarantees.held");
        assert!(super::text().contains("ecustoms_bus_published_total"), "{}", super::text());
    }

    /// Alerts and dashboards are held to the page, the page to the program.
    #[test]
    fn the_page_for_operators_names_every_metric_and_no_other() {
        let page = include_str!("../../../docs/operate/telemetry.md");
        let row = |line: &str| Some(line.strip_prefix("| `ecustoms_")?.split('`').next()?.to_owned());
        let mut told: Vec<String> = page.lines().filter_map(row).collect();
        told.sort_unstable();
        let source = include_str!("metrics.rs");
        let name = |part: &str| Some(part.strip_prefix("ecustoms_")?.split('"').next()?.to_owned());
        let table = source.lines().filter(|line| line.contains(": make."));
        let mut made: Vec<String> = table.filter_map(|line| line.split('"').find_map(name)).collect();
        made.sort_unstable();
        assert!(made.len() > 15, "{made:?}");
        assert_eq!(told, made);
    }
}
