//! Signature timestamps (RFC 3161): imprint over the signature value, a trusted authority, a time that can be.

use chrono::{DateTime, Utc};

use crate::algorithm::{self, AlgorithmFault, Key, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::cms::{SignedAttributes, SignedData, SignerInfo};
use crate::der::{self, DerError};
use crate::fault::Fault;
use crate::identity::Identity;
use crate::oid;
use crate::path::{self, CLOCK_SKEW};
use crate::profile::StatusRules;
use crate::report::{CheckResult, Finding, Step, TimestampFacts};
use crate::trust::{SignerEntry, TrustStore};

/// What a token must fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamped<'a> {
    pub(crate) signature: &'a [u8],
    pub(crate) not_before: DateTime<Utc>,
    pub(crate) received_at: DateTime<Utc>,
}

/// The time a token proves, or why it proves nothing; the facts are for the report either way.
pub(crate) fn verify(
    trust: &TrustStore,
    token: &[u8],
    stamped: Stamped<'_>,
    rules: &StatusRules,
) -> (TimestampFacts, Result<DateTime<Utc>, Finding>) {
    let mut facts = TimestampFacts {
        time: None,
        authority: None,
        policy: None,
        serial: None,
        result: CheckResult::Ok,
        code: None,
        detail: None,
    };
    let outcome = examine(trust, token, stamped, rules, &mut facts);
    if let Err(finding) = &outcome {
        facts.result = CheckResult::Fail;
        facts.code = Some(finding.fault.code());
        facts.detail = Some(finding.detail.clone());
    }
    (facts, outcome)
}

/// The signed content of a token.
pub(crate) struct Statement<'a> {
    pub(crate) policy: &'a [u8],
    pub(crate) imprint_digest: der::Tlv<'a>,
    pub(crate) imprint: &'a [u8],
    serial: &'a [u8],
    pub(crate) time: DateTime<Utc>,
}

impl<'a> Statement<'a> {
    pub(crate) fn parse(content: &'a [u8]) -> Result<Self, DerError> {
        let mut fields = der::only(content, der::SEQUENCE)?.inside();
        if der::small_integer(fields.element()?)? != 1 {
            return Err(DerError::Value);
        }
        let policy = fields.take(der::OID)?.value;
        let mut imprint = fields.take(der::SEQUENCE)?.inside();
        let imprint_digest = imprint.take(der::SEQUENCE)?;
        let hash = imprint.take(der::OCTET_STRING)?.value;
        imprint.end()?;
        let serial = der::integer(fields.element()?)?;
        let time = der::time(fields.take(der::GENERALIZED_TIME)?)?;
        fields.optional(der::SEQUENCE)?;
        fields.optional(der::BOOLEAN)?.map_or(Ok(false), der::boolean)?;
        fields.optional(der::INTEGER)?;
        fields.optional(der::context(0))?;
        fields.optional(der::context(1))?;
        fields.end()?;
        Ok(Self { policy, imprint_digest, imprint: hash, serial, time })
    }
}

fn invalid(detail: impl Into<String>) -> Finding {
    Finding::new(Step::Timestamp, Fault::TimestampInvalid, detail)
}

/// A token taken apart.
struct Token<'a> {
    message: &'a SignedData<'a>,
    signer: &'a SignerInfo<'a>,
    content: &'a [u8],
    certificate: Certificate<'a>,
    sha256: [u8; 32],
}

fn examine(
    trust: &TrustStore,
    token: &[u8],
    stamped: Stamped<'_>,
    rules: &StatusRules,
    facts: &mut TimestampFacts,
) -> Result<DateTime<Utc>, Finding> {
    let damaged = |error: DerError| invalid(format!("timestamp token: {error}"));
    let message = SignedData::parse(token).map_err(damaged)?;
    let [signer] = message.signers.as_slice() else {
        return Err(invalid("timestamp token has several signers"));
    };
    let content = message.content.filter(|_| message.content_type == oid::TST_INFO);
    let content = content.ok_or_else(|| invalid("timestamp token holds no timestamp"))?;
    let statement = Statement::parse(content).map_err(damaged)?;
    facts.time = Some(statement.time);
    facts.policy = Some(oid::dotted(statement.policy));
    facts.serial = Some(hex::encode(statement.serial));

    let raw =
        message.certificate_of(signer.id).ok_or_else(|| invalid("timestamp token lacks its certificate"))?;
    let certificate = Certificate::parse(raw).map_err(damaged)?;
    facts.authority = Some(certificate.facts().subject);
    let sha256 = certificate.sha256();
    let policies =
        trust.timestamp_policies(&sha256).ok_or_else(|| invalid("timestamp authority is not trusted"))?;
    if !policies.is_empty() && !policies.iter().any(|policy| policy == statement.policy) {
        return Err(invalid("timestamp policy is not accepted"));
    }
    entitled(&certificate)?;
    let imprint = algorithm::digest(statement.imprint_digest).map_err(|fault| invalid(fault.detail))?;
    if imprint.of(stamped.signature) != statement.imprint {
        return Err(invalid("timestamp is of another signature"));
    }
    let earliest = stamped.not_before.max(certificate.not_before);
    let token = Token { message: &message, signer, content, certificate, sha256 };
    token.trusted(trust, stamped.received_at, rules)?;
    if statement.time < earliest || statement.time > stamped.received_at + CLOCK_SKEW {
        return Err(Finding::new(
            Step::Timestamp,
            Fault::TimestampOrder,
            "timestamp lies outside the possible time",
        ));
    }
    Ok(statement.time)
}

