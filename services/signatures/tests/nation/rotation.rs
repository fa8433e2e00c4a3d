//! Anchors, issuing authorities and lists changed under load: every verdict is that of the trust it names.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::support::{Nation, noon, span};
use chrono::TimeDelta;
use customs_signatures::issue::{Credential, KeyKind, RevocationReason, Revoked};
use customs_signatures::{Fault, Profile, TrustError, TrustStore, TrustStoreBuilder, Verifier};

const PAYLOAD: &[u8] = b"declaration";
/// How often the whole rotation is gone through.
const ROUNDS: u64 = 40;
/// Stages of one rotation.
const STAGES: u64 = 5;

/// What of two generations is trusted at a stage, and whether the signer under watch is revoked there.
struct Stage {
    old: bool,
    new: bool,
    revoked: bool,
}

/// Old alone, both, both with a revocation, the new one alone, and both again for the next round.
fn stage(number: u64) -> Stage {
    match number % STAGES {
        0 => Stage { old: true, new: false, revoked: false },
        2 => Stage { old: true, new: true, revoked: true },
        3 => Stage { old: false, new: true, revoked: true },
        // Both side by side: the second stage, and the last one before the next round.
        _ => Stage { old: true, new: true, revoked: false },
    }
}

struct Generations {
    old: Nation,
    new: Nation,
    watched: Credential,
}

impl Generations {
    /// The trust of stage `number`, as an operator would have it read from a folder.
    fn trust(&self, number: u64) -> Arc<TrustStore> {
        let stage = stage(number);
        let mut trust = TrustStore::builder(number);
        let (from, until) = (noon() - TimeDelta::hours(1), noon() + TimeDelta::days(1));
        let mut take = |nation: &Nation, revoked: &[Revoked]| {
            trust.anchor(&nation.root.certificate().unwrap()).unwrap();
            trust.intermediate(&nation.issuing.certificate().unwrap()).unwrap();
            let list = |authority: &customs_signatures::issue::Authority, revoked: &[Revoked]| {
                authority.revocation_list(number + 1, from, until, revoked).unwrap()
            };
            trust.crl(&list(&nation.root, &[])).unwrap();
            trust.crl(&list(&nation.issuing, revoked)).unwrap();
        };
        if stage.old {
            take(&self.old, &[]);
        }
        if stage.new {
            let revoked =
                Revoked::new(self.watched.certificate(), from, RevocationReason::Superseded).unwrap();
            take(&self.new, if stage.revoked { std::slice::from_ref(&revoked) } else { &[] });
        }
        trust.build()
    }
}

/// What a signer's message must come to at a stage.
type Expected = fn(&Stage) -> Option<Fault>;

#[test]
fn every_verdict_is_that_of_the_trust_it_names_while_everything_is_changed() {
    let (old, new) = (Nation::new(), Nation::new());
    let signer =
        |nation: &Nation| nation.credential("Broker", KeyKind::P256, span().not_before, span().not_after);
    let (of_old, of_new, watched) = (signer(&old), signer(&new), signer(&new));
    let generations = Generations { old, new, watched };
    let signed = |credential: &Credential| credential.sign_detached(PAYLOAD, noon()).unwrap();
    let unknown = Some(Fault::CertUntrusted);
    let cases: [(Vec<u8>, Expected); 3] = [
        (signed(&of_old), |stage| if stage.old { None } else { Some(Fault::CertUntrusted) }),
        (signed(&of_new), |stage| if stage.new { None } else { Some(Fault::CertUntrusted) }),
        (signed(&generations.watched), |stage| match (stage.new, stage.revoked) {
            (false, _) => Some(Fault::CertUntrusted),
            (true, true) => Some(Fault::CertRevoked),
            (true, false) => None,
        }),
    ];
    assert_eq!((cases[1].1)(&stage(0)), unknown);

    let verifier = Verifier::new(generations.trust(0), Profile::ec_sig_1());
    let (over, at_least, verdicts) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let load = || {
            let mut wrong = Vec::new();
            while !over.load(Ordering::Acquire) && wrong.is_empty() {
                for (message, expected) in &cases {
                    let floor = at_least.load(Ordering::Acquire);
                    let outcome = verifier.verify_detached(PAYLOAD, message, noon());
                    let (found, sequence) = match &outcome {
                        Ok(document) => (None, document.report().trust_list_seq),
                        Err(refusal) => (Some(refusal.fault()), refusal.report().trust_list_seq),
                    };
                    let wanted = expected(&stage(sequence));
                    if found != wanted || sequence < floor {
                        wrong.push(format!("trust {sequence} (at least {floor}): {found:?}, not {wanted:?}"));
                    }
                    verdicts.fetch_add(1, Ordering::Relaxed);
                }
            }
            wrong
        };
        let loads: Vec<_> = (0..3).map(|_| scope.spawn(load)).collect();
        for number in 1..=ROUNDS * STAGES {
            let next = generations.trust(number);
            verifier.swap_trust(next).unwrap();
            at_least.store(number, Ordering::Release);
            let seen = verdicts.load(Ordering::Relaxed);
            while verdicts.load(Ordering::Relaxed) < seen + 12
                && !loads.iter().any(std::thread::ScopedJoinHandle::is_finished)
            {
                std::thread::yield_now();
            }
        }
        over.store(true, Ordering::Release);
        loads.into_iter().flat_map(|load| load.join().unwrap()).collect()
    });
    println!("{} verdicts over {} changes of trust", verdicts.load(Ordering::Relaxed), ROUNDS * STAGES);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_older_trust_never_comes_back() {
    let nation = Nation::new();
    let numbered = |number: u64| {
        let mut trust: TrustStoreBuilder = TrustStore::builder(number);
        trust.anchor(&nation.root.certificate().unwrap()).unwrap();
        trust.build()
    };
    let verifier = Verifier::new(numbered(5), Profile::ec_sig_1());
    assert_eq!(verifier.swap_trust(numbered(4)), Err(TrustError::Rollback));
    assert_eq!(verifier.swap_trust(numbered(6)), Ok(()));
    assert_eq!(verifier.trust().sequence(), 6);
}
