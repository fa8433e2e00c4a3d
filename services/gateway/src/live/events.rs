//! A stream as server-sent events, which a browser resumes by itself with `Last-Event-ID`.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue},
};
use bytes::Bytes;
use customs_kernel::Problem;
use futures_util::{Stream, StreamExt as _, stream};
use serde_json::Value;
use tokio::time::timeout;

use super::Held;

/// How long a stream may be silent; then a comment keeps it open.
const SILENCE: Duration = Duration::from_secs(15);

/// One event: where it is resumed, what kind it is, and what it says.
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) data: Value,
}

impl Event {
    fn text(&self) -> Bytes {
        // JSON written by us has no line breaks.
        Bytes::from(format!("id: {}\nevent: {}\ndata: {}\n\n", self.id, self.kind, self.data))
    }
}

/// The answer that streams `events` for as long as `held` is held; a problem ends it.
pub(crate) fn events(
    events: impl Stream<Item = Result<Event, Problem>> + 'static,
    held: Held,
) -> HttpResponse {
    let state = (Box::pin(events), held, false);
    let beats = stream::unfold(state, |(mut events, held, over)| async move {
        if over {
            return None;
        }
        let (chunk, over) = match timeout(SILENCE, events.next()).await {
            Err(_) => (Bytes::from_static(b": still here\n\n"), false),
            Ok(Some(Ok(event))) => (event.text(), false),
            Ok(Some(Err(problem))) => (farewell(&problem), true),
            Ok(None) => return None,
        };
        Some((Ok::<_, actix_web::Error>(chunk), (events, held, over)))
    });
    let hello = stream::once(async { Ok(Bytes::from_static(b"retry: 1000\n\n")) });
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        // An answer that is packed would wait for its blocks to fill.
        .insert_header((CONTENT_ENCODING, HeaderValue::from_static("identity")))
        .streaming(hello.chain(beats))
}

fn farewell(problem: &Problem) -> Bytes {
    let data = serde_json::json!({"code": problem.code, "status": problem.status, "detail": problem.detail});
    Bytes::from(format!("event: problem\ndata: {data}\n\n"))
}
