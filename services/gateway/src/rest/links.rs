//! Addresses in answers: where something made is found, and where a list goes on.

use std::fmt::Write as _;

use serde_json::Value;

/// The address that `template` makes of the fields of `output`; `None` where one is missing.
pub(super) fn location(template: &str, output: &Value) -> Option<String> {
    let parts = template.split('/').map(|part| {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            return Some(part.to_owned());
        };
        match output.pointer(&format!("/{}", name.replace('.', "/")))? {
            Value::String(text) => Some(encode(text)),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    });
    parts.collect::<Option<Vec<_>>>().map(|parts| parts.join("/"))
}

/// The value of the header `Link` for the page behind `next`.
pub(super) fn next_page(path: &str, query: &str, next: &str) -> String {
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && !matches!(name, "after" | "afterNumber")
    });
    let pairs: Vec<String> = kept.map(str::to_owned).chain([format!("after={}", encode(next))]).collect();
    format!("<{path}?{}>; rel=\"next\"", pairs.join("&"))
}

/// `text` as a part of an address (RFC 3986).
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_are_made_of_the_answer() {
        let output = json!({"head": {"id": "a b/c"}, "n": 3});
        assert_eq!(location("/drafts/{head.id}/x/{n}", &output).as_deref(), Some("/drafts/a%20b%2Fc/x/3"));
        assert_eq!(location("/drafts/{id}", &output), None);
    }

    #[test]
    fn the_next_page_keeps_the_filters() {
        let link = next_page("/movements", "first=2&after=x&state=released", "k=");
        assert_eq!(link, "</movements?first=2&state=released&after=k%3D>; rel=\"next\"");
    }
}
