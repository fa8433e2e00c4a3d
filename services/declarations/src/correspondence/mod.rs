//! What an office and a declarant tell each other beside the messages of the procedure: notes, and files that go with them or with acts.

mod attach;
mod kind;
mod read;
mod side;
mod write;

use side::Side;
pub(crate) use side::offices;
