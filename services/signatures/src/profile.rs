//! The signature policy EC-SIG-1 with its settings.

use chrono::{DateTime, TimeDelta, Utc};

use crate::identity::IdentityScheme;
use crate::oid;
use crate::report::{Level, RevocationFacts};
use crate::trust::TrustError;

/// How revocation status is asked for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct StatusRules {
    /// A certificate whose status is not at hand passes all the same; a revoked one never does.
    pub soft: bool,
    /// How long a list or answer goes on counting after its next update.
    pub grace: TimeDelta,
    /// Longest age of a list or answer, whatever it says of its next update.
    pub age_max: Option<TimeDelta>,
}

impl StatusRules {
    /// Last instant at which a piece of evidence counts.
    pub(crate) fn last(&self, facts: &RevocationFacts) -> DateTime<Utc> {
        let stated = facts.next_update + self.grace;
        self.age_max.map_or(stated, |most| stated.min(facts.this_update + most))
    }
}

/// Signature policy: what a good signature must look like.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    pub(crate) policies: Vec<Vec<u8>>,
    pub(crate) level: Level,
    pub(crate) status: StatusRules,
    pub(crate) identity: Vec<IdentityScheme>,
    pub(crate) payload_bytes_max: usize,
    pub(crate) signature_bytes_max: usize,
}

impl Profile {
    /// The profile with any certificate policy, level B, the Kazakhstan scheme, then personal and taxpayer numbers.
    pub fn ec_sig_1() -> Self {
        Self {
            name: "EC-SIG-1@1".to_owned(),
            policies: Vec::new(),
            level: Level::B,
            status: StatusRules::default(),
            identity: vec![IdentityScheme::kazakhstan(), IdentityScheme::pin_tin()],
            payload_bytes_max: 16 << 20,
            signature_bytes_max: 256 << 10,
        }
    }

    /// Accepts only certificates issued under one of these policies (dotted); none means any.
    pub fn with_policies(mut self, policies: &[&str]) -> Result<Self, TrustError> {
        let read = policies.iter().map(|policy| oid::parse(policy).ok_or(TrustError::Policy));
        self.policies = read.collect::<Result<_, _>>()?;
        Ok(self)
    }

    /// Asks for revocation status by these rules; unless told otherwise, hard and without grace.
    pub fn with_status(mut self, status: StatusRules) -> Self {
        self.status = status;
        self
    }

    /// Demands this level of every message unless the caller names another.
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Reads identities by these schemes, the first that recognises a subject.
    pub fn with_identity(mut self, schemes: Vec<IdentityScheme>) -> Self {
        self.identity = schemes;
        self
    }

    /// Refuses larger payloads and signatures (octets).
    pub fn with_limits(mut self, payload_bytes_max: usize, signature_bytes_max: usize) -> Self {
        self.payload_bytes_max = payload_bytes_max;
        self.signature_bytes_max = signature_bytes_max;
        self
    }

    /// The level that is demanded unless the caller names another.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// Name and version of the policy, as reports carry it.
    pub fn name(&self) -> &str {
        &self.name
    }
}
