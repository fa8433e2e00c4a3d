//! Verification at the edge: no document goes further without evidence that its signature holds.

use std::{sync::Arc, thread};

use crate::threads::Threads;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use customs_gateway_contract::problems;
use customs_kernel::{Clock, Finding, Problem, problem};
use customs_platform::metrics;
use customs_signatures::{
    CheckResult, EvidenceKey, Fault, Level, SignatureRefusal, SignerReport, TrustFacts, VerifiedDocument,
    Verifier, XmlForm,
};

/// How many verifications are under way or queued that may take long; the rest waits for a turn.
const SLOW_MAX: usize = 32;
/// Threads for each processor: a long document must not hold up those that come after it.
const THREADS_EACH: usize = 2;

type Verified = Result<VerifiedDocument, SignatureRefusal>;

/// A signature as it came.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Sent {
    /// CMS (DER), detached.
    Cms(Vec<u8>),
    /// JWS, detached and unencoded (RFC 7797).
    Jws(String),
    /// Enveloped in the XML document itself (XAdES).
    Within,
}

impl Sent {
    /// Whether the text of a document says that a signature stands in it; whether it does, the verification finds out.
    pub(crate) fn stands_in(document: &str) -> bool {
        document.contains("http://www.w3.org/2000/09/xmldsig#")
    }
}

/// The verifier with what it needs around it.
pub(crate) struct Signatures {
    verifier: Arc<Verifier>,
    evidence: EvidenceKey,
    clock: Arc<dyn Clock>,
    threads: Threads,
    octets_max: usize,
}

impl Signatures {
    /// Verification by `verifier`, sealed with `evidence`, of signatures up to `octets_max`; starts threads for it.
    pub(crate) fn new(
        verifier: Arc<Verifier>,
        evidence: EvidenceKey,
        clock: Arc<dyn Clock>,
        octets_max: usize,
    ) -> std::io::Result<Self> {
        let number = thread::available_parallelism().map_or(1, usize::from) * THREADS_EACH;
        let threads = Threads::start("signature", number, SLOW_MAX)?;
        Ok(Self { verifier, evidence, clock, threads, octets_max })
    }

    /// What signatures are held against now.
    pub(crate) fn trust(&self) -> TrustFacts {
        self.verifier.trust().told()
    }

    /// A signature that was sent beside its document, CMS in Base64 or JWS, found at `pointer`.
    pub(crate) fn decode(&self, signature: Option<&str>, pointer: &str) -> Result<Sent, Problem> {
        let text = signature.filter(|text| !text.is_empty()).ok_or_else(|| {
            problems::SIGNATURE_REQUIRED.because("the signature of the document is missing").at(pointer)
        })?;
        if text.len() > self.octets_max * 4 / 3 + 4 {
            let why = format!("the signature is longer than {} octets", self.octets_max);
            return Err(Fault::TooLarge.refuse(&why, pointer));
        }
        // No Base64 of CMS has a full stop, every JWS has two.
        if text.contains('.') {
            return Ok(Sent::Jws(text.to_owned()));
        }
        let wrong = || problem::INPUT_INVALID.because("the signature is not Base64").at(pointer);
        STANDARD.decode(text).map(Sent::Cms).map_err(|_| wrong())
    }

    /// Verifies `signature` over exactly `payload` as of now at `level`: here, where it is known beforehand to be a matter
    /// of microseconds, otherwise on a thread that may be held up.
    pub(crate) async fn verify(
        &self,
        payload: &[u8],
        signature: Sent,
        level: Level,
    ) -> Result<VerifiedDocument, Problem> {
        let (since, now) = (tokio::time::Instant::now(), self.clock.now());
        let quick = self.if_quick(payload, &signature, (now, level));
        let way = if quick.is_some() { "quick" } else { "slow" };
        let verified = match quick {
            Some(verified) => verified,
            None => self.on_a_thread(payload.to_vec(), signature, (now, level)).await?,
        };
        metrics::verification(way, since.elapsed());
        match &verified {
            Ok(_) => metrics::signature("accepted", "none"),
            Err(refusal) if refusal.retryable() => metrics::signature("undecided", refusal.code().as_str()),
            Err(refusal) => metrics::signature("refused", refusal.code().as_str()),
        }
        verified.map_err(|refusal| refused(&refusal))
    }

    /// The verdict, where it is known to be quick; a document is never parsed here.
    fn if_quick(
        &self,
        payload: &[u8],
        signature: &Sent,
        (now, level): (DateTime<Utc>, Level),
    ) -> Option<Verified> {
        match signature {
            Sent::Cms(octets) => self.verifier.verify_detached_if_quick(payload, octets, now, level),
            Sent::Jws(text) => self.verifier.verify_jws_if_quick(payload, text, now),
            Sent::Within => None,
        }
    }

    async fn on_a_thread(
        &self,
        payload: Vec<u8>,
        signature: Sent,
        (now, level): (DateTime<Utc>, Level),
    ) -> Result<Verified, Problem> {
        let verifier = Arc::clone(&self.verifier);
        let verify = move || match signature {
            Sent::Cms(octets) => verifier.verify_detached_at_level(&payload, &octets, now, level),
            Sent::Jws(text) => verifier.verify_jws(&payload, &text, now),
            Sent::Within => verifier.verify_xml(&payload, now, XmlForm::Advanced(level)),
        };
        let verified = self.threads.run(verify).await;
        verified.ok_or_else(|| problem::INTERNAL.because("the verification was interrupted"))
    }

