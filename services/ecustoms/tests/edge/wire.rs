//! HTTP as no client library writes it: answered or closed at once, never guessed at.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::{report::Report, suite::Suite};

const PATIENCE: Duration = Duration::from_secs(5);

/// What came back for `octets`, until the other side closed or said nothing more for a while.
fn exchange(port: u16, octets: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    // The other side may close before everything is written.
    drop(stream.write_all(octets));
    let (mut answer, mut part) = (Vec::new(), [0; 8_192]);
    while let Ok(count) = stream.read(&mut part) {
        answer.extend_from_slice(&part[..count]);
        if count == 0 {
            break;
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn statuses(answer: &str) -> Vec<&str> {
    answer.split("HTTP/1.1 ").skip(1).filter_map(|rest| rest.get(..3)).collect()
}

/// Requests that must be refused as a whole, by name.
fn wrong() -> Vec<(&'static str, Vec<u8>)> {
    let get = |headers: &str| format!("GET /auth/session HTTP/1.1\r\nHost: a\r\n{headers}\r\n").into_bytes();
    let post = |headers: &str, body: &str| {
        format!("POST /auth/challenge HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{headers}\r\n{body}").into_bytes()
    };
    vec![
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec()),
        ("a version nobody knows", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n".to_vec()),
        ("a header without colon", get("Surprise\r\n")),
        ("a blank in a header's name", get("Sur prise: 1\r\n")),
        ("a header of 300 KB", get(&format!("X-Large: {}\r\n", "x".repeat(300_000)))),
        ("20,000 headers", get(&(0..20_000).fold(String::new(), |all, n| all + &format!("X-{n}: 1\r\n")))),
        (
            "an address of 300 KB",
            format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(300_000)).into_bytes(),
        ),
        ("a bare return in a header", get("X-Odd: a\rX-Other: b\r\n")),
        ("U+0000 in a header", get("X-Odd: a\0b\r\n")),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}x")),
        ("a length that is none", post("Content-Length: two\r\n", "{}")),
        ("a negative length", post("Content-Length: -1\r\n", "{}")),
        ("a length with a sign", post("Content-Length: +2\r\n", "{}")),
        ("length and chunks", post("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        ("an encoding nobody knows", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
        ("two encodings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n")),
        ("a chunk that is none", post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")),
        (
            "a chunk that is too long",
            post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ),
    ]
}

#[test]
fn what_is_no_sound_http_is_refused_and_nothing_behind_it_is_served() {
    let mut suite = Suite::embedded();
    let mut report = Report::default();
    // Behind each wrong request stands another: who cannot say where the first ends must not serve it.
    let smuggled = b"GET /sandbox/keys HTTP/1.1\r\nHost: a\r\n\r\n";
    for (case, mut octets) in wrong() {
        octets.extend_from_slice(smuggled);
        let since = Instant::now();
        let answer = exchange(suite.port(), &octets);
        let statuses = statuses(&answer);
        let sound = statuses.iter().all(|status| status.starts_with('4')) && statuses.len() <= 1;
        report.note(case, if sound { Ok(()) } else { Err(format!("{statuses:?} {answer:.200}")) });
        let leaked = answer.contains("\"password\"");
        report.note(case, if leaked { Err("the request behind it was served".to_owned()) } else { Ok(()) });
        let took = since.elapsed();
        report.note(case, if took < PATIENCE * 2 { Ok(()) } else { Err(format!("took {took:?}")) });
        suite.door().still_answers();
    }
    report.end();
    suite.is_sound();
}

#[test]
fn headers_are_answered_as_data_and_never_as_headers() {
    let suite = Suite::embedded();
    let mut report = Report::default();
    for (case, header) in [
        ("lines in a correlation id", "X-Correlation-ID: a%0d%0aSet-Cookie: x=1"),
        ("a quotation in a correlation id", "X-Correlation-ID: \"><script>"),
        ("a long correlation id", &format!("X-Correlation-ID: {}", "c".repeat(5_000))),
        ("a trace that is none", "traceparent: 00-zz-zz-zz"),
        ("another host", "X-Forwarded-Host: evil.example"),
        ("the null origin", "Origin: null"),
        ("another origin", "Origin: https://evil.example"),
        ("a method to be overridden", "X-HTTP-Method-Override: DELETE"),
        ("an odd language", "Accept-Language: \u{1f600}"),
        ("a range", "Range: bytes=0-0,1-1,2-2"),
    ] {
        let text = format!(
            "GET /auth/session HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n{header}\r\n\r\n"
        );
        let answer = exchange(suite.port(), text.as_bytes());
        let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_lowercase();
        let sound = head.starts_with("http/1.1 200")
            && !head.contains("set-cookie")
            && !head.contains("evil.example")
            && !head.contains("access-control-allow-origin")
            && !head.contains("script");
        report.note(case, if sound { Ok(()) } else { Err(format!("{answer:.600}")) });
    }
    let kept = exchange(
        suite.port(),
        b"GET /nowhere HTTP/1.1\r\nHost: a\r\nX-Correlation-ID: order-17\r\nConnection: close\r\n\r\n",
    );
    assert!(kept.to_lowercase().contains("x-correlation-id: order-17"), "{kept}");
    for sign in ["x-content-type-options: nosniff", "content-security-policy:", "cache-control:"] {
        assert!(kept.to_lowercase().contains(sign), "{sign}: {kept}");
    }
    report.end();
}

#[test]
fn who_says_nothing_holds_nobody_up() {
    let suite = Suite::embedded();
    // Half a request on many connections, and none of them ever goes on.
    let silent: Vec<TcpStream> = (0..200)
        .map(|number| {
            let mut stream = TcpStream::connect(("127.0.0.1", suite.port())).unwrap();
            let part = if number % 2 == 0 {
                "GET /auth/session HTTP/1.1\r\nHost:"
            } else {
                "POST /auth/challenge HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
            };
            stream.write_all(part.as_bytes()).unwrap();
            stream
        })
        .collect();
    for _ in 0..20 {
        let since = Instant::now();
        suite.door().still_answers();
        assert!(since.elapsed() < Duration::from_secs(2), "took {:?}", since.elapsed());
    }
    drop(silent);
}
