//! The Web-Broker pages: one document with its hashed files, from inside the binary.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, ETAG, VARY},
    web,
};
use flate2::read::GzDecoder;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{edge, problem::Refused, rest};

/// What the pages may do: use what comes from here and nothing else, without exceptions; the one other place is
/// the signing agent `NCALayer` on the person's own computer.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
                                 connect-src 'self' wss://127.0.0.1:13579; frame-ancestors 'none'; base-uri 'none'; \
                                 form-action 'none'; require-trusted-types-for 'script'";

/// What is said where the pages are not in the binary.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ecustoms</title>\
                         <p>The Web-Broker pages are not part of this program. Run <code>make pages</code>, then build it \
                         again.<p>GraphQL is at <code>/graphql</code>, the REST mirror is described at \
                         <a href=\"/docs/\">/docs/</a>.</html>";

/// The files as `make pages` left them, each packed by Brotli (`.br`) and by gzip (`.gz`).
#[derive(RustEmbed)]
#[folder = "../web-broker/ui/built"]
struct Built;

/// How a file is sent.
struct Packed {
    file: EmbeddedFile,
    coding: Option<&'static str>,
}

/// Adds the document under its addresses, and its files.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    for path in ["/", "/desk", "/desk/{tail:.*}", "/public/{tail:.*}"] {
        cfg.service(web::resource(path).route(web::get().to(document)).route(web::head().to(document)));
    }
    cfg.service(web::resource("/assets/{name}").route(web::get().to(asset)));
}

/// Whether the document is served at `path`.
pub(super) fn has(path: &str) -> bool {
    path == "/" || path == "/desk" || path.starts_with("/desk/") || path.starts_with("/public/")
}

async fn document(request: HttpRequest) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.content_type("text/html; charset=utf-8");
    // The names in it change with the files: it is asked for anew each time, and the files are kept.
    response.insert_header((CACHE_CONTROL, "no-cache")).insert_header((VARY, "Accept-Encoding"));
    let Some(packed) = pick("index.html", &request) else { return response.body(NOT_BUILT) };
    let tag = format!("\"{}\"", hex::encode(&packed.file.metadata.sha256_hash()[..8]));
    if edge::header(&request, "if-none-match") == Some(tag.as_str()) {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    response.insert_header((ETAG, tag));
    send(response, packed)
}

async fn asset(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Refused> {
    let Some(packed) = pick(&format!("assets/{name}"), &request) else { return rest::nowhere(request).await };
    let media = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let mut response = HttpResponse::Ok();
    response.content_type(media).insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"));
    response.insert_header((VARY, "Accept-Encoding"));
    Ok(send(response, packed))
}

/// The file `name` as the client of `request` likes it best.
fn pick(name: &str, request: &HttpRequest) -> Option<Packed> {
    let accepted = edge::header(request, "accept-encoding").unwrap_or_default();
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        let wanted = accepted.split(',').filter_map(|one| one.split(';').next());
        if wanted.into_iter().any(|one| one.trim() == coding) {
            return Built::get(&format!("{name}.{ending}")).map(|file| Packed { file, coding: Some(coding) });
        }
    }
    Built::get(&format!("{name}.gz")).map(|file| Packed { file, coding: None })
}

fn send(mut response: actix_web::HttpResponseBuilder, packed: Packed) -> HttpResponse {
    let Packed { file, coding } = packed;
    if let Some(coding) = coding {
        return response.insert_header((CONTENT_ENCODING, coding)).body(file.data.into_owned());
    }
    match unpacked(&file.data) {
        Ok(octets) => response.body(octets),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn unpacked(octets: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut GzDecoder::new(octets), &mut plain)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use actix_web::{App, body::to_bytes, http::StatusCode, test};

    use super::*;

    #[actix_web::test]
    async fn every_address_of_the_pages_has_the_document_or_says_how_to_build_it() {
        let app = test::init_service(App::new().configure(routes)).await;
        for path in ["/", "/desk", "/desk/movements/1", "/public/offices"] {
            let answer = test::call_service(&app, test::TestRequest::get().uri(path).to_request()).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            let body = to_bytes(answer.into_body()).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.contains("make pages") || text.contains("/assets/"), "{text}");
            assert!(!text.contains("<script>") && !text.contains("https://"), "{text}");
        }
    }

    #[actix_web::test]
    async fn pages_connect_to_the_suite_and_to_the_agent_on_the_same_computer_alone() {
        let connect = POLICY.split("; ").find(|part| part.starts_with("connect-src"));
        assert_eq!(connect, Some("connect-src 'self' wss://127.0.0.1:13579"));
        assert_eq!(POLICY.matches("://").count(), 1, "{POLICY}");
    }

    #[actix_web::test]
    async fn files_are_kept_for_ever_and_the_document_is_asked_for_again() {
        let app = test::init_service(App::new().configure(routes)).await;
        let request = test::TestRequest::get().uri("/").insert_header(("accept-encoding", "gzip, br"));
        let answer = test::call_service(&app, request.to_request()).await;
        assert_eq!(answer.headers().get("cache-control").unwrap(), "no-cache");
        let Some(script) = Built::iter().find(|name| name.ends_with(".js.br")) else { return };
        let path = format!("/{}", script.trim_end_matches(".br"));
        let request = test::TestRequest::get().uri(&path).insert_header(("accept-encoding", "gzip, br"));
        let answer = test::call_service(&app, request.to_request()).await;
        assert_eq!(answer.headers().get("content-encoding").unwrap(), "br");
        assert!(answer.headers().get("cache-control").unwrap().to_str().unwrap().contains("immutable"));
    }
}
