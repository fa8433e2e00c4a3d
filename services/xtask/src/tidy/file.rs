//! What a Rust file must look like: its length, its first line, its name, what it may name.

use std::path::{Component, Path};

/// The most lines a file may have.
const LINES_MAX: usize = 400;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] =
    ["utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"];
/// Crates that pure files must not name.
const OUTSIDE: [&str; 3] = ["sea_orm", "actix_web", "async_graphql"];
/// Files that hold decisions only.
const PURE_FILES: [&str; 2] = ["state.rs", "aggregate.rs"];
/// Words that promise work instead of doing it, put together so that this file does not hold them.
const PROMISES: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Every rule that the file at `path` (from the workspace root) breaks, as a sentence.
pub(crate) fn broken(path: &Path, text: &str) -> Vec<String> {
    let shown = path.display();
    let mut untidy = Vec::new();
    let lines = text.lines().count();
    if lines > LINES_MAX {
        untidy.push(format!("{shown} has {lines} lines, {LINES_MAX} is the most"));
    }
    if !text.starts_with("//! ") {
        untidy.push(format!("{shown} does not open with a `//!` sentence"));
    }
    if let Some(name) = empty_name(path) {
        untidy.push(format!("{shown}: `{name}` says nothing about what is inside"));
    }
    for (index, line) in text.lines().enumerate() {
        let at = index + 1;
        if is_pure(path) {
            let named = OUTSIDE.iter().find(|name| code(line).contains(*name));
            untidy.extend(named.map(|name| format!("{shown}:{at} names {name}, but decides only")));
        }
        if PROMISES.iter().any(|promise| line.contains(promise)) {
            untidy.push(format!("{shown}:{at} promises work"));
        }
        if code(line).trim_start().starts_with(concat!("#[ign", "ore")) {
            untidy.push(format!("{shown}:{at} ignores a test"));
        }
    }
    untidy
}

fn empty_name(path: &Path) -> Option<&str> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .map(|name| name.strip_suffix(".rs").unwrap_or(name))
        .find(|name| EMPTY_NAMES.contains(name))
}

fn is_pure(path: &Path) -> bool {
    path.starts_with("services/kernel/src")
        || path.file_name().and_then(|name| name.to_str()).is_some_and(|name| PURE_FILES.contains(&name))
}

fn code(line: &str) -> &str {
    line.split_once("//").map_or(line, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(path: &str, text: &str) -> Vec<String> {
        broken(Path::new(path), text)
    }

    #[test]
    fn a_short_file_that_says_what_it_is_passes() {
        assert_eq!(
            verdict("services/a/src/ledger.rs", "//! The ledger.\nuse sea_orm::Db;\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn four_hundred_lines_pass_and_one_more_does_not() {
        let line = "//! x\n";
        assert_eq!(verdict("a.rs", &line.repeat(400)), Vec::<String>::new());
        assert_eq!(verdict("a.rs", &line.repeat(401)), ["a.rs has 401 lines, 400 is the most"]);
    }

    #[test]
    fn a_file_without_a_sentence_is_named() {
        for text in ["", "use std::fs;\n", "// a comment\n", "//!\n"] {
            assert_eq!(verdict("a.rs", text), ["a.rs does not open with a `//!` sentence"], "{text:?}");
        }
    }

    #[test]
    fn empty_names_are_refused_for_files_and_folders() {
        for path in ["services/a/src/utils.rs", "services/common/src/lib.rs", "services/a/src/manager/mod.rs"]
        {
            assert_eq!(verdict(path, "//! x\n").len(), 1, "{path}");
        }
        assert_eq!(verdict("services/a/src/commonality.rs", "//! x\n"), Vec::<String>::new());
    }

    #[test]
    fn pure_files_do_not_name_the_outside() {
        for path in [
            "services/kernel/src/money.rs",
            "services/a/src/hold/state.rs",
            "services/a/src/hold/aggregate.rs",
        ] {
            for text in
                ["//! x\nuse sea_orm::Db;\n", "//! x\n\nfn f() -> actix_web::Result { async_graphql::x() }\n"]
            {
                assert_eq!(verdict(path, text).len(), 1, "{path} {text}");
            }
            assert_eq!(verdict(path, "//! x\n// not through sea_orm\n"), Vec::<String>::new());
        }
        assert_eq!(
            verdict("services/kernel/tests/money.rs", "//! x\nuse actix_web::App;\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn promises_and_ignored_tests_are_refused() {
        assert_eq!(verdict("a.rs", concat!("//! x\n// TO", "DO later\n")), ["a.rs:2 promises work"]);
        assert_eq!(verdict("a.rs", concat!("//! x\n    #[ign", "ore]\n")), ["a.rs:2 ignores a test"]);
    }
}
