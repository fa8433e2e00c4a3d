//! Transit movements at their office of departure and on their way.

mod amend;
mod cancel;
mod check;
mod control;
mod cross;
mod crossing;
mod facts;
mod intake;
mod look;
mod movement;
mod notice;
mod present;
mod release;
mod send;
mod state;
mod submit;

pub(crate) use crossing::{RecordEvent, RecordState, Stop};
pub(crate) use facts::DeclarationFacts;
pub(crate) use intake::{Intake, Received, read, receive};
pub(crate) use movement::{Decision, Letter, Movement, News};
pub(crate) use notice::{Notice, day, instant, issue};
pub use state::{MovementEvent, MovementState};
pub(crate) use submit::refuse;
