//! The first samples: good ones of the nation for every parser, and published ones where they are at hand.

use std::{fs, path::Path};

use customs_signatures::{
    Level,
    archive::{ArchiveProof, leaf, root, stamped, way},
    http::{HttpMessage, HttpProfile},
    issue::{RevocationReason, Revoked, ocsp_response, timestamp_request},
};
use openssl::{pkey::PKey, x509::X509};

use crate::ground::{Ground, Outcome, PAYLOAD, TIME_POLICY, list, noon};

/// Larger samples than this teach little and cost much.
const OCTETS_MAX: u64 = 32 << 10;

/// A request, an empty list and an answer: short messages in both forms.
const MESSAGES: [&str; 3] = [
    r#"<ncts:CC015C xmlns:ncts="http://ncts.dgtaxud.ec" PhaseID="NCTS5.1"><messageSender>S</messageSender><messageRecipient>R</messageRecipient><preparationDateAndTime>2026-05-01T09:00:00</preparationDateAndTime><messageIdentification>M</messageIdentification><messageType>CC015C</messageType></ncts:CC015C>"#,
    r#"<CC014C xmlns="http://ncts.dgtaxud.ec" PhaseID="NCTS6"><TransitOperation><MRN>26KZ123456789012J7</MRN></TransitOperation></CC014C>"#,
    r#"{"n1:CC007C":{"@PhaseID":"NCTS6","TransitOperation":{"MRN":"26KZ123456789012J7"},"Consignment":{"Incident":[{"sequenceNumber":1}]}}}"#,
];

fn put(home: &Path, parser: &str, name: &str, octets: &[u8]) -> Outcome<()> {
    let folder = home.join("samples").join(parser);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), octets)?)
}

/// Makes the nation and the samples in `home`; published ones come from below `samples`, if that is a folder.
pub(crate) fn make(home: &Path, samples: &Path) -> Outcome<()> {
    let ground = Ground::make(home)?;
    signatures(home, &ground)?;
    trust(home, &ground)?;
    envelopes(home, &ground)?;
    for (number, message) in MESSAGES.iter().enumerate() {
        put(home, "message", &number.to_string(), message.as_bytes())?;
    }
    if samples.is_dir() { published(home, samples) } else { Ok(()) }
}

fn signatures(home: &Path, ground: &Ground) -> Outcome<()> {
    let plain = ground.signer.sign_detached(PAYLOAD, noon())?;
    put(home, "cms", "plain", &plain)?;
    put(home, "cms-attached", "plain", &plain)?;
    let stamped = ground.signer.sign_stamped(PAYLOAD, noon(), &ground.time, TIME_POLICY)?;
    put(home, "cms", "stamped", &stamped)?;
    put(home, "xml-signature", "advanced", &ground.signer.sign_xml(PAYLOAD, noon())?)?;
    let jws = ground.seal.sign_jws(PAYLOAD, noon())?;
    put(home, "jws", "detached", jws.as_bytes())?;
    put(
        home,
        "jws",
        "jwk",
        format!("{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}}\n{jws}").as_bytes(),
    )?;
    put(home, "sealed-text", "token", ground.seal.token(PAYLOAD, noon())?.as_bytes())
}

fn trust(home: &Path, ground: &Ground) -> Outcome<()> {
    for (name, certificate) in [
        ("root", ground.root.certificate()?),
        ("issuing", ground.issuing.certificate()?),
        ("signer", ground.signer.certificate().to_vec()),
        ("time", ground.time.certificate().to_vec()),
        ("key", ground.signer.key().public_key()?),
    ] {
        put(home, "certificate", name, &certificate)?;
    }
    put(home, "revocation-list", "empty", &list(&ground.issuing)?)?;
    let revoked = Revoked::new(ground.time.certificate(), noon(), RevocationReason::KeyCompromise)?;
    let (since, until) = (noon() - chrono::TimeDelta::hours(1), noon() + chrono::TimeDelta::hours(1));
    let one = ground.issuing.revocation_list(2, since, until, &[revoked])?;
    put(home, "revocation-list", "one", &one)?;
    let basic = ground.issuing.status_response(ground.signer.certificate(), None, since, until)?;
    put(home, "status-response", "good", &ocsp_response(&basic))?;
    let token = ground.time.stamp(PAYLOAD, TIME_POLICY, noon())?;
    put(home, "timestamp", "token", &token)?;
    let request = timestamp_request(&[7; 32])?;
    put(home, "timestamp", "request", &request)?;
    put(home, "timestamp", "answer", &ground.time.answer_timestamp(&request, TIME_POLICY, noon())?)
}

