//! Every way in which a signature is refused, walked through the edge: each has a code of its own, over REST and GraphQL.

use std::{collections::BTreeSet, sync::atomic::Ordering};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use customs_gateway::GatewayConfig;
use customs_signatures::{
    Fault, Level, Profile,
    issue::{
        Authority, Credential, KeyKind, RevocationReason, Revoked, SigningKey, Usage, Validity, sign_detached,
    },
    read_certificate,
};
use customs_web_broker_contract::MemberRole;
use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    pkey::PKey,
    rsa::Rsa,
    x509::X509,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    authority::{POLICY, subject, validity},
    stand::{Stand, problem_of, start},
};

const DOCUMENT: &str = "<ncts:CC015C xmlns:ncts=\"http://ncts.dgtaxud.ec\">\u{436}</ncts:CC015C>";
const STAMP_POLICY: &str = "1.2.398.3.3.2.6.4";
/// Faults that the service finds which acts on the document.
const OF_SERVICES: [Fault; 6] = [
    Fault::Replayed,
    Fault::SignersMissing,
    Fault::SignersSame,
    Fault::SignerRole,
    Fault::WrongPerson,
    Fault::NotAuthorised,
];

fn good(credential: &Credential) -> Vec<u8> {
    credential.sign_detached(DOCUMENT.as_bytes(), start()).unwrap()
}

/// Where `part` stands for the last time.
fn last(message: &[u8], part: &[u8]) -> usize {
    message.windows(part.len()).rposition(|window| window == part).unwrap()
}

/// The message with the last octet of the last `part` (hexadecimal) set to `octet`.
fn changed(mut message: Vec<u8>, part: &str, octet: u8) -> Vec<u8> {
    let part = hex::decode(part).unwrap();
    let at = last(&message, &part) + part.len() - 1;
    message[at] = octet;
    message
}

fn issued(authority: &Authority, usage: Usage, validity: Validity) -> Credential {
    authority.issue(&subject(Some("IIN990101300125")), usage, KeyKind::P256, validity).unwrap()
}

fn list(authority: &Authority, number: u64, revoked: &[Revoked]) -> Vec<u8> {
    let validity = validity(start());
    authority.revocation_list(number, validity.not_before, validity.not_after, revoked).unwrap()
}

/// Signatures over the document whose octets are wrong.
fn forged(stand: &Stand) -> Vec<(Fault, Vec<u8>)> {
    let signer = &stand.nation.signer;
    let value = {
        let mut message = good(signer);
        let last = message.len() - 1;
        message[last] ^= 1;
        message
    };
    let unknown_digest = {
        let sha256 = "608648016503040201";
        changed(changed(good(signer), sha256, 0x0b), sha256, 0x0b)
    };
    let nobodys = {
        let serial = read_certificate(signer.certificate(), &[]).unwrap().facts.serial;
        let mut message = good(signer);
        let at = last(&message, &hex::decode(serial).unwrap());
        message[at + 1] ^= 1;
        message
    };
    let attached = {
        let certificate = X509::from_der(signer.certificate()).unwrap();
        let key = PKey::private_key_from_der(&signer.key().to_pkcs8().unwrap()).unwrap();
        let other = Some(&b"another document"[..]);
        let message = CmsContentInfo::sign(Some(&certificate), Some(&key), None, other, CMSOptions::BINARY);
        message.unwrap().to_der().unwrap()
    };
    vec![
        (Fault::Malformed, b"no CMS".to_vec()),
        (Fault::TooLarge, vec![0x30; 70_000]),
        (Fault::DigestMismatch, signer.sign_detached(b"another document", start()).unwrap()),
        (Fault::Invalid, value),
        (Fault::AlgorithmMismatch, changed(good(signer), "2a8648ce3d040302", 3)),
        (Fault::AttributesWrong, changed(good(signer), "2a864886f70d010701", 2)),
        (Fault::AttributesMissing, changed(good(signer), "2a864886f70d010910022f", 0x2e)),
        (Fault::Coverage, attached),
        (Fault::CertMissing, nobodys),
        (Fault::AlgorithmUnsupported, unknown_digest),
    ]
}

/// Documents whose signature stands within, and is not over the whole of them as the profile wants it.
fn half_signed(stand: &Stand) -> Vec<(Fault, String)> {
    let signed = stand.nation.signer.sign_xml(DOCUMENT.as_bytes(), start()).unwrap();
    let signed = String::from_utf8(signed).unwrap();
    let with = |from: &str, to: &str| {
        let changed = signed.replacen(from, to, 1);
        assert_ne!(changed, signed, "{from}");
        changed
    };
    let part = "<ncts:Consignment id=\"part\"/><ds:Signature ";
    let (envelope, path) = (
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
    );
    vec![
        (Fault::CoverageOther, with("URI=\"\"", "URI=\"#part\"").replacen("<ds:Signature ", part, 1)),
        (Fault::TransformRefused, with(envelope, path)),
    ]
}

