//! Counters and durations for Prometheus; names never carry personal data.

use std::{sync::LazyLock, time::Duration};

use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder, core::Collector,
};

use crate::{exemplar, telemetry};

/// From a tenth of a second to an hour: how old messages are when they take effect.
const AGES: [f64; 10] = [0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 300.0, 3_600.0];
/// From a second to two months: how long procedures take.
const LONG: [f64; 12] =
    [1.0, 10.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0, 14_400.0, 43_200.0, 86_400.0, 604_800.0, 5_184_000.0];

/// From a twentieth of a millisecond to a second: how long the work of the edge takes.
const FINE: [f64; 18] = [
    0.000_05, 0.000_1, 0.000_15, 0.000_2, 0.000_25, 0.000_3, 0.000_4, 0.000_5, 0.000_75, 0.001, 0.001_5,
    0.002, 0.003, 0.005, 0.01, 0.05, 0.25, 1.0,
];

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
    provider: IntCounterVec,
    verification: HistogramVec,
    release: HistogramVec,
    limits: IntGaugeVec,
    held: IntGaugeVec,
    build: IntGaugeVec,
    waiting: IntGaugeVec,
    archived: IntCounterVec,
    archive: IntGaugeVec,
    archive_oldest: IntGaugeVec,
    seals: IntCounterVec,
    seal_refused: IntGaugeVec,
    seal_ends: IntGaugeVec,
    fetches: IntCounterVec,
    fetch_failing: IntGaugeVec,
    list_issued: IntGaugeVec,
    list_ends: IntGaugeVec,
    probe_up: IntGaugeVec,
    probe: HistogramVec,
    leader: IntGaugeVec,
    rounds: IntCounterVec,
    conditions: IntGaugeVec,
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
            provider: make.counter("ecustoms_provider_sign_ins_total", "Sign-ins by the outside provider, by outcome", &["outcome"])?,
            verification: make.histogram("ecustoms_signature_duration_seconds", "How long the verification of a signature held a request up, with the wait for its turn", &["way"], &FINE)?,
            release: make.histogram("ecustoms_release_duration_seconds", "From the acceptance of a declaration to the release of its goods", &[], &LONG)?,
            limits: make.gauge("ecustoms_guarantee_limit_minor", "What guarantors are good for, in minor units", &["currency"])?,
            held: make.gauge("ecustoms_guarantee_held_minor", "What open movements hold of guarantees, in minor units", &["currency"])?,
            build: make.gauge("ecustoms_build_info", "Version and role of this process", &["version", "role"])?,
            waiting: make.gauge("ecustoms_waiting_for_schema", "Whether this process waits for its databases", &["role"])?,
            archived: make.counter("ecustoms_archive_timestamps_total", "Archive timestamps of evidence, by outcome", &["outcome"])?,
            archive: make.gauge("ecustoms_archive_waiting", "Trees of evidence that wait for their first archive timestamp", &[])?,
            archive_oldest: make.gauge("ecustoms_archive_oldest_seconds", "How long the oldest of them has waited", &[])?,
            seals: make.counter("ecustoms_seal_changes_total", "Exchanges of the keys that seal in the name of the suite, by outcome", &["outcome"])?,
            seal_refused: make.gauge("ecustoms_seal_refused", "Whether what lies in the place of these keys cannot be used, so that those of before are", &[])?,
            seal_ends: make.gauge("ecustoms_seal_ends_seconds", "When the certificate that is sealed under ends, in seconds since 1970", &[])?,
            fetches: make.counter("ecustoms_fetches_total", "Lists and status answers fetched in the background, by outcome", &["kind", "outcome"])?,
            fetch_failing: make.gauge("ecustoms_fetch_failing", "Configured addresses that gave nothing of use in the last round", &["kind"])?,
            list_issued: make.gauge("ecustoms_list_issued_seconds", "When the list of revoked certificates in use was issued, in seconds since 1970", &["issuer"])?,
            list_ends: make.gauge("ecustoms_list_ends_seconds", "When the next one is due, in seconds since 1970", &["issuer"])?,
            probe_up: make.gauge("ecustoms_probe_up", "Whether a step of the probe succeeded", &["step"])?,
            probe: make.histogram("ecustoms_probe_duration_seconds", "How long a step of the probe took", &["step"], short)?,
            leader: make.gauge("ecustoms_operator_leader", "Whether this operator leads", &[])?,
            rounds: make.counter("ecustoms_operator_rounds_total", "Rounds of the operator's controllers, by outcome", &["kind", "outcome"])?,
            conditions: make.gauge("ecustoms_operator_condition", "Conditions of the operator's resources: 1 true, 0 false, -1 unknown", &["kind", "resource", "condition"])?,
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

