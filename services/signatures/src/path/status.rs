//! Revocation status of a path from the evidence that a trust store holds ready.

use chrono::{DateTime, Utc};

use super::build::{Node, Search};
use super::crl::Crl;
use super::{CLOCK_SKEW, Path, Rules, damaged, revocation};
use crate::certificate::Certificate;
use crate::cms::Stapled;
use crate::fault::Fault;
use crate::profile::StatusRules;
use crate::report::{Finding, RevocationFacts, RevocationStatus, Step};
use crate::trust::{Authority, TrustStore, crl, ocsp};

/// Revocation evidence of a whole path and the time in which all of it holds.
#[derive(Debug)]
pub(crate) struct Status {
    pub(crate) evidence: Vec<RevocationFacts>,
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

impl Status {
    /// Holds no longer than this evidence counts.
    fn narrow(&mut self, used: &RevocationFacts, rules: &StatusRules) {
        self.from = self.from.max(used.this_update - CLOCK_SKEW);
        self.until = self.until.min(rules.last(used));
    }
}

impl Path {
    /// Revocation status of every certificate below the anchor, from ready lists, answers and special lists.
    pub(crate) fn status(
        &self,
        store: &TrustStore,
        at: DateTime<Utc>,
        stapled: &Stapled<'_>,
        rules: &StatusRules,
    ) -> Result<Status, (Finding, Vec<RevocationFacts>)> {
        let ready = self.ready_status(store, at, stapled, rules);
        if store.special_lists().is_empty() {
            return ready;
        }
        let lacking = ready.as_ref().is_err_and(|(finding, _)| finding.fault.retryable());
        match (self.listed(store, at), ready) {
            (Err(finding), Err(ready)) if finding.fault.retryable() => Err(ready),
            (Err(finding), Ok(status)) if finding.fault.retryable() => Ok(status),
            (Err(finding), _) => Err((finding, Vec::new())),
            (Ok(evidence), Err(_)) if lacking => Ok(self.status_of(evidence)),
            (Ok(evidence), Ok(mut status)) => {
                for used in &evidence {
                    status.narrow(used, rules);
                }
                status.evidence.extend(evidence);
                Ok(status)
            }
            (Ok(_), Err(ready)) => Err(ready),
        }
    }

    /// Status by the full rules of RFC 5280, 6.3, over all lists.
    fn listed(&self, store: &TrustStore, at: DateTime<Utc>) -> Result<Vec<RevocationFacts>, Finding> {
        let last = self.certificates.len().saturating_sub(1);
        let own = self.certificates.iter().enumerate().map(|(at, raw)| (raw.as_slice(), at == last));
        let anchors = store.anchors.iter().map(|authority| (authority.der.as_slice(), true));
        let others = store.intermediates.iter().map(|authority| (authority.der.as_slice(), false));
        let mut nodes: Vec<Node<'_>> = Vec::new();
        for (raw, is_anchor) in own.chain(anchors).chain(others) {
            if !nodes.iter().any(|node| node.certificate.raw == raw) {
                nodes.push(Node::parse(raw, is_anchor).map_err(|error| damaged(&error.to_string()))?);
            }
        }
        let lists = store.special_lists().iter().filter_map(|raw| Crl::parse(raw).ok()).collect();
        let search = Search::new(nodes, lists);
        let chain: Vec<usize> = (0..self.certificates.len()).collect();
        revocation::examine(&search, &chain, &Rules::new(at), &mut Vec::new())
    }

    fn status_of(&self, evidence: Vec<RevocationFacts>) -> Status {
        let mut status =
            Status { evidence: Vec::new(), from: DateTime::<Utc>::MIN_UTC, until: DateTime::<Utc>::MAX_UTC };
        for raw in &self.certificates {
            let Ok(certificate) = Certificate::parse(raw) else { continue };
            status.from = status.from.max(certificate.not_before);
            status.until = status.until.min(certificate.not_after);
        }
        for used in &evidence {
            status.narrow(used, &StatusRules::default());
        }
        status.evidence = evidence;
        status
    }