/// Signatures over the document by certificates that may not make them; the trust of the stand learns what it must.
fn unentitled(stand: &Stand) -> Vec<(Fault, Vec<u8>)> {
    let nation = &stand.nation;
    let good_for = validity(start());
    let (day, hour) = (TimeDelta::days(1), TimeDelta::hours(1));
    let authority = |name: &str| nation.root.issuing(name, KeyKind::P256, good_for).unwrap();
    let (plain, listless) = (authority("Plain"), authority("Listless").with_policies(&[POLICY]));
    let below = nation.issuing.issuing("Below", KeyKind::P256, good_for).unwrap().with_policies(&[POLICY]);
    let own = |usage, validity| issued(&nation.issuing, usage, validity);
    let (revoked, held) = (own(Usage::Signing, good_for), own(Usage::Signing, good_for));
    let entry = |credential: &Credential, reason| {
        Revoked::new(credential.certificate(), start() - hour, reason).unwrap()
    };
    let entries =
        [entry(&revoked, RevocationReason::KeyCompromise), entry(&held, RevocationReason::CertificateHold)];
    let mut trust = nation.verifier.trust().next(2);
    for known in [&plain, &listless] {
        trust.intermediate(&known.certificate().unwrap()).unwrap();
    }
    trust.crl(&list(&plain, 1, &[])).unwrap();
    trust.crl(&list(&nation.issuing, 2, &entries)).unwrap();
    nation.verifier.swap_trust(trust.build()).unwrap();

    let key = nation.signer.key();
    let mut damaged = nation.signer.certificate().to_vec();
    let end = damaged.len() - 1;
    damaged[end] ^= 1;
    let damaged = sign_detached(key, &damaged, &[], DOCUMENT.as_bytes(), start()).unwrap();
    let weak = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let weak = SigningKey::from_pkcs8(&weak.private_key_to_pkcs8().unwrap()).unwrap();
    let certified = nation
        .issuing
        .certify(&subject(None), Usage::Signing, &weak.public_key().unwrap(), good_for)
        .unwrap();
    let weak = sign_detached(&weak, &certified, &[], DOCUMENT.as_bytes(), start()).unwrap();
    let early = Validity { not_before: start() + day, not_after: start() + day * 2 };
    let ended = Validity { not_before: start() - day, not_after: start() - hour };
    vec![
        (Fault::CertUntrusted, good(&nation.stranger)),
        (Fault::CertChain, good(&issued(&below, Usage::Signing, good_for))),
        (Fault::CertDamaged, damaged),
        (Fault::CertExpired, good(&own(Usage::Signing, ended))),
        (Fault::CertNotYetValid, good(&own(Usage::Signing, early))),
        (Fault::CertRevoked, good(&revoked)),
        (Fault::CertOnHold, good(&held)),
        (Fault::CertPurpose, good(&own(Usage::Authentication, good_for))),
        (Fault::CertPolicy, good(&issued(&plain, Usage::Signing, good_for))),
        (Fault::AlgorithmRefused, weak),
        (Fault::StatusUnavailable, good(&issued(&listless, Usage::Signing, good_for))),
    ]
}

/// Signatures whose timestamps are wrong, where one is demanded.
fn mistimed(stand: &Stand) -> Vec<(Fault, Vec<u8>)> {
    let (signer, good_for) = (&stand.nation.signer, validity(start()));
    let authority = || issued(&stand.nation.issuing, Usage::TimeStamping, good_for);
    let (known, stranger) = (authority(), authority());
    let mut trust = stand.nation.verifier.trust().next(2);
    trust.timestamp_authority(known.certificate(), &[STAMP_POLICY]).unwrap();
    stand.nation.verifier.swap_trust(trust.build()).unwrap();
    let stamped = |authority: &Credential, at| {
        signer.sign_stamped(DOCUMENT.as_bytes(), at, authority, STAMP_POLICY).unwrap()
    };
    vec![
        (Fault::TimestampMissing, good(signer)),
        (Fault::TimestampInvalid, stamped(&stranger, start())),
        (Fault::TimestampOrder, stamped(&known, start() + TimeDelta::hours(2))),
    ]
}

