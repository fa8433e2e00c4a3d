//! What the sources of an anchor hold: certificates and lists, read and judged.

use chrono::{DateTime, TimeDelta, Utc};
use customs_signatures::{TrustStore, read_certificate};
use openssl::{
    asn1::{Asn1Time, Asn1TimeRef},
    pkey::Id,
    x509::{X509, X509Crl},
};

use super::files::{Files, Folder};
use crate::resource::{CertificateStatus, Constraints};

/// The least size of a key on an elliptic curve, in bits.
const CURVE_BITS: u32 = 256;

/// The octets of all sources, as they were found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Material {
    pub anchors: Vec<Vec<u8>>,
    pub intermediates: Vec<Vec<u8>>,
    pub crls: Vec<Vec<u8>>,
    pub timestampers: Vec<Vec<u8>>,
}

/// Why an anchor cannot be taken as it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Problem {
    /// In one word for programs.
    pub reason: &'static str,
    /// For people.
    pub message: String,
}

impl Problem {
    pub(crate) fn new(reason: &'static str, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

/// What an anchor brings into the bundle.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    /// Its files.
    pub files: Files,
    /// Its certificates.
    pub certificates: Vec<CertificateStatus>,
    /// When the first of its lists should be followed by another.
    pub next_update: Option<DateTime<Utc>>,
}

impl Part {
    /// When the first of its certificates ends.
    pub(crate) fn nearest_expiry(&self) -> Option<DateTime<Utc>> {
        self.certificates.iter().filter_map(|certificate| certificate.not_after).min()
    }
}

/// Reads and judges `material` of the anchor `owner`.
pub(crate) fn part(owner: &str, material: &Material, rules: &Constraints) -> Result<Part, Problem> {
    let mut part = Part::default();
    for (folder, sources) in [
        (Folder::Anchors, &material.anchors),
        (Folder::Intermediates, &material.intermediates),
        (Folder::Timestampers, &material.timestampers),
    ] {
        for octets in sources {
            for der in certificates(octets)? {
                let judged = judge(folder, &der, rules)?;
                if !part.certificates.contains(&judged) {
                    part.certificates.push(judged);
                    part.files.put(folder, owner, der);
                }
            }
        }
    }
    for octets in &material.crls {
        let (der, next) = list(octets)?;
        part.next_update = part.next_update.into_iter().chain(next).min();
        part.files.put(Folder::Crls, owner, der);
    }
    Ok(part)
}

/// The certificates (DER) in PEM or DER.
fn certificates(octets: &[u8]) -> Result<Vec<Vec<u8>>, Problem> {
    let unreadable = |_| Problem::new("Unreadable", "a source is no certificate in PEM or DER");
    if !is_pem(octets) {
        return Ok(vec![X509::from_der(octets).and_then(|one| one.to_der()).map_err(unreadable)?]);
    }
    let all = X509::stack_from_pem(octets).map_err(unreadable)?;
    if all.is_empty() {
        return Err(Problem::new("Unreadable", "a source holds no certificate"));
    }
    all.iter().map(|one| one.to_der().map_err(unreadable)).collect()
}

fn is_pem(octets: &[u8]) -> bool {
    octets.windows(11).any(|window| window == b"-----BEGIN ")
}

/// A certificate that may stand in `folder` of the bundle.
fn judge(folder: Folder, der: &[u8], rules: &Constraints) -> Result<CertificateStatus, Problem> {
    let facts = read_certificate(der, &[])
        .map_err(|error| Problem::new("Unreadable", format!("a certificate cannot be read: {error}")))?
        .facts;
    // Who stamps is no authority of certificates; what a gateway asks of it is asked of each stamp.
    if folder != Folder::Timestampers {
        TrustStore::builder(0)
            .anchor(der)
            .map_err(|error| Problem::new("NotAuthority", format!("{}: {error}", facts.subject)))?;
    }
    strong(der, rules).map_err(|bits| {
        Problem::new("WeakKey", format!("{}: a key of {bits} bits is too weak", facts.subject))
    })?;
    Ok(CertificateStatus {
        sha256: facts.sha256,
        subject: facts.subject.chars().take(1_024).collect(),
        not_after: Some(facts.not_after),
    })
}

/// Whether the key is large enough; its size otherwise.
fn strong(der: &[u8], rules: &Constraints) -> Result<(), u32> {
    let Ok(key) = X509::from_der(der).and_then(|certificate| certificate.public_key()) else {
        // Keys that OpenSSL does not know have a fixed size; that they are of the profile is judged above.
        return Ok(());
    };
    let least = match key.id() {
        Id::RSA | Id::RSA_PSS => rules.min_rsa_bits,
        _ => CURVE_BITS,
    };
    if key.bits() < least { Err(key.bits()) } else { Ok(()) }
}

/// A list of revoked certificates (DER), and when it should be followed by another.
fn list(octets: &[u8]) -> Result<(Vec<u8>, Option<DateTime<Utc>>), Problem> {
    let read = if is_pem(octets) { X509Crl::from_pem(octets) } else { X509Crl::from_der(octets) };
    let unreadable =
        |_| Problem::new("Unreadable", "a source is no list of revoked certificates in PEM or DER");
    let crl = read.map_err(unreadable)?;
    let next = crl.next_update().and_then(instant);
    Ok((crl.to_der().map_err(unreadable)?, next))
}

fn instant(time: &Asn1TimeRef) -> Option<DateTime<Utc>> {
    let since = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    DateTime::UNIX_EPOCH
        .checked_add_signed(TimeDelta::days(since.days.into()) + TimeDelta::seconds(since.secs.into()))
}

#[cfg(test)]
mod tests {
    use customs_signatures::issue::{Authority, KeyKind, Subject, Usage, Validity};

