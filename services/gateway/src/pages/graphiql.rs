//! The GraphQL explorer with all it needs, from inside the binary.

use std::io::Read as _;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, VARY},
    web,
};
use flate2::read::GzDecoder;

use crate::{edge, problem::Refused, rest};

const PAGE: &str = include_str!("../../assets/graphiql/page.html");
const START: &str = include_str!("../../assets/graphiql/start.js");

/// The files of others, packed: name, media type, octets.
const PACKED: &[(&str, &str, &[u8])] = &[
    ("graphiql.js", "text/javascript", include_bytes!("../../assets/graphiql/graphiql.js.gz")),
    ("graphiql.css", "text/css", include_bytes!("../../assets/graphiql/graphiql.css.gz")),
    ("react.js", "text/javascript", include_bytes!("../../assets/graphiql/react.js.gz")),
    ("react-dom.js", "text/javascript", include_bytes!("../../assets/graphiql/react-dom.js.gz")),
];

/// Serves the page itself.
pub(super) async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .body(PAGE)
}

/// Serves a file of the page: packed to whoever accepts that, unpacked to the rest.
pub(super) async fn file(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Refused> {
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "public, max-age=86400")).insert_header((VARY, "Accept-Encoding"));
    if name.as_str() == "start.js" {
        return Ok(response.content_type("text/javascript; charset=utf-8").body(START));
    }
    let Some((_, media, packed)) = PACKED.iter().find(|(known, ..)| *known == name.as_str()) else {
        return rest::nowhere(request).await;
    };
    response.content_type(format!("{media}; charset=utf-8"));
    if edge::header(&request, "accept-encoding").is_some_and(|accepted| accepted.contains("gzip")) {
        return Ok(response.insert_header((CONTENT_ENCODING, "gzip")).body(*packed));
    }
    let mut octets = Vec::new();
    match GzDecoder::new(*packed).read_to_end(&mut octets) {
        Ok(_) => Ok(response.body(octets)),
        Err(_) => rest::nowhere(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_inside_and_names_no_other_place() {
        for (name, _, packed) in PACKED {
            let mut text = String::new();
            GzDecoder::new(*packed).read_to_string(&mut text).unwrap();
            assert!(PAGE.contains(&format!("/graphiql/{name}\"")), "{name}");
            assert!(!text.contains("@import") || !name.ends_with("css"), "{name}");
            assert!(!text.contains("sourceMappingURL"), "{name}");
        }
        assert!(!PAGE.contains("https://") && !START.contains("https://"));
    }
}
