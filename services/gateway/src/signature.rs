//! Verification at the edge: no document goes further without evidence that its signature holds.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_gateway_contract::problems;
use customs_kernel::{Clock, Finding, Problem, problem};
use customs_platform::metrics;
use customs_signatures::{EvidenceKey, Level, SignatureRefusal, VerifiedDocument, Verifier};
use tokio::sync::Semaphore;

/// How many verifications run at once; the rest wait for their turn.
const AT_ONCE: usize = 32;

/// The verifier with what it needs around it.
pub(crate) struct Signatures {
    verifier: Arc<Verifier>,
    evidence: EvidenceKey,
    clock: Arc<dyn Clock>,
    turns: Semaphore,
    octets_max: usize,
}

impl Signatures {
    /// Verification by `verifier`, sealed with `evidence`, of signatures up to `octets_max`.
    pub(crate) fn new(
        verifier: Arc<Verifier>,
        evidence: EvidenceKey,
        clock: Arc<dyn Clock>,
        octets_max: usize,
    ) -> Self {
        Self { verifier, evidence, clock, turns: Semaphore::new(AT_ONCE), octets_max }
    }

    /// The octets of a signature in Base64, found at `pointer`.
    pub(crate) fn decode(&self, signature: Option<&str>, pointer: &str) -> Result<Vec<u8>, Problem> {
        let text = signature.filter(|text| !text.is_empty()).ok_or_else(|| {
            problems::SIGNATURE_REQUIRED.because("the signature of the document is missing").at(pointer)
        })?;
        let wrong = |why: String| Err(problem::INPUT_INVALID.because(why).at(pointer));
        if text.len() > self.octets_max * 4 / 3 + 4 {
            return wrong(format!("the signature is longer than {} octets", self.octets_max));
        }
        STANDARD.decode(text).or_else(|_| wrong("the signature is not Base64".to_owned()))
    }

    /// Verifies `signature` over exactly `payload` as of now, on a thread that may block.
    pub(crate) async fn verify(
        &self,
        payload: Vec<u8>,
        signature: Vec<u8>,
    ) -> Result<VerifiedDocument, Problem> {
        let defect = || problem::INTERNAL.because("the verification was interrupted");
        let _turn = self.turns.acquire().await.map_err(|_| defect())?;
        let (verifier, now) = (Arc::clone(&self.verifier), self.clock.now());
        let verify = move || verifier.verify_detached_at_level(&payload, &signature, now, Level::B);
        let verified = tokio::task::spawn_blocking(verify).await.map_err(|_| defect())?;
        match &verified {
            Ok(_) => metrics::signature("accepted", "none"),
            Err(refusal) if refusal.retryable() => metrics::signature("undecided", refusal.code().as_str()),
            Err(refusal) => metrics::signature("refused", refusal.code().as_str()),
        }
        verified.map_err(|refusal| refused(&refusal))
    }

    /// Verifies `signature` over `content` and seals the evidence for the service that acts on it.
    pub(crate) async fn evidence(
        &self,
        content: &str,
        signature: Vec<u8>,
    ) -> Result<serde_json::Value, Problem> {
        let document = self.verify(content.as_bytes().to_vec(), signature).await?;
        let sealed = document.seal(&self.evidence).ok();
        sealed.and_then(|sealed| serde_json::to_value(sealed).ok()).ok_or_else(|| {
            tracing::error!("evidence could not be sealed");
            problem::INTERNAL.because("the evidence could not be sealed")
        })
    }
}

fn refused(refusal: &SignatureRefusal) -> Problem {
    let kind = if refusal.retryable() { problems::SIGNATURE_UNDECIDED } else { problems::SIGNATURE_REFUSED };
    let code = refusal.code().as_str();
    let finding = Finding::new(code, "/signature", refusal.detail());
    let mut problem = kind.because(format!("{code}: {}", refusal.detail())).with_errors(vec![finding]);
    problem.status = refusal.http_status();
    problem.retry_after_s = refusal.retry_after().or(problem.retry_after_s);
    problem
}
