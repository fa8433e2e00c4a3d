//! The rules no lint can see: who may depend on whom, how long a file is, how it opens, what it is called.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};
use serde_json::Value;

mod file;
mod rank;

/// Folders that hold our own Rust files.
const SOURCES: [&str; 2] = ["services", "migrations"];
/// Folders inside them that hold what others wrote or what a build left.
const NOT_OURS: [&str; 3] = ["node_modules", "target", "dist"];

/// Prints each broken rule on a line of its own and fails when there is one.
pub(crate) fn run(root: &Path) -> anyhow::Result<ExitCode> {
    let mut untidy = rank::broken(&metadata(root)?);
    let files = rust_files(root)?;
    for path in &files {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        untidy.extend(file::broken(path.strip_prefix(root).unwrap_or(path), &text));
    }
    for line in &untidy {
        println!("untidy: {line}");
    }
    println!("tidy: {} files, {} broken rules", files.len(), untidy.len());
    Ok(if untidy.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn metadata(root: &Path) -> anyhow::Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .context("cargo metadata does not start")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")
}

fn rust_files(root: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = SOURCES.iter().map(|name| root.join(name)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                if !NOT_OURS.iter().any(|name| path.file_name() == Some(OsStr::new(name))) {
                    folders.push(path);
                }
            } else if path.extension() == Some(OsStr::new("rs")) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_rust_files_are_read() {
        let root = tempfile::tempdir().unwrap();
        for path in
            ["services/a/src/lib.rs", "services/ui/node_modules/b.rs", "migrations/m.rs", "migrations/m.sql"]
        {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "//! x\n").unwrap();
        }
        let found = rust_files(root.path()).unwrap();
        let names: Vec<_> =
            found.iter().map(|path| path.strip_prefix(root.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["migrations/m.rs", "services/a/src/lib.rs"]);
    }

    #[test]
    fn a_missing_folder_is_an_error_and_not_a_clean_bill() {
        let root = tempfile::tempdir().unwrap();
        let error = rust_files(root.path()).unwrap_err();
        assert!(error.to_string().starts_with("cannot list"), "{error}");
    }
}