/// Sends the document with `signature` through both doors; both must refuse it by `fault`.
async fn refused(stand: &Stand, token: &str, fault: Fault, signature: &[u8]) {
    refused_as(stand, token, fault, DOCUMENT, Some(&STANDARD.encode(signature))).await;
}

/// Sends `document`, with `signature` beside it if there is one, through both doors; both must refuse it by `fault`.
async fn refused_as(stand: &Stand, token: &str, fault: Fault, document: &str, signature: Option<&str>) {
    let kind = fault.problem();
    let request = stand
        .ask(Method::POST, "/movements/departures")
        .bearer_auth(token)
        .header("idempotency-key", kind.code)
        .header("content-type", "application/xml")
        .body(document.to_owned());
    let request = signature.iter().fold(request, |request, text| request.header("ecustoms-signature", *text));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers().contains_key("retry-after"), kind.status == 503, "{}", kind.code);
    let problem = problem_of(answer, kind.status).await;
    let told = |document: &Value| (document["code"].clone(), document["errors"][0]["code"].clone());
    let expected = (json!(kind.code), json!(fault.code().as_str()));
    assert_eq!(told(&problem), expected, "{problem}");
    assert_eq!(problem["title"], kind.title);
    let query = "mutation($input: SubmitDeclarationInput!) { submitDeclaration(input: $input) { submitted { movement } } }";
    let input = json!({"content": document, "format": "XML", "signature": signature});
    let answer = stand.graphql(token, query, json!({"input": input})).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(told(extensions), expected, "{answer}");
    assert_eq!(extensions["status"], kind.status, "{answer}");
}

#[actix_web::test]
async fn every_refusal_of_a_signature_has_its_own_code_at_the_edge() {
    let profile = || Profile::ec_sig_1().with_policies(&[POLICY]).unwrap();
    let stand = Stand::of(GatewayConfig::default(), profile()).await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let mut cases = forged(&stand);
    cases.extend(unentitled(&stand));
    let mut seen = BTreeSet::new();
    for (fault, signature) in cases {
        refused(&stand, &token, fault, &signature).await;
        seen.insert(fault.problem().code);
    }
    for (fault, document) in half_signed(&stand) {
        refused_as(&stand, &token, fault, &document, None).await;
        seen.insert(fault.problem().code);
    }
    let mut ended = stand.nation.verifier.trust().next(3);
    ended.next_update(start() - TimeDelta::seconds(1));
    stand.nation.verifier.swap_trust(ended.build()).unwrap();
    refused(&stand, &token, Fault::TrustListExpired, &good(&stand.nation.signer)).await;
    seen.insert(Fault::TrustListExpired.problem().code);
    assert_eq!(stand.services.effects.load(Ordering::SeqCst), 0);

    let stand = Stand::of(GatewayConfig::default(), profile().with_level(Level::T)).await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    for (fault, signature) in mistimed(&stand) {
        refused(&stand, &token, fault, &signature).await;
        seen.insert(fault.problem().code);
    }
    seen.extend(OF_SERVICES.iter().map(|fault| fault.problem().code));
    let all: BTreeSet<&str> = Fault::PROBLEMS.iter().map(|kind| kind.code).collect();
    assert_eq!(seen, all);
}

#[actix_web::test]
async fn of_several_signers_the_worst_decides_and_every_one_is_told() {
    let stand = Stand::plain().await;
    let token = stand.token(&[MemberRole::Declarant]).await;
    let other = issued(&stand.nation.issuing, Usage::Signing, validity(start()));
    let ended =
        Validity { not_before: start() - TimeDelta::days(1), not_after: start() - TimeDelta::hours(1) };
    let ended = issued(&stand.nation.issuing, Usage::Signing, ended);
    let send = |signers: &[&Credential]| {
        let signature = Credential::sign_together(signers, DOCUMENT.as_bytes(), start()).unwrap();
        let request = stand.ask(Method::POST, "/movements/departures").bearer_auth(&token);
        let request = request.header("idempotency-key", "k").header("content-type", "application/xml");
        request.header("ecustoms-signature", STANDARD.encode(signature)).body(DOCUMENT).send()
    };
    let refusal = send(&[&stand.nation.signer, &ended, &stand.nation.stranger]).await.unwrap();
    let refusal = problem_of(refusal, 422).await;
    let codes: Vec<_> = refusal["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert_eq!(codes.len(), 3, "{refusal}");
    assert!(codes.contains(&&json!("SIG_CERT_EXPIRED")), "{refusal}");
    assert!(codes.contains(&&json!("SIG_CERT_UNTRUSTED")), "{refusal}");
    assert_eq!(send(&[&stand.nation.signer, &other]).await.unwrap().status(), 202);
}
