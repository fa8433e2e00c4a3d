//! Search for a path: from the end certificate up through known authorities to an anchor, within a budget.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use super::crl::{Crl, authority_key};
use super::general_name::GeneralName;
use super::{Rules, ValidPath, damaged, revocation, validate};
use crate::algorithm::{self, AlgorithmFault, Key, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::der::{DerError, Tlv};
use crate::fault::Fault;
use crate::name::{self, Canonical};
use crate::oid;
use crate::report::{Finding, Step};

/// Most signatures verified for one path.
const SIGNATURES_MAX: u32 = 256;
/// Most certificates of a chain, those that authorities issue to themselves included.
const LENGTH_MAX: usize = 24;
/// Most complete chains examined for one certificate.
const CHAINS_MAX: u32 = 64;

/// A certificate of the pool.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) certificate: Certificate<'a>,
    pub(super) subject: Canonical,
    pub(super) issuer: Canonical,
    pub(super) self_issued: bool,
    pub(super) is_anchor: bool,
    key: OnceCell<Result<Key, AlgorithmFault>>,
}

impl<'a> Node<'a> {
    pub(super) fn parse(raw: &'a [u8], is_anchor: bool) -> Result<Self, DerError> {
        let certificate = Certificate::parse(raw)?;
        let subject = name::canonical(certificate.subject)?;
        let issuer = name::canonical(certificate.issuer)?;
        let self_issued = subject == issuer;
        Ok(Self { certificate, subject, issuer, self_issued, is_anchor, key: OnceCell::new() })
    }

    pub(super) fn key(&self) -> Result<&Key, &AlgorithmFault> {
        self.key.get_or_init(|| algorithm::public_key(self.certificate.spki)).as_ref()
    }
}

/// All that one search knows; the end certificate is node 0.
pub(super) struct Search<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) crls: Vec<Crl<'a>>,
    links: RefCell<HashMap<(usize, usize), bool>>,
    signatures: Cell<u32>,
}

/// Certificates whose own status is being examined, so that a list never has to vouch for itself for ever.
pub(super) type Guard = Vec<usize>;

impl<'a> Search<'a> {
    pub(super) fn new(nodes: Vec<Node<'a>>, crls: Vec<Crl<'a>>) -> Self {
        Self { nodes, crls, links: RefCell::default(), signatures: Cell::new(0) }
    }

    /// The first chain from `start` to an anchor (to `only` where given) that is valid.
    pub(super) fn path(
        &self,
        start: usize,
        rules: &Rules,
        only: Option<usize>,
        guard: &mut Guard,
    ) -> Result<ValidPath, Finding> {
        let mut attempt = Attempt { rules, only, guard, chains: 0, worst: None, hint: None };
        if let Some(valid) = self.extend(&mut vec![start], &mut attempt) {
            return Ok(valid);
        }
        let Attempt { worst, hint, .. } = attempt;
        Err(worst
            .or(hint)
            .unwrap_or_else(|| Finding::new(Step::Chain, Fault::CertUntrusted, "no path to a trust anchor")))
    }