/// RFC 3161, 2.3: the extended key usage is critical and time stamping alone.
fn entitled(certificate: &Certificate<'_>) -> Result<(), Finding> {
    let extensions = &certificate.extensions;
    let sole = extensions.usages() == [oid::EKU_TIME_STAMPING] && extensions.extended_key_usage_critical;
    if sole && extensions.may_sign() { Ok(()) } else { Err(invalid("certificate is not one for timestamps")) }
}

/// A fault of the authority's path; missing status stays retryable.
fn untrusted(finding: &Finding) -> Finding {
    let fault = if finding.fault.retryable() { finding.fault } else { Fault::TimestampInvalid };
    Finding::new(Step::Timestamp, fault, format!("timestamp authority: {}", finding.detail))
}

fn refused(fault: &AlgorithmFault) -> Finding {
    invalid(format!("timestamp token: {}", fault.detail))
}

impl Token<'_> {
    /// Signature of the token and path of its authority, the latter remembered while its evidence holds.
    fn trusted(&self, trust: &TrustStore, at: DateTime<Utc>, rules: &StatusRules) -> Result<(), Finding> {
        let stapled = !self.message.stapled.is_empty();
        if let Some(known) = trust.timestampers.get(&self.sha256, at).filter(|_| !stapled) {
            return self.intact(&known.key);
        }
        let key = algorithm::public_key(self.certificate.spki).map_err(|fault| refused(&fault))?;
        self.intact(&key)?;
        let path = path::build(trust, &self.certificate, &self.message.certificates, at);
        let path = path.map_err(|finding| untrusted(&finding))?;
        let status = path
            .status(trust, at, &self.message.stapled, rules)
            .map_err(|(finding, _)| untrusted(&finding))?;
        let entry = SignerEntry {
            der: self.certificate.raw.into(),
            is_quick: key.is_quick(),
            key,
            facts: self.certificate.facts(),
            identity: Identity::default(),
            revocation: status.evidence,
            from: status.from,
            until: status.until,
        };
        if !stapled && !rules.soft {
            trust.timestampers.put(self.sha256, entry.into());
        }
        Ok(())
    }

    /// Attributes, digest and signature value of the token under `key`.
    fn intact(&self, key: &Key) -> Result<(), Finding> {
        let signer = self.signer;
        let attributes = signer.signed.ok_or_else(|| invalid("timestamp token has no signed attributes"))?;
        let attributes = SignedAttributes::parse(attributes)
            .map_err(|error| invalid(format!("timestamp token: {error}")))?;
        let digest = algorithm::digest(signer.digest).map_err(|fault| refused(&fault))?;
        let algorithm =
            SignatureAlgorithm::read(signer.algorithm, Some(digest)).map_err(|fault| refused(&fault))?;
        let expected = attributes
            .agree(self.message.content_type, signer.digest, signer.algorithm)
            .map_err(|finding| invalid(finding.detail))?;
        let named =
            attributes.signing_certificate.ok_or_else(|| invalid("timestamp token names no certificate"))?;
        let named =
            named.names(self.certificate.raw, &self.sha256).map_err(|finding| invalid(finding.detail))?;
        let intact = named
            && digest.of(self.content) == expected
            && algorithm.fits(key).is_ok()
            && algorithm.verifies(key, &signer.signed_parts(), signer.signature);
        if intact { Ok(()) } else { Err(invalid("timestamp token is not intact")) }
    }
}
