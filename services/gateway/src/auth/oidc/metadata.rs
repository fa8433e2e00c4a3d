//! What the provider says of itself (OIDC Discovery), held against what we need of it.

use reqwest::Url;
use serde::Deserialize;

use super::{
    settings::{Proof, address},
    trouble::Trouble,
};

/// How the suite shows at the token endpoint who it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ClientAuth {
    /// The secret in the header.
    Basic,
    /// The secret in the form.
    Post,
    /// A signed assertion in the form.
    Assertion,
}

/// What the provider says of itself.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) authorization: Url,
    pub(super) token: Url,
    pub(super) keys: Url,
    pub(super) end_session: Option<Url>,
    pub(super) client_auth: ClientAuth,
    /// Whether each answer names its issuer (RFC 9207).
    pub(super) names_issuer: bool,
}

/// The document at the well-known address.
#[derive(Deserialize)]
pub(super) struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    response_types_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Where `issuer` publishes its document.
pub(super) fn well_known(issuer: &str) -> Result<Url, Trouble> {
    endpoint(&format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')))
}

impl Metadata {
    /// What `document` says, if it is that of `issuer` and all that a client with `proof` needs is there.
    pub(super) fn read(document: &Document, issuer: &str, proof: &Proof) -> Result<Self, Trouble> {
        if document.issuer != issuer {
            return Err(unusable("it names another issuer"));
        }
        if lacks(document.response_types_supported.as_deref(), "code") {
            return Err(unusable("it gives no codes"));
        }
        // Who says nothing of PKCE may know it all the same, and ignores it otherwise.
        if lacks(document.code_challenge_methods_supported.as_deref(), "S256") {
            return Err(unusable("it does not know PKCE with S256"));
        }
        let end_session = document.end_session_endpoint.as_deref().map(endpoint).transpose()?;
        Ok(Self {
            authorization: endpoint(&document.authorization_endpoint)?,
            token: endpoint(&document.token_endpoint)?,
            keys: endpoint(&document.jwks_uri)?,
            end_session,
            client_auth: client_auth(document.token_endpoint_auth_methods_supported.as_deref(), proof)?,
            names_issuer: document.authorization_response_iss_parameter_supported,
        })
    }
}

/// Whether `list` is there, and `wanted` is not on it.
fn lacks(list: Option<&[String]>, wanted: &str) -> bool {
    list.is_some_and(|list| !list.iter().any(|one| one == wanted))
}

fn client_auth(methods: Option<&[String]>, proof: &Proof) -> Result<ClientAuth, Trouble> {
    match proof {
        Proof::Key(_) if lacks(methods, "private_key_jwt") => Err(unusable("it takes no private_key_jwt")),
        Proof::Key(_) => Ok(ClientAuth::Assertion),
        Proof::Secret(_) if !lacks(methods, "client_secret_basic") => Ok(ClientAuth::Basic),
        Proof::Secret(_) if !lacks(methods, "client_secret_post") => Ok(ClientAuth::Post),
        Proof::Secret(_) => Err(unusable("it takes no secret of a client")),
    }
}

fn endpoint(text: &str) -> Result<Url, Trouble> {
    address(text).map_err(|error| unusable(&error.to_string()))
}

fn unusable(why: &str) -> Trouble {
    Trouble::Unusable(why.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://id.example/realm";

    fn read(change: impl Fn(&mut Value)) -> Result<Metadata, Trouble> {
        let mut document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/authorize",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://id.example/keys",
            "response_types_supported": ["code", "id_token"],
            "code_challenge_methods_supported": ["plain", "S256"],
        });
        change(&mut document);
        let document: Document = serde_json::from_value(document).unwrap();
        Metadata::read(&document, ISSUER, &Proof::Secret("secret".to_owned()))
    }

    #[test]
    fn the_document_of_the_issuer_is_taken() {
        let read = read(|_| {}).unwrap();
        assert_eq!((read.client_auth, read.names_issuer), (ClientAuth::Basic, false));
        let url = well_known(ISSUER).unwrap();
        assert_eq!(url.as_str(), "https://id.example/realm/.well-known/openid-configuration");
    }

    #[test]
    fn a_document_of_no_use_is_refused() {
        for (field, value) in [
            ("issuer", json!("https://id.example/other")),
            ("issuer", json!("https://id.example/realm/")),
            ("response_types_supported", json!(["id_token"])),
            ("code_challenge_methods_supported", json!(["plain"])),
            ("token_endpoint_auth_methods_supported", json!(["tls_client_auth"])),
            ("token_endpoint", json!("http://id.example/token")),
            ("authorization_endpoint", json!("javascript:alert(1)")),
            ("end_session_endpoint", json!("nowhere")),
        ] {
            let refused = read(|document| document[field] = value.clone());
            assert!(matches!(refused, Err(Trouble::Unusable(_))), "{field} {value}");
        }
    }

    #[test]
    fn the_secret_is_sent_as_the_provider_takes_it() {
        let posts = read(|document| {
            document["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
        });
        assert_eq!(posts.unwrap().client_auth, ClientAuth::Post);
    }
}
