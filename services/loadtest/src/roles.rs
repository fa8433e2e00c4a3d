//! From start to ready, and the memory when idle, of each role in a process of its own, on real servers.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use tokio::time::{Duration, sleep};

use crate::{
    figures::{micros, ms},
    suite::{Role, free_address},
    usage::memory_kib,
};

/// The services, the gateway last: it asks the others.
const ROLES: &[&str] =
    &["declarations", "guarantees", "references", "web-broker", "notifications", "statistics", "gateway"];

/// Starts every role of `binary` on the servers of the environment, whose databases are migrated first, twice: the second time
/// as a pod starts that comes back. Then all of them idle for `idle_s` seconds, and their memory is read.
pub(crate) async fn measure(binary: &Path, idle_s: u64) -> anyhow::Result<()> {
    let directory = TempDir::with_prefix("ecustoms-roles.")?;
    let addresses =
        ROLES.iter().map(|role| Ok((*role, free_address()?))).collect::<anyhow::Result<Vec<_>>>()?;
    let config = configure(directory.path(), &addresses)?;
    let migrated = Command::new(binary)
        .args(["--config", &config, "migrate"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("{} does not start", binary.display()))?;
    ensure!(migrated.success(), "the databases are not migrated");

    let mut first = Vec::new();
    for (role, address) in &addresses {
        first.push(Role::start(binary, &config, role, address, directory.path()).await?);
    }
    let first_us: Vec<u64> = first.iter().map(|role| micros(role.ready_after)).collect();
    for role in first {
        role.stop().await?;
    }
    let mut again = Vec::new();
    for (role, address) in &addresses {
        again.push(Role::start(binary, &config, role, address, directory.path()).await?);
    }
    sleep(Duration::from_secs(idle_s)).await;
    println!(
        "{:<14} {:>12} {:>12} {:>14} {:>12}",
        "role", "ready, ms", "again, ms", "resident, KiB", "own, KiB"
    );
    for ((role, _), (running, first_us)) in addresses.iter().zip(again.iter().zip(first_us)) {
        let memory = memory_kib(running.pid())?;
        let again_us = micros(running.ready_after);
        println!(
            "{role:<14} {:>12} {:>12} {:>14} {:>12}",
            ms(first_us),
            ms(again_us),
            memory.resident,
            memory.own
        );
    }
    for role in again {
        role.stop().await?;
    }
    Ok(())
}

/// A configuration in which every service has an address of its own.
fn configure(directory: &Path, addresses: &[(&str, String)]) -> anyhow::Result<String> {
    let secret = directory.join("secret");
    fs::write(&secret, "bG9hZCB0ZXN0cyBoYXZlIG5vdGhpbmcgdG8gaGlkZSE=")?;
    let mut text = format!("secret_file = \"{}\"\n[services]\n", secret.display());
    for (role, address) in addresses.iter().filter(|(role, _)| *role != "gateway") {
        writeln!(text, "{role} = \"http://{address}\"")?;
    }
    let path = directory.join("config.toml");
    fs::write(&path, text)?;
    Ok(path.display().to_string())
}
