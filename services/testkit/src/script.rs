//! The one place that starts and stops servers: `deploy/local/servers.sh`, asked from Rust.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// What the script printed, by name.
pub(crate) type Answer = BTreeMap<String, String>;

pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/local/servers.sh")
}

/// Runs one command of the script on the set in `dir`, or on the shared set.
pub(crate) fn ask(dir: Option<&Path>, arguments: &[&str]) -> anyhow::Result<Answer> {
    let mut command = Command::new(path());
    if let Some(dir) = dir {
        command.args([OsStr::new("--dir"), dir.as_os_str()]);
    }
    let output =
        command.args(arguments).stdin(Stdio::null()).output().context("servers.sh does not start")?;
    if !output.status.success() {
        bail!("servers.sh {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8(output.stdout).context("servers.sh prints UTF-8")?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.into(), value.into()))
        .collect())
}

pub(crate) fn taken(answer: &mut Answer, name: &str) -> anyhow::Result<String> {
    answer.remove(name).with_context(|| format!("servers.sh did not print {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_script_refuses_is_an_error_with_its_words() {
        let nowhere = Path::new("/nonexistent/servers");
        let error = ask(Some(nowhere), &["env"]).unwrap_err();
        assert!(error.to_string().contains("no servers run in /nonexistent/servers"), "{error}");
        let error = ask(Some(nowhere), &["space", "Robert'; drop table"]).unwrap_err();
        assert!(error.to_string().contains("a space is named by"), "{error}");
    }

    #[test]
    fn a_missing_line_is_named() {
        let error = taken(&mut Answer::new(), "ECUSTOMS_REDIS_URL").unwrap_err();
        assert_eq!(error.to_string(), "servers.sh did not print ECUSTOMS_REDIS_URL");
    }
}
