//! Which media type the answer has: GraphQL over HTTP and the header `Accept`.

use actix_web::http::header::HeaderMap;

/// The two media types of GraphQL answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Media {
    /// `application/json`: a well-formed request is answered 200, whatever came of it.
    Json,
    /// `application/graphql-response+json`: the status tells whether there is data.
    Response,
}

impl Media {
    /// The media type as it stands in `Content-Type`.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Response => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// The media type that the client likes best, or `None` if it accepts none of ours.
    pub(crate) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all("accept").filter_map(|line| line.to_str().ok()).peekable();
        if lines.peek().is_none() {
            return Some(Self::Json);
        }
        let mut best: Option<(u32, Self)> = None;
        for range in lines.flat_map(|line| line.split(',')) {
            let Some((media, quality)) = offer(range) else { continue };
            if best.is_none_or(|(known, _)| quality > known) {
                best = Some((quality, media));
            }
        }
        best.map(|(_, media)| media)
    }
}

/// The media type of ours that `range` covers, with its quality in thousandths.
fn offer(range: &str) -> Option<(Media, u32)> {
    let mut parts = range.split(';').map(str::trim);
    let media = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => Media::Response,
        "application/json" | "application/*" | "*/*" => Media::Json,
        _ => return None,
    };
    let mut quality = 1_000;
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = thousandths(value.trim()),
            "charset" if !value.trim().eq_ignore_ascii_case("utf-8") => return None,
            _ => {}
        }
    }
    (quality > 0).then_some((media, quality))
}

fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part:0<3}");
    digits.get(..whole.len() + 3).and_then(|digits| digits.parse().ok()).unwrap_or(0).min(1_000)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{ACCEPT, HeaderValue};

    use super::*;

    #[test]
    fn the_best_liked_media_type_is_chosen() {
        for (accept, wanted) in [
            (None, Some(Media::Json)),
            (Some("*/*"), Some(Media::Json)),
            (Some("application/graphql-response+json"), Some(Media::Response)),
            (Some("application/graphql-response+json, application/json;q=0.9"), Some(Media::Response)),
            (Some("application/graphql-response+json;q=0.5, application/json"), Some(Media::Json)),
            (Some("application/json;q=0.1, application/graphql-response+json;q=0.25"), Some(Media::Response)),
            (Some("APPLICATION/JSON; charset=UTF-8"), Some(Media::Json)),
            (Some("application/json; charset=latin1"), None),
            (Some("application/json;q=0"), None),
            (Some("text/html"), None),
            (Some(""), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, HeaderValue::from_static(accept));
            }
            assert_eq!(Media::wanted(&headers), wanted, "{accept:?}");
        }
    }
}
