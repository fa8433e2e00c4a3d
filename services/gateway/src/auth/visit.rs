//! One request as the gateway sees it: who sent it, under which correlation id.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use customs_kernel::{Actor, Caller, Problem, problem};

use super::Claims;

/// Who sent a request, and how what follows from it is known.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// Who asks.
    pub(crate) actor: Actor,
    /// What the token said, where there was one.
    pub(crate) claims: Option<Arc<Claims>>,
    /// Until when a system that has signed the request may follow what it asked for.
    pub(crate) system_until: Option<DateTime<Utc>>,
    /// Why the token or signature that was sent is worth nothing, if one was.
    pub(crate) refused: Option<Problem>,
    /// Links everything that follows.
    pub(crate) correlation_id: String,
    /// Network address of the sender, for limits only.
    pub(crate) address: String,
    /// How many milliseconds the answer may take.
    pub(crate) patience_ms: u64,
}

impl Visit {
    /// A visit by nobody in particular.
    pub(crate) fn anonymous(correlation_id: String, address: String, patience_ms: u64) -> Self {
        Self {
            actor: Actor::anonymous(),
            claims: None,
            system_until: None,
            refused: None,
            correlation_id,
            address,
            patience_ms,
        }
    }

    /// The same visit by whoever `claims` names.
    pub(crate) fn by(mut self, claims: Arc<Claims>) -> Self {
        self.actor = claims.actor();
        self.claims = Some(claims);
        self.system_until = None;
        self.refused = None;
        self
    }

    /// The same visit by a system that has signed the request; what it follows ends at `until`.
    pub(crate) fn by_system(mut self, actor: Actor, until: DateTime<Utc>) -> Self {
        self.actor = actor;
        self.claims = None;
        self.system_until = Some(until);
        self.refused = None;
        self
    }

    /// The same visit with a token or signature that is worth nothing.
    pub(crate) fn refused(mut self, problem: Problem) -> Self {
        self.refused = Some(problem);
        self
    }

    /// Refuses whoever came with a token or signature that is worth nothing.
    pub(crate) fn admit(&self) -> Result<(), Problem> {
        self.refused.clone().map_or(Ok(()), Err)
    }

    /// A call on behalf of the visitor.
    pub(crate) fn caller(&self) -> Caller {
        let mut caller = Caller::new(self.actor.clone(), self.correlation_id.clone());
        caller.patience_ms = self.patience_ms;
        caller
    }

    /// The token's claims, or the problem that nobody is logged in.
    pub(crate) fn claims(&self) -> Result<&Arc<Claims>, Problem> {
        self.claims.as_ref().ok_or_else(|| problem::UNAUTHENTICATED.because("nobody is logged in"))
    }

    /// Whether it is known who asks.
    const fn is_known(&self) -> bool {
        self.claims.is_some() || self.system_until.is_some()
    }

    /// Refuses who may not do what needs `permission`.
    pub(crate) fn require(&self, permission: &'static str) -> Result<(), Problem> {
        if self.actor.may(permission) {
            return Ok(());
        }
        if !self.is_known() {
            return Err(problem::UNAUTHENTICATED.because("log in first: POST /auth/challenge"));
        }
        Err(problem::FORBIDDEN.because(format!("this needs {permission}")))
    }

    /// Refuses a visitor whose token or signature has ended in the meantime; for streams.
    pub(crate) fn still_good(&self, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.system_until.is_some_and(|until| until <= now) {
            return Err(problem::UNAUTHENTICATED.because("sign a new request to go on"));
        }
        match &self.claims {
            Some(claims) if claims.exp <= now.timestamp() => {
                Err(problem::UNAUTHENTICATED.because("the token is not good any more"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Under which name requests of the sender are counted.
    pub(crate) fn counted_as(&self) -> &str {
        if self.is_known() { &self.actor.subject } else { &self.address }
    }
}
