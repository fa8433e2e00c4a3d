//! The parsers, one line each in the table; what they answer is of no interest here, only that they answer.
//!
//! A forgery is the exception: octets that were changed and are accepted end the run as a crash does.

use customs_messages::{Phase, ReadOptions, parse_json_with, parse_xml_with};
use customs_signatures::{
    IdentityScheme, Level, PathSource, Rules, SealedEvidence, TrustStore, VerifiedDocument, XmlForm,
    archive::ArchiveProof,
    http::{HttpKey, HttpMessage, HttpProfile, PresentedKey, signature_base},
    issue::timestamp_of,
    jws_is_intact_under, read_certificate, read_ocsp, read_timestamp, xml_is_intact_under_own_key,
};

use crate::ground::{Ground, PAYLOAD, TIME_POLICY, noon};

/// Reads octets from outside.
pub(crate) type Parser = fn(&Ground, &[u8]);

/// Every parser by its name.
pub(crate) const ALL: [(&str, Parser); 14] = [
    ("cms", cms),
    ("cms-attached", cms_attached),
    ("xml-signature", xml_signature),
    ("jws", jws),
    ("sealed-text", sealed_text),
    ("certificate", certificate),
    ("revocation-list", revocation_list),
    ("status-response", status_response),
    ("timestamp", timestamp),
    ("http-signature", http_signature),
    ("presented-key", presented_key),
    ("archive", archive),
    ("evidence", evidence),
    ("message", message),
];

fn text(octets: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(octets)
}

fn cms(ground: &Ground, octets: &[u8]) {
    for level in [Level::B, Level::T] {
        let verified = ground.verifier.verify_detached_at_level(PAYLOAD, octets, noon(), level);
        assert!(verified.is_err() || signed_by_us(ground, octets), "a stranger signed");
        let quick = ground.verifier.verify_detached_if_quick(PAYLOAD, octets, noon(), level);
        assert!(
            quick.is_none_or(|quick| quick.is_ok() == verified.is_ok()),
            "a quick verdict is another one"
        );
        let other = ground.verifier.verify_detached_at_level(b"another", octets, noon(), level);
        assert!(other.is_err(), "a signature over something else was taken");
    }
}

/// Whether the certificate of the one signer of the nation is in the message, as it must be.
fn signed_by_us(ground: &Ground, octets: &[u8]) -> bool {
    let known = ground.signer.certificate();
    octets.windows(known.len()).any(|part| part == known)
}

fn cms_attached(ground: &Ground, octets: &[u8]) {
    let verified = ground.verifier.verify_attached(octets, noon(), Level::B);
    assert!(verified.is_err() || signed_by_us(ground, octets), "a stranger signed");
}

fn xml_signature(ground: &Ground, octets: &[u8]) {
    for form in [XmlForm::Plain, XmlForm::Advanced(Level::B), XmlForm::Advanced(Level::T)] {
        let verified = ground.verifier.verify_xml(octets, noon(), form);
        assert!(verified.is_err() || text(octets).contains("a declaration"), "something else was signed");
    }
    let _ = xml_is_intact_under_own_key(octets).is_ok();
}

fn jws(ground: &Ground, octets: &[u8]) {
    let text = text(octets);
    assert!(ground.verifier.verify_jws(b"another", &text, noon()).is_err(), "something else was signed");
    let verified = ground.verifier.verify_jws(PAYLOAD, &text, noon());
    let quick = ground.verifier.verify_jws_if_quick(PAYLOAD, &text, noon());
    assert!(quick.is_none_or(|quick| quick.is_ok() == verified.is_ok()), "a quick verdict is another one");
    if let Some((jwk, jws)) = text.split_once('\n') {
        let _ = jws_is_intact_under(jws, jwk).is_ok();
    }
}

fn sealed_text(ground: &Ground, octets: &[u8]) {
    let _ = ground.verifier.verify_token(&text(octets), noon()).is_ok();
}

