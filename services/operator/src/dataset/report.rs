//! What the Job of an import says when it has ended well; `ecustoms reference` writes it.

use serde::Deserialize;

/// What was fetched or imported.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Report {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Number of the version that counts now.
    pub number: Option<i64>,
    /// How many entries are new, read differently, or stay.
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
}

impl Report {
    /// How many entries the file has.
    pub(crate) const fn records(&self) -> i64 {
        self.added.saturating_add(self.changed).saturating_add(self.unchanged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_command_writes_is_read() {
        let said =
            r#"{"sha256":"ab","number":7,"added":1,"changed":2,"removed":9,"unchanged":3,"dataset":"x"}"#;
        let report: Report = serde_json::from_str(said).unwrap();
        assert_eq!((report.sha256.as_str(), report.number, report.records()), ("ab", Some(7), 6));
    }
}
