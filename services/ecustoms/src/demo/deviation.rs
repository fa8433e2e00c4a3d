//! What ends a play: something is not as the procedure wants it.

use std::fmt::Debug;

use thiserror::Error;

/// A deviation from the procedure.
#[derive(Debug, Error)]
#[error("DEVIATION {what}: expected {expected}, got {got}")]
pub(super) struct Deviation {
    what: String,
    expected: String,
    got: String,
}

impl Deviation {
    /// `what` should have been `expected` and was `got`.
    pub(super) fn new(what: impl Into<String>, expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self { what: what.into(), expected: expected.into(), got: got.into() }
    }
}

/// Nothing where `got` is `expected`, else the deviation.
#[expect(clippy::needless_pass_by_value, reason = "reads like an assertion of equality")]
pub(super) fn expect<T: Debug + PartialEq<U>, U: Debug>(
    what: &str,
    expected: T,
    got: U,
) -> Result<(), Deviation> {
    if expected == got {
        return Ok(());
    }
    Err(Deviation::new(what, format!("{expected:?}"), format!("{got:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deviation_says_what_was_expected_and_what_came() {
        assert!(expect("the state", "released", "released").is_ok());
        let told = expect("the state", "released", "arrived").unwrap_err().to_string();
        assert_eq!(told, r#"DEVIATION the state: expected "released", got "arrived""#);
    }
}
