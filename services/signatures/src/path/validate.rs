//! Basic path validation (RFC 5280, 6.1) of a complete chain whose signatures are already verified.

use std::collections::BTreeSet;

use super::build::Node;
use super::constraints::{Constraints, Refused, alternative_names};
use super::policy::PolicyGraph;
use super::{Rules, damaged};
use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::der::{self, DerError, Tlv};
use crate::fault::Fault;
use crate::oid;
use crate::report::{Finding, Step};

/// Critical extensions whose meaning is honoured.
const UNDERSTOOD: [&[u8]; 11] = [
    oid::EXT_KEY_USAGE,
    oid::EXT_EXTENDED_KEY_USAGE,
    oid::EXT_BASIC_CONSTRAINTS,
    oid::EXT_SUBJECT_ALT_NAME,
    oid::EXT_NAME_CONSTRAINTS,
    oid::EXT_POLICIES,
    oid::EXT_POLICY_MAPPINGS,
    oid::EXT_POLICY_CONSTRAINTS,
    oid::EXT_INHIBIT_ANY_POLICY,
    oid::EXT_CRL_DISTRIBUTION_POINTS,
    oid::EXT_CERTIFICATE_ISSUER,
];

fn chain(detail: impl Into<String>) -> Finding {
    Finding::new(Step::Chain, Fault::CertChain, detail)
}

fn unreadable(error: DerError) -> Finding {
    damaged(&format!("certificate extension: {error}"))
}

/// The variables of RFC 5280, 6.1.2.
struct State {
    graph: Option<PolicyGraph>,
    explicit_policy: usize,
    inhibit_any: usize,
    policy_mapping: usize,
    path_length: usize,
    constraints: Constraints,
}

