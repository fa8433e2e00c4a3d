//! Logs and traces: one trace from a client's request through services, bus and database.

use opentelemetry::{global, propagation::Injector, trace::TracerProvider as _};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// How the process tells what it does.
#[derive(Clone, Debug, Default)]
pub struct Telemetry {
    /// Filter in the notation of `RUST_LOG`.
    pub filter: String,
    /// One JSON object a line instead of text for people.
    pub json: bool,
    /// Base URL of an OTLP/HTTP collector; no traces are exported without one.
    pub otlp_endpoint: Option<String>,
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
    let provider = telemetry.otlp_endpoint.as_deref().map(provider).transpose()?;
    let traces = provider
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer("ecustoms")));
    let _ = tracing_subscriber::registry().with(traces).with(lines.with_filter(filter)).try_init();
    Ok(Guard(provider))
}

fn provider(endpoint: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
        .build()?;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder().with_service_name("ecustoms").build())
        .build())
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

/// Makes `span` a child of the span in `traceparent`, if there is one.
pub fn continue_trace(span: &Span, traceparent: Option<&str>) {
    let Some(traceparent) = traceparent else { return };
    let headers = std::collections::HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&headers));
    let _ = span.set_parent(parent);
}
