//! The edge: what every request passes, whatever it asks for.

mod body;
mod correlation;
mod cors;
mod limiter;
mod passage;

pub(crate) use body::{body, header, require_json, wants_socket};
pub(crate) use limiter::Limiter;
pub(crate) use passage::pass;
