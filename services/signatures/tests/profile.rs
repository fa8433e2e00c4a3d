//! The profile on a hierarchy of our own: what is accepted, and every way a signature is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::issue::{
    Authority, Credential, KeyKind, RevocationReason, Revoked, SigningKey, Subject, Usage, Validity,
    sign_detached,
};
use customs_signatures::{
    Code, EvidenceError, EvidenceKey, Fault, Indication, Level, Profile, SealedEvidence, TrustError,
    TrustStore, VerifiedDocument, Verifier,
};

const PAYLOAD: &[u8] = br#"{"lrn":"26KZ000000000001","goods":[{"item":1}]}"#;
const POLICY: &str = "1.2.398.3.3.2.1";
const STAMP_POLICY: &str = "1.2.398.3.3.2.6.4";

fn noon() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn years() -> Validity {
    Validity { not_before: noon() - TimeDelta::days(365), not_after: noon() + TimeDelta::days(365) }
}

fn broker() -> Subject {
    Subject {
        common_name: "Асель Нурланова".to_owned(),
        country: Some("KZ".to_owned()),
        person: Some("IIN800101300125".to_owned()),
        organisation_id: Some("BIN991240000122".to_owned()),
        organisation: Some("ТОО Брокер".to_owned()),
    }
}

/// A root, an issuing authority and one signer.
struct Nation {
    root: Authority,
    issuing: Authority,
    signer: Credential,
}

impl Nation {
    fn new() -> Self {
        Self::of(KeyKind::P256)
    }

    fn of(kind: KeyKind) -> Self {
        let root = Authority::root("Root", KeyKind::P384, years()).unwrap();
        let issuing = root.issuing("Issuing", KeyKind::P256, years()).unwrap();
        let issuing = issuing.with_policies(&[POLICY]).with_roles(&["1.2.398.3.3.4.1.2"]);
        let signer = issuing.issue(&broker(), Usage::Signing, kind, years()).unwrap();
        Self { root, issuing, signer }
    }

    fn crl(authority: &Authority, number: u64, revoked: &[Revoked]) -> Vec<u8> {
        let hour = TimeDelta::hours(1);
        authority.revocation_list(number, noon() - hour, noon() + hour, revoked).unwrap()
    }

    fn trust(&self, revoked: &[Revoked]) -> Arc<TrustStore> {
        let mut trust = TrustStore::builder(1);
        trust.anchor(&self.root.certificate().unwrap()).unwrap();
        trust.intermediate(&self.issuing.certificate().unwrap()).unwrap();
        trust.crl(&Self::crl(&self.root, 1, &[])).unwrap();
        trust.crl(&Self::crl(&self.issuing, 1, revoked)).unwrap();
        trust.build()
    }

    fn verifier(&self) -> Verifier {
        Verifier::new(self.trust(&[]), Profile::ec_sig_1().with_policies(&[POLICY]).unwrap())
    }

    fn signature(&self) -> Vec<u8> {
        self.signer.sign_detached(PAYLOAD, noon()).unwrap()
    }

    fn revoked(&self, reason: RevocationReason) -> Revoked {
        Revoked::new(self.signer.certificate(), noon() - TimeDelta::hours(2), reason).unwrap()
    }
}

fn fault(verifier: &Verifier, payload: &[u8], signature: &[u8]) -> Fault {
    verifier.verify_detached(payload, signature, noon()).unwrap_err().fault()
}

#[test]
fn a_good_signature_of_every_key_kind_is_accepted_and_names_its_signer() {
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let nation = Nation::of(kind);
        let verifier = nation.verifier();
        for _ in 0..2 {
            let document = verifier.verify_detached(PAYLOAD, &nation.signature(), noon()).unwrap();
            let signer = document.signers().next().unwrap();
            assert_eq!(signer.iin.as_deref(), Some("800101300125"));
            assert_eq!(signer.bin.as_deref(), Some("991240000122"));
            assert_eq!(signer.org.as_deref(), Some("ТОО Брокер"));
            assert_eq!(signer.roles, ["1.2.398.3.3.4.1.2"]);
            assert_eq!(document.report().indication, Indication::TotalPassed);
            assert_eq!(document.report().signers[0].revocation.len(), 2);
        }
    }
}

#[test]
fn a_changed_payload_is_refused() {
    let nation = Nation::new();
    let refusal = nation.verifier().verify_detached(b"{}", &nation.signature(), noon()).unwrap_err();
    assert_eq!(refusal.code(), Code::SigDigestMismatch);
    assert_eq!((refusal.http_status(), refusal.retryable()), (422, false));
    assert_eq!(refusal.report().indication, Indication::TotalFailed);
}

