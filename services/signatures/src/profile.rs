//! The signature policy EC-SIG-1 with its settings.

use crate::identity::IdentityScheme;
use crate::oid;
use crate::report::Level;
use crate::trust::TrustError;

/// Signature policy: what a good signature must look like.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    pub(crate) policies: Vec<Vec<u8>>,
    pub(crate) level: Level,
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

    /// Name and version of the policy, as reports carry it.
    pub fn name(&self) -> &str {
        &self.name
    }
}
