//! What the edge adds to the public-key operation that a signature needs: signers known, chain of three, lists checked.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use anyhow::ensure;
use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::{
    Profile, TrustStore, Verifier,
    issue::{Authority, Credential, KeyKind, RevocationReason, Revoked, Subject, Usage, Validity},
};
use openssl::{
    hash::MessageDigest,
    pkey::{PKey, Public},
    sha::sha256,
    sign::{Signer, Verifier as RawVerifier},
};

use crate::{figures::median, run::percent};

/// Verifications of the edge for each hundred that the key operation and the hash alone would allow.
const BAR_PERCENT: u64 = 85;
/// How many verifications are timed together.
const BATCH: u32 = 200;
/// Octets of the signed attributes of a usual message: what the key operation is over.
const ATTRIBUTES: usize = 180;

/// A verifier that trusts a chain of three, and a signer at its end.
struct Nation {
    verifier: Verifier,
    signer: Credential,
    at: DateTime<Utc>,
}

impl Nation {
    /// `revoked` certificates of others stand on the list of the issuing authority.
    fn new(kind: KeyKind, revoked: u32) -> anyhow::Result<Self> {
        let at = SystemClock.now();
        let validity =
            Validity { not_before: at - TimeDelta::days(300), not_after: at + TimeDelta::days(300) };
        let root = Authority::root("Root", KeyKind::Rsa4096, validity)?;
        let issuing = root.issuing("Issuing", KeyKind::Rsa4096, validity)?;
        let subject = Subject {
            common_name: "Broker".to_owned(),
            country: Some("KZ".to_owned()),
            person: Some("IIN800101300125".to_owned()),
            organisation_id: Some("BIN991240000122".to_owned()),
            organisation: Some("Broker".to_owned()),
        };
        let signer = issuing.issue(&subject, Usage::Signing, kind, validity)?;
        let others = (1..=revoked).map(|serial| {
            Revoked::by_serial(&format!("40{serial:012x}"), at, RevocationReason::CessationOfOperation)
        });
        let others: Vec<Revoked> = others.collect::<Result<_, _>>()?;
        let (since, until) = (at - TimeDelta::hours(1), at + TimeDelta::hours(1));
        let mut trust = TrustStore::builder(1);
        trust.anchor(&root.certificate()?)?;
        trust.intermediate(&issuing.certificate()?)?;
        trust.crl(&root.revocation_list(1, since, until, &[])?)?;
        trust.crl(&issuing.revocation_list(1, since, until, &others)?)?;
        Ok(Self { verifier: Verifier::new(trust.build(), Profile::ec_sig_1()), signer, at })
    }
}

/// The same key operation over as many octets, and the hash of the payload, by OpenSSL alone.
struct Raw {
    public: PKey<Public>,
    value: Vec<u8>,
}

impl Raw {
    fn new(signer: &Credential) -> anyhow::Result<Self> {
        let private = PKey::private_key_from_der(&signer.key().to_pkcs8()?)?;
        let public = PKey::public_key_from_der(&signer.key().public_key()?)?;
        let value = Signer::new(MessageDigest::sha256(), &private)?.sign_oneshot_to_vec(&[7; ATTRIBUTES])?;
        Ok(Self { public, value })
    }

    fn verifies(&self, payload: &[u8]) -> bool {
        black_box(sha256(payload));
        RawVerifier::new(MessageDigest::sha256(), &self.public)
            .and_then(|mut raw| raw.verify_oneshot(&self.value, &[7; ATTRIBUTES]))
            .unwrap_or_default()
    }
}

fn timed(mut work: impl FnMut() -> bool) -> anyhow::Result<Duration> {
    let since = Instant::now();
    for _ in 0..BATCH {
        ensure!(work(), "a good signature was refused");
    }
    Ok(since.elapsed() / BATCH)
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1)
}

/// Measures both in turn, `rounds` times, and fails where the edge is below the bar.
///
/// The ratio is that of the medians. The key operation is one: that of the chain and of its lists was done when they
/// were taken in, and is not repeated as long as they stand.
pub(crate) fn measure(rounds: u32) -> anyhow::Result<()> {
    println!(
        "signer     payload  revoked   OpenSSL alone      the edge      %   (medians of {rounds}, one thread)"
    );
    let mut least = u64::MAX;
    for (name, kind) in [("P-256", KeyKind::P256), ("RSA-2048", KeyKind::Rsa2048)] {
        for revoked in [10, 10_000] {
            let nation = Nation::new(kind, revoked)?;
            let raw = Raw::new(&nation.signer)?;
            for octets in [2 << 10, 64 << 10] {
                let payload = vec![b'x'; octets];
                let message = nation.signer.sign_detached(&payload, nation.at)?;
                let edge = || nation.verifier.verify_detached(&payload, &message, nation.at).is_ok();
                let (mut alone, mut whole) = (Vec::new(), Vec::new());
                for _ in 0..rounds {
                    alone.push(nanos(timed(|| raw.verifies(&payload))?));
                    whole.push(nanos(timed(edge)?));
                }
                let (alone, whole) = (median(&alone), median(&whole));
                let percent = percent(alone, whole);
                least = least.min(percent);
                let rate = |each: u64| format!("{}/s", 1_000_000_000 / each);
                println!(
                    "{name:9} {octets:8} {revoked:8} {:>15} {:>13} {percent:>6}",
                    rate(alone),
                    rate(whole)
                );
            }
        }
    }
    ensure!(least >= BAR_PERCENT, "{least} % is less than {BAR_PERCENT} %");
    println!("the least is {least} %, the bar {BAR_PERCENT} %");
    Ok(())
}