    /// Verifies `signature` over `content` and seals the evidence for the service that acts on it.
    pub(crate) async fn evidence(
        &self,
        content: &str,
        signature: Sent,
    ) -> Result<serde_json::Value, Problem> {
        let level = self.verifier.profile().level();
        let document = self.verify(content.as_bytes(), signature, level).await?;
        let sealed = document.seal(&self.evidence).ok();
        sealed.and_then(|sealed| serde_json::to_value(sealed).ok()).ok_or_else(|| {
            tracing::error!("evidence could not be sealed");
            problem::INTERNAL.because("the evidence could not be sealed")
        })
    }
}

/// The problem of the worst fault; its findings tell of every signer.
fn refused(refusal: &SignatureRefusal) -> Problem {
    let mut problem = refusal.fault().refuse(refusal.detail(), "/signature");
    let signers = &refusal.report().signers;
    if signers.len() > 1 {
        problem.errors.extend(signers.iter().enumerate().filter_map(of_signer));
    }
    problem
}

/// What is wrong with one signer of several.
fn of_signer((number, signer): (usize, &SignerReport)) -> Option<Finding> {
    let failed = signer.checks.iter().find(|check| check.result == CheckResult::Fail)?;
    let (code, detail) = (failed.code?.as_str(), failed.detail.clone().unwrap_or_default());
    Some(Finding::new(code, format!("/signature/signers/{number}"), detail))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use chrono::TimeDelta;
    use customs_kernel::ManualClock;
    use customs_signatures::{
        Profile, Seal, TrustStore,
        issue::{Authority, Credential, KeyKind, Subject, Usage, Validity},
    };

    use super::*;

    struct Edge {
        signatures: Signatures,
        root: Authority,
        signer: Credential,
        now: DateTime<Utc>,
    }

    impl Edge {
        fn new() -> Self {
            let now = DateTime::from_str("2026-06-01T12:00:00Z").unwrap();
            let span = Validity { not_before: now - TimeDelta::days(9), not_after: now + TimeDelta::days(9) };
            let root = Authority::root("Root", KeyKind::P256, span).unwrap();
            let subject = Subject { common_name: "Broker".to_owned(), ..Subject::default() };
            let signer = root.issue(&subject, Usage::Signing, KeyKind::P256, span).unwrap();
            let mut trust = TrustStore::builder(1);
            trust.anchor(&root.certificate().unwrap()).unwrap();
            trust.crl(&Self::list(&root, 1, now)).unwrap();
            let verifier = Arc::new(Verifier::new(trust.build(), Profile::ec_sig_1()));
            let evidence = EvidenceKey::new(vec![7; 32]).unwrap();
            let clock = Arc::new(ManualClock::at(now));
            let signatures = Signatures::new(verifier, evidence, clock, 65_536).unwrap();
            Self { signatures, root, signer, now }
        }

        fn list(root: &Authority, number: u64, now: DateTime<Utc>) -> Vec<u8> {
            root.revocation_list(number, now - TimeDelta::hours(1), now + TimeDelta::hours(1), &[]).unwrap()
        }

        fn is_quick(&self, payload: &[u8], sent: &Sent) -> bool {
            self.signatures.if_quick(payload, sent, (self.now, Level::B)).is_some()
        }

        async fn accepts(&self, payload: &[u8], sent: Sent) -> bool {
            self.signatures.verify(payload, sent, Level::B).await.is_ok()
        }
    }

    #[tokio::test]
    async fn a_signer_waits_for_a_thread_once_for_each_trust() {
        let edge = Edge::new();
        let payload: &[u8] = b"declaration";
        let cms = || Sent::Cms(edge.signer.sign_detached(payload, edge.now).unwrap());
        let seal = Seal::new(vec![edge.signer.clone()]).unwrap();
        let jws = || Sent::Jws(seal.sign_jws(payload, edge.now).unwrap());
        assert!(!edge.is_quick(payload, &cms()) && !edge.is_quick(payload, &jws()));
        assert!(edge.accepts(payload, cms()).await);
        assert!(edge.is_quick(payload, &cms()) && edge.is_quick(payload, &jws()));
        assert!(edge.accepts(payload, cms()).await && edge.accepts(payload, jws()).await);
        assert!(!edge.accepts(b"another", cms()).await && !edge.accepts(b"another", jws()).await);

        let verifier = &edge.signatures.verifier;
        let mut next = verifier.trust().next(2);
        next.crl(&Edge::list(&edge.root, 2, edge.now)).unwrap();
        verifier.swap_trust(next.build()).unwrap();
        assert!(!edge.is_quick(payload, &cms()) && !edge.is_quick(payload, &jws()));
        assert!(edge.accepts(payload, jws()).await);
        assert!(edge.is_quick(payload, &cms()));
    }

    #[tokio::test]
    async fn a_payload_that_takes_long_to_hash_waits_for_a_thread() {
        let edge = Edge::new();
        let mut payload = vec![b'a'; 1 << 20];
        let cms = |payload: &[u8]| Sent::Cms(edge.signer.sign_detached(payload, edge.now).unwrap());
        assert!(edge.accepts(&payload, cms(&payload)).await);
        assert!(edge.is_quick(&payload, &cms(&payload)));
        payload.push(b'a');
        assert!(!edge.is_quick(&payload, &cms(&payload)));
        assert!(edge.accepts(&payload, cms(&payload)).await);
    }

    #[tokio::test]
    async fn a_document_that_must_be_parsed_is_never_verified_here() {
        let edge = Edge::new();
        let document = edge.signer.sign_xml(b"<a>1</a>", edge.now).unwrap();
        for _ in 0..2 {
            assert!(edge.accepts(&document, Sent::Within).await);
            assert!(!edge.is_quick(&document, &Sent::Within));
        }
        assert!(!edge.accepts(b"<a>1</a>", Sent::Within).await);
    }
}
