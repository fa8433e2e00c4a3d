//! What the operator has said of the provider, checked when the process starts; the provider is not asked for it.

use std::net::IpAddr;

use anyhow::{Context, bail, ensure};
use chrono::TimeDelta;
use customs_gateway_contract::SignInLabel;
use customs_web_broker_contract::NumberScheme;
use reqwest::Url;

use crate::{
    auth::{TokenKey, login::PERSON},
    config::{ClientProof, OidcConfig},
};

/// The languages of the pages.
pub(crate) const LANGUAGES: [&str; 3] = ["en", "ru", "kk"];
/// The longest label of the button, in characters.
const LABEL_CHARS_MAX: usize = 80;

/// How the suite shows the provider that it is the client.
pub(super) enum Proof {
    /// By a secret.
    Secret(String),
    /// By a signature.
    Key(Box<TokenKey>),
}

/// What the operator has said of the provider.
pub(super) struct Settings {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) proof: Proof,
    /// The scopes in one text.
    pub(super) scope: String,
    pub(super) claim: String,
    pub(super) scheme: NumberScheme,
    pub(super) labels: Vec<SignInLabel>,
    /// Where browsers return to, the usual address first.
    pub(super) bases: Vec<String>,
    pub(super) acr_values: Vec<String>,
    pub(super) max_age: Option<TimeDelta>,
}

impl Settings {
    /// What `config` says, for a gateway that is reached at `public_url`.
    pub(super) fn read(config: &OidcConfig, public_url: &str) -> anyhow::Result<Self> {
        let issuer = address(&config.issuer).context("oidc.issuer")?;
        ensure!(issuer.query().is_none(), "oidc.issuer has a question mark");
        ensure!(!config.client_id.trim().is_empty(), "oidc.client_id is empty");
        ensure!(!config.claim.trim().is_empty(), "oidc.claim is empty");
        let of_people = PERSON.iter().any(|(.., scheme)| *scheme == config.scheme);
        ensure!(of_people, "oidc.scheme is no register of people");
        let mut scopes: Vec<&str> = vec!["openid"];
        for scope in &config.scopes {
            let sound = scope.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
            ensure!(sound && !scope.is_empty(), "oidc.scopes: {scope:?} is no scope");
            if !scopes.contains(&scope.as_str()) {
                scopes.push(scope);
            }
        }
        let bases = std::iter::once(public_url).chain(config.redirect_bases.iter().map(String::as_str));
        Ok(Self {
            issuer: config.issuer.clone(),
            client_id: config.client_id.clone(),
            proof: proof(&config.proof)?,
            scope: scopes.join(" "),
            claim: config.claim.clone(),
            scheme: config.scheme,
            labels: labels(config)?,
            bases: bases.map(base).collect::<anyhow::Result<_>>()?,
            acr_values: config.acr_values.clone(),
            max_age: config.max_age_s.map(|seconds| TimeDelta::seconds(i64::from(seconds))),
        })
    }

    /// The address under which the browser that named `host` returns: one of ours, whatever it named.
    pub(super) fn base(&self, host: &str) -> &str {
        let named = self.bases.iter().find(|base| {
            let rest = base.split_once("://").map_or("", |(_, rest)| rest);
            rest.split('/').next().is_some_and(|authority| authority.eq_ignore_ascii_case(host))
        });
        named.or_else(|| self.bases.first()).map_or("", String::as_str)
    }
}

fn proof(proof: &ClientProof) -> anyhow::Result<Proof> {
    match proof {
        ClientProof::Secret(secret) => {
            ensure!(!secret.is_empty(), "the secret of the client is empty");
            Ok(Proof::Secret(secret.clone()))
        }
        ClientProof::Key(pem) => {
            let key = TokenKey::open(Some(pem)).context("the key of the client of oidc")?;
            Ok(Proof::Key(Box::new(key)))
        }
    }
}

fn labels(config: &OidcConfig) -> anyhow::Result<Vec<SignInLabel>> {
    let label = |(language, text): (&String, &String)| {
        ensure!(LANGUAGES.contains(&language.as_str()), "oidc.labels: the pages do not speak {language}");
        let fits = (1..=LABEL_CHARS_MAX).contains(&text.chars().count());
        ensure!(fits, "oidc.labels.{language} has 1 to {LABEL_CHARS_MAX} characters");
        Ok(SignInLabel { language: language.clone(), text: text.clone() })
    };
    config.labels.iter().map(label).collect()
}

fn base(text: &str) -> anyhow::Result<String> {
    let url = Url::parse(text).with_context(|| format!("{text} is no address to return to"))?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    ensure!(
        matches!(url.scheme(), "http" | "https") && url.has_host() && plain,
        "{text} is no address to return to"
    );
    Ok(text.trim_end_matches('/').to_owned())
}

/// The address in `text`: https, or http to this very machine.
pub(super) fn address(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).with_context(|| format!("{text:?} is no address"))?;
    ensure!(url.fragment().is_none() && url.username().is_empty(), "{text:?} holds more than an address");
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => bail!("{text:?} is not reached by https"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> OidcConfig {
        OidcConfig {
            issuer: "https://id.example".to_owned(),
            client_id: "customs".to_owned(),
            proof: ClientProof::Secret("secret".to_owned()),
            scopes: vec!["profile".to_owned()],
            claim: "iin".to_owned(),
            scheme: NumberScheme::KzIin,
            labels: std::iter::once(("en".to_owned(), "By the state".to_owned())).collect(),
            redirect_bases: vec!["https://desk.customs.example:8443/".to_owned()],
            acr_values: Vec::new(),
            max_age_s: Some(300),
        }
    }

    #[test]
    fn a_browser_returns_to_an_address_of_ours_whatever_host_it_names() {
        let settings = Settings::read(&config(), "https://customs.example").unwrap();
        assert_eq!(settings.scope, "openid profile");
        assert_eq!(settings.base("desk.customs.example:8443"), "https://desk.customs.example:8443");
        for host in ["customs.example", "", "evil.example", "desk.customs.example"] {
            assert_eq!(settings.base(host), "https://customs.example");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_at_the_start() {
        let refused = |change: fn(&mut OidcConfig)| {
            let mut config = config();
            change(&mut config);
            Settings::read(&config, "https://customs.example").is_err()
        };
        assert!(!refused(|_| {}));
        assert!(refused(|config| config.issuer = "http://id.example".to_owned()));
        assert!(!refused(|config| config.issuer = "http://127.0.0.1:9000/realm".to_owned()));
        assert!(refused(|config| config.issuer = "https://id.example?a=b".to_owned()));
        assert!(refused(|config| config.issuer = "id.example".to_owned()));
        assert!(refused(|config| config.client_id.clear()));
        assert!(refused(|config| config.claim.clear()));
        assert!(refused(|config| config.scheme = NumberScheme::KzBin));
        assert!(refused(|config| config.scopes.push("two words".to_owned())));
        assert!(refused(|config| drop(config.labels.insert("de".to_owned(), "Amt".to_owned()))));
        assert!(refused(|config| drop(config.labels.insert("ru".to_owned(), String::new()))));
        assert!(refused(|config| config.redirect_bases.push("javascript:alert(1)".to_owned())));
        assert!(refused(|config| config.proof = ClientProof::Secret(String::new())));
        assert!(refused(|config| config.proof = ClientProof::Key("no key".to_owned())));
    }
}
