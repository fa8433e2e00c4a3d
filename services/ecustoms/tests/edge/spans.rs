//! A collector of traces: takes OTLP over HTTP and reads the few fields that the tests look at.

use std::{
    collections::HashMap,
    io::{BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What happened within a trace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Span {
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) name: String,
    pub(crate) kind: u64,
    pub(crate) attributes: HashMap<String, String>,
}

/// Everything that was exported so far.
#[derive(Clone, Default)]
pub(crate) struct Collector {
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    /// Listens until the test ends; tells where.
    pub(crate) fn start() -> (Self, String) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let collector = Self::default();
        let taking = collector.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taking = taking.clone();
                thread::spawn(move || taking.serve(stream));
            }
        });
        (collector, url)
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        while let Some(body) = request(&mut reader) {
            self.spans.lock().unwrap().extend(read(&body));
            let answer =
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }

    /// The spans of one trace.
    pub(crate) fn of(&self, trace: &str) -> Vec<Span> {
        let spans = self.spans.lock().unwrap();
        spans.iter().filter(|span| span.trace == trace).cloned().collect()
    }

    /// Every attribute of every span, as text.
    pub(crate) fn everything(&self) -> String {
        format!("{:?}", self.spans.lock().unwrap())
    }
}

/// The body of the next request, if there is one.
fn request(reader: &mut impl std::io::BufRead) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_lowercase();
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(body)
}

/// The number in field `wanted` of a protobuf message.
fn number(mut octets: &[u8], wanted: u64) -> Option<u64> {
    while let Some(tag) = varint(&mut octets) {
        let skip = match tag & 7 {
            0 => {
                let value = varint(&mut octets)?;
                if tag >> 3 == wanted {
                    return Some(value);
                }
                0
            }
            1 => 8,
            5 => 4,
            _ => usize::try_from(varint(&mut octets)?).ok()?,
        };
        octets = octets.get(skip..)?;
    }
    None
}

/// The fields of a protobuf message: number and content; numbers are passed over.
fn fields(mut octets: &[u8]) -> Vec<(u64, &[u8])> {
    let mut all = Vec::new();
    while let Some(tag) = varint(&mut octets) {
        let skip = match tag & 7 {
            0 => {
                varint(&mut octets);
                0
            }
            1 => 8,
            5 => 4,
            _ => {
                let length =
                    varint(&mut octets).and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
                let (content, rest) = octets.split_at(length.min(octets.len()));
                all.push((tag >> 3, content));
                octets = rest;
                0
            }
        };
        octets = octets.get(skip..).unwrap_or_default();
    }
    all
}

fn varint(octets: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = octets.split_first()?;
        *octets = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn inside(message: &[u8], number: u64) -> impl Iterator<Item = &[u8]> {
    fields(message).into_iter().filter(move |(field, _)| *field == number).map(|(_, content)| content)
}

/// The value of an attribute: text (1) or a whole number (3).
fn value(octets: &[u8]) -> String {
    let whole = || number(octets, 3).map(|number| number.to_string());
    inside(octets, 1).next().map(text).or_else(whole).unwrap_or_default()
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// The spans in an export request: resource spans (1), scope spans (2), spans (2).
fn read(body: &[u8]) -> Vec<Span> {
    let resources = inside(body, 1);
    let scopes = resources.flat_map(|resource| inside(resource, 2).collect::<Vec<_>>());
    scopes.flat_map(|scope| inside(scope, 2).map(span).collect::<Vec<_>>()).collect()
}

fn span(message: &[u8]) -> Span {
    let mut span = Span { kind: number(message, 6).unwrap_or_default(), ..Span::default() };
    for (number, content) in fields(message) {
        match number {
            1 => span.trace = hex::encode(content),
            2 => span.id = hex::encode(content),
            4 => span.parent = hex::encode(content),
            5 => span.name = text(content),
            9 => {
                let key = inside(content, 1).next().map(text).unwrap_or_default();
                span.attributes.insert(key, inside(content, 2).next().map(value).unwrap_or_default());
            }
            _ => {}
        }
    }
    span
}
