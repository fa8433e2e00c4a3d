//! The outside provider as the configuration names it, with what lies in files.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, bail};
use customs_gateway::{ClientProof, OidcConfig};
use customs_web_broker_contract::NumberScheme;
use serde::{Deserialize, Serialize};

/// Sign-in by an outside provider (OIDC).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The provider, as it names itself.
    pub issuer: String,
    /// As whom the suite is known to the provider.
    pub client_id: String,
    /// File with the secret that the provider has given to this client.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// File with the private key (P-256, PEM) that this client signs with in the place of a secret.
    #[serde(default)]
    pub client_key_file: Option<PathBuf>,
    /// Scopes that are asked for; `openid` always is.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim of the ID token that holds the person's national number: a name, or a JSON Pointer.
    #[serde(default = "claim")]
    pub claim: String,
    /// The register that the number was taken from.
    #[serde(default = "scheme")]
    pub scheme: NumberScheme,
    /// What stands on the button, by language.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Further addresses under which browsers may return, beside `public_url`.
    #[serde(default)]
    pub redirect_bases: Vec<String>,
    /// Classes of authentication of which the provider must use one.
    #[serde(default)]
    pub acr_values: Vec<String>,
    /// For how many seconds an earlier authentication at the provider counts.
    #[serde(default)]
    pub max_age_s: Option<u32>,
}

fn claim() -> String {
    "iin".to_owned()
}

const fn scheme() -> NumberScheme {
    NumberScheme::KzIin
}

impl Provider {
    /// The same for the gateway; fails where a file cannot be read.
    pub(crate) fn read(&self) -> anyhow::Result<OidcConfig> {
        let text = |path: &PathBuf| {
            fs::read_to_string(path).with_context(|| format!("oidc: cannot read {}", path.display()))
        };
        let proof = match (&self.client_secret_file, &self.client_key_file) {
            (Some(file), None) => ClientProof::Secret(text(file)?.trim().to_owned()),
            (None, Some(file)) => ClientProof::Key(text(file)?),
            _ => bail!("oidc: name one of client_secret_file and client_key_file"),
        };
        Ok(OidcConfig {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            proof,
            scopes: self.scopes.clone(),
            claim: self.claim.clone(),
            scheme: self.scheme,
            labels: self.labels.clone(),
            redirect_bases: self.redirect_bases.clone(),
            acr_values: self.acr_values.clone(),
            max_age_s: self.max_age_s,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<Provider> {
        let directory = tempfile::tempdir()?;
        let file = directory.path().join("config.toml");
        fs::write(
            &file,
            format!("[oidc]\nissuer = \"https://id.example\"\nclient_id = \"customs\"\n{text}"),
        )?;
        let config = crate::config::Config::load(Some(&file))?;
        config.oidc.context("there is no provider")
    }

    #[test]
    fn the_client_has_one_proof_from_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("secret");
        fs::write(&file, "hidden\n").unwrap();
        let line = |key: &str| format!("{key} = {:?}\n", file.display().to_string());
        let provider = read(&line("client_secret_file")).unwrap().read().unwrap();
        assert!(matches!(&provider.proof, ClientProof::Secret(secret) if secret == "hidden"));
        assert!(!format!("{provider:?}").contains("hidden"));
        assert_eq!((provider.claim.as_str(), provider.scheme), ("iin", NumberScheme::KzIin));
        let two = line("client_secret_file") + &line("client_key_file");
        for text in ["", &two, "client_secret_file = \"/nowhere\"\n"] {
            assert!(read(text).unwrap().read().is_err(), "{text}");
        }
        assert!(read("sceme = \"kz-iin\"\n").is_err());
    }

    #[test]
    fn everything_can_be_set() {
        let provider = read(
            "client_key_file = \"key.pem\"\nscopes = [\"profile\"]\nclaim = \"/identity/pin\"\nscheme = \"kg-pin\"\n\
             redirect_bases = [\"https://desk.example\"]\nacr_values = [\"high\"]\nmax_age_s = 300\n\
             [oidc.labels]\nen = \"By the state\"\n",
        );
        let provider = provider.unwrap();
        assert_eq!(provider.scheme, NumberScheme::KgPin);
        assert_eq!(provider.labels["en"], "By the state");
        assert_eq!(provider.max_age_s, Some(300));
    }
}
