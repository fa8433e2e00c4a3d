//! Certification paths: our own validator of RFC 5280, and the status of a path from a trust store.
//!
//! The search goes from the end certificate up ([`build`]), each complete chain is validated as a whole (`validate`),
//! then every certificate of it against revocation lists (`revocation`). The order of the inputs decides nothing.

mod build;
mod constraints;
mod crl;
mod general_name;
mod policy;
mod revocation;
mod status;
mod validate;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use crate::certificate::Certificate;
use crate::fault::Fault;
use crate::oid;
use crate::refusal::PathRefusal;
use crate::report::{Finding, RevocationFacts, Step};
use crate::trust::{TrustError, TrustStore};
use build::{Node, Search};

/// Most authorities between the certificate and its anchor, unless the caller allows more.
const AUTHORITIES_MAX: usize = 4;
/// Most certificates that a search takes into account.
const CERTIFICATES_MAX: usize = 4_096;
/// How far the clock of an issuer may run ahead of ours.
pub(crate) const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

/// What is asked about revocation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Revocation {
    /// Every certificate below the anchor needs a fresh status.
    Required,
    /// A certificate without any fresh status passes; a revoked one never does.
    WhereKnown,
    /// Nothing is asked.
    Ignored,
}

/// What a path must satisfy (RFC 5280, 6.1.1).
#[derive(Clone, Debug)]
pub struct Rules {
    pub(crate) at: DateTime<Utc>,
    pub(crate) policies: Option<Vec<Vec<u8>>>,
    pub(crate) explicit_policy: bool,
    pub(crate) inhibit_policy_mapping: bool,
    pub(crate) inhibit_any_policy: bool,
    pub(crate) purpose: Option<Vec<u8>>,
    pub(crate) authorities_max: usize,
    pub(crate) revocation: Revocation,
}

impl Rules {
    /// Valid at `at`, under any policy, for any purpose, with a fresh status of every certificate.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self {
            at: at.trunc_subsecs(0),
            policies: None,
            explicit_policy: false,
            inhibit_policy_mapping: false,
            inhibit_any_policy: false,
            purpose: None,
            authorities_max: AUTHORITIES_MAX,
            revocation: Revocation::Required,
        }
    }

    /// The initial policy set (dotted); one that holds any policy, or an empty one, asks for none.
    pub fn with_policies(mut self, policies: &[impl AsRef<str>]) -> Result<Self, TrustError> {
        let read = policies.iter().map(|policy| oid::parse(policy.as_ref()).ok_or(TrustError::Policy));
        let read: Vec<Vec<u8>> = read.collect::<Result<_, _>>()?;
        let any = read.is_empty() || read.iter().any(|policy| policy == oid::ANY_POLICY);
        self.policies = (!any).then_some(read);
        Ok(self)
    }

    /// The path must be issued under a policy of the initial set.
    pub const fn with_explicit_policy(mut self, explicit: bool) -> Self {
        self.explicit_policy = explicit;
        self
    }

    /// Policy mappings do not count.
    pub const fn with_policy_mapping_inhibited(mut self, inhibited: bool) -> Self {
        self.inhibit_policy_mapping = inhibited;
        self
    }

    /// The policy "any" in a certificate does not count.
    pub const fn with_any_policy_inhibited(mut self, inhibited: bool) -> Self {
        self.inhibit_any_policy = inhibited;
        self
    }

    /// The extended key usage (dotted) that the path must allow.
    pub fn with_purpose(mut self, purpose: &str) -> Result<Self, TrustError> {
        self.purpose = Some(oid::parse(purpose).ok_or(TrustError::Policy)?);
        Ok(self)
    }

    /// Most authorities between the certificate and its anchor.
    pub const fn with_authorities_max(mut self, most: usize) -> Self {
        self.authorities_max = most;
        self
    }

    /// What is asked about revocation.
    pub const fn with_revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
        self
    }
}

/// Everything a path may be built from, all of it DER; only the anchors are trusted.
#[derive(Clone, Debug, Default)]
pub struct PathSource {
    /// Trust anchors: certificates whose name, key and constraints are trusted.
    pub anchors: Vec<Vec<u8>>,
    /// Certificates that may help.
    pub others: Vec<Vec<u8>>,
    /// Revocation lists of any kind.
    pub crls: Vec<Vec<u8>>,
}

/// A path that satisfies its rules.
#[derive(Clone, Debug)]
pub struct ValidPath {
    /// Encodings from the end certificate up to and including the anchor.
    pub certificates: Vec<Vec<u8>>,
    /// Policies (dotted) of those asked for, or all, that hold for the whole path.
    pub policies: Vec<String>,
    /// Evidence of the status of the certificates below the anchor.
    pub revocation: Vec<RevocationFacts>,
}

impl PathSource {
    /// Finds a path of `end` (DER) to an anchor and validates it.
    pub fn validate(&self, end: &[u8], rules: &Rules) -> Result<ValidPath, PathRefusal> {
        let others = self.others.iter().map(Vec::as_slice);
        let anchors = self.anchors.iter().map(Vec::as_slice);
        let crls = self.crls.iter().filter_map(|raw| crl::Crl::parse(raw).ok()).collect();
        search(end, anchors, others, crls, rules).map_err(PathRefusal::from)
    }
}

fn search<'a>(
    end: &'a [u8],
    anchors: impl Iterator<Item = &'a [u8]>,
    others: impl Iterator<Item = &'a [u8]>,
    crls: Vec<crl::Crl<'a>>,
    rules: &Rules,
) -> Result<ValidPath, Finding> {
    let anchors: Vec<&[u8]> = anchors.collect();
    let first = Node::parse(end, anchors.contains(&end));
    let mut nodes = vec![first.map_err(|error| damaged(&format!("certificate: {error}")))?];
    let known = anchors.iter().map(|raw| (*raw, true)).chain(others.map(|raw| (raw, false)));
    for (raw, is_anchor) in known {
        if nodes.iter().any(|node| node.certificate.raw == raw) {
            continue;
        }
        if nodes.len() == CERTIFICATES_MAX {
            return Err(Finding::new(Step::Chain, Fault::CertUntrusted, "more certificates than the limits"));
        }
        // What cannot be read cannot help, and is no part of what is asked.
        nodes.extend(Node::parse(raw, is_anchor));
    }
    let known = nodes.len();
    let search = Search::new(nodes, crls);
    search.path(0, rules, None, &mut Vec::with_capacity(known.min(8)))
}

/// A valid path of the certificate that was asked about.
#[derive(Debug)]
pub(crate) struct Path {
    certificates: Vec<Vec<u8>>,
}

/// Finds the path of `leaf` to an anchor valid at `at`; `embedded` certificates may help but are not trusted.
pub(crate) fn build(
    store: &TrustStore,
    leaf: &Certificate<'_>,
    embedded: &[&[u8]],
    at: DateTime<Utc>,
) -> Result<Path, Finding> {
    let anchors = store.anchors.iter().map(|authority| authority.der.as_slice());
    let known = store.intermediates.iter().map(|authority| authority.der.as_slice());
    let others = known.chain(embedded.iter().copied());
    let rules = Rules::new(at).with_revocation(Revocation::Ignored);
    let valid = search(leaf.raw, anchors, others, Vec::new(), &rules)?;
    Ok(Path { certificates: valid.certificates })
}

/// Whether octets are a revocation list of any kind whose critical extensions are understood.
pub(crate) fn is_readable_list(raw: &[u8]) -> bool {
    crl::Crl::parse(raw).is_ok()
}

fn damaged(detail: &str) -> Finding {
    Finding::new(Step::Chain, Fault::CertDamaged, detail)
}