#[test]
fn revoked_and_held_certificates_are_refused() {
    let nation = Nation::new();
    for (reason, expected) in [
        (RevocationReason::KeyCompromise, Fault::CertRevoked),
        (RevocationReason::Unspecified, Fault::CertRevoked),
        (RevocationReason::CertificateHold, Fault::CertOnHold),
    ] {
        let verifier = Verifier::new(nation.trust(&[nation.revoked(reason)]), Profile::ec_sig_1());
        assert_eq!(fault(&verifier, PAYLOAD, &nation.signature()), expected);
    }
}

#[test]
fn a_new_list_reaches_a_signer_that_was_good_before() {
    let nation = Nation::new();
    let verifier = nation.verifier();
    assert!(verifier.verify_detached(PAYLOAD, &nation.signature(), noon()).is_ok());
    let mut next = verifier.trust().next(2);
    next.crl(&Nation::crl(&nation.issuing, 2, &[nation.revoked(RevocationReason::Superseded)])).unwrap();
    verifier.swap_trust(next.build()).unwrap();
    assert_eq!(fault(&verifier, PAYLOAD, &nation.signature()), Fault::CertRevoked);
    assert_eq!(verifier.swap_trust(nation.trust(&[])).unwrap_err(), TrustError::Rollback);
}

#[test]
fn an_older_list_never_replaces_a_newer_one() {
    let nation = Nation::new();
    let trust = nation.trust(&[]);
    let mut next = trust.next(2);
    next.crl(&Nation::crl(&nation.issuing, 9, &[])).unwrap();
    assert_eq!(next.crl(&Nation::crl(&nation.issuing, 8, &[])).unwrap_err(), TrustError::Rollback);
}

#[test]
fn a_list_of_another_key_is_not_taken() {
    let nation = Nation::new();
    let other = Nation::new();
    let mut trust = nation.trust(&[]).next(2);
    assert_eq!(trust.crl(&Nation::crl(&other.issuing, 2, &[])).unwrap_err(), TrustError::Signature);
}

#[test]
fn validity_and_list_freshness_hold_to_the_second() {
    let nation = Nation::new();
    let second = TimeDelta::seconds(1);
    let short = Validity { not_before: noon(), not_after: noon() + TimeDelta::minutes(10) };
    let signer = nation.issuing.issue(&broker(), Usage::Signing, KeyKind::P256, short).unwrap();
    let signature = signer.sign_detached(PAYLOAD, noon()).unwrap();
    let at =
        |at| nation.verifier().verify_detached(PAYLOAD, &signature, at).map_err(|refusal| refusal.fault());
    assert!(at(short.not_before).is_ok());
    assert!(at(short.not_after).is_ok());
    assert!(at(short.not_after + TimeDelta::milliseconds(900)).is_ok());
    assert_eq!(at(short.not_before - second).unwrap_err(), Fault::CertNotYetValid);
    assert_eq!(at(short.not_after + second).unwrap_err(), Fault::CertExpired);

    let verifier = nation.verifier();
    let end = noon() + TimeDelta::hours(1);
    assert!(verifier.verify_detached(PAYLOAD, &nation.signature(), end).is_ok());
    let stale = verifier.verify_detached(PAYLOAD, &nation.signature(), end + second).unwrap_err();
    assert_eq!(stale.fault(), Fault::StatusUnavailable);
    assert_eq!((stale.http_status(), stale.retry_after()), (503, Some(60)));
}

#[test]
fn an_expired_trust_list_stops_everything() {
    let nation = Nation::new();
    let mut trust = nation.trust(&[]).next(2);
    trust.next_update(noon() + TimeDelta::seconds(1));
    let verifier = Verifier::new(trust.build(), Profile::ec_sig_1());
    assert!(verifier.verify_detached(PAYLOAD, &nation.signature(), noon()).is_ok());
    let late =
        verifier.verify_detached(PAYLOAD, &nation.signature(), noon() + TimeDelta::seconds(2)).unwrap_err();
    assert_eq!(late.fault(), Fault::TrustListExpired);
}

#[test]
fn certificates_of_another_purpose_or_policy_are_refused() {
    let nation = Nation::new();
    for usage in [Usage::Authentication, Usage::Encryption, Usage::TimeStamping] {
        let other = nation.issuing.issue(&broker(), usage, KeyKind::P256, years()).unwrap();
        let signature = other.sign_detached(PAYLOAD, noon()).unwrap();
        assert_eq!(fault(&nation.verifier(), PAYLOAD, &signature), Fault::CertPurpose);
    }
    let verifier = Verifier::new(nation.trust(&[]), Profile::ec_sig_1().with_policies(&["1.2.3"]).unwrap());
    assert_eq!(fault(&verifier, PAYLOAD, &nation.signature()), Fault::CertPolicy);
}

