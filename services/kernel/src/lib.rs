//! The words every service shares: identifiers, money, time, problems, states, sagas and use cases.
//!
//! Nothing here reads a clock, a socket or a database.

pub mod check_digit;
pub mod clock;
pub mod finding;
pub mod id;
pub mod money;
pub mod number;
pub mod problem;
pub mod role;
pub mod saga;
pub mod state;
pub mod usecase;

pub use clock::{Clock, ManualClock};
pub use finding::{Correction, Finding};
pub use id::Id;
pub use money::{Currency, Money, MoneyError};
pub use number::{Eori, Grn, Lrn, Mrn, NumberError, OfficeCode};
pub use problem::{Problem, ProblemKind};
pub use role::{Permission, Role};
pub use usecase::{Actor, Caller, Once, UseCase};
