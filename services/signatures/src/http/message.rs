//! A message as it is signed, and the signature base over its components (RFC 9421, 2).

use std::fmt::Write as _;

use super::fields::{Component, Input, inputs};

/// A request or response, as received after routing removed nothing.
#[derive(Clone, Debug, Default)]
pub struct HttpMessage {
    /// Method of a request.
    pub method: String,
    /// `https` or `http`.
    pub scheme: String,
    /// Host and, where it is not the scheme's own, port.
    pub authority: String,
    /// Path as sent.
    pub path: String,
    /// Query without its question mark, as sent.
    pub query: Option<String>,
    /// Status of a response.
    pub status: Option<u16>,
    /// Header fields in their order.
    pub headers: Vec<(String, String)>,
    /// Content.
    pub body: Vec<u8>,
}

impl HttpMessage {
    /// The one value of a header field; `None` when it is absent or sent more than once.
    pub(super) fn only(&self, name: &str) -> Option<&str> {
        let mut same = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let (_, value) = same.next()?;
        if same.next().is_some() { None } else { Some(value.trim_matches([' ', '\t'])) }
    }

    fn query_text(&self) -> String {
        format!("?{}", self.query.as_deref().unwrap_or_default())
    }

    /// Value of a component, `None` when the message does not have exactly one.
    fn component(&self, component: &Component) -> Option<String> {
        let authority = || {
            let lower = self.authority.to_ascii_lowercase();
            let port = if self.scheme == "http" { ":80" } else { ":443" };
            lower.strip_suffix(port).map_or(lower.clone(), str::to_owned)
        };
        let path = || if self.path.is_empty() { "/".to_owned() } else { self.path.clone() };
        let query = || self.query.as_ref().map(|_| self.query_text()).unwrap_or_default();
        let is_request = self.status.is_none() && !self.method.is_empty();
        match component.name.as_str() {
            "@status" => self.status.map(|status| status.to_string()),
            derived if derived.starts_with('@') && !is_request => None,
            "@method" => Some(self.method.clone()),
            "@authority" => Some(authority()),
            "@scheme" => Some(self.scheme.clone()),
            "@path" => Some(path()),
            "@query" => Some(self.query_text()),
            "@request-target" => Some(format!("{}{}", path(), query())),
            "@target-uri" => Some(format!("{}://{}{}{}", self.scheme, authority(), path(), query())),
            "@query-param" => self.parameter(component.parameter.as_deref()?),
            other if other.starts_with('@') => None,
            header => self.only(header).filter(|value| !value.contains(['\r', '\n'])).map(str::to_owned),
        }
    }

    /// The one value of a query parameter, percent-encoded anew.
    fn parameter(&self, name: &str) -> Option<String> {
        let mut found = None;
        for pair in self.query.as_deref()?.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if encoded(&decoded(key)?) == name {
                if found.is_some() {
                    return None;
                }
                found = Some(encoded(&decoded(value)?));
            }
        }
        found
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        match octet {
            b'+' => out.push(b' '),
            b'%' => {
                let pair = [octets.next()?, octets.next()?];
                out.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
            }
            other => out.push(other),
        }
    }
    Some(out)
}

fn encoded(octets: &[u8]) -> String {
    let mut out = String::with_capacity(octets.len());
    for octet in octets {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'*' | b'-' | b'.' | b'_') {
            out.push(char::from(*octet));
        } else {
            let _ = write!(out, "%{octet:02X}");
        }
    }
    out
}

/// The signature base of one input; `None` when a component is missing or stands more than once.
pub(super) fn base(message: &HttpMessage, input: &Input) -> Option<String> {
    let mut out = String::new();
    for component in &input.components {
        let value = message.component(component)?;
        let parameter = component.parameter.as_ref().map(|name| format!(";name=\"{name}\""));
        let name = format!("\"{}\"{}: ", component.name, parameter.unwrap_or_default());
        out.push_str(&name);
        out.push_str(&value);
        out.push('\n');
    }
    out.push_str("\"@signature-params\": ");
    out.push_str(&input.raw);
    Some(out)
}

/// The signature base of the one member of a `Signature-Input` field; `None` when there is none.
pub fn signature_base(message: &HttpMessage, signature_input: &str) -> Option<String> {
    let inputs = inputs(signature_input).ok()?;
    let [input] = inputs.as_slice() else { return None };
    base(message, input)
}
