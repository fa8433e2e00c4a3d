//! Lists in parts: how many, from which cursor on.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use customs_kernel::{Finding, Problem, problem};

const FIRST_DEFAULT: i32 = 50;
const FIRST_MAX: i32 = 100;

/// How many items were asked for; a refusal is noted in `findings`.
pub fn first(asked: Option<i32>, findings: &mut Vec<Finding>) -> usize {
    let first = asked.unwrap_or(FIRST_DEFAULT);
    if !(1..=FIRST_MAX).contains(&first) {
        let text = format!("ask for 1 to {FIRST_MAX} at a time");
        findings.push(invalid("/first", &text).with_value(first.to_string()));
    }
    usize::try_from(first.clamp(1, FIRST_MAX)).unwrap_or(1)
}

/// The cursor that stands for `key`.
#[must_use]
pub fn cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(key)
}

/// The key for which the cursor `after` stands, read by `read`; a refusal is noted in `findings`.
pub fn after<T>(
    after: Option<&str>,
    findings: &mut Vec<Finding>,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let after = after?;
    let key = URL_SAFE_NO_PAD.decode(after).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let key = key.as_deref().and_then(read);
    if key.is_none() {
        findings.push(invalid("/after", "this is no cursor of this list"));
    }
    key
}

/// A finding about the form of the input.
#[must_use]
pub fn invalid(pointer: &str, message: &str) -> Finding {
    Finding::new(problem::INPUT_INVALID.code, pointer, message)
}

/// Nothing, or a refusal that names every finding.
pub fn refuse(findings: Vec<Finding>) -> Result<(), Problem> {
    match findings.first() {
        None => Ok(()),
        Some(finding) => {
            let detail = finding.message.clone();
            Err(problem::INPUT_INVALID.because(detail).with_errors(findings))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_key() {
        let mut findings = Vec::new();
        let key = after(Some(&cursor("2026-11")), &mut findings, |key| Some(key.to_owned()));
        assert_eq!((key.as_deref(), findings.len()), (Some("2026-11"), 0));
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once() {
        let mut findings = Vec::new();
        first(Some(0), &mut findings);
        after(Some("%%%"), &mut findings, |key| Some(key.to_owned()));
        let problem = refuse(findings).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/first", "/after"]);
    }
}
