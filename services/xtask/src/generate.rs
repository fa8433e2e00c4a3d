//! The committed contracts: written from what the binary says, or compared with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};

/// What `ecustoms schema` is asked for, and the file that holds the answer.
const CONTRACTS: [(&str, &str); 5] = [
    ("graphql", "gql-schema/schema.graphql"),
    ("openapi", "docs/openapi.json"),
    ("asyncapi", "docs/asyncapi.json"),
    ("states", "docs/states.md"),
    ("crds", "charts/ecustoms-crds/files/crds.yaml"),
];

/// What the command line says.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Options {
    check: bool,
    binary: Option<PathBuf>,
}

impl Options {
    /// The arguments after `generate`; an unknown one is an error.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => options.check = true,
                "--binary" => {
                    let path = arguments.next().context("--binary needs a path")?;
                    options.binary = Some(path.into());
                }
                other => bail!("generate does not know {other}"),
            }
        }
        Ok(options)
    }
}

/// Rewrites the contracts, or with `--check` fails when one differs.
pub(crate) fn run(root: &Path, options: &Options) -> anyhow::Result<ExitCode> {
    let mut changed = 0;
    for (contract, file) in CONTRACTS {
        let said = ask(root, options.binary.as_deref(), contract)?;
        let path = root.join(file);
        let before = fs::read_to_string(&path).unwrap_or_default();
        if before == said {
            continue;
        }
        changed += 1;
        if options.check {
            println!(
                "generate: {file} differs{}; run `cargo xtask generate`",
                first_difference(&before, &said)
            );
        } else {
            write(&path, &said)?;
            println!("generate: {file} written");
        }
    }
    println!("generate: {} contracts, {changed} changed", CONTRACTS.len());
    Ok(if options.check && changed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn ask(root: &Path, binary: Option<&Path>, contract: &str) -> anyhow::Result<String> {
    let mut command = if let Some(binary) = binary {
        Command::new(binary)
    } else {
        let mut cargo = Command::new("cargo");
        cargo.args(["run", "--quiet", "--locked", "--package", "ecustoms", "--"]);
        cargo
    };
    let output =
        command.args(["schema", contract]).current_dir(root).output().context("ecustoms does not start")?;
    ensure!(
        output.status.success() && !output.stdout.is_empty(),
        "`ecustoms schema {contract}` failed ({}): {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).context("the contract is not UTF-8")?;
    Ok(format!("{}\n", text.trim_end()))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn first_difference(before: &str, now: &str) -> String {
    if before.is_empty() {
        return " (it does not exist)".to_owned();
    }
    let same = before.lines().zip(now.lines()).take_while(|(old, new)| old == new).count();
    format!(" from line {}", same + 1)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn a_root_with_a_binary(script: &str) -> (tempfile::TempDir, Options) {
        let root = tempfile::tempdir().unwrap();
        let binary = root.path().join("ecustoms");
        fs::write(&binary, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        (root, Options { check: false, binary: Some(binary) })
    }

    #[test]
    fn contracts_are_written_and_then_agree() {
        let (root, mut options) = a_root_with_a_binary("echo \"the $2 contract\"");
        assert_eq!(run(root.path(), &options).unwrap(), ExitCode::SUCCESS);
        assert_eq!(
            fs::read_to_string(root.path().join("docs/openapi.json")).unwrap(),
            "the openapi contract\n"
        );
        options.check = true;
        assert_eq!(run(root.path(), &options).unwrap(), ExitCode::SUCCESS);
    }

    #[test]
    fn a_difference_fails_the_check_and_changes_nothing() {
        let (root, mut options) = a_root_with_a_binary("echo \"the $2 contract\"");
        run(root.path(), &options).unwrap();
        let schema = root.path().join("gql-schema/schema.graphql");
        fs::write(&schema, "another\n").unwrap();
        options.check = true;
        assert_eq!(run(root.path(), &options).unwrap(), ExitCode::FAILURE);
        assert_eq!(fs::read_to_string(&schema).unwrap(), "another\n");
    }

    #[test]
    fn a_binary_that_fails_or_says_nothing_writes_nothing() {
        for script in ["echo half; exit 1", "true"] {
            let (root, options) = a_root_with_a_binary(script);
            assert!(run(root.path(), &options).is_err(), "{script}");
            assert!(!root.path().join("gql-schema").exists());
        }
    }

    #[test]
    fn the_command_line_is_read_or_refused() {
        let parse = |words: &[&str]| Options::parse(words.iter().map(|word| (*word).to_owned()));
        assert_eq!(parse(&["--check"]).unwrap(), Options { check: true, binary: None });
        assert_eq!(parse(&["--binary", "x"]).unwrap(), Options { check: false, binary: Some("x".into()) });
        assert!(parse(&["--binary"]).is_err());
        assert!(parse(&["--chek"]).is_err());
    }

    #[test]
    fn the_first_difference_is_shown_by_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), " from line 2");
        assert_eq!(first_difference("", "a\n"), " (it does not exist)");
    }
}
