//! What crosses the border of the gateway: log-in, operation of the bus, sandbox, and problems of the edge.

pub mod operation;
pub mod problems;
pub mod session;

pub use operation::{
    AdvanceClock, DeadLetter, DeadLetterPage, ListDeadLetters, ReadDeadLetter, ReplayDeadLetter,
    SandboxClock, SuiteService,
};
pub use session::{
    Challenge, OpenProviderSession, OpenSession, RequestChallenge, Session, SessionClosed, SignInLabel,
    SignInProvider, SignInWays,
};