    fn extend(&self, chain: &mut Vec<usize>, attempt: &mut Attempt<'_>) -> Option<ValidPath> {
        let last = *chain.last()?;
        let node = self.nodes.get(last)?;
        if node.is_anchor && attempt.only.is_none_or(|only| only == last) {
            return self.examine(chain, attempt);
        }
        let counted =
            chain.iter().skip(1).filter(|at| self.nodes.get(**at).is_some_and(|node| !node.self_issued));
        let too_long = counted.count() > attempt.rules.authorities_max || chain.len() > LENGTH_MAX;
        if too_long || attempt.chains > CHAINS_MAX {
            return None;
        }
        let mut candidates: Vec<usize> =
            (0..self.nodes.len()).filter(|at| self.may_follow(chain, node, *at)).collect();
        candidates.sort_by_key(|at| !self.nodes.get(*at).is_some_and(|node| node.is_anchor));
        for at in candidates {
            match self.linked(last, at) {
                Ok(true) => {}
                Ok(false) => {
                    let detail = "signature of a certificate does not verify under its issuer";
                    attempt.hint.get_or_insert_with(|| damaged(detail));
                    continue;
                }
                Err(finding) => {
                    attempt.hint.get_or_insert(finding);
                    continue;
                }
            }
            chain.push(at);
            let found = self.extend(chain, attempt);
            chain.pop();
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Whether node `at` bears the issuer's name and key identifier and is not in the chain already.
    fn may_follow(&self, chain: &[usize], node: &Node<'_>, at: usize) -> bool {
        let Some(issuer) = self.nodes.get(at) else { return false };
        let same_key = |known: &usize| {
            self.nodes.get(*known).is_some_and(|known| {
                known.subject == issuer.subject && known.certificate.spki == issuer.certificate.spki
            })
        };
        issuer.subject == node.issuer
            && !chain.contains(&at)
            && !chain.iter().any(same_key)
            && is_named(node.certificate.extensions.content(oid::EXT_AUTHORITY_KEY_ID), issuer)
    }

    /// Whether `issuer` signed the certificate of `subject`.
    fn linked(&self, subject: usize, issuer: usize) -> Result<bool, Finding> {
        if let Some(known) = self.links.borrow().get(&(subject, issuer)) {
            return Ok(*known);
        }
        let Some(certificate) = self.nodes.get(subject).map(|node| &node.certificate) else {
            return Ok(false);
        };
        let good = self.signed(issuer, certificate.signed, certificate.algorithm, certificate.signature)?;
        self.links.borrow_mut().insert((subject, issuer), good);
        Ok(good)
    }

    /// Whether the key of `issuer` made a signature, with an algorithm of the profile.
    pub(super) fn signed(
        &self,
        issuer: usize,
        signed: &[u8],
        algorithm: Tlv<'_>,
        signature: &[u8],
    ) -> Result<bool, Finding> {
        let refused = |fault: &AlgorithmFault| {
            let kind = if fault.fault == Fault::Malformed { Fault::CertDamaged } else { fault.fault };
            Finding::new(Step::Chain, kind, format!("certificate of the path: {}", fault.detail))
        };
        if self.signatures.get() >= SIGNATURES_MAX {
            return Err(Finding::new(Step::Chain, Fault::CertUntrusted, "search for a path is too long"));
        }
        self.signatures.set(self.signatures.get() + 1);
        let Some(node) = self.nodes.get(issuer) else { return Ok(false) };
        let key = node.key().map_err(refused)?;
        let algorithm = SignatureAlgorithm::read(algorithm, None).map_err(|fault| refused(&fault))?;
        Ok(algorithm.fits(key).is_ok() && algorithm.verifies(key, &[signed], signature))
    }

    /// Validates a complete chain and the status of each certificate of it.
    fn examine(&self, chain: &[usize], attempt: &mut Attempt<'_>) -> Option<ValidPath> {
        attempt.chains += 1;
        let nodes: Vec<&Node<'_>> = chain.iter().filter_map(|at| self.nodes.get(*at)).collect();
        let outcome = validate::validate(&nodes, attempt.rules).and_then(|policies| {
            let evidence = revocation::examine(self, chain, attempt.rules, attempt.guard)?;
            let certificates = nodes.iter().map(|node| node.certificate.raw.to_vec()).collect();
            Ok(ValidPath { certificates, policies, revocation: evidence })
        });
        match outcome {
            Ok(valid) => Some(valid),
            Err(finding) => {
                attempt.worst.get_or_insert(finding);
                None
            }
        }
    }
}

/// Whether an authority key identifier, where there is one, is that of `issuer`.
pub(super) fn is_named(identifier: Option<&[u8]>, issuer: &Node<'_>) -> bool {
    let Some(content) = identifier else { return true };
    let Ok((key, issued)) = authority_key(content) else { return false };
    let same_key = match (key, issuer.certificate.extensions.subject_key_id) {
        (Some(wanted), Some(found)) => wanted == found,
        _ => true,
    };
    same_key
        && issued.is_none_or(|issued| {
            issued.serial == issuer.certificate.serial
                && issued.names.contains(&GeneralName::Directory(issuer.issuer.clone()))
        })
}

/// One search and what it met on the way.
struct Attempt<'r> {
    rules: &'r Rules,
    only: Option<usize>,
    guard: &'r mut Guard,
    chains: u32,
    /// Why the first complete chain is not valid.
    worst: Option<Finding>,
    /// Why no chain could be completed.
    hint: Option<Finding>,
}
