//! A suite started for a run, and ended with it.

use std::{
    env,
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::time::{Duration, Instant, sleep};

/// How long a suite may take until it is ready.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running `ecustoms up --demo`.
pub(crate) struct Suite {
    child: Child,
    /// Its address.
    pub(crate) url: String,
    /// Where it tells operators of itself.
    pub(crate) operations: String,
    /// How long it took from its start until it was ready.
    pub(crate) ready_after: Duration,
    log: PathBuf,
    _own: Option<TempDir>,
}

/// Where a suite keeps its data.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Data<'a> {
    /// In a new directory, forgotten afterwards.
    Fresh,
    /// In this one.
    In(&'a Path),
}

impl Suite {
    /// Starts `binary` and waits until it is ready. It runs on the servers named in the environment if
    /// `distributed`, embedded otherwise.
    pub(crate) async fn start(binary: &Path, data: Data<'_>, distributed: bool) -> anyhow::Result<Self> {
        let (directory, own) = match data {
            Data::In(directory) => (directory.to_owned(), None),
            Data::Fresh => {
                let own = TempDir::with_prefix("ecustoms-load.")?;
                (own.path().to_owned(), Some(own))
            }
        };
        let [listen, operations] = [free_address()?, free_address()?];
        let log = directory.join("suite.log");
        let output = File::create(&log)?;
        let mut command = Command::new(binary);
        command
            .args(["up", "--demo", "--listen", &listen, "--data-dir"])
            .arg(&directory)
            .env("ECUSTOMS_OPERATIONS_LISTEN", &operations)
            .env("ECUSTOMS_LIMITS__REQUESTS_MAX", "1000000000")
            .env("ECUSTOMS_DECLARATIONS__SIMPLIFIED_RELEASE_S", "0")
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        if !distributed {
            for name in ["ECUSTOMS_POSTGRES_URL", "ECUSTOMS_RABBITMQ_URL", "ECUSTOMS_REDIS_URL"] {
                command.env_remove(name);
            }
        }
        let began = Instant::now();
        let child = command.spawn().with_context(|| format!("{} does not start", binary.display()))?;
        let [url, operations] = [listen, operations].map(|address| format!("http://{address}"));
        let mut suite = Self { child, url, operations, ready_after: Duration::ZERO, log, _own: own };
        suite.wait(began).await?;
        Ok(suite)
    }

    async fn wait(&mut self, began: Instant) -> anyhow::Result<()> {
        self.ready_after = ready(&mut self.child, &self.url, began, &self.log).await?;
        Ok(())
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Lines of its log that warn.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        log.lines()
            .filter(|line| line.contains("WARN") || line.contains("ERROR"))
            .map(str::to_owned)
            .collect()
    }

    /// Ends it in order.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        end(&mut self.child).await
    }
}

impl Drop for Suite {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running `ecustoms serve` of one role, on the servers named in the environment.
pub(crate) struct Role {
    child: Child,
    /// How long it took from its start until it was ready.
    pub(crate) ready_after: Duration,
}

impl Role {
    /// Starts `role` of `binary` at `listen` and waits until it is ready; what it writes is kept in `directory`.
    pub(crate) async fn start(
        binary: &Path,
        config: &str,
        role: &str,
        listen: &str,
        directory: &Path,
    ) -> anyhow::Result<Self> {
        let log = directory.join(format!("{role}.log"));
        let output = File::create(&log)?;
        let began = Instant::now();
        let child = Command::new(binary)
            .args(["--config", config, "serve", role, "--listen", listen, "--data-dir"])
            .arg(directory)
            .env("ECUSTOMS_DRAIN_NOTICE_S", "0")
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("{} does not start", binary.display()))?;
        let mut role = Self { child, ready_after: Duration::ZERO };
        role.ready_after = ready(&mut role.child, &format!("http://{listen}"), began, &log).await?;
        Ok(role)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it in order.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        end(&mut self.child).await
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How long it took from `began` until `url` said that it is ready.
async fn ready(child: &mut Child, url: &str, began: Instant, log: &Path) -> anyhow::Result<Duration> {
    let http = reqwest::Client::new();
    while began.elapsed() < PATIENCE {
        if let Ok(answer) = http.get(format!("{url}/readyz")).send().await
            && answer.status().is_success()
        {
            return Ok(began.elapsed());
        }
        if child.try_wait()?.is_some() {
            break;
        }
        sleep(Duration::from_millis(5)).await;
    }
    bail!("the program is not ready; it wrote:\n{}", std::fs::read_to_string(log).unwrap_or_default())
}

/// Tells a process to stop and waits until it has.
async fn end(child: &mut Child) -> anyhow::Result<()> {
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
    let by = Instant::now() + Duration::from_secs(40);
    while child.try_wait()?.is_none() {
        if Instant::now() > by {
            bail!("the program does not end");
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// An address of this machine that nothing listens on.
pub(crate) fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// The variable `name`, as `deploy/local/servers.sh run --` sets it.
pub(crate) fn variable(name: &str) -> anyhow::Result<String> {
    env::var(name)
        .with_context(|| format!("{name} is not set: run this under `deploy/local/servers.sh run --`"))
}