fn envelopes(home: &Path, ground: &Ground) -> Outcome<()> {
    let mut message = HttpMessage {
        method: "POST".to_owned(),
        scheme: "https".to_owned(),
        authority: "customs.example".to_owned(),
        path: "/movements/departures".to_owned(),
        query: Some("a=1".to_owned()),
        body: PAYLOAD.to_vec(),
        ..HttpMessage::default()
    };
    ground.seal.sign_http(&HttpProfile::ecustoms(), &mut message, "n1", noon())?;
    let fields: String = message.headers.iter().map(|(name, value)| format!("\n{name}: {value}")).collect();
    let body = String::from_utf8_lossy(PAYLOAD);
    put(home, "http-signature", "request", format!("{}?a=1{fields}\n\n{body}", message.path).as_bytes())?;

    let key = ground.signer.key();
    let key = PKey::public_key_from_der(&key.public_key()?)?;
    put(home, "presented-key", "key.pem", &key.public_key_to_pem()?)?;
    put(home, "presented-key", "certificate.pem", &X509::from_der(ground.signer.certificate())?.to_pem()?)?;
    let ed25519 = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, "A".repeat(43));
    put(home, "presented-key", "ed25519.jwk", ed25519.as_bytes())?;
    let rsa = format!(r#"{{"kty":"RSA","e":"AQAB","n":"{}"}}"#, "_".repeat(342));
    put(home, "presented-key", "rsa.jwk", rsa.as_bytes())?;

    let leaves = [leaf(PAYLOAD, b"evidence"), leaf(b"another", b"evidence"), leaf(b"third", b"evidence")];
    let root = root(&leaves).ok_or("there are leaves")?;
    let token = ground.time.stamp(&stamped(&root, &[]), TIME_POLICY, noon())?;
    let hex = token.iter().map(|octet| format!("{octet:02x}")).collect();
    let proof = ArchiveProof { way: way(&leaves, 0), tokens: vec![hex] };
    put(home, "archive", "proof", &serde_json::to_vec(&proof)?)?;

    let signature = ground.signer.sign_detached(PAYLOAD, noon())?;
    let verified = ground.verifier.verify_detached_at_level(PAYLOAD, &signature, noon(), Level::B)?;
    put(home, "evidence", "sealed", &serde_json::to_vec(&verified.seal(&ground.evidence)?)?)
}

/// Which parsers a published file is for, by how it begins and what it is called.
fn parsers(path: &Path, octets: &[u8]) -> &'static [&'static str] {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match (ending.to_ascii_lowercase().as_str(), octets.first()) {
        ("crl", Some(0x30)) => &["revocation-list"],
        ("crt" | "cer", Some(0x30)) => &["certificate"],
        ("tst" | "tsr" | "tsq", Some(0x30)) => &["timestamp"],
        ("ors" | "ocsp", Some(0x30)) => &["status-response"],
        ("xml", _) => &["xml-signature", "message"],
        ("json", Some(b'{')) => &["message", "jws", "archive", "evidence"],
        (_, Some(0x30)) => &["cms", "cms-attached", "certificate", "status-response", "timestamp"],
        _ => &[],
    }
}

fn published(home: &Path, folder: &Path) -> Outcome<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let (path, facts) = (entry.path(), entry.metadata()?);
        if facts.is_dir() {
            published(home, &path)?;
        } else if facts.len() <= OCTETS_MAX {
            let octets = fs::read(&path)?;
            let name: String = path
                .to_string_lossy()
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                .collect();
            let name = name.get(name.len().saturating_sub(120)..).unwrap_or_default();
            for parser in parsers(&path, &octets) {
                put(home, parser, name, &octets)?;
            }
        }
    }
    Ok(())
}
