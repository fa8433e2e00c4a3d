//! What the browser carries: to the provider and back a sealed attempt, and from there to the page a sealed ticket.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use customs_web_broker_contract::NationalNumber;
use openssl::{error::ErrorStack, rand::rand_bytes};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::auth::sealed;

/// For how many seconds a person may be at the provider.
pub(crate) const COOKIE_SECONDS: i64 = 600;
/// For how many seconds a ticket is good: long enough to say for which organisation one acts.
pub(super) const TICKET_SECONDS: i64 = 300;
/// The longest way onward, in characters.
const ONWARD_CHARS_MAX: usize = 300;

/// A sign-in that has begun in a browser.
#[derive(Deserialize, Serialize)]
pub(super) struct Attempt {
    /// Comes back with the answer of the provider.
    pub(super) state: String,
    /// Comes back in the ID token.
    pub(super) nonce: String,
    /// Whose digest the provider was told (PKCE).
    pub(super) verifier: String,
    /// The address that the browser returns to.
    pub(super) base: String,
    /// The digest of the secret that the page keeps.
    pub(super) binding: String,
    /// The page that the person wanted to see, if any.
    pub(super) onward: Option<String>,
    pub(super) begun: i64,
    pub(super) until: i64,
}

/// That the provider has vouched for a person.
#[derive(Deserialize, Serialize)]
pub(super) struct Ticket {
    id: String,
    pub(super) person: NationalNumber,
    pub(super) binding: String,
    pub(super) until: i64,
}

/// Something that is sealed for a browser to carry.
pub(super) trait Carried: DeserializeOwned + Serialize {
    /// What it is, so that nothing else is taken for it.
    const ABOUT: &'static str;

    /// Seals it under `key`.
    fn seal(&self, key: &[u8; 32]) -> Result<String, ErrorStack> {
        let text = serde_json::to_string(self).unwrap_or_default();
        sealed::seal(key, Self::ABOUT, &text)
    }

    /// Opens what was sealed under `key` as the same.
    fn open(key: &[u8; 32], sealed: &str) -> Option<Self> {
        serde_json::from_str(&sealed::open(key, Self::ABOUT, sealed)?).ok()
    }
}

impl Carried for Attempt {
    const ABOUT: &'static str = "provider-attempt";
}

impl Carried for Ticket {
    const ABOUT: &'static str = "provider-ticket";
}

impl Ticket {
    /// A ticket for `person`, for the page of `binding`.
    pub(super) fn new(person: NationalNumber, binding: String, until: i64) -> Result<Self, ErrorStack> {
        Ok(Self { id: random()?, person, binding, until })
    }
}

/// A text that nobody can guess.
pub(super) fn random() -> Result<String, ErrorStack> {
    let mut octets = [0; 32];
    rand_bytes(&mut octets)?;
    Ok(URL_SAFE_NO_PAD.encode(octets))
}

/// The digest of `text`, as PKCE writes it.
pub(super) fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(openssl::sha::sha256(text.as_bytes()))
}

/// The name of the cookie for a gateway at `base`; with https no other host and no path can set it.
pub(crate) fn cookie_name(base: &str) -> &'static str {
    if base.starts_with("https://") { "__Host-ecustoms-provider" } else { "ecustoms-provider" }
}

/// The page `wanted`, if it is one of the desk: never an address elsewhere.
pub(super) fn onward(wanted: Option<&str>) -> Option<String> {
    let wanted = wanted.filter(|path| path.len() <= ONWARD_CHARS_MAX)?;
    let (path, question) = wanted.split_once('?').unwrap_or((wanted, ""));
    let word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%:@".contains(&byte);
    let of_desk = path == "/desk" || path.starts_with("/desk/");
    let parts = path.split('/').skip(1);
    let sound = parts.into_iter().all(|part| !part.is_empty() && part != "." && part != "..");
    let plain = path.bytes().all(|byte| byte == b'/' || word(byte))
        && question.bytes().all(|byte| b"=&+/".contains(&byte) || word(byte));
    (of_desk && sound && plain).then(|| wanted.to_owned())
}

#[cfg(test)]
mod tests {
    use customs_web_broker_contract::NumberScheme;

    use super::*;

    #[test]
    fn a_ticket_cannot_be_read_and_is_taken_for_nothing_else() {
        let person = NationalNumber { scheme: NumberScheme::KzIin, number: "990101300125".to_owned() };
        let ticket = Ticket::new(person, "b".to_owned(), 1).unwrap();
        let sealed = ticket.seal(&[1; 32]).unwrap();
        assert!(sealed.len() < 600 && !sealed.contains("990101300125"), "{}", sealed.len());
        assert_eq!(Ticket::open(&[1; 32], &sealed).unwrap().person.number, "990101300125");
        assert!(Ticket::open(&[2; 32], &sealed).is_none());
        assert!(Attempt::open(&[1; 32], &sealed).is_none());
        assert_ne!(random().unwrap(), random().unwrap());
    }

    #[test]
    fn the_way_onward_never_leads_elsewhere() {
        for path in ["/desk", "/desk/movements/1", "/desk/movements?state=released&q=a%20b"] {
            assert_eq!(onward(Some(path)).as_deref(), Some(path));
        }
        for path in [
            "//evil.example",
            "https://evil.example/desk",
            "/desk/..//evil.example",
            "/desk/../..",
            "/desk//evil.example",
            "/desk/\\evil.example",
            "/desk\r\nset-cookie: a=b",
            "/deskevil",
            "/desk/#ticket=x",
            "desk",
            "",
            &format!("/desk/{}", "x".repeat(300)),
        ] {
            assert_eq!(onward(Some(path)), None, "{path}");
        }
        assert_eq!(onward(None), None);
    }
}
