//! Use cases: what a service can be asked, and who asks.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Eori, OfficeCode, Permission, Role};

/// Who asks.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// The person or service, an opaque id; never a name.
    pub subject: String,
    /// The economic operator on whose behalf, if any.
    pub party: Option<Eori>,
    /// What the actor is.
    pub roles: Vec<Role>,
    /// The customs offices where an officer serves.
    #[serde(default)]
    pub offices: Vec<OfficeCode>,
}

/// What subjects of organisations' systems begin with; those of people are UUIDs.
const SYSTEM: &str = "system:";

impl Actor {
    /// Nobody in particular.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { subject: "anonymous".to_owned(), party: None, roles: Vec::new(), offices: Vec::new() }
    }

    /// A service of the suite, acting by itself.
    #[must_use]
    pub fn service(name: &str) -> Self {
        Self {
            subject: format!("service:{name}"),
            party: None,
            roles: vec![Role::Service],
            offices: Vec::new(),
        }
    }

    /// A system of the organisation `party`, known by its key `id`, in `roles` of the organisation's people.
    #[must_use]
    pub fn system(id: &str, party: Eori, roles: Vec<Role>) -> Self {
        Self { subject: format!("{SYSTEM}{id}"), party: Some(party), roles, offices: Vec::new() }
    }

    /// Whether the actor is a system of an organisation, and no person: documents that it sends are signed by people.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.subject.starts_with(SYSTEM)
    }

    /// Whether the actor may do what needs `permission`.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        permission == crate::role::ANYONE || self.roles.iter().any(|role| role.may(permission))
    }

    /// Whether the actor has `role`.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the actor is an officer who serves at `office`.
    #[must_use]
    pub fn serves_at(&self, office: &str) -> bool {
        self.offices.iter().any(|own| own.as_str() == office)
    }
}

/// The key under which an effect happens once, with the fingerprint of its input.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Once {
    /// The caller's idempotency key, at most 255 characters.
    pub key: String,
    /// SHA-256 of operation and input, in hexadecimal.
    pub fingerprint: String,
}

/// One call: who asks, under which correlation id, how long it may take.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// Who asks.
    pub actor: Actor,
    /// Links everything that follows from one request of a client.
    pub correlation_id: String,
    /// For an effect that must happen once, however often it is asked for.
    #[serde(default)]
    pub once: Option<Once>,
    /// How many milliseconds the answer may take.
    pub patience_ms: u64,
}

impl Caller {
    /// How long an answer may take unless said otherwise, in milliseconds.
    pub const PATIENCE_MS: u64 = 10_000;

    /// A call by `actor` under `correlation_id`.
    pub fn new(actor: Actor, correlation_id: impl Into<String>) -> Self {
        Self { actor, correlation_id: correlation_id.into(), once: None, patience_ms: Self::PATIENCE_MS }
    }
}

/// One thing a service can be asked; the input is the type itself.
pub trait UseCase: DeserializeOwned + Send + Serialize + Sync + 'static {
    /// What comes back.
    type Output: DeserializeOwned + Send + Serialize + 'static;
    /// Service and verb, such as `guarantees.propose`: in traces, in the audit log, on the internal wire.
    const NAME: &'static str;
    /// Permission required.
    const NEEDS: Permission;
}
