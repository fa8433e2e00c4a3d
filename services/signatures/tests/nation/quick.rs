//! What is verified at once: the same verdict and report as otherwise, and nothing that could take long.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::issue::{Credential, Evidence, KeyKind, RevocationReason, Revoked, Subject, Usage};
use customs_signatures::{Fault, Level, Report, Seal, SignatureRefusal, VerifiedDocument, Verifier};

use crate::support::{self, Nation, noon, span};

const PAYLOAD: &[u8] = b"declaration";

type Outcome = Result<VerifiedDocument, SignatureRefusal>;

fn signer(nation: &Nation, kind: KeyKind) -> Credential {
    nation.credential("Broker", kind, span().not_before, span().not_after)
}

/// The verdict and everything that is told of it.
fn told(outcome: Outcome) -> (Option<Fault>, Report) {
    match outcome {
        Ok(document) => (None, document.report().clone()),
        Err(refusal) => (Some(refusal.fault()), refusal.report().clone()),
    }
}

fn quick_at(verifier: &Verifier, payload: &[u8], message: &[u8], at: DateTime<Utc>) -> Option<Outcome> {
    verifier.verify_detached_if_quick(payload, message, at, Level::B)
}

fn is_quick(verifier: &Verifier, message: &[u8]) -> bool {
    quick_at(verifier, PAYLOAD, message, noon()).is_some()
}

#[test]
fn a_quick_verdict_is_that_of_a_verifier_that_knew_nobody() {
    let nation = Nation::new();
    for kind in [KeyKind::P256, KeyKind::Rsa2048] {
        let (signer, verifier) = (signer(&nation, kind), support::verifier(nation.trust()));
        let good = signer.sign_detached(PAYLOAD, noon()).unwrap();
        assert!(!is_quick(&verifier, &good), "a stranger costs a path");
        assert!(verifier.verify_detached(PAYLOAD, &good, noon()).is_ok());
        let mut damaged = good.clone();
        *damaged.last_mut().unwrap() ^= 1;
        let others: [&[u8]; 3] = [PAYLOAD, b"another", b""];
        for (payload, message) in others.iter().flat_map(|payload| [(*payload, &good), (*payload, &damaged)])
        {
            for level in [Level::B, Level::T] {
                let quick = verifier.verify_detached_if_quick(payload, message, noon(), level).unwrap();
                let cold = support::verifier(nation.trust());
                let slow = cold.verify_detached_at_level(payload, message, noon(), level);
                assert_eq!(told(quick), told(slow));
            }
        }
    }
}

#[test]
fn a_quick_verdict_on_a_jws_is_that_of_a_verifier_that_knew_nobody() {
    let nation = Nation::new();
    let (signer, verifier) = (signer(&nation, KeyKind::P256), support::verifier(nation.trust()));
    let jws = Seal::new(vec![signer]).unwrap().sign_jws(PAYLOAD, noon()).unwrap();
    let quick = |payload: &[u8], jws: &str| verifier.verify_jws_if_quick(payload, jws, noon());
    assert!(quick(PAYLOAD, &jws).is_none());
    assert!(verifier.verify_jws(PAYLOAD, &jws, noon()).is_ok());
    let (head, value) = jws.split_once("..").unwrap();
    let other = format!("{head}..{}", URL_SAFE_NO_PAD.encode([7; 64]));
    for (payload, jws) in [(PAYLOAD, &jws), (b"another", &jws), (PAYLOAD, &other)] {
        let slow = support::verifier(nation.trust()).verify_jws(payload, jws, noon());
        assert_eq!(told(quick(payload, jws).unwrap()), told(slow));
    }
    let stranger = serde_json::json!({ "alg": "ES256", "x5c": [STANDARD.encode(b"nobody")] }).to_string();
    let long = format!("{jws}{}", "A".repeat(20 << 10));
    for slow in [format!("{}..{value}", URL_SAFE_NO_PAD.encode(stranger)), long, "a.b".to_owned()] {
        assert!(quick(PAYLOAD, &slow).is_none(), "{slow}");
    }
}

