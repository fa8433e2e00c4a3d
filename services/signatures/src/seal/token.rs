//! Sealed texts of codes on paper: read, and held against the seals that the trust store knows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Deserialize;

use crate::claim::{Basis, Claim};
use crate::cms::Stapled;
use crate::evidence::VerifiedDocument;
use crate::fault::Fault;
use crate::jws;
use crate::refusal::SignatureRefusal;
use crate::report::{Finding, Level, Step};
use crate::summary::{Draft, Summary};
use crate::verify::Verifier;

/// What a sealed text says it is.
pub(super) const KIND: &str = "ecustoms-code";

/// Most characters of a sealed text: what a two-dimensional code of usual density holds.
pub const SEAL_TOKEN_CHARACTERS_MAX: usize = 2_048;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    iat: i64,
    #[serde(rename = "x5t#S256")]
    thumbprint: String,
}

/// A sealed text whose seal is good.
#[derive(Clone, Debug)]
pub struct SealedToken {
    /// What was sealed.
    pub content: Vec<u8>,
    /// When it was sealed, as the seal says.
    pub sealed_at: DateTime<Utc>,
    /// The proof; its payload is the content.
    pub proof: VerifiedDocument,
}

fn malformed(detail: &str) -> Finding {
    Finding::new(Step::Format, Fault::Malformed, detail)
}

/// A sealed text taken apart.
struct Read<'a> {
    header: Header,
    content: Vec<u8>,
    signed: &'a str,
    value: Vec<u8>,
}

fn read(text: &str) -> Result<Read<'_>, Finding> {
    if text.len() > SEAL_TOKEN_CHARACTERS_MAX {
        return Err(Finding::new(Step::Format, Fault::TooLarge, "text is longer than the limit"));
    }
    let [protected, payload, value] = jws::parts(text)?;
    let header: Header = serde_json::from_slice(&jws::decoded(protected)?)
        .map_err(|_| malformed("header is not that of a sealed text"))?;
    if header.typ != KIND {
        return Err(malformed("header is not that of a sealed text"));
    }
    let signed = text.get(..protected.len() + 1 + payload.len()).unwrap_or_default();
    Ok(Read { header, content: jws::decoded(payload)?, signed, value: jws::decoded(value)? })
}

impl Verifier {
    /// Verifies a sealed text as of `received_at` under a seal that the trust store knows.
    pub fn verify_token(
        &self,
        text: &str,
        received_at: DateTime<Utc>,
    ) -> Result<SealedToken, SignatureRefusal> {
        let trust = self.trust();
        let at = received_at.trunc_subsecs(0);
        let basis = Basis { trust: &trust, profile: self.profile(), at, level: Level::B };
        let outcome = read(text.trim());
        let content = outcome.as_ref().map(|read| read.content.clone()).unwrap_or_default();
        let sha256 = openssl::sha::sha256(&content);
        let mut summary = Summary::new(sha256, text.as_bytes(), received_at, Level::B);
        let mut sealed_at = None;
        match outcome {
            Err(finding) => summary.refuse(finding),
            Ok(read) => {
                sealed_at = DateTime::from_timestamp(read.header.iat, 0);
                let mut draft = Draft::default();
                let outcome = judge(&read, &basis, &mut draft);
                summary.add(draft, outcome);
            }
        }
        let (report, finding) = summary.finish(self.profile().name(), trust.sequence());
        match (finding, sealed_at) {
            (Some(finding), _) => Err(SignatureRefusal::new(finding.fault, finding.detail, report)),
            (None, sealed_at) => {
                let sealed_at = sealed_at.unwrap_or(received_at);
                let proof = VerifiedDocument::new(sha256, text.as_bytes(), report);
                Ok(SealedToken { content, sealed_at, proof })
            }
        }
    }
}

fn judge(read: &Read<'_>, basis: &Basis<'_>, draft: &mut Draft) -> Result<(), Finding> {
    let missing = |detail: &str| Finding::new(Step::Ident, Fault::CertMissing, detail);
    let named = URL_SAFE_NO_PAD.decode(&read.header.thumbprint).ok();
    let named: [u8; 32] =
        named.and_then(|named| named.try_into().ok()).ok_or_else(|| missing("seal is not named"))?;
    let certificate = basis
        .trust
        .seal_certificate(&named)
        .ok_or_else(|| missing("seal is of no certificate known here"))?;
    let sealed_at = DateTime::from_timestamp(read.header.iat, 0);
    let sealed_at = sealed_at.ok_or_else(|| malformed("time of the seal is out of range"))?;
    draft.claimed_signing_time = Some(sealed_at);
    let algorithm = jws::algorithm_of(&read.header.alg)?;
    let value = jws::value_of(algorithm, read.value.clone())?;
    let claim = Claim {
        certificate,
        sha256: named,
        embedded: &[],
        algorithm,
        signed: &[read.signed.as_bytes()],
        signature: &value,
        stamped: &value,
        timestamps: &[],
        stapled: &Stapled::default(),
    };
    claim.judge(basis, draft)?;
    if sealed_at > basis.at + crate::path::CLOCK_SKEW {
        return Err(Finding::new(Step::Acceptance, Fault::TimestampOrder, "seal is of the future"));
    }
    Ok(())
}