#[test]
fn an_unknown_issuer_is_refused() {
    let nation = Nation::new();
    let other = Nation::new();
    assert_eq!(fault(&nation.verifier(), PAYLOAD, &other.signature()), Fault::CertUntrusted);
}

#[test]
fn another_persons_certificate_over_the_same_key_is_refused() {
    let nation = Nation::new();
    let key = nation.signer.key();
    let other = Subject { organisation_id: Some("BIN050540000998".to_owned()), ..broker() };
    let certificate =
        nation.issuing.certify(&other, Usage::Signing, &key.public_key().unwrap(), years()).unwrap();
    let message = nation.signature();
    let swapped = sign_detached(key, &certificate, &[], PAYLOAD, noon()).unwrap();
    assert!(nation.verifier().verify_detached(PAYLOAD, &swapped, noon()).is_ok());
    assert!(Credential::new(SigningKey::generate(KeyKind::P256).unwrap(), certificate, Vec::new()).is_err());
    let mut foreign = message;
    let own = nation.signer.certificate();
    let at = position(&foreign, own);
    foreign[at + 20] ^= 1;
    assert!(nation.verifier().verify_detached(PAYLOAD, &foreign, noon()).is_err());
}

#[test]
fn what_is_not_exactly_one_message_is_malformed() {
    let nation = Nation::new();
    let verifier = nation.verifier();
    let good = nation.signature();
    let trailing = [good.as_slice(), &[0]].concat();
    let large = vec![0x30; 300 << 10];
    for wrong in [&trailing[..], &good[..good.len() - 1], &[], b"-----BEGIN CMS-----", &large] {
        let refusal = verifier.verify_detached(PAYLOAD, wrong, noon()).unwrap_err();
        assert_eq!((refusal.code(), refusal.http_status()), (Code::SigMalformed, 400));
        assert!(refusal.report().signers.is_empty());
    }
}

fn position(message: &[u8], part: &[u8]) -> usize {
    message.windows(part.len()).position(|window| window == part).unwrap()
}

#[test]
fn no_octet_of_a_message_can_change_but_those_of_the_embedded_authority() {
    let nation = Nation::new();
    let verifier = nation.verifier();
    let message = nation.signature();
    assert!(verifier.verify_detached(PAYLOAD, &message, noon()).is_ok());
    let authority = &nation.signer.chain()[0];
    let start = position(&message, authority);
    let unsigned = start..start + authority.len();
    for at in 0..message.len() {
        for mask in [0x01, 0x80, 0xff] {
            let mut changed = message.clone();
            changed[at] ^= mask;
            let accepted = verifier.verify_detached(PAYLOAD, &changed, noon()).is_ok();
            assert!(!accepted || unsigned.contains(&at), "octet {at} changed by {mask:#x} was accepted");
        }
    }
}

#[test]
fn a_good_timestamp_raises_the_level_and_a_bad_one_never_does() {
    let nation = Nation::new();
    let authority = Subject { common_name: "TSA".to_owned(), ..Subject::default() };
    let stamping =
        |nation: &Nation, usage| nation.issuing.issue(&authority, usage, KeyKind::P256, years()).unwrap();
    let (good, other) = (stamping(&nation, Usage::TimeStamping), stamping(&nation, Usage::TimeStamping));
    let wrong = stamping(&nation, Usage::Signing);
    let mut trust = nation.trust(&[]).next(2);
    for trusted in [&good, &wrong] {
        trust.timestamp_authority(trusted.certificate(), &[STAMP_POLICY]).unwrap();
    }
    let verifier = Verifier::new(trust.build(), Profile::ec_sig_1());
    let verify = |message: &[u8], level| verifier.verify_detached_at_level(PAYLOAD, message, noon(), level);
    let stamped = |authority: &Credential, policy: &str, at| {
        nation.signer.sign_stamped(PAYLOAD, at, authority, policy).unwrap()
    };
    for _ in 0..2 {
        let document = verify(&stamped(&good, STAMP_POLICY, noon()), Level::T).unwrap();
        assert_eq!(document.report().level, Level::T);
        assert_eq!(document.report().signers[0].best_signature_time, noon());
    }
    let late = noon() + TimeDelta::hours(2);
    for (bad, expected) in [
        (nation.signature(), Fault::TimestampMissing),
        (stamped(&other, STAMP_POLICY, noon()), Fault::TimestampInvalid),
        (stamped(&wrong, STAMP_POLICY, noon()), Fault::TimestampInvalid),
        (stamped(&good, "1.2.3.4", noon()), Fault::TimestampInvalid),
        (stamped(&good, STAMP_POLICY, late), Fault::TimestampOrder),
    ] {
        assert_eq!(verify(&bad, Level::T).unwrap_err().fault(), expected);
        assert_eq!(verify(&bad, Level::B).unwrap().report().level, Level::B);
    }
}

