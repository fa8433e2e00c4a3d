//! Revocation status by lists (RFC 5280, 6.3): distribution points, reasons, indirect and delta lists, their signers.

use super::build::{Guard, Node, Search};
use super::crl::{ALL_REASONS, Crl, Point, is_at_most};
use super::{CLOCK_SKEW, Revocation, Rules};
use crate::fault::Fault;
use crate::oid;
use crate::report::{Finding, RevocationFacts, RevocationSource, RevocationStatus, Step};

/// Deepest nesting of lists whose signers need lists themselves.
const NESTING_MAX: usize = 4;
/// Entry of a delta list that takes an entry of the base back.
const REMOVE_FROM_CRL: u8 = 8;

/// Status of every certificate below the anchor; the first that is not good ends it.
pub(super) fn examine(
    search: &Search<'_>,
    chain: &[usize],
    rules: &Rules,
    guard: &mut Guard,
) -> Result<Vec<RevocationFacts>, Finding> {
    let mut evidence = Vec::new();
    if rules.revocation == Revocation::Ignored {
        return Ok(evidence);
    }
    for (position, at) in chain.iter().enumerate().take(chain.len().saturating_sub(1)).rev() {
        let Some(subject) = search.nodes.get(*at) else { continue };
        let above = chain.get(position + 1..).unwrap_or_default();
        let mut status = Status { search, rules, subject, at: *at, above, guard };
        match status.find() {
            Ok(facts) => evidence.extend(facts),
            Err(finding) if finding.fault.retryable() && rules.revocation == Revocation::WhereKnown => {}
            Err(finding) => return Err(finding),
        }
    }
    Ok(evidence)
}

/// One certificate whose status is asked for.
struct Status<'s, 'a> {
    search: &'s Search<'a>,
    rules: &'s Rules,
    subject: &'s Node<'a>,
    at: usize,
    /// Issuers up to the anchor.
    above: &'s [usize],
    guard: &'s mut Guard,
}

impl Status<'_, '_> {
    fn finding(&self, fault: Fault, detail: &str) -> Finding {
        let serial = hex::encode(self.subject.certificate.serial);
        Finding::new(Step::Revocation, fault, format!("{detail}: certificate {serial}"))
    }

    fn find(&mut self) -> Result<Vec<RevocationFacts>, Finding> {
        let issuer = &self.subject.issuer;
        let content = self.subject.certificate.extensions.content(oid::EXT_CRL_DISTRIBUTION_POINTS);
        let mut points = match content.map(|content| Point::read_all(content, issuer)) {
            None => Vec::new(),
            Some(Ok(points)) => points,
            Some(Err(error)) => {
                return Err(self.finding(Fault::CertDamaged, &format!("distribution points: {error}")));
            }
        };
        points.push(Point::of_issuer(issuer));
        let mut order: Vec<&Crl<'_>> = self.search.crls.iter().filter(|crl| crl.base.is_none()).collect();
        order.sort_by(|left, right| {
            let rank = |crl: &Crl<'_>| (crl.number.len(), crl.number.to_vec(), crl.this_update);
            rank(right).cmp(&rank(left))
        });
        let mut covered = 0;
        let mut evidence = Vec::new();
        for point in &points {
            for crl in &order {
                let reasons = self.speaks(crl, point);
                if covered == ALL_REASONS || reasons & !covered == 0 || !self.usable(crl) {
                    continue;
                }
                evidence.push(self.read(crl)?);
                covered |= reasons;
            }
        }
        if covered == ALL_REASONS {
            Ok(evidence)
        } else {
            Err(self.finding(Fault::StatusUnavailable, "no fresh revocation status for all reasons"))
        }
    }

    /// Reasons for which `crl` speaks of the certificate by way of `point`; none when it does not.
    fn speaks(&self, crl: &Crl<'_>, point: &Point) -> u16 {
        let issued_here = if point.issuers.is_empty() {
            crl.issuer == self.subject.issuer
        } else {
            point.issuers.contains(&crl.issuer) && (crl.scope.indirect || crl.issuer == self.subject.issuer)
        };
        let is_authority = self.subject.certificate.extensions.is_authority;
        let scope = &crl.scope;
        let kind = scope.kinds.include(is_authority);
        if issued_here && kind && point.is_of(scope.names.as_deref()) {
            scope.reasons & point.reasons
        } else {
            0
        }
    }

