//! What the edge adds to a raw verification: detached signatures of a known signer against key operation plus hash.
//!
//! Run with `cargo run --release -p customs-signatures --example speed`; the last column is the ratio in percent.

#![expect(clippy::expect_used, reason = "a measurement that cannot be set up has nothing to tell")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::issue::{Authority, Credential, KeyKind, Subject, Usage, Validity};
use customs_signatures::{Profile, RawScheme, TrustStore, Verifier, is_signed};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::{Signer, Verifier as RawVerifier};

const ROUNDS: u32 = 400;
const REPEATS: u32 = 5;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_315_200, 0).expect("a date")
}

/// A verifier with a chain of three and both lists, and a signer under it.
fn nation(kind: KeyKind) -> (Verifier, Credential) {
    let span =
        Validity { not_before: noon() - TimeDelta::days(300), not_after: noon() + TimeDelta::days(300) };
    let root = Authority::root("Root", KeyKind::Rsa4096, span).expect("a root");
    let issuing = root.issuing("Issuing", KeyKind::Rsa4096, span).expect("an authority");
    let subject = Subject {
        common_name: "Broker".to_owned(),
        country: Some("KZ".to_owned()),
        person: Some("IIN800101300125".to_owned()),
        organisation_id: Some("BIN991240000122".to_owned()),
        organisation: Some("Broker".to_owned()),
    };
    let signer = issuing.issue(&subject, Usage::Signing, kind, span).expect("a signer");
    let mut trust = TrustStore::builder(1);
    trust.anchor(&root.certificate().expect("a certificate")).expect("an anchor");
    trust.intermediate(&issuing.certificate().expect("a certificate")).expect("an authority");
    let hour = TimeDelta::hours(1);
    for authority in [&root, &issuing] {
        let list = authority.revocation_list(1, noon() - hour, noon() + hour, &[]).expect("a list");
        trust.crl(&list).expect("a list of a known authority");
    }
    (Verifier::new(trust.build(), Profile::ec_sig_1()), signer)
}

/// The best of several runs: what disturbs a machine only makes it slower.
fn best(mut work: impl FnMut()) -> Duration {
    let run = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            work();
        }
        start.elapsed() / ROUNDS
    };
    (0..REPEATS).map(|_| run(&mut work)).min().unwrap_or_default()
}

fn main() {
    println!("key      octets   raw and hash   verified      %");
    for (name, kind) in [("P-256", KeyKind::P256), ("RSA-2048", KeyKind::Rsa2048)] {
        let (verifier, signer) = nation(kind);
        let private = PKey::private_key_from_der(&signer.key().to_pkcs8().expect("a key")).expect("a key");
        let public = PKey::public_key_from_der(&signer.key().public_key().expect("a key")).expect("a key");
        for octets in [2 << 10, 64 << 10] {
            let payload = vec![b'x'; octets];
            let message = signer.sign_detached(&payload, noon()).expect("a signature");
            // As much as the signed attributes of a message: what the key operation is over.
            let attributes = [7_u8; 180];
            let mut raw = Signer::new(MessageDigest::sha256(), &private).expect("a signer");
            let value = raw.sign_oneshot_to_vec(&attributes).expect("a signature");
            let scheme =
                if kind == KeyKind::P256 { RawScheme::EcdsaSha256 } else { RawScheme::RsaPkcs1Sha256 };
            let spki = signer.key().public_key().expect("a key");
            assert_eq!(is_signed(scheme, &spki, &attributes, &value), Ok(true));
            let alone = best(|| {
                black_box(openssl::sha::sha256(&payload));
                let mut raw = RawVerifier::new(MessageDigest::sha256(), &public).expect("a verifier");
                assert!(raw.verify_oneshot(&value, &attributes).expect("a verdict"));
            });
            let whole = best(|| {
                assert!(verifier.verify_detached(&payload, &message, noon()).is_ok());
            });
            let percent = whole.as_nanos() * 100 / alone.as_nanos().max(1);
            println!("{name:8} {octets:6} {alone:>14.1?} {whole:>10.1?} {percent:>6}");
        }
    }
}