    /// Status by the lists and answers that were verified when they came; the first that is not good ends it.
    fn ready_status(
        &self,
        store: &TrustStore,
        at: DateTime<Utc>,
        stapled: &Stapled<'_>,
        rules: &StatusRules,
    ) -> Result<Status, (Finding, Vec<RevocationFacts>)> {
        let mut status = self.status_of(Vec::new());
        for pair in self.certificates.windows(2) {
            let [subject, issuer] = pair else { continue };
            let (Ok(subject), Ok(issuer)) = (Certificate::parse(subject), Certificate::parse(issuer)) else {
                return Err((damaged("a certificate of the path cannot be read"), status.evidence));
            };
            let mut evidence = evidence(store, &subject, &issuer, at);
            if !stapled.is_empty() {
                evidence.extend(came_along(stapled, &subject, &issuer, at));
            }
            match judge(&evidence, at, rules) {
                Ok(used) => {
                    status.narrow(used, rules);
                    status.evidence.push(used.clone());
                }
                Err((Fault::StatusUnavailable, _)) if rules.soft => {
                    // Nothing vouches for this: it is asked again at the next message.
                    status.until = status.until.min(at);
                }
                Err((fault, detail)) => {
                    status.evidence.extend(evidence);
                    let detail = format!("{detail}: certificate {}", hex::encode(subject.serial));
                    return Err((Finding::new(Step::Revocation, fault, detail), status.evidence));
                }
            }
        }
        Ok(status)
    }
}

/// Everything at hand about one certificate.
fn evidence(
    store: &TrustStore,
    subject: &Certificate<'_>,
    issuer: &Certificate<'_>,
    at: DateTime<Utc>,
) -> Vec<RevocationFacts> {
    let issuer_id = issuer.issuer_id();
    let sha256 = subject.sha256();
    let crl = store.crl(&issuer_id);
    let listed = crl.and_then(|crl| crl.status(subject.serial, subject.extensions.is_authority, &sha256));
    let mut found: Vec<RevocationFacts> = listed.into_iter().collect();
    for answer in store.answers() {
        found.extend(answer.status(&issuer_id, subject, at));
    }
    found
}

/// What came along with a message about one certificate, as far as its issuer vouches for it.
fn came_along(
    stapled: &Stapled<'_>,
    subject: &Certificate<'_>,
    issuer: &Certificate<'_>,
    at: DateTime<Utc>,
) -> Vec<RevocationFacts> {
    let Ok(authority) = Authority::from_der(issuer.raw) else { return Vec::new() };
    let sha256 = subject.sha256();
    let mut found = Vec::new();
    for raw in &stapled.lists {
        if crl::issuer_name(raw).is_ok_and(|name| name == authority.subject)
            && let Ok(list) = crl::Crl::import(raw, &authority)
        {
            found.extend(list.status(subject.serial, subject.extensions.is_authority, &sha256));
        }
    }
    for raw in &stapled.responses {
        let answers = ocsp::import_basic(raw, &std::iter::once(&authority)).unwrap_or_default();
        found.extend(answers.iter().filter_map(|answer| answer.status(&authority.id, subject, at)));
    }
    found
}

/// The newest fresh evidence when it says good; a revocation counts however old its evidence is.
fn judge<'f>(
    evidence: &'f [RevocationFacts],
    at: DateTime<Utc>,
    rules: &StatusRules,
) -> Result<&'f RevocationFacts, (Fault, &'static str)> {
    if evidence.iter().any(|facts| facts.status == RevocationStatus::Revoked) {
        return Err((Fault::CertRevoked, "revoked"));
    }
    let fresh = evidence.iter().filter(|facts| {
        let known = facts.status != RevocationStatus::Unknown;
        known && facts.this_update - CLOCK_SKEW <= at && at <= rules.last(facts)
    });
    match fresh.max_by_key(|facts| facts.this_update) {
        Some(facts) if facts.status == RevocationStatus::Good => Ok(facts),
        Some(_) => Err((Fault::CertOnHold, "on hold")),
        None => Err((Fault::StatusUnavailable, "no fresh revocation status")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path as FilePath;

    use super::*;
    use crate::path;

    /// Paths of the suite with lists of every kind, through a trust store as the edge holds it.
    #[test]
    fn a_trust_store_reads_lists_of_every_kind() {
        let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-pkits");
        let Ok(rows) = fs::read(folder.join("cases.json")) else {
            println!("skipped: the shared path suite is not here");
            return;
        };
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&rows).unwrap();
        let (mut accepted, mut wrong) = (0, Vec::new());
        for row in rows.iter().filter(|row| row["initial_policy_set"][0] == "2.5.29.32.0") {
            let read = |kind: &str, name: &serde_json::Value| {
                fs::read(folder.join(kind).join(name.as_str().unwrap())).unwrap()
            };
            let all = |kind: &str| -> Vec<Vec<u8>> {
                row[kind].as_array().unwrap().iter().map(|name| read(kind, name)).collect()
            };
            let mut trust = TrustStore::builder(1);
            trust.anchor(&read("certs", &row["trust_anchor"])).unwrap();
            let others = all("certs");
            for other in &others {
                let _ = trust.intermediate(other).is_ok();
            }
            for list in all("crls") {
                let _ = trust.crl(&list).is_ok();
            }
            let trust = trust.build();
            let at: DateTime<Utc> = row["time"].as_str().unwrap().parse().unwrap();
            let leaf = read("certs", &row["end_entity"]);
            let Ok(leaf) = Certificate::parse(&leaf) else { continue };
            let embedded: Vec<&[u8]> = others.iter().map(Vec::as_slice).collect();
            let good = path::build(&trust, &leaf, &embedded, at).is_ok_and(|path| {
                path.status(&trust, at, &Stapled::default(), &StatusRules::default()).is_ok()
            });
            accepted += u32::from(good);
            let switched = ["explicit_policy", "inhibit_policy_mapping", "inhibit_any_policy"];
            let plain = switched.iter().all(|switch| row[*switch] == false);
            if good && plain && row["expected"] != "valid" {
                wrong.push(row["title"].to_string());
            }
        }
        println!("{accepted} accepted");
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(accepted >= 40, "{accepted}");
    }
}
