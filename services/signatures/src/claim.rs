//! The claim that a certificate's key signed something: signature value, path, status, timestamps, purpose, in order.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::algorithm::{self, AlgorithmFault, Key, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::cms::Stapled;
use crate::der::DerError;
use crate::fault::Fault;
use crate::identity;
use crate::name::Name;
use crate::path;
use crate::profile::{Profile, StatusRules};
use crate::report::{Algorithms, Finding, Level, Step};
use crate::summary::Draft;
use crate::timestamp::{self, Stamped};
use crate::trust::{SignerEntry, TrustStore};

/// What every judgement rests on.
pub(crate) struct Basis<'a> {
    pub(crate) trust: &'a TrustStore,
    pub(crate) profile: &'a Profile,
    /// Whole seconds, as all certificates count.
    pub(crate) at: DateTime<Utc>,
    pub(crate) level: Level,
}

/// What one signature claims, whatever form it came in.
pub(crate) struct Claim<'a> {
    pub(crate) certificate: &'a [u8],
    pub(crate) sha256: [u8; 32],
    /// Certificates that came along.
    pub(crate) embedded: &'a [&'a [u8]],
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) signed: &'a [&'a [u8]],
    pub(crate) signature: &'a [u8],
    /// What signature timestamps are over.
    pub(crate) stamped: &'a [u8],
    pub(crate) timestamps: &'a [&'a [u8]],
    /// Revocation evidence that came along.
    pub(crate) stapled: &'a Stapled<'a>,
}

pub(crate) fn refused(fault: AlgorithmFault) -> Finding {
    let step = if fault.fault == Fault::Malformed { Step::Format } else { Step::Crypto };
    Finding::new(step, fault.fault, fault.detail)
}

impl Claim<'_> {
    /// Judges the claim; a good signer certificate is remembered while its evidence holds.
    pub(crate) fn judge(&self, basis: &Basis<'_>, draft: &mut Draft) -> Result<(), Finding> {
        // What came along may say "revoked": then nothing remembered counts.
        let known =
            if self.stapled.is_empty() { basis.trust.signers.get(&self.sha256, basis.at) } else { None };
        if let Some(entry) = known {
            draft.take_entry(&entry);
            self.verified(&entry.key, draft)?;
            basis.check_list()?;
            // What decides nothing is not told: a report says the same whether its signer was known or not.
            draft.revocation.clone_from(&entry.revocation);
            return self.stamp(basis, entry.facts.not_before, draft);
        }
        let entry = self.cold(basis, draft)?;
        if self.stapled.is_empty() {
            basis.trust.signers.put(self.sha256, Arc::new(entry));
        }
        Ok(())
    }

    /// The whole way for a certificate that is not known yet: signature first, so that only real signatures cost a path.
    fn cold(&self, basis: &Basis<'_>, draft: &mut Draft) -> Result<SignerEntry, Finding> {
        let damaged = |error: DerError| {
            Finding::new(Step::Ident, Fault::CertDamaged, format!("signer certificate: {error}"))
        };
        let certificate = Certificate::parse(self.certificate).map_err(damaged)?;
        let subject = Name::parse(certificate.subject).map_err(damaged)?;
        let identity = identity::identify(&subject, certificate.extensions.usages(), &basis.profile.identity);
        draft.certificate = Some(certificate.facts());
        draft.identity = Some(identity.clone());
        let key = algorithm::public_key(certificate.spki).map_err(refused)?;
        self.verified(&key, draft)?;

        basis.check_list()?;
        let path = path::build(basis.trust, &certificate, self.embedded, basis.at)?;
        let status = path.status(basis.trust, basis.at, self.stapled, &basis.profile.status).map_err(
            |(finding, evidence)| {
                draft.revocation = evidence;
                finding
            },
        )?;
        draft.revocation.clone_from(&status.evidence);
        self.stamp(basis, certificate.not_before, draft)?;
        basis.accept(&certificate)?;
        Ok(SignerEntry {
            der: self.certificate.into(),
            is_quick: key.is_quick(),
            key,
            facts: certificate.facts(),
            identity,
            revocation: status.evidence,
            from: status.from,
            until: status.until,
        })
    }

    /// Signature timestamps: one good token raises the level, a bad one never does.
    fn stamp(&self, basis: &Basis<'_>, not_before: DateTime<Utc>, draft: &mut Draft) -> Result<(), Finding> {
        let stamped = Stamped { signature: self.stamped, not_before, received_at: basis.at };
        let mut worst = None;
        for token in self.timestamps {
            let (facts, outcome) = timestamp::verify(basis.trust, token, stamped, &StatusRules::default());
            draft.timestamps.push(facts);
            match outcome {
                Ok(time) => draft.stamped_at = Some(draft.stamped_at.map_or(time, |known| known.min(time))),
                Err(finding) => worst = worst.or(Some(finding)),
            }
        }
        if basis.level == Level::B || draft.stamped_at.is_some() {
            return Ok(());
        }
        Err(worst.unwrap_or_else(|| {
            Finding::new(Step::Timestamp, Fault::TimestampMissing, "a signature timestamp is demanded")
        }))
    }

    /// The signature value under `key`.
    fn verified(&self, key: &Key, draft: &mut Draft) -> Result<(), Finding> {
        draft.algorithms = Some(Algorithms {
            digest: self.algorithm.digest.name().to_owned(),
            signature: self.algorithm.name(),
            key_bits: key.bits(),
        });
        self.algorithm.fits(key).map_err(refused)?;
        if self.algorithm.verifies(key, self.signed, self.signature) {
            Ok(())
        } else {
            Err(Finding::new(Step::Crypto, Fault::Invalid, "signature value does not verify"))
        }
    }
}

impl Basis<'_> {
    fn check_list(&self) -> Result<(), Finding> {
        if self.trust.next_update().is_some_and(|until| self.at > until) {
            return Err(Finding::new(
                Step::Chain,
                Fault::TrustListExpired,
                "trust list is past its next update",
            ));
        }
        Ok(())
    }

    /// Purpose and policy of the signer's certificate.
    fn accept(&self, certificate: &Certificate<'_>) -> Result<(), Finding> {
        purpose(certificate)?;
        let (accepted, stated) = (&self.profile.policies, &certificate.extensions.policies);
        if !accepted.is_empty() && !stated.iter().any(|found| accepted.iter().any(|known| known == found)) {
            let detail = "certificate policy is not accepted";
            return Err(Finding::new(Step::Acceptance, Fault::CertPolicy, detail));
        }
        Ok(())
    }
}

/// Whether a certificate is one for signing documents.
pub(crate) fn purpose(certificate: &Certificate<'_>) -> Result<(), Finding> {
    let refuse = |detail: &str| Err(Finding::new(Step::Acceptance, Fault::CertPurpose, detail));
    let extensions = &certificate.extensions;
    if extensions.is_authority {
        return refuse("certificate is one of an authority");
    }
    if !extensions.may_commit_content() {
        return refuse("key usage lacks contentCommitment");
    }
    if !extensions.may_sign_documents() {
        return refuse("extended key usage leaves no room for documents");
    }
    Ok(())
}
