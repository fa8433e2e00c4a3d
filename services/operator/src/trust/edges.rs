//! The proof that gateways have the bundle: each of them tells at its operations address which one it has.

use std::{net::IpAddr, time::Duration};

use futures_util::{StreamExt, stream};
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use serde::Deserialize;

use crate::resource::{EdgesStatus, Verdict};

/// How long a gateway may take to tell.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many are asked at a time.
const AT_A_TIME: usize = 16;
/// How many are named in a message.
const NAMED: usize = 5;

/// What a gateway says of its bundle.
#[derive(Deserialize)]
struct Told {
    sha256: String,
}

/// A gateway and what it has told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Edge {
    /// The name of its pod.
    pub name: String,
    /// The hash of its bundle, or why it has told none.
    pub told: Result<String, String>,
}

/// The pods that take part: those that run and are not about to go.
pub(crate) fn serving(pods: &[Pod]) -> Vec<(String, IpAddr)> {
    pods.iter()
        .filter(|pod| pod.metadata.deletion_timestamp.is_none())
        .filter_map(|pod| {
            let status = pod.status.as_ref()?;
            let runs = status.phase.as_deref() == Some("Running");
            let address = status.pod_ip.as_deref()?.parse().ok()?;
            runs.then(|| (pod.name_any(), address))
        })
        .collect()
}

/// Asks each of `pods` at `port`.
pub(crate) async fn ask(http: &reqwest::Client, pods: Vec<(String, IpAddr)>, port: u16) -> Vec<Edge> {
    let asked = pods.into_iter().map(|(name, address)| async move {
        let told = tell(http, address, port).await.map_err(|error| error.without_url().to_string());
        Edge { name, told }
    });
    let mut edges: Vec<Edge> = stream::iter(asked).buffer_unordered(AT_A_TIME).collect().await;
    edges.sort_by(|a, b| a.name.cmp(&b.name));
    edges
}

async fn tell(http: &reqwest::Client, address: IpAddr, port: u16) -> reqwest::Result<String> {
    let host = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
    let answer = http.get(format!("http://{host}:{port}/trust")).timeout(PATIENCE).send().await?;
    Ok(answer.error_for_status()?.json::<Told>().await?.sha256)
}

/// Whether all gateways have the bundle `sha256`.
pub(crate) fn judge(edges: &[Edge], sha256: &str) -> (EdgesStatus, Verdict) {
    let lacking: Vec<&Edge> = edges.iter().filter(|edge| edge.told.as_deref() != Ok(sha256)).collect();
    let count = |edges: usize| u32::try_from(edges).unwrap_or(u32::MAX);
    let status = EdgesStatus { desired: count(edges.len()), current: count(edges.len() - lacking.len()) };
    let verdict = if edges.is_empty() {
        Verdict::unknown("Distributed", "NoGateways", "no gateway runs that could tell")
    } else if lacking.is_empty() {
        Verdict::yes("Distributed", "AllGateways", format!("all {} gateways have the bundle", edges.len()))
    } else {
        let named: Vec<String> = lacking.iter().take(NAMED).map(|edge| describe(edge)).collect();
        let more = lacking.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let why =
            format!("{} of {} gateways lack it: {}{more}", lacking.len(), edges.len(), named.join(", "));
        Verdict::no("Distributed", "SomeGatewaysLackIt", why)
    };
    (status, verdict)
}

fn describe(edge: &Edge) -> String {
    match &edge.told {
        Ok(other) => format!("{} has {}", edge.name, other.chars().take(12).collect::<String>()),
        Err(why) => format!("{} ({why})", edge.name),
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::{api::core::v1::PodStatus, apimachinery::pkg::apis::meta::v1::Time, jiff::Timestamp};
    use kube::api::ObjectMeta;

    use super::*;
    use crate::resource::Status;

    fn edge(name: &str, told: Result<&str, &str>) -> Edge {
        Edge { name: name.to_owned(), told: told.map(str::to_owned).map_err(str::to_owned) }
    }

    fn pod(name: &str, phase: &str, address: Option<&str>) -> Pod {
        Pod {
            metadata: ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() },
            status: Some(PodStatus {
                phase: Some(phase.to_owned()),
                pod_ip: address.map(str::to_owned),
                ..PodStatus::default()
            }),
            ..Pod::default()
        }
    }

    #[test]
    fn it_is_distributed_when_every_gateway_has_it_and_not_before() {
        let (status, verdict) = judge(&[edge("a", Ok("x")), edge("b", Ok("x"))], "x");
        assert_eq!((status.desired, status.current, verdict.status), (2, 2, Status::True));
        let (status, verdict) = judge(&[edge("a", Ok("x")), edge("b", Ok("y")), edge("c", Err("down"))], "x");
        assert_eq!((status.desired, status.current, verdict.status), (3, 1, Status::False));
        assert_eq!(verdict.message, "2 of 3 gateways lack it: b has y, c (down)");
        let (status, verdict) = judge(&[], "x");
        assert_eq!((status.desired, verdict.status), (0, Status::Unknown));
    }

    #[test]
    fn a_message_stays_short_however_many_lack_it() {
        let edges: Vec<Edge> = (0..50).map(|number| edge(&format!("pod-{number}"), Err("down"))).collect();
        let message = judge(&edges, "x").1.message;
        assert!(message.ends_with("and 45 more") && message.len() < 200, "{message}");
    }

    #[test]
    fn only_pods_that_run_and_stay_take_part() {
        let mut going = pod("going", "Running", Some("10.0.0.2"));
        going.metadata.deletion_timestamp = Some(Time(Timestamp::UNIX_EPOCH));
        let pods = [
            pod("runs", "Running", Some("10.0.0.1")),
            going,
            pod("starts", "Pending", None),
            pod("ended", "Succeeded", Some("10.0.0.3")),
            pod("strange", "Running", Some("nowhere")),
        ];
        assert_eq!(serving(&pods), [("runs".to_owned(), "10.0.0.1".parse().unwrap())]);
    }
}