/// Validates `nodes` (end certificate first, anchor last); the policies that hold for the whole path.
pub(super) fn validate(nodes: &[&Node<'_>], rules: &Rules) -> Result<Vec<String>, Finding> {
    let Some((anchor, below)) = nodes.split_last() else { return Err(chain("path is empty")) };
    let count = below.len();
    let initial = |at_once: bool| if at_once { 0 } else { count + 1 };
    let mut state = State {
        graph: Some(PolicyGraph::new()),
        explicit_policy: initial(rules.explicit_policy),
        inhibit_any: initial(rules.inhibit_any_policy),
        policy_mapping: initial(rules.inhibit_policy_mapping),
        path_length: count,
        constraints: Constraints::default(),
    };
    sound(anchor, rules)?;
    if count > 0 {
        state.issue(&anchor.certificate)?;
    }
    for (position, node) in below.iter().enumerate().rev() {
        let certificate = &node.certificate;
        sound(node, rules)?;
        if let Err(fault) = SignatureAlgorithm::read(certificate.algorithm, None) {
            return Err(Finding::new(Step::Chain, fault.fault, fault.detail));
        }
        let last = position == 0;
        if last || !node.self_issued {
            state.constraints.check(certificate).map_err(|refused| constrained(&refused))?;
        }
        state.policies(certificate, last, node.self_issued)?;
        if last {
            state.end(certificate)?;
        } else {
            state.next(node)?;
            state.issue(certificate)?;
        }
    }
    let end = nodes.first().map_or(&anchor.certificate, |node| &node.certificate);
    purpose(nodes, end, rules)?;
    state.accepted(rules)
}

/// Validity, readable names and known critical extensions of any certificate of the path.
fn sound(node: &Node<'_>, rules: &Rules) -> Result<(), Finding> {
    let certificate = &node.certificate;
    if rules.at < certificate.not_before {
        return Err(Finding::new(Step::Chain, Fault::CertNotYetValid, "certificate is not yet valid"));
    }
    if rules.at > certificate.not_after {
        return Err(Finding::new(Step::Chain, Fault::CertExpired, "certificate has expired"));
    }
    if let Err(fault) = node.key() {
        let kind = if fault.fault == Fault::Malformed { Fault::CertDamaged } else { fault.fault };
        return Err(Finding::new(Step::Chain, kind, format!("certificate of the path: {}", fault.detail)));
    }
    if certificate.serial == [0] {
        return Err(damaged("serial number is zero"));
    }
    if node.issuer.is_empty() {
        return Err(damaged("issuer is empty"));
    }
    let extensions = &certificate.extensions;
    if let Some(kind) = extensions.critical().find(|kind| !UNDERSTOOD.contains(kind)) {
        return Err(chain(format!("critical extension {} is not understood", oid::dotted(kind))));
    }
    if extensions.is_authority && extensions.subject_key_id.is_none() {
        return Err(chain("authority's certificate names no key (subject key identifier)"));
    }
    if !node.is_anchor && extensions.content(oid::EXT_AUTHORITY_KEY_ID).is_none() {
        return Err(chain("certificate does not name its issuer's key (authority key identifier)"));
    }
    let alternative = alternative_names(certificate).map_err(unreadable)?;
    if node.subject.is_empty() {
        let critical = extensions.critical().any(|kind| kind == oid::EXT_SUBJECT_ALT_NAME);
        if extensions.is_authority || alternative.is_empty() || !critical {
            return Err(chain("subject is empty"));
        }
    }
    Ok(())
}

fn constrained(refused: &Refused) -> Finding {
    match refused {
        Refused::Malformed(error) => damaged(&format!("names of the certificate: {error}")),
        Refused::Permitted => chain("name lies outside the permitted subtrees"),
        Refused::Excluded => chain("name lies inside an excluded subtree"),
        Refused::TooMany => chain("more name constraints than the limits allow"),
    }
}

/// The extended key usages asked for, of the end certificate and of every authority that limits its own.
fn purpose(nodes: &[&Node<'_>], end: &Certificate<'_>, rules: &Rules) -> Result<(), Finding> {
    let Some(wanted) = &rules.purpose else { return Ok(()) };
    let allows = |certificate: &Certificate<'_>| {
        certificate.extensions.extended_key_usage.as_ref().is_none_or(|usages| {
            usages.iter().any(|usage| *usage == wanted.as_slice() || *usage == oid::ANY_EXTENDED_KEY_USAGE)
        })
    };
    let good = allows(end) && nodes.iter().all(|node| allows(&node.certificate));
    if good { Ok(()) } else { Err(Finding::new(Step::Chain, Fault::CertPurpose, "extended key usage")) }
}

impl State {
    /// Steps (d) to (f): the certificate's policies.
    fn policies(
        &mut self,
        certificate: &Certificate<'_>,
        last: bool,
        self_issued: bool,
    ) -> Result<(), Finding> {
        let extensions = &certificate.extensions;
        let policies = &extensions.policies;
        let distinct: BTreeSet<&&[u8]> = policies.iter().collect();
        if distinct.len() != policies.len() {
            return Err(damaged("a certificate policy is listed twice"));
        }
        if extensions.content(oid::EXT_POLICIES).is_none() {
            self.graph = None;
        }
        let any_allowed = self.inhibit_any > 0 || (!last && self_issued);
        if !self.graph.as_mut().is_some_and(|graph| graph.descend(policies, any_allowed)) {
            self.graph = None;
        }
        self.explicit()
    }

    fn explicit(&self) -> Result<(), Finding> {
        if self.explicit_policy > 0 || self.graph.is_some() {
            return Ok(());
        }
        let detail = "no certificate policy holds for the whole path";
        Err(Finding::new(Step::Chain, Fault::CertPolicy, detail))
    }

    /// RFC 5280, 6.1.4: preparation for the certificate below.
    fn next(&mut self, node: &Node<'_>) -> Result<(), Finding> {
        let extensions = &node.certificate.extensions;
        if let Some(content) = extensions.content(oid::EXT_POLICY_MAPPINGS) {
            let mappings = mappings(content).map_err(unreadable)?;
            let any = |policy: &[u8]| policy == oid::ANY_POLICY;
            if mappings.iter().any(|(issuer, subject)| any(issuer) || any(subject)) {
                return Err(Finding::new(Step::Chain, Fault::CertPolicy, "any policy is mapped"));
            }
            let inhibited = self.policy_mapping == 0;
            if !self.graph.as_mut().is_some_and(|graph| graph.map(&mappings, inhibited)) {
                self.graph = None;
            }
            self.explicit()?;
        }
        if !node.self_issued {
            self.explicit_policy = self.explicit_policy.saturating_sub(1);
            self.policy_mapping = self.policy_mapping.saturating_sub(1);
            self.inhibit_any = self.inhibit_any.saturating_sub(1);
            self.path_length = self
                .path_length
                .checked_sub(1)
                .ok_or_else(|| chain("more authorities than the path length allows"))?;
        }
        let limit = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
        let (require, inhibit) = policy_constraints(extensions.content(oid::EXT_POLICY_CONSTRAINTS))?;
        self.explicit_policy = self.explicit_policy.min(require.map_or(usize::MAX, limit));
        self.policy_mapping = self.policy_mapping.min(inhibit.map_or(usize::MAX, limit));
        if let Some(content) = extensions.content(oid::EXT_INHIBIT_ANY_POLICY) {
            let skip = der::only(content, der::INTEGER).and_then(der::small_integer).map_err(unreadable)?;
            self.inhibit_any = self.inhibit_any.min(limit(skip));
        }
        Ok(())
    }

    /// What any issuer must be, the anchor included: an authority that may sign certificates, and its constraints.
    fn issue(&mut self, certificate: &Certificate<'_>) -> Result<(), Finding> {
        let extensions = &certificate.extensions;
        if !extensions.is_authority {
            return Err(chain("issuer is no authority"));
        }
        if !extensions.may_sign_certificates() {
            return Err(chain("issuer may not sign certificates"));
        }
        if let Some(length) = extensions.path_length {
            self.path_length = self.path_length.min(usize::try_from(length).unwrap_or(usize::MAX));
        }
        if let Some(content) = extensions.content(oid::EXT_NAME_CONSTRAINTS) {
            self.constraints.add(content).map_err(unreadable)?;
        }
        Ok(())
    }

    /// RFC 5280, 6.1.5: the end certificate's own demand for a policy.
    fn end(&mut self, certificate: &Certificate<'_>) -> Result<(), Finding> {
        let extensions = &certificate.extensions;
        self.explicit_policy = self.explicit_policy.saturating_sub(1);
        let (require, _) = policy_constraints(extensions.content(oid::EXT_POLICY_CONSTRAINTS))?;
        if require == Some(0) {
            self.explicit_policy = 0;
        }
        if extensions.content(oid::EXT_NAME_CONSTRAINTS).is_some() && !extensions.is_authority {
            return Err(chain("name constraints in a certificate that is no authority's"));
        }
        Ok(())
    }

    /// Step (g) of 6.1.5: the policies of the path within those asked for.
    fn accepted(&self, rules: &Rules) -> Result<Vec<String>, Finding> {
        let found = self.graph.as_ref().map(PolicyGraph::authority_policies).unwrap_or_default();
        let any = oid::ANY_POLICY;
        let accepted: BTreeSet<&[u8]> = match &rules.policies {
            None => found.iter().map(Vec::as_slice).collect(),
            Some(wanted) if found.contains(any) => wanted.iter().map(Vec::as_slice).collect(),
            Some(wanted) => {
                wanted.iter().filter(|policy| found.contains(*policy)).map(Vec::as_slice).collect()
            }
        };
        if self.explicit_policy == 0 && accepted.is_empty() {
            let detail = "no certificate policy of those asked for holds for the whole path";
            return Err(Finding::new(Step::Chain, Fault::CertPolicy, detail));
        }
        Ok(accepted.into_iter().map(oid::dotted).collect())
    }
}

/// A policy of the issuer and what the subject calls it.
type Mapping<'a> = (&'a [u8], &'a [u8]);

fn mappings(content: &[u8]) -> Result<Vec<Mapping<'_>>, DerError> {
    let elements = der::only(content, der::SEQUENCE)?.inside().elements(64)?;
    let mut pairs = Vec::new();
    for element in elements {
        let mut parts = element.expect(der::SEQUENCE)?.inside();
        pairs.push((parts.take(der::OID)?.value, parts.take(der::OID)?.value));
        parts.end()?;
    }
    Ok(pairs)
}

/// `requireExplicitPolicy` and `inhibitPolicyMapping`.
fn policy_constraints(content: Option<&[u8]>) -> Result<(Option<u32>, Option<u32>), Finding> {
    let read = |content| -> Result<_, DerError> {
        let mut parts = der::only(content, der::SEQUENCE)?.inside();
        let as_number = |tlv: Tlv<'_>| der::small_integer(Tlv { tag: der::INTEGER, ..tlv });
        let require = parts.optional(der::context_primitive(0))?.map(as_number).transpose()?;
        let inhibit = parts.optional(der::context_primitive(1))?.map(as_number).transpose()?;
        parts.end()?;
        if require.is_none() && inhibit.is_none() { Err(DerError::Value) } else { Ok((require, inhibit)) }
    };
    content.map_or(Ok((None, None)), |content| read(content).map_err(unreadable))
}
