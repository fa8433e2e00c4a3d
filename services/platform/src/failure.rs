//! Why a use case or a handler did not succeed.

use customs_kernel::{Problem, problem};
use sea_orm::{DbErr, RuntimeErr};

/// Why something did not succeed, sorted by what must follow.
#[derive(Debug)]
pub enum Failure {
    /// The request is refused; the client is told, trying again changes nothing.
    Refused(Box<Problem>),
    /// Something that is needed is down; trying again later will help.
    Down(String),
    /// A defect or corrupt data; it is logged, and a message that causes it is parked.
    Broken(anyhow::Error),
}

impl Failure {
    /// The problem a client sees; what is unexpected is logged here, once, with its chain.
    #[must_use]
    pub fn into_problem(self, what: &str, correlation_id: &str) -> Problem {
        match self {
            Self::Refused(problem) => *problem,
            Self::Down(reason) => {
                tracing::warn!(what, correlation_id, reason, "something needed is down");
                problem::UNAVAILABLE.because("a part of the system is down; nothing was done").retry_after(2)
            }
            Self::Broken(error) => {
                tracing::error!(what, correlation_id, error = format!("{error:#}"), "a use case broke");
                problem::INTERNAL.because(format!("the defect is logged under {correlation_id}"))
            }
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        if problem.is(problem::UNAVAILABLE) {
            return Self::Down(problem.detail);
        }
        Self::Refused(Box::new(problem))
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        let lost = matches!(
            &error,
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) | DbErr::Exec(RuntimeErr::Internal(_))
        ) || is_lost(&error.to_string());
        if lost { Self::Down(error.to_string()) } else { Self::Broken(error.into()) }
    }
}

/// Whether the text of a database error speaks of a lost, closing or overloaded server.
fn is_lost(text: &str) -> bool {
    const SIGNS: &[&str] = &[
        "error communicating with database",
        "pool timed out",
        "connection",
        "terminating",
        "shutting down",
        "starting up",
        "database is locked",
        "deadlock detected",
        "could not serialize",
        "read-only",
        "disk is full",
        "No space left",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}