    fn is_fresh(&self, crl: &Crl<'_>) -> bool {
        crl.this_update - CLOCK_SKEW <= self.rules.at && self.rules.at <= crl.next_update
    }

    fn usable(&mut self, crl: &Crl<'_>) -> bool {
        self.is_fresh(crl) && self.has_signer(crl)
    }

    /// Whether the list is signed by a key that the same anchor vouches for.
    fn has_signer(&mut self, crl: &Crl<'_>) -> bool {
        let anchor = self.above.last().copied();
        for (at, node) in self.search.nodes.iter().enumerate() {
            let entitled = node.subject == crl.issuer
                && node.certificate.extensions.may_sign_crls()
                && is_named_key(crl, node)
                && self.is_signed(crl, at);
            if entitled && (self.above.contains(&at) || self.vouched_for(at, anchor)) {
                return true;
            }
        }
        false
    }

    fn is_signed(&self, crl: &Crl<'_>, by: usize) -> bool {
        let known = crl.signers.borrow().get(&by).copied();
        known.unwrap_or_else(|| {
            let good = self.search.signed(by, crl.signed, crl.algorithm, crl.signature).unwrap_or(false);
            crl.signers.borrow_mut().insert(by, good);
            good
        })
    }

    /// Whether a signer of lists outside the path has a valid path of its own, its own status included.
    fn vouched_for(&mut self, signer: usize, anchor: Option<usize>) -> bool {
        let known = self.guard.contains(&signer) || signer == self.at;
        let mut rules = Rules::new(self.rules.at);
        rules.authorities_max = self.rules.authorities_max;
        rules.revocation = if known { Revocation::Ignored } else { Revocation::Required };
        if !known && self.guard.len() >= NESTING_MAX {
            return false;
        }
        self.guard.push(signer);
        let outcome = self.search.path(signer, &rules, anchor, self.guard);
        self.guard.pop();
        outcome.is_ok()
    }

    /// The entry for the certificate in a complete list, brought up to date by its newest delta.
    fn read(&mut self, crl: &Crl<'_>) -> Result<RevocationFacts, Finding> {
        let unreadable = |error: crate::der::DerError| {
            Finding::new(Step::Revocation, Fault::StatusUnavailable, format!("revocation list: {error}"))
        };
        let serial = self.subject.certificate.serial;
        let mut entry = crl.find(&self.subject.issuer, serial).map_err(unreadable)?;
        let mut used = crl;
        let mut deltas: Vec<&Crl<'_>> = self.search.crls.iter().filter(|delta| amends(delta, crl)).collect();
        deltas.sort_by_key(|delta| (delta.number.len(), delta.number.to_vec()));
        while let Some(delta) = deltas.pop() {
            if !self.usable(delta) {
                continue;
            }
            match delta.find(&self.subject.issuer, serial).map_err(unreadable)? {
                Some(REMOVE_FROM_CRL) => entry = None,
                Some(other) => entry = Some(other),
                None => {}
            }
            used = delta;
            break;
        }
        match entry {
            Some(6) => Err(self.finding(Fault::CertOnHold, "on hold")),
            Some(_) => Err(self.finding(Fault::CertRevoked, "revoked")),
            None => Ok(RevocationFacts {
                cert: hex::encode(self.subject.certificate.sha256()),
                source: RevocationSource::Crl,
                this_update: used.this_update,
                next_update: used.next_update.min(crl.next_update),
                number: (!used.number.is_empty()).then(|| hex::encode(used.number)),
                status: RevocationStatus::Good,
                reason: None,
            }),
        }
    }
}

fn is_named_key(crl: &Crl<'_>, node: &Node<'_>) -> bool {
    match (crl.authority_key, node.certificate.extensions.subject_key_id) {
        (Some(wanted), Some(found)) => wanted == found,
        _ => true,
    }
}

/// Whether a delta list continues a complete one: same issuer, scope and key, numbers that meet.
fn amends(delta: &Crl<'_>, complete: &Crl<'_>) -> bool {
    delta.base.is_some_and(|base| is_at_most(base, complete.number))
        && is_at_most(complete.number, delta.number)
        && !complete.number.is_empty()
        && delta.issuer == complete.issuer
        && delta.issuing_point == complete.issuing_point
        && delta.authority_key == complete.authority_key
}
