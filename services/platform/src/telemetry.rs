//! Logs and traces: one trace from a client's request through services, bus and database.

use std::sync::OnceLock;

use opentelemetry::{
    KeyValue, global,
    propagation::Injector,
    trace::{TraceContextExt as _, TracerProvider as _},
};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracerProvider},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};
use uuid::Uuid;

/// How the process tells what it does.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    /// What this process is to the others: a service, several joined by `+`, or empty for the whole suite.
    pub role: String,
    /// Filter in the notation of `RUST_LOG`.
    pub filter: String,
    /// One JSON object a line instead of text for people.
    pub json: bool,
    /// Base URL of an OTLP/HTTP collector; no traces are exported without one.
    pub otlp_endpoint: Option<String>,
    /// How many of a thousand traces that begin here are kept; whoever calls us decides for his own.
    pub traces_per_thousand: u16,
}

/// Ends the export of traces when the process ends.
#[derive(Debug, Default)]
pub struct Guard(Option<SdkTracerProvider>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            let _ = provider.shutdown();
        }
    }
}

/// Starts logging and, where a collector is named, tracing. A second start in one process is passed over.
pub fn start(telemetry: &Telemetry) -> anyhow::Result<Guard> {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let filter = EnvFilter::try_new(&telemetry.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if telemetry.json { lines.json().boxed() } else { lines.compact().boxed() };
    let share = telemetry.traces_per_thousand;
    let provider =
        telemetry.otlp_endpoint.as_deref().map(|url| provider(url, share, &telemetry.role)).transpose()?;
    let traces = provider
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("ecustoms")));
    let _ = tracing_subscriber::registry().with(traces).with(lines.with_filter(filter)).try_init();
    Ok(Guard(provider))
}

fn provider(endpoint: &str, per_thousand: u16, role: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()?;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(sampler(per_thousand))
        .with_resource(resource(role))
        .build())
}

/// A trace is kept or not as a whole: its share is told by its id, and whoever continues it follows.
fn sampler(per_thousand: u16) -> Sampler {
    let own = match per_thousand {
        0 => Sampler::AlwaysOff,
        1..1_000 => Sampler::TraceIdRatioBased(format!("{per_thousand}e-3").parse().unwrap_or(1.0)),
        _ => Sampler::AlwaysOn,
    };
    Sampler::ParentBased(Box::new(own))
}

/// Who tells: the role within the suite, and this very process. What else a collector wants to know comes from
/// `OTEL_RESOURCE_ATTRIBUTES`, as the conventions have it.
fn resource(role: &str) -> Resource {
    let own = [
        KeyValue::new("service.namespace", "ecustoms"),
        KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
        KeyValue::new("service.instance.id", Uuid::now_v7().to_string()),
    ];
    let name = if role.is_empty() { "ecustoms".to_owned() } else { role.to_owned() };
    Resource::builder().with_service_name(name).with_attributes(own).build()
}

/// What carries messages between the processes of this installation, once it is known.
static BUS: OnceLock<&'static str> = OnceLock::new();

/// Notes what carries messages in this process.
pub(crate) fn carried_by(system: &'static str) {
    _ = BUS.set(system);
}

/// What carries messages in this process, as the conventions name it.
pub(crate) fn bus() -> &'static str {
    BUS.get().copied().unwrap_or("in_memory")
}

/// The method of a request as the conventions want it: one of those that are known, or `_OTHER`.
#[must_use]
pub fn method(method: &str) -> &'static str {
    const KNOWN: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("_OTHER")
}

struct Carrier(Option<String>);

impl Injector for Carrier {
    fn set(&mut self, key: &str, value: String) {
        if key == "traceparent" {
            self.0 = Some(value);
        }
    }
}

/// The W3C trace context of where we are, for a header or a message.
#[must_use]
pub fn traceparent() -> Option<String> {
    let mut carrier = Carrier(None);
    let context = Span::current().context();
    global::get_text_map_propagator(|propagator| propagator.inject_context(&context, &mut carrier));
    carrier.0
}

/// Names `span` as it is known when it has ended: a field does not, once others have continued it.
pub fn rename(span: &Span, name: String) {
    span.context().span().update_name(name);
}

/// The trace that we are in, if it is kept.
pub(crate) fn trace() -> Option<String> {
    let context = Span::current().context();
    let here = context.span().span_context().clone();
    (here.is_valid() && here.is_sampled()).then(|| here.trace_id().to_string())
}

/// Makes `span` a child of the span in `traceparent`, if there is one.
pub fn continue_trace(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else { return };
    let headers = std::collections::HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&headers));
    let _ = span.set_parent(parent);
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanKind, TraceFlags, TraceId, TraceState};
    use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};

    use super::*;

    fn is_kept(per_thousand: u16, trace: u128, parent: Option<TraceFlags>) -> bool {
        let trace = TraceId::from(trace);
        let parent = parent.map(|flags| {
            let context = SpanContext::new(trace, 1.into(), flags, true, TraceState::default());
            opentelemetry::Context::new().with_remote_span_context(context)
        });
        let told = sampler(per_thousand).should_sample(
            parent.as_ref(),
            trace,
            "GET /x",
            &SpanKind::Server,
            &[],
            &[],
        );
        told.decision == SamplingDecision::RecordAndSample
    }

    #[test]
    fn a_share_of_the_traces_is_kept_and_whoever_calls_us_decides_for_his_own() {
        // A large odd number steps evenly over all ids.
        let ids =
            || (1..=10_000_u128).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
        for (per_thousand, least, most) in [(0, 0, 0), (50, 300, 700), (1_000, 10_000, 10_000)] {
            let kept = ids().filter(|id| is_kept(per_thousand, *id, None)).count();
            assert!((least..=most).contains(&kept), "{per_thousand}: {kept}");
        }
        assert!(ids().all(|id| is_kept(1, id, Some(TraceFlags::SAMPLED))));
        assert!(ids().all(|id| !is_kept(1_000, id, Some(TraceFlags::default()))));
    }

    #[test]
    fn methods_that_nobody_knows_are_one() {
        assert_eq!((method("PATCH"), method("BREW"), method("get")), ("PATCH", "_OTHER", "_OTHER"));
    }
}
