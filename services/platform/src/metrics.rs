//! Counters and durations for Prometheus; names never carry personal data.

use std::sync::LazyLock;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder};

struct Meters {
    registry: Registry,
    use_cases: HistogramVec,
    published: IntCounterVec,
    received: IntCounterVec,
    parked: IntCounterVec,
    outbox: IntGaugeVec,
    http: HistogramVec,
}

#[expect(clippy::expect_used, reason = "the names are constants of this file and tried by its test")]
static METERS: LazyLock<Meters> = LazyLock::new(|| Meters::new().expect("the meters have sound names"));

impl Meters {
    fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter =
            |name: &str, help: &str, labels: &[&str]| IntCounterVec::new(Opts::new(name, help), labels);
        let histogram = |name: &str, help: &str, labels: &[&str]| {
            HistogramVec::new(HistogramOpts::new(name, help), labels)
        };
        let meters = Self {
            use_cases: histogram(
                "ecustoms_use_case_duration_seconds",
                "How long a use case took, by outcome",
                &["use_case", "outcome"],
            )?,
            published: counter(
                "ecustoms_bus_published_total",
                "Messages confirmed by the bus",
                &["service", "message"],
            )?,
            received: counter("ecustoms_bus_received_total", "Messages acted on", &["service"])?,
            parked: counter(
                "ecustoms_bus_parked_total",
                "Messages parked as dead letters",
                &["service", "message"],
            )?,
            outbox: IntGaugeVec::new(
                Opts::new("ecustoms_outbox_waiting", "Messages waiting in the outbox"),
                &["service"],
            )?,
            http: histogram(
                "ecustoms_http_request_duration_seconds",
                "How long a request took, by route and status",
                &["method", "route", "status"],
            )?,
            registry,
        };
        for collector in [&meters.use_cases, &meters.http] {
            meters.registry.register(Box::new(collector.clone()))?;
        }
        for collector in [&meters.published, &meters.received, &meters.parked] {
            meters.registry.register(Box::new(collector.clone()))?;
        }
        meters.registry.register(Box::new(meters.outbox.clone()))?;
        Ok(meters)
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

/// Notes how many messages wait in the outbox.
pub fn outbox_waiting(service: &str, waiting: i64) {
    METERS.outbox.with_label_values(&[service]).set(waiting);
}

/// Notes a request of a client.
pub fn request(method: &str, route: &str, status: u16, since: tokio::time::Instant) {
    METERS
        .http
        .with_label_values(&[method, route, status.to_string().as_str()])
        .observe(since.elapsed().as_secs_f64());
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
}