/// Counts a sign-in by the outside provider: `ok`, or the code of the problem that it ended with.
pub fn provider_sign_in(outcome: &str) {
    METERS.provider.with_label_values(&[outcome]).inc();
}

/// Notes for how long the verification of a signature held a request up: `quick`, or `slow` with the wait for its turn.
pub fn verification(way: &str, took: Duration) {
    METERS.verification.with_label_values(&[way]).observe(took.as_secs_f64());
}

/// Counts an archive timestamp with its outcome: `stamped`, `renewed` or `failed`.
pub fn archived(outcome: &str) {
    METERS.archived.with_label_values(&[outcome]).inc();
}

/// Notes how many trees of evidence wait for their first archive timestamp, and for how many seconds the oldest of them.
pub fn archive_waiting(waiting: i64, oldest_s: i64) {
    METERS.archive.with_label_values::<&str>(&[]).set(waiting);
    METERS.archive_oldest.with_label_values::<&str>(&[]).set(oldest_s);
}

/// Counts an exchange of the keys that seal, and whether what lies in their place now cannot be used.
pub fn seal_changed(taken: bool) {
    METERS.seals.with_label_values(&[if taken { "taken" } else { "refused" }]).inc();
    METERS.seal_refused.with_label_values::<&str>(&[]).set(i64::from(!taken));
}

/// Notes when the certificate ends that is sealed under, in seconds since 1970.
pub fn seal_ends(at_s: i64) {
    METERS.seal_ends.with_label_values::<&str>(&[]).set(at_s);
}

/// Counts a list or status answer that was asked for, with its outcome: `new`, `same`, `unanswered` or `refused`.
pub fn fetched(kind: &str, outcome: &str) {
    METERS.fetches.with_label_values(&[kind, outcome]).inc();
}

/// Notes how many configured addresses of `kind` gave nothing of use in the last round.
pub fn fetch_failing(kind: &str, addresses: i64) {
    METERS.fetch_failing.with_label_values(&[kind]).set(addresses);
}

/// Notes when the list of `issuer` in use was issued and when the next one is due, in seconds since 1970; nothing when there
/// is none any more.
pub fn list(issuer: &str, life: Option<(i64, i64)>) {
    if let Some((issued_s, ends_s)) = life {
        METERS.list_issued.with_label_values(&[issuer]).set(issued_s);
        METERS.list_ends.with_label_values(&[issuer]).set(ends_s);
    } else {
        for meter in [&METERS.list_issued, &METERS.list_ends] {
            let _ = meter.remove_label_values(&[issuer]);
        }
    }
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

/// Notes a request of a client, and beside it the trace that it belongs to, if that is kept.
pub fn request(method: &str, route: &str, status: u16, since: tokio::time::Instant) {
    request_took([method, route, &status.to_string()], since.elapsed(), telemetry::trace());
}

pub(crate) fn request_took(labels: [&str; 3], took: Duration, trace: Option<String>) {
    METERS.http.with_label_values(&labels).observe(took.as_secs_f64());
    if let Some(trace) = trace {
        exemplar::note(labels, took.as_secs_f64(), trace);
    }
}

/// Notes what became of a step of the probe.
pub fn probed(step: &str, ok: bool, took: Duration) {
    METERS.probe_up.with_label_values(&[step]).set(i64::from(ok));
    METERS.probe.with_label_values(&[step]).observe(took.as_secs_f64());
}

/// Notes whether this operator leads.
pub fn leads(leads: bool) {
    METERS.leader.with_label_values::<&str>(&[]).set(i64::from(leads));
}

/// Counts a round of the operator over resources of `kind`.
pub fn operator_round(kind: &str, ok: bool) {
    METERS.rounds.with_label_values(&[kind, if ok { "ok" } else { "failed" }]).inc();
}

/// Notes a condition of a resource of the operator: 1 true, 0 false, -1 unknown; nothing when the resource is gone.
pub fn condition(kind: &str, resource: &str, condition: &str, value: Option<i64>) {
    let labels = [kind, resource, condition];
    match value {
        Some(value) => METERS.conditions.with_label_values(&labels).set(value),
        None => _ = METERS.conditions.remove_label_values(&labels),
    }
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
