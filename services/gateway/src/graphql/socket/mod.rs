//! GraphQL over sockets by the protocol graphql-transport-ws.

mod message;
mod session;

use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{CloseCode, CloseReason};
use customs_kernel::{Problem, problem};

use self::session::Session;
use crate::{Gateway, auth::Visit};

/// The name of the protocol.
const PROTOCOL: &str = "graphql-transport-ws";
/// The largest message a client may send, in octets.
const MESSAGE_OCTETS_MAX: usize = 256 * 1024;

/// Opens a socket; from here on it lives by itself.
pub(super) fn open(
    gateway: Gateway,
    visit: Visit,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let handshake = actix_ws::handle_with_protocols(request, payload, &[PROTOCOL]);
    let (response, socket, messages) =
        handshake.map_err(|error| problem::INPUT_INVALID.because(format!("no socket: {error}")))?;
    if !response.headers().contains_key("sec-websocket-protocol") {
        actix_web::rt::spawn(socket.close(Some(closing(4406, "Subprotocol not acceptable"))));
        return Ok(response);
    }
    let messages = messages
        .max_frame_size(MESSAGE_OCTETS_MAX)
        .aggregate_continuations()
        .max_continuation_size(MESSAGE_OCTETS_MAX);
    actix_web::rt::spawn(Session::new(gateway, visit, socket).run(messages));
    Ok(response)
}

/// The reason that closes a socket with `code`.
fn closing(code: u16, reason: &str) -> CloseReason {
    CloseReason { code: CloseCode::Other(code), description: Some(reason.to_owned()) }
}