#[test]
fn a_signer_falls_out_with_the_trust_that_its_path_rests_on() {
    let nation = Nation::new();
    let (signer, verifier) = (signer(&nation, KeyKind::P256), support::verifier(nation.trust()));
    let good = signer.sign_detached(PAYLOAD, noon()).unwrap();
    assert!(verifier.verify_detached(PAYLOAD, &good, noon()).is_ok());
    assert!(is_quick(&verifier, &good));
    let (from, until) = (noon() - TimeDelta::hours(1), noon() + TimeDelta::hours(1));
    let swap = |number: u64, revoked: &[Revoked]| {
        let mut next = verifier.trust().next(number);
        next.crl(&nation.issuing.revocation_list(number, from, until, revoked).unwrap()).unwrap();
        verifier.swap_trust(next.build()).unwrap();
    };
    swap(2, &[]);
    assert!(!is_quick(&verifier, &good), "a new list: whoever was good is asked for anew");
    assert!(verifier.verify_detached(PAYLOAD, &good, noon()).is_ok());
    assert!(is_quick(&verifier, &good));
    let late = until + TimeDelta::seconds(1);
    assert!(quick_at(&verifier, PAYLOAD, &good, late).is_none(), "the list has run out");
    swap(3, &[Revoked::new(signer.certificate(), from, RevocationReason::KeyCompromise).unwrap()]);
    assert!(!is_quick(&verifier, &good));
    let refused = verifier.verify_detached(PAYLOAD, &good, noon()).unwrap_err();
    assert_eq!(refused.fault(), Fault::CertRevoked);
    assert!(!is_quick(&verifier, &good), "a refused signer is not remembered");
}

#[test]
fn what_may_take_long_is_never_quick() {
    let nation = Nation::new();
    let (from, until) = (noon() - TimeDelta::minutes(10), noon() + TimeDelta::hours(1));
    let known = signer(&nation, KeyKind::P256);
    let subject = Subject { common_name: "TSA".to_owned(), ..Subject::default() };
    let authority = nation.issuing.issue(&subject, Usage::TimeStamping, KeyKind::P256, span()).unwrap();
    let mut trust = nation.trust();
    trust.timestamp_authority(authority.certificate(), &["1.2.3"]).unwrap();
    let verifier = support::verifier(trust);
    let good = known.sign_detached(PAYLOAD, noon()).unwrap();
    let both = [&known, &signer(&nation, KeyKind::P256)];
    let lists = [nation.issuing.revocation_list(1, from, until, &[]).unwrap()];
    let responses = [nation.issuing.status_response(known.certificate(), None, from, until).unwrap()];
    let with = |evidence| known.sign_with_evidence(PAYLOAD, noon(), evidence).unwrap();
    let slow = [
        ("a long verification", signer(&nation, KeyKind::P384).sign_detached(PAYLOAD, noon()).unwrap()),
        ("a timestamp", known.sign_stamped(PAYLOAD, noon(), &authority, "1.2.3").unwrap()),
        ("two signers", Credential::sign_together(&both, PAYLOAD, noon()).unwrap()),
        ("a list", with(Evidence { lists: &lists, ..Evidence::default() })),
        ("a value", with(Evidence { lists: &lists, as_values: true, ..Evidence::default() })),
        ("an answer", with(Evidence { responses: &responses, ..Evidence::default() })),
    ];
    assert!(verifier.verify_detached(PAYLOAD, &good, noon()).is_ok());
    for (what, message) in &slow {
        assert!(verifier.verify_detached(PAYLOAD, message, noon()).is_ok(), "{what}");
        assert!(!is_quick(&verifier, message), "{what}");
    }
    assert!(is_quick(&verifier, &good));
    let large = vec![b'x'; (1 << 20) + 1];
    let of_large = known.sign_detached(&large, noon()).unwrap();
    assert!(quick_at(&verifier, &large, &of_large, noon()).is_none(), "a large payload");
    for nonsense in [&good[..good.len() - 1], &[], b"nothing"] {
        assert!(!is_quick(&verifier, nonsense));
    }
}
