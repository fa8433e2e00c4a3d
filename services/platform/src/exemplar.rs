//! Exemplars: for each bucket of the durations of requests the last trace that fell into it, told in `OpenMetrics`.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

/// The metric that has exemplars.
const METRIC: &str = "ecustoms_http_request_duration_seconds";
/// The media type of `OpenMetrics`.
pub const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// By the sample of a bucket, as it is written, the trace that fell into it last, and how long it took.
type Seen = BTreeMap<String, (String, f64)>;

static SEEN: LazyLock<Mutex<Seen>> = LazyLock::new(Mutex::default);

fn seen() -> MutexGuard<'static, Seen> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes that a request of the trace `trace` took `seconds`.
pub(crate) fn note([method, route, status]: [&str; 3], seconds: f64, trace: String) {
    let bound = prometheus::DEFAULT_BUCKETS.iter().find(|bound| seconds <= **bound);
    let bound = bound.map_or_else(|| "+Inf".to_owned(), f64::to_string);
    let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\",le=\"{bound}\"");
    seen().insert(format!("{METRIC}_bucket{{{labels}}}"), (trace, seconds));
}

/// What is told in the text form of Prometheus, told in that of `OpenMetrics`, with exemplars.
#[must_use]
pub fn open_metrics(text: &str) -> String {
    let (seen, mut told) = (seen(), String::with_capacity(text.len() + 1_024));
    for line in text.lines() {
        match line.strip_prefix("# ").and_then(|rest| rest.split_once(' ')) {
            // A family of counters is named without what its samples end in.
            Some((word @ ("HELP" | "TYPE"), rest)) => {
                let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                let name = name.strip_suffix("_total").unwrap_or(name);
                told.extend(["# ", word, " ", name, " ", rest]);
            }
            _ => told.push_str(line),
        }
        if let Some((trace, seconds)) = line.rsplit_once(' ').and_then(|(sample, _)| seen.get(sample)) {
            _ = write!(told, " # {{trace_id=\"{trace}\"}} {seconds}");
        }
        told.push('\n');
    }
    told.push_str("# EOF\n");
    told
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_last_trace_of_a_bucket_stands_beside_its_count_and_nowhere_else() {
        let labels = ["PUT", "/exemplars/{id}", "204"];
        for (trace, seconds) in [("aa", 0.3), ("bb", 0.4), ("cc", 99.0)] {
            crate::metrics::request_took(labels, Duration::from_secs_f64(seconds), Some(trace.to_owned()));
        }
        crate::metrics::request_took(labels, Duration::from_secs_f64(0.002), None);
        let text = open_metrics(&crate::metrics::text());
        let of_it: Vec<&str> =
            text.lines().filter(|line| line.contains("/exemplars/") && line.contains('#')).collect();
        let bucket = |le: &str| {
            format!(
                "{METRIC}_bucket{{method=\"PUT\",route=\"/exemplars/{{id}}\",status=\"204\",le=\"{le}\"}}"
            )
        };
        let told = [
            format!("{} 3 # {{trace_id=\"bb\"}} 0.4", bucket("0.5")),
            format!("{} 4 # {{trace_id=\"cc\"}} 99", bucket("+Inf")),
        ];
        assert_eq!(of_it, told);
    }

    #[test]
    fn families_of_counters_are_named_as_open_metrics_wants_it() {
        let text =
            "# HELP a_total What.\n# TYPE a_total counter\na_total{b=\"c d\"} 1\n# TYPE g gauge\ng 2\n";
        let told = "# HELP a What.\n# TYPE a counter\na_total{b=\"c d\"} 1\n# TYPE g gauge\ng 2\n# EOF\n";
        assert_eq!(open_metrics(text), told);
    }
}
