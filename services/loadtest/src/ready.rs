//! From start to ready, and the memory of an idle suite, embedded.

use std::path::Path;

use tempfile::TempDir;
use tokio::time::{Duration, sleep};

use crate::{
    figures::{median, micros, ms, spread},
    suite::{Data, Suite},
    usage::resident_kib,
};

/// Measures `binary`: `rounds` first starts, each followed by a second one that idles for `idle_s` seconds.
pub(crate) async fn measure(binary: &Path, rounds: u32, idle_s: u64) -> anyhow::Result<()> {
    let (mut first_us, mut second_us, mut idle_kib) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        let directory = TempDir::with_prefix("ecustoms-ready.")?;
        let suite = Suite::start(binary, Data::In(directory.path()), false).await?;
        first_us.push(micros(suite.ready_after));
        suite.stop().await?;
        let suite = Suite::start(binary, Data::In(directory.path()), false).await?;
        second_us.push(micros(suite.ready_after));
        sleep(Duration::from_secs(idle_s)).await;
        idle_kib.push(resident_kib(suite.pid())?);
        suite.stop().await?;
        println!("round {round} of {rounds}");
    }
    for (name, list) in [("first start to ready", &first_us), ("second start to ready", &second_us)] {
        println!("{name}: {} ms ({} of {rounds})", ms(median(list)), spread(list, ms));
    }
    println!(
        "idle memory after {idle_s} s: {} KiB ({} of {rounds})",
        median(&idle_kib),
        spread(&idle_kib, |kib| kib.to_string())
    );
    Ok(())
}
