//! Bodies and headers of requests, read within bounds.

use std::{io::Read as _, time::Duration};

use actix_web::{HttpMessage as _, HttpRequest, http::header::CONTENT_ENCODING, web};
use bytes::{Bytes, BytesMut};
use customs_gateway_contract::problems;
use customs_kernel::{Problem, problem};
use flate2::bufread::GzDecoder;
use futures_util::StreamExt as _;
use tokio::time::timeout;

/// The header `name` as text, if it is there and is text.
pub(crate) fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Whether the request wants to become a socket.
pub(crate) fn wants_socket(request: &HttpRequest) -> bool {
    header(request, "upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// Refuses a body that is not JSON in UTF-8.
pub(crate) fn require_json(request: &HttpRequest) -> Result<(), Problem> {
    let charset = charset(request);
    let is_json = request.content_type().eq_ignore_ascii_case("application/json")
        && charset.is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
    if is_json { Ok(()) } else { Err(problem::MEDIA_TYPE.because("send application/json in UTF-8")) }
}

/// The character set that the request names.
fn charset(request: &HttpRequest) -> Option<&str> {
    let parameters = header(request, "content-type")?.split(';').skip(1);
    let mut pairs = parameters.filter_map(|parameter| parameter.trim().split_once('='));
    let (_, charset) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches('"'))
}

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// The whole body, or the problem that it is larger than `octets_max`, packed, incomplete or too slow.
pub(crate) async fn body(
    request: &HttpRequest,
    payload: web::Payload,
    octets_max: usize,
) -> Result<Bytes, Problem> {
    let slow = |_| problems::REQUEST_SLOW.because("the body did not arrive in time");
    timeout(PATIENCE, collect(request, payload, octets_max)).await.map_err(slow)?
}

/// The whole body like [`body`], unpacked where it says that gzip has packed it; unpacked it may be no larger either.
pub(crate) async fn body_unpacked(
    request: &HttpRequest,
    payload: web::Payload,
    octets_max: usize,
) -> Result<Bytes, Problem> {
    if !header(request, "content-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("gzip")) {
        return body(request, payload, octets_max).await;
    }
    let slow = |_| problems::REQUEST_SLOW.because("the body did not arrive in time");
    let packed = timeout(PATIENCE, gather(request, payload, octets_max)).await.map_err(slow)??;
    unpack(&packed, octets_max)
}

/// What gzip has packed, if it is no more than `octets_max`: no more than that is ever unpacked.
fn unpack(packed: &[u8], octets_max: usize) -> Result<Bytes, Problem> {
    let broken = || problem::INPUT_INVALID.because("the body is not what gzip has packed");
    let bound = u64::try_from(octets_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut reader = GzDecoder::new(packed).take(bound);
    let mut octets = Vec::new();
    reader.read_to_end(&mut octets).map_err(|_| broken())?;
    if octets.len() > octets_max {
        return Err(too_large(octets_max));
    }
    // What follows the packed body would be read by nobody.
    if reader.into_inner().into_inner().is_empty() { Ok(octets.into()) } else { Err(broken()) }
}

fn too_large(octets_max: usize) -> Problem {
    problem::TOO_LARGE.because(format!("the body is larger than {octets_max} octets"))
}

async fn collect(request: &HttpRequest, payload: web::Payload, octets_max: usize) -> Result<Bytes, Problem> {
    if request.headers().get(CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return Err(problem::MEDIA_TYPE.because("send the body unpacked, without Content-Encoding"));
    }
    gather(request, payload, octets_max).await
}

/// The octets of the body as they arrive.
async fn gather(
    request: &HttpRequest,
    mut payload: web::Payload,
    octets_max: usize,
) -> Result<Bytes, Problem> {
    let told = header(request, "content-length").and_then(|length| length.parse::<usize>().ok());
    if told.is_some_and(|length| length > octets_max) {
        return Err(too_large(octets_max));
    }
    let mut body = BytesMut::with_capacity(told.unwrap_or(0));
    while let Some(part) = payload.next().await {
        let part = part.map_err(|error| {
            problem::INPUT_INVALID.because(format!("the body did not arrive completely: {error}"))
        })?;
        if body.len() + part.len() > octets_max {
            return Err(too_large(octets_max));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn packed(octets: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::best());
        writer.write_all(octets).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn what_gzip_has_packed_is_unpacked_whole_up_to_the_bound() {
        assert_eq!(unpack(&packed(b"{}"), 2).unwrap(), "{}");
        assert_eq!(unpack(&packed(b""), 2).unwrap(), "");
        assert!(unpack(&packed(b"{ }"), 2).unwrap_err().is(problem::TOO_LARGE));
    }

    #[test]
    fn a_bomb_is_too_large_and_what_is_broken_is_not_valid() {
        let bomb = packed(&vec![b' '; 50_000_000]);
        assert!(bomb.len() < 60_000 && unpack(&bomb, 100_000).unwrap_err().is(problem::TOO_LARGE));
        let whole = packed(br#"{"query":"{ viewer { subject } }"}"#);
        let cut = &whole[..whole.len() - 4];
        let twice = [whole.as_slice(), &whole].concat();
        let mut altered = whole.clone();
        let checksum = altered.len() - 8;
        altered[checksum] ^= 1;
        for broken in [b"x", cut, &twice, &altered, b"".as_slice()] {
            assert!(unpack(broken, 100_000).unwrap_err().is(problem::INPUT_INVALID), "{broken:?}");
        }
    }
}
