//! Signature timestamps (RFC 3161): imprint over the signature value, a trusted authority, a time that can be.

use chrono::{DateTime, Utc};

use crate::algorithm::{self, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::cms::{SignedAttributes, SignedData, SignerInfo};
use crate::der::{self, DerError};
use crate::fault::Fault;
use crate::identity::Identity;
use crate::oid;
use crate::path::{self, CLOCK_SKEW};
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
    let outcome = examine(trust, token, stamped, &mut facts);
    if let Err(finding) = &outcome {
        facts.result = CheckResult::Fail;
        facts.code = Some(finding.fault.code());
        facts.detail = Some(finding.detail.clone());
    }
    (facts, outcome)
}

/// The signed content of a token.
struct Statement<'a> {
    policy: &'a [u8],
    imprint_digest: der::Tlv<'a>,
    imprint: &'a [u8],
    serial: &'a [u8],
    time: DateTime<Utc>,
}

impl<'a> Statement<'a> {
    fn parse(content: &'a [u8]) -> Result<Self, DerError> {
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

fn examine(
    trust: &TrustStore,
    token: &[u8],
    stamped: Stamped<'_>,
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
    authority(trust, &message, &certificate, sha256, signer, content, stamped.received_at)?;
    let earliest = stamped.not_before.max(certificate.not_before);
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

/// Signature of the token and path of its authority, the latter remembered while its evidence holds.
fn authority(
    trust: &TrustStore,
    message: &SignedData<'_>,
    certificate: &Certificate<'_>,
    sha256: [u8; 32],
    signer: &SignerInfo<'_>,
    content: &[u8],
    at: DateTime<Utc>,
) -> Result<(), Finding> {
    let refused = |fault: algorithm::AlgorithmFault| invalid(format!("timestamp token: {}", fault.detail));
    let known = trust.timestampers.get(&sha256, at);
    let key = match &known {
        Some(entry) => entry.key.clone(),
        None => algorithm::public_key(certificate.spki).map_err(refused)?,
    };
    signed(&key, certificate.raw, sha256, signer, message.content_type, content)?;
    if known.is_some() {
        return Ok(());
    }
    let path = path::build(trust, certificate, &message.certificates, at).map_err(untrusted)?;
    let status = path.status(trust, at).map_err(|(finding, _)| untrusted(finding))?;
    let entry = SignerEntry {
        key,
        facts: certificate.facts(),
        identity: Identity::default(),
        revocation: status.evidence,
        from: status.from,
        until: status.until,
    };
    trust.timestampers.put(sha256, entry.into());
    Ok(())
}

/// A fault of the authority's path; missing status stays retryable.
fn untrusted(finding: Finding) -> Finding {
    let fault = if finding.fault.retryable() { finding.fault } else { Fault::TimestampInvalid };
    Finding::new(Step::Timestamp, fault, format!("timestamp authority: {}", finding.detail))
}

fn signed(
    key: &openssl::pkey::PKeyRef<openssl::pkey::Public>,
    certificate: &[u8],
    sha256: [u8; 32],
    signer: &SignerInfo<'_>,
    content_type: &[u8],
    content: &[u8],
) -> Result<(), Finding> {
    let refused = |fault: algorithm::AlgorithmFault| invalid(format!("timestamp token: {}", fault.detail));
    let attributes = signer.signed.ok_or_else(|| invalid("timestamp token has no signed attributes"))?;
    let parsed =
        SignedAttributes::parse(attributes).map_err(|error| invalid(format!("timestamp token: {error}")))?;
    let digest = algorithm::digest(signer.digest).map_err(refused)?;
    let algorithm = SignatureAlgorithm::read(signer.algorithm, Some(digest)).map_err(refused)?;
    let expected = parsed
        .agree(content_type, signer.digest, signer.algorithm)
        .map_err(|finding| invalid(finding.detail))?;
    let named = parsed.signing_certificate.ok_or_else(|| invalid("timestamp token names no certificate"))?;
    let named = named.names(certificate, &sha256).map_err(|finding| invalid(finding.detail))?;
    let intact = named
        && digest.of(content) == expected
        && algorithm.fits(key).is_ok()
        && algorithm.verifies(key, &signer.signed_parts(), signer.signature);
    if intact { Ok(()) } else { Err(invalid("timestamp token is not intact")) }
}
