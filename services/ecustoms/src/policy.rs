//! What an administration demands of signatures: the part of the profile that is a matter of law and not of security.

use anyhow::Context;
use chrono::TimeDelta;
use customs_signatures::{IdentityScheme, Level, Profile, StatusRules};
use serde::{Deserialize, Serialize};

/// What is demanded of signatures.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignaturePolicy {
    /// Policies (dotted) under which certificates must be issued; any unless named.
    pub certificate_policies: Vec<String>,
    /// What becomes of a certificate whose status is not at hand.
    pub revocation: RevocationMode,
    /// For how many seconds a list of revoked certificates goes on counting after its next update.
    pub grace_s: u32,
    /// How many seconds old a list may be at most, whatever it says of its next update.
    pub age_max_s: Option<u32>,
    /// Whether documents must carry a good signature timestamp.
    pub timestamps_demanded: bool,
    /// How persons and organisations are numbered in subjects, the first that fits; those of Kazakhstan, then personal and
    /// taxpayer numbers, unless named.
    pub identities: Vec<IdentityScheme>,
}

/// What becomes of a certificate whose status is not at hand; a revoked one is refused in any case.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RevocationMode {
    /// Nothing is decided: 503, to be sent again.
    #[default]
    Hard,
    /// It passes, and the report says so.
    Soft,
}

impl SignaturePolicy {
    /// The profile under which the edge verifies.
    pub(crate) fn profile(&self) -> anyhow::Result<Profile> {
        let policies: Vec<&str> = self.certificate_policies.iter().map(String::as_str).collect();
        let status = StatusRules {
            soft: self.revocation == RevocationMode::Soft,
            grace: TimeDelta::seconds(self.grace_s.into()),
            age_max: self.age_max_s.map(|most| TimeDelta::seconds(most.into())),
        };
        let profile = Profile::ec_sig_1()
            .with_policies(&policies)
            .context("signatures.certificate_policies names what is no policy")?
            .with_status(status)
            .with_level(if self.timestamps_demanded { Level::T } else { Level::B });
        Ok(if self.identities.is_empty() { profile } else { profile.with_identity(self.identities.clone()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> anyhow::Result<SignaturePolicy> {
        let directory = tempfile::tempdir()?;
        let file = directory.path().join("config.toml");
        std::fs::write(&file, text)?;
        Ok(Config::load(Some(&file))?.signatures)
    }

    #[test]
    fn a_country_sets_its_own_numbers_and_how_strictly_status_is_asked_for() {
        let policy = read(
            "[signatures]\ncertificate_policies = [\"1.2.398.3.3.2.1\"]\nrevocation = \"soft\"\ngrace_s = 600\n\
             [[signatures.identities]]\nwrong_check_digit = \"refused\"\n\
             person = { attribute = \"serial_number\", prefix = \"PNO\", digits_min = 11, digits_max = 11, check_digit = \"none\" }\n\
             organisation = { attribute = \"organisational_unit\", prefix = \"NTR\", digits_min = 8, digits_max = 8, check_digit = \"none\" }\n",
        )
        .unwrap();
        assert_eq!(
            (policy.revocation, policy.grace_s, policy.identities.len()),
            (RevocationMode::Soft, 600, 1)
        );
        assert!(policy.profile().is_ok());
    }

    #[test]
    fn what_is_no_policy_and_no_mode_is_refused() {
        let wrong = SignaturePolicy {
            certificate_policies: vec!["one.two".to_owned()],
            ..SignaturePolicy::default()
        };
        assert!(format!("{:#}", wrong.profile().unwrap_err()).contains("certificate_policies"));
        assert!(read("[signatures]\nrevocation = \"sometimes\"\n").is_err());
        assert_eq!(SignaturePolicy::default().revocation, RevocationMode::Hard);
    }
}
