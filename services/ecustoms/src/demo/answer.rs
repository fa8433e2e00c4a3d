//! An answer of the suite: read where it is a success, held against what was expected where it is a refusal.

use anyhow::Context as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::deviation::Deviation;

/// An answer of the suite, whatever it says.
pub(crate) struct Answer {
    /// What was asked, by whom.
    pub(crate) asked: String,
    /// Status of HTTP.
    pub(crate) status: u16,
    /// Entity tag.
    pub(crate) etag: Option<String>,
    /// The body as it came.
    pub(crate) text: String,
}

impl Answer {
    /// The body, where the answer is a success.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        if !(200..300).contains(&self.status) {
            return Err(Deviation::new(&self.asked, "an answer of 2xx", self.told()).into());
        }
        serde_json::from_str(&self.text)
            .with_context(|| format!("the answer to {} cannot be read", self.asked))
    }

    /// That the suite refuses with `status` and `code`; tells the detail.
    pub(crate) fn refused(&self, status: u16, code: &str) -> anyhow::Result<String> {
        let problem: Value = serde_json::from_str(&self.text).unwrap_or_default();
        if self.status != status || problem["code"] != code {
            let expected = format!("a refusal {status} {code}");
            return Err(Deviation::new(&self.asked, expected, self.told()).into());
        }
        Ok(problem["detail"].as_str().unwrap_or_default().to_owned())
    }

    /// Status, code, detail and findings of a refusal, in one line.
    pub(crate) fn told(&self) -> String {
        let Ok(problem) = serde_json::from_str::<Value>(&self.text) else {
            return format!("{} {}", self.status, self.text.chars().take(300).collect::<String>());
        };
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        let findings = problem["errors"].as_array().into_iter().flatten().take(5).map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default();
            format!("; {} {} {}", text("code"), text("pointer"), text("message"))
        });
        let findings: String = findings.collect();
        format!("{} {}: {}{findings}", self.status, text("code"), text("detail"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, text: &str) -> Answer {
        Answer { asked: "GET /x".to_owned(), status, etag: None, text: text.to_owned() }
    }

    #[test]
    fn a_refusal_is_told_with_everything_that_is_wrong() {
        let text = r#"{"code":"input-invalid","detail":"two","errors":[{"code":"12","pointer":"/a","message":"m"}]}"#;
        let refused = answer(400, text);
        assert_eq!(refused.refused(400, "input-invalid").unwrap(), "two");
        assert!(refused.refused(422, "input-invalid").is_err());
        let told = refused.read::<Value>().unwrap_err().to_string();
        assert!(told.ends_with("got 400 input-invalid: two; 12 /a m"), "{told}");
    }

    #[test]
    fn what_is_no_problem_document_is_told_as_it_came() {
        let told = answer(502, "<html>bad gateway</html>").read::<Value>().unwrap_err().to_string();
        assert!(told.ends_with("got 502 <html>bad gateway</html>"), "{told}");
    }
}
