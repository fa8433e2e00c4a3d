//! Revocation evidence embedded in a message: it stands in for what is not at hand, and never hides a revocation.

use crate::support::{self, Nation, noon, span};
use chrono::TimeDelta;
use customs_signatures::issue::{Credential, Evidence, KeyKind, RevocationReason, Revoked};
use customs_signatures::{Fault, TrustStore, Verifier};

const PAYLOAD: &[u8] = b"declaration";

/// Anchor alone: neither lists nor answers are at hand.
fn offline(nation: &Nation) -> Verifier {
    let mut trust = TrustStore::builder(1);
    trust.anchor(&nation.root.certificate().unwrap()).unwrap();
    support::verifier(trust)
}

fn signer(nation: &Nation) -> Credential {
    nation.credential("Broker", KeyKind::P256, span().not_before, span().not_after)
}

#[test]
fn embedded_lists_and_responses_verify_a_message_offline() {
    let nation = Nation::new();
    let (signer, verifier) = (signer(&nation), offline(&nation));
    let (from, until) = (noon() - TimeDelta::minutes(10), noon() + TimeDelta::hours(1));
    let of_root = nation.root.revocation_list(1, from, until, &[]).unwrap();
    let of_issuing = nation.issuing.revocation_list(1, from, until, &[]).unwrap();
    let status = nation.issuing.status_response(signer.certificate(), None, from, until).unwrap();
    let bare = signer.sign_detached(PAYLOAD, noon()).unwrap();
    let refused = verifier.verify_detached(PAYLOAD, &bare, noon()).unwrap_err();
    assert_eq!(refused.fault(), Fault::StatusUnavailable);
    for as_values in [false, true] {
        for (lists, responses) in [
            (vec![of_root.clone(), of_issuing.clone()], vec![]),
            (vec![of_root.clone()], vec![status.clone()]),
        ] {
            let evidence = Evidence { lists: &lists, responses: &responses, as_values };
            let message = signer.sign_with_evidence(PAYLOAD, noon(), evidence).unwrap();
            let document = verifier.verify_detached(PAYLOAD, &message, noon()).unwrap();
            assert_eq!(document.report().signers[0].revocation.len(), 2);
            // Nothing of it is remembered for a message that brings none.
            assert!(verifier.verify_detached(PAYLOAD, &bare, noon()).is_err());
            let late = until + TimeDelta::seconds(1);
            assert_eq!(
                verifier.verify_detached(PAYLOAD, &message, late).unwrap_err().fault(),
                Fault::StatusUnavailable
            );
        }
    }
}

#[test]
fn an_embedded_good_status_never_hides_a_known_revocation_nor_the_other_way() {
    let nation = Nation::new();
    let signer = signer(&nation);
    let (from, until) = (noon() - TimeDelta::minutes(10), noon() + TimeDelta::hours(1));
    let revoked = Revoked::new(signer.certificate(), from, RevocationReason::KeyCompromise).unwrap();
    let good = nation.issuing.status_response(signer.certificate(), None, from, until).unwrap();
    let bad = (from, RevocationReason::KeyCompromise);
    let bad = nation.issuing.status_response(signer.certificate(), Some(bad), from, until).unwrap();
    let with = |response: &Vec<u8>| {
        let responses = [response.clone()];
        let evidence = Evidence { responses: &responses, ..Evidence::default() };
        signer.sign_with_evidence(PAYLOAD, noon(), evidence).unwrap()
    };

    let mut trust = nation.trust();
    trust.crl(&nation.issuing.revocation_list(2, from, until, &[revoked]).unwrap()).unwrap();
    let knowing = support::verifier(trust);
    let refused = knowing.verify_detached(PAYLOAD, &with(&good), noon()).unwrap_err();
    assert_eq!(refused.fault(), Fault::CertRevoked);

    let unknowing = support::verifier(nation.trust());
    let bare = signer.sign_detached(PAYLOAD, noon()).unwrap();
    assert!(unknowing.verify_detached(PAYLOAD, &bare, noon()).is_ok());
    let refused = unknowing.verify_detached(PAYLOAD, &with(&bad), noon()).unwrap_err();
    assert_eq!(refused.fault(), Fault::CertRevoked);
}

#[test]
fn embedded_evidence_of_a_stranger_counts_for_nothing() {
    let (nation, stranger) = (Nation::new(), Nation::new());
    let (signer, verifier) = (signer(&nation), offline(&nation));
    let (from, until) = (noon() - TimeDelta::minutes(10), noon() + TimeDelta::hours(1));
    let lists = [
        stranger.root.revocation_list(1, from, until, &[]).unwrap(),
        stranger.issuing.revocation_list(1, from, until, &[]).unwrap(),
    ];
    let responses = [stranger.issuing.status_response(signer.certificate(), None, from, until).unwrap()];
    let evidence = Evidence { lists: &lists, responses: &responses, as_values: false };
    let message = signer.sign_with_evidence(PAYLOAD, noon(), evidence).unwrap();
    let refused = verifier.verify_detached(PAYLOAD, &message, noon()).unwrap_err();
    assert_eq!(refused.fault(), Fault::StatusUnavailable);
}
