//! `verify evidence`: what was judged when a message came in, judged again from what the archive hands out.

use std::{fs, path::PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use customs_declarations_contract::MessageEvidence;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::{
    Indication, Profile, Report, SealedEvidence, TrustStore, Verifier, archive::ArchiveProof,
};
use serde_json::{Value, json};

use super::{
    say,
    verify::{end, read_all},
};

/// Evidence and what the verification rests on.
#[derive(Args)]
pub struct Evidence {
    /// The evidence of a message, as `GET /messages/{message}/evidence` gives it.
    file: PathBuf,
    /// Trust anchor (DER or PEM); may be repeated. Nothing in the evidence is an anchor.
    #[arg(long = "anchor", required = true)]
    anchors: Vec<PathBuf>,
    /// Trusted timestamp authority (DER or PEM); may be repeated.
    #[arg(long = "tsa")]
    authorities: Vec<PathBuf>,
    /// Revocation list (DER or PEM) of today for the timestamp authorities; may be repeated.
    #[arg(long = "crl")]
    crls: Vec<PathBuf>,
    /// Instant of the verification (RFC 3339); now unless named.
    #[arg(long)]
    time: Option<DateTime<Utc>>,
}

/// Judges the signature as of its reception, with what was at hand then, and the archive as of now.
pub(super) fn verify(given: &Evidence) -> anyhow::Result<()> {
    let text = fs::read(&given.file).with_context(|| format!("cannot read {}", given.file.display()))?;
    let kept: MessageEvidence = serde_json::from_slice(&text).context("this is no evidence of a message")?;
    let sealed: SealedEvidence = serde_json::from_str(&kept.evidence).context("the evidence is damaged")?;
    let verifier = Verifier::new(as_of_then(given, &kept)?, Profile::ec_sig_1());
    let report = match sealed.judge_again(&verifier, kept.content.as_bytes()) {
        Ok(document) => document.report().clone(),
        Err(refusal) => refusal.report().clone(),
    };
    let same = verdict(&report) == verdict(sealed.report());
    let (archive, archived) = archive(given, &kept)?;
    say(serde_json::to_string_pretty(&json!({
        "report": report,
        "recorded": verdict(sealed.report()),
        "sameVerdict": same,
        "archive": archive,
    }))?);
    match (report.indication, same && archived) {
        (Indication::TotalPassed, false) => end(Indication::Indeterminate),
        (indication, _) => end(indication),
    }
}

/// What makes two reports the same verdict: the indication, and on whom.
fn verdict(report: &Report) -> Value {
    let signers = report.signers.iter();
    let signers: Vec<Value> = signers
        .map(|signer| {
            let certificate = signer.certificate.as_ref().map(|certificate| certificate.sha256.clone());
            json!({ "indication": signer.indication, "certificate": certificate })
        })
        .collect();
    json!({
        "indication": report.indication,
        "subIndication": report.sub_indication,
        "code": report.code,
        "receivedAt": report.received_at,
        "payloadSha256": report.coverage.payload_sha256,
        "signers": signers,
    })
}

/// What was trusted when the message came in: today's anchors, the authorities and lists of then.
fn as_of_then(given: &Evidence, kept: &MessageEvidence) -> anyhow::Result<std::sync::Arc<TrustStore>> {
    let mut trust = TrustStore::builder(1);
    for anchor in read_all(&given.anchors)? {
        trust.anchor(&anchor)?;
    }
    for authority in &kept.authorities {
        trust.intermediate(&hex::decode(authority)?)?;
    }
    for authority in read_all(&given.authorities)? {
        trust.timestamp_authority(&authority, &[])?;
    }
    for list in &kept.lists {
        // Of several lists of one authority the newest counts; one of an authority that is not known counts nothing.
        let _ = trust.crl(&hex::decode(list)?);
    }
    Ok(trust.build())
}

/// What the archive timestamps say as of now, and whether they hold; evidence that is not archived yet says nothing.
fn archive(given: &Evidence, kept: &MessageEvidence) -> anyhow::Result<(Value, bool)> {
    let Some(proof) = &kept.archive else { return Ok((Value::Null, true)) };
    let proof: ArchiveProof = serde_json::from_str(proof).context("the archive proof is damaged")?;
    let mut trust = TrustStore::builder(1);
    for anchor in read_all(&given.anchors)? {
        trust.anchor(&anchor)?;
    }
    for authority in &kept.authorities {
        trust.intermediate(&hex::decode(authority)?)?;
    }
    for authority in read_all(&given.authorities)? {
        trust.timestamp_authority(&authority, &[])?;
    }
    for list in read_all(&given.crls)? {
        trust.crl(&list)?;
    }
    let at = given.time.unwrap_or_else(|| SystemClock.now());
    let verified =
        trust.build().verify_archive(kept.content.as_bytes(), kept.evidence.as_bytes(), &proof, at);
    Ok(match verified {
        Ok(archived) => {
            (json!({ "since": archived.since, "timestamps": archived.timestamps, "code": null }), true)
        }
        Err(refusal) => {
            let code = refusal.fault().code();
            (json!({ "since": null, "code": code, "detail": refusal.detail() }), false)
        }
    })
}