fn certificate(ground: &Ground, octets: &[u8]) {
    let _ = read_certificate(octets, &[IdentityScheme::kazakhstan()]).is_ok();
    let mut trust = TrustStore::builder(1);
    let _ = trust.anchor(octets).is_ok();
    let _ = trust.intermediate(octets).is_ok();
    let _ = trust.timestamp_authority(octets, &[TIME_POLICY]).is_ok();
    let _ = HttpKey::from_spki(octets).is_ok();
    let (Ok(root), Ok(issuing)) = (ground.root.certificate(), ground.issuing.certificate()) else { return };
    let source = PathSource { anchors: vec![root], others: vec![issuing, octets.to_vec()], crls: Vec::new() };
    let _ = source.validate(octets, &Rules::new(noon())).is_ok();
}

fn revocation_list(ground: &Ground, octets: &[u8]) {
    let _ = ground.trust.next(2).crl(octets).is_ok();
    let (Ok(root), Ok(issuing)) = (ground.root.certificate(), ground.issuing.certificate()) else { return };
    let source = PathSource { anchors: vec![root], others: vec![issuing], crls: vec![octets.to_vec()] };
    let _ = source.validate(ground.signer.certificate(), &Rules::new(noon())).is_ok();
}

fn status_response(ground: &Ground, octets: &[u8]) {
    let _ = read_ocsp(octets).is_ok();
    let _ = ground.trust.next(2).ocsp(octets).is_ok();
}

fn timestamp(ground: &Ground, octets: &[u8]) {
    let _ = read_timestamp(octets).is_ok();
    let _ = ground.trust.verify_timestamp(PAYLOAD, octets, noon()).is_ok();
    let _ = timestamp_of(octets).is_ok();
    let _ = ground.time.answer_timestamp(octets, TIME_POLICY, noon()).is_ok();
}

/// The first line is the path; every further line a header field, up to an empty one; the rest the content.
fn http_signature(ground: &Ground, octets: &[u8]) {
    let text = text(octets);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let target = lines.next().unwrap_or_default();
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let message = HttpMessage {
        method: "POST".to_owned(),
        scheme: "https".to_owned(),
        authority: "customs.example".to_owned(),
        path: path.to_owned(),
        query: query.map(str::to_owned),
        status: None,
        headers: lines.filter_map(field).collect(),
        body: body.as_bytes().to_vec(),
    };
    let key = ground.signer.key().public_key().ok().and_then(|spki| HttpKey::from_spki(&spki).ok());
    let _ = HttpProfile::ecustoms().verify(&message, |_| key.clone(), noon()).is_ok();
    for (_, value) in &message.headers {
        let _ = signature_base(&message, value).is_some();
    }
}

fn presented_key(_: &Ground, octets: &[u8]) {
    if let Ok(key) = PresentedKey::read(&text(octets), &[IdentityScheme::kazakhstan()]) {
        assert!(HttpKey::from_spki(key.spki()).is_ok(), "a key was taken that cannot verify");
    }
}

fn archive(ground: &Ground, octets: &[u8]) {
    if let Ok(proof) = serde_json::from_slice::<ArchiveProof>(octets) {
        let _ = ground.trust.verify_archive(PAYLOAD, b"evidence", &proof, noon()).is_ok();
    }
}

fn evidence(ground: &Ground, octets: &[u8]) {
    if let Ok(sealed) = serde_json::from_slice::<SealedEvidence>(octets) {
        let other = VerifiedDocument::reopen(&sealed, b"another", &ground.evidence);
        assert!(other.is_err(), "evidence of something else was taken");
        let _ = VerifiedDocument::reopen(&sealed, PAYLOAD, &ground.evidence).is_ok();
    }
}

fn message(_: &Ground, octets: &[u8]) {
    for phase in [Phase::P5, Phase::P6] {
        let options = ReadOptions { phase: Some(phase), ..ReadOptions::default() };
        let _ = parse_xml_with(octets, &options).is_ok();
        let _ = parse_json_with(octets, &options).is_ok();
    }
}
