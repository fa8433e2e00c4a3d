//! A process under test that may be killed, and that never outlives the test.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;

use crate::{script, until};

const HTTP_TIMEOUT: Duration = Duration::from_secs(2);

/// A child process; its output goes to a file, and it is killed when dropped or when this process ends.
#[derive(Debug)]
pub struct Program {
    child: Child,
    log: PathBuf,
    _folder: TempDir,
}

impl Program {
    /// Starts `command` with no input.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let log = folder.path().join("output");
        let output = File::create(&log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        let program = Self { child, log, _folder: folder };
        program.watch()?;
        Ok(program)
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote so far, output and errors together.
    #[must_use]
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Whether it has not ended.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until `GET http://127.0.0.1:port/path` is answered by 200.
    ///
    /// # Errors
    /// It ended or did not answer within `patience`; the text carries its output.
    pub fn answers(&mut self, port: u16, path: &str, patience: Duration) -> anyhow::Result<()> {
        let mut ended = false;
        let waited = until(&format!("{path} on port {port}"), patience, || {
            ended = !self.is_running();
            ended || status(port, path) == Some(200)
        });
        if ended || waited.is_err() {
            let why = if ended { "the program ended" } else { "no answer in time" };
            bail!("{why} ({path} on port {port}); it wrote:\n{}", self.output());
        }
        Ok(())
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// It did not within `patience`.
    pub fn ends(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        until("the program to end", patience, || !self.is_running()).with_context(|| self.output())?;
        Ok(self.child.wait()?)
    }

    /// Ends it at once, as a power cut would.
    ///
    /// # Errors
    /// It has already ended and was waited for.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end in order (SIGTERM) and waits.
    ///
    /// # Errors
    /// It did not end within `patience`.
    pub fn stop(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        self.tell_to_stop()?;
        self.ends(patience)
    }

    /// Asks it to end in order (SIGTERM).
    ///
    /// # Errors
    /// Nobody can be asked here.
    pub fn tell_to_stop(&self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        Ok(())
    }

    /// Whether `GET http://127.0.0.1:port/readyz` is answered by 200.
    #[must_use]
    pub fn is_ready(&self, port: u16) -> bool {
        status(port, "/readyz") == Some(200)
    }

    /// A sidecar that kills the program once this process is gone: a killed test runs no destructors.
    fn watch(&self) -> anyhow::Result<()> {
        let [ours, theirs] = [std::process::id(), self.id()].map(|id| id.to_string());
        script::ask(None, &["watch", &ours, &theirs]).map(drop)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left to do.
        drop(self.kill());
    }
}

fn status(port: u16, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(HTTP_TIMEOUT)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n").ok()?;
    let mut line = [0; 12];
    stream.read_exact(&mut line).ok()?;
    std::str::from_utf8(&line).ok()?.strip_prefix("HTTP/1.1 ")?.parse().ok()
}