#[test]
fn authorisation_is_a_separate_verdict() {
    let nation = Nation::new();
    let document = nation.verifier().verify_detached(PAYLOAD, &nation.signature(), noon()).unwrap();
    let authorised = document.clone().authorise(&["991240000122"]).unwrap();
    assert_eq!(
        authorised.report().authorisation.as_ref().unwrap().acting_for.as_deref(),
        Some("991240000122")
    );
    let refusal = document.authorise(&["050540000998"]).unwrap_err();
    assert_eq!((refusal.code(), refusal.http_status()), (Code::SignerNotAuthorised, 403));
    assert_eq!(refusal.report().indication, Indication::TotalPassed);
}

#[test]
fn evidence_crosses_a_border_only_whole() {
    let nation = Nation::new();
    let document = nation.verifier().verify_detached(PAYLOAD, &nation.signature(), noon()).unwrap();
    let key = EvidenceKey::new(vec![7; 32]).unwrap();
    let sealed = document.seal(&key).unwrap();
    let wire = serde_json::to_value(&sealed).unwrap();
    let arrived: SealedEvidence = serde_json::from_value(wire.clone()).unwrap();
    let opened = VerifiedDocument::reopen(&arrived, PAYLOAD, &key).unwrap();
    assert_eq!(opened.report(), document.report());
    assert_eq!(opened.signature(), document.signature());

    let other = EvidenceKey::new(vec![8; 32]).unwrap();
    assert_eq!(VerifiedDocument::reopen(&arrived, PAYLOAD, &other).unwrap_err(), EvidenceError::Seal);
    assert_eq!(VerifiedDocument::reopen(&arrived, b"{}", &key).unwrap_err(), EvidenceError::OtherPayload);
    let mut forged = wire;
    forged["report"]["signers"][0]["identity"]["bin"] = "050540000998".into();
    let forged: SealedEvidence = serde_json::from_value(forged).unwrap();
    assert_eq!(VerifiedDocument::reopen(&forged, PAYLOAD, &key).unwrap_err(), EvidenceError::Seal);
    assert_eq!(EvidenceKey::new(vec![7; 31]).unwrap_err(), EvidenceError::ShortKey);
}

#[test]
fn a_key_file_opens_only_with_its_password() {
    let nation = Nation::new();
    let file = nation.signer.to_pkcs12("broker", "секрет").unwrap();
    let opened = Credential::from_pkcs12(&file, "секрет").unwrap();
    assert_eq!(opened.certificate(), nation.signer.certificate());
    assert_eq!(opened.chain(), nation.signer.chain());
    let signature = opened.sign_detached(PAYLOAD, noon()).unwrap();
    assert!(nation.verifier().verify_detached(PAYLOAD, &signature, noon()).is_ok());
    assert!(Credential::from_pkcs12(&file, "other").is_err());
    assert!(Credential::from_pkcs12(b"no file", "секрет").is_err());
}

#[test]
fn a_stored_authority_goes_on_issuing() {
    let nation = Nation::new();
    let key = SigningKey::from_pkcs8(&nation.issuing.key().to_pkcs8().unwrap()).unwrap();
    let stored = Authority::open(&nation.issuing.certificate().unwrap(), key, Vec::new()).unwrap();
    let signer =
        stored.with_policies(&[POLICY]).issue(&broker(), Usage::Signing, KeyKind::P256, years()).unwrap();
    let signature = signer.sign_detached(PAYLOAD, noon()).unwrap();
    assert!(nation.verifier().verify_detached(PAYLOAD, &signature, noon()).is_ok());
    let wrong =
        Authority::open(&nation.root.certificate().unwrap(), nation.issuing.key().clone(), Vec::new());
    assert!(wrong.is_err());
}

proptest::proptest! {
    #[test]
    fn spliced_messages_are_refused_without_a_panic(at in 0_usize..1_200, skip in 0_usize..40, inserted: Vec<u8>) {
        static NATION: std::sync::LazyLock<(Verifier, Vec<u8>)> = std::sync::LazyLock::new(|| {
            let nation = Nation::new();
            let signer = &nation.signer;
            let message = sign_detached(signer.key(), signer.certificate(), &[], PAYLOAD, noon()).unwrap();
            (nation.verifier(), message)
        });
        let (verifier, message) = &*NATION;
        let at = at.min(message.len());
        let rest = message.get(at + skip..).unwrap_or_default();
        let spliced = [&message[..at], &inserted, rest].concat();
        let accepted = verifier.verify_detached(PAYLOAD, &spliced, noon()).is_ok();
        proptest::prop_assert!(!accepted || spliced == *message);
    }
}