    use super::*;

    fn validity() -> Validity {
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        Validity { not_before: start, not_after: start + TimeDelta::days(1_000) }
    }

    fn root(kind: KeyKind) -> Authority {
        Authority::root("Root", kind, validity()).unwrap()
    }

    fn pem(der: &[u8]) -> Vec<u8> {
        X509::from_der(der).unwrap().to_pem().unwrap()
    }

    fn anchors(of: Vec<Vec<u8>>) -> Material {
        Material { anchors: of, ..Material::default() }
    }

    #[test]
    fn certificates_come_as_der_or_as_several_pem_in_one_file() {
        let (one, two) =
            (root(KeyKind::P256).certificate().unwrap(), root(KeyKind::P384).certificate().unwrap());
        let both = anchors(vec![[pem(&one), pem(&two)].concat(), one.clone()]);
        let part = part("a", &both, &Constraints::default()).unwrap();
        // The one that came twice counts once.
        assert_eq!(part.certificates.len(), 2);
        assert_eq!(part.nearest_expiry(), Some(validity().not_after));
        part.files.rehearse().unwrap();
    }

    #[test]
    fn what_is_no_authority_or_no_certificate_is_refused_with_a_reason() {
        let root = root(KeyKind::P256);
        let person = Subject { common_name: "Somebody".to_owned(), ..Subject::default() };
        let person = root.issue(&person, Usage::Signing, KeyKind::P256, validity()).unwrap();
        for (octets, reason) in [
            (person.certificate().to_vec(), "NotAuthority"),
            (b"nothing".to_vec(), "Unreadable"),
            (b"-----BEGIN nothing".to_vec(), "Unreadable"),
            (Vec::new(), "Unreadable"),
        ] {
            let problem = part("a", &anchors(vec![octets]), &Constraints::default()).unwrap_err();
            assert_eq!(problem.reason, reason, "{}", problem.message);
        }
    }

    #[test]
    fn a_key_that_is_too_small_for_the_constraints_is_refused() {
        let material = anchors(vec![root(KeyKind::Rsa2048).certificate().unwrap()]);
        part("a", &material, &Constraints::default()).unwrap();
        let problem = part("a", &material, &Constraints { min_rsa_bits: 3_072 }).unwrap_err();
        assert_eq!(
            (problem.reason, problem.message.contains("2048")),
            ("WeakKey", true),
            "{}",
            problem.message
        );
        let curve = anchors(vec![root(KeyKind::P256).certificate().unwrap()]);
        part("a", &curve, &Constraints { min_rsa_bits: 8_192 }).unwrap();
    }

    #[test]
    fn who_stamps_is_taken_for_stamps_and_for_nothing_else() {
        let root = root(KeyKind::P256);
        let subject = Subject { common_name: "Stamps".to_owned(), ..Subject::default() };
        let stamps = root.issue(&subject, Usage::TimeStamping, KeyKind::P256, validity()).unwrap();
        let stamps = || vec![stamps.certificate().to_vec()];
        let anchors = vec![root.certificate().unwrap()];
        let material = Material { anchors, timestampers: stamps(), ..Material::default() };
        let part = part("a", &material, &Constraints::default()).unwrap();
        assert_eq!(part.certificates.len(), 2);
        part.files.rehearse().unwrap();
        let misplaced = Material { anchors: stamps(), ..Material::default() };
        assert_eq!(super::part("a", &misplaced, &Constraints::default()).unwrap_err().reason, "NotAuthority");
        let broken = Material { timestampers: vec![b"nothing".to_vec()], ..material };
        assert_eq!(super::part("a", &broken, &Constraints::default()).unwrap_err().reason, "Unreadable");
    }

    #[test]
    fn a_list_tells_when_the_next_is_due() {
        let (root, start) = (root(KeyKind::P256), validity().not_before);
        let list = |days| root.revocation_list(days, start, start + TimeDelta::days(1), &[]).unwrap();
        let material = Material {
            anchors: vec![root.certificate().unwrap()],
            crls: vec![list(1), X509Crl::from_der(&list(2)).unwrap().to_pem().unwrap()],
            ..Material::default()
        };
        let part = part("a", &material, &Constraints::default()).unwrap();
        assert_eq!(part.next_update, Some(start + TimeDelta::days(1)));
        let broken = Material { crls: vec![b"nothing".to_vec()], ..material };
        assert_eq!(super::part("a", &broken, &Constraints::default()).unwrap_err().reason, "Unreadable");
    }
}
