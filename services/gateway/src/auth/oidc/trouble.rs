//! Why the provider was of no help, and how clients are told.

use customs_gateway_contract::problems;
use customs_kernel::Problem;
use thiserror::Error;

/// Why the provider was of no help.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub(super) enum Trouble {
    /// It cannot be reached, or says that it cannot answer now.
    #[error("the provider does not answer: {0}")]
    Down(String),
    /// It has answered with something that nobody can use, or does not know this client.
    #[error("the answer of the provider is of no use: {0}")]
    Unusable(String),
    /// It has refused: the code of its error.
    #[error("the provider has refused: {0}")]
    Refused(String),
}

impl Trouble {
    /// What the client is told; the particulars are for the log.
    pub(super) fn problem(&self) -> Problem {
        match self {
            Self::Down(_) => problems::PROVIDER_DOWN
                .because("the provider cannot be reached; sign in by certificate, or try again")
                .retry_after(30),
            Self::Unusable(_) => problems::PROVIDER_ANSWER
                .because("the provider has answered with something that cannot be used"),
            Self::Refused(code) => problems::PROVIDER_REFUSED.because(format!("the provider says {code}")),
        }
    }
}

/// The code of an error as RFC 6749 has it, if `text` is one that can be shown.
pub(super) fn error_code(text: &str) -> String {
    let sound = !text.is_empty()
        && text.len() <= 60
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if sound { text.to_owned() } else { "an error without a name".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_cannot_make_us_say_anything() {
        assert_eq!(error_code("access_denied"), "access_denied");
        for text in ["", "<b>", "A person called", &"x".repeat(61)] {
            assert_eq!(error_code(text), "an error without a name");
        }
    }
}
