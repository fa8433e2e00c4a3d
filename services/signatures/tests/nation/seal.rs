//! The suite's own seal: what it makes is verified like everything else, and its keys change while it is in use.

use crate::support::{self, Nation, noon};
use chrono::TimeDelta;
use customs_signatures::http::{HttpKey, HttpMessage, HttpProfile};
use customs_signatures::issue::{Credential, KeyKind};
use customs_signatures::{Fault, Seal, SealError, Verifier};

fn verifier(nation: &Nation, seal: &Seal) -> Verifier {
    let mut trust = nation.trust();
    for certificate in seal.certificates() {
        trust.seal_certificate(&certificate).unwrap();
    }
    support::verifier(trust)
}

fn key(nation: &Nation, kind: KeyKind, from_days: i64, days: i64) -> Credential {
    let from = noon() + TimeDelta::days(from_days);
    nation.credential("Customs seal", kind, from, from + TimeDelta::days(days))
}

#[test]
fn what_is_sealed_verifies_in_every_form_and_with_every_key() {
    let nation = Nation::new();
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let seal = Seal::new(vec![key(&nation, kind, -10, 100)]).unwrap();
        let verifier = verifier(&nation, &seal);
        let message = b"receipt of a declaration";
        let cms = seal.sign(message, noon()).unwrap();
        assert!(verifier.verify_detached(message, &cms, noon()).is_ok());
        assert_eq!(
            verifier.verify_detached(b"another", &cms, noon()).unwrap_err().fault(),
            Fault::DigestMismatch
        );
        let jws = seal.sign_jws(message, noon()).unwrap();
        assert!(verifier.verify_jws(message, &jws, noon()).is_ok());
        assert_eq!(verifier.verify_jws(b"another", &jws, noon()).unwrap_err().fault(), Fault::Invalid);
        let text = seal.token(br#"{"mrn":"26KZ"}"#, noon()).unwrap();
        let token = verifier.verify_token(&text, noon() + TimeDelta::days(30)).unwrap();
        assert_eq!((token.content.as_slice(), token.sealed_at), (&br#"{"mrn":"26KZ"}"#[..], noon()));
    }
}

#[test]
fn a_code_of_an_unknown_seal_or_with_other_content_is_refused() {
    let nation = Nation::new();
    let seal = Seal::new(vec![key(&nation, KeyKind::P256, -10, 100)]).unwrap();
    let verifier = verifier(&nation, &seal);
    let stranger = Seal::new(vec![key(&nation, KeyKind::P256, -10, 100)]).unwrap();
    let refused = |text: &str| verifier.verify_token(text, noon()).unwrap_err().fault();
    assert_eq!(refused(&stranger.token(b"x", noon()).unwrap()), Fault::CertMissing);
    let text = seal.token(b"one", noon()).unwrap();
    let other = seal.token(b"two", noon()).unwrap();
    let [head, _, value] = <[&str; 3]>::try_from(text.split('.').collect::<Vec<_>>()).unwrap();
    let [_, content, _] = <[&str; 3]>::try_from(other.split('.').collect::<Vec<_>>()).unwrap();
    assert_eq!(refused(&format!("{head}.{content}.{value}")), Fault::Invalid);
    assert_eq!(refused("not a code"), Fault::Malformed);
    assert_eq!(refused(&"a".repeat(5_000)), Fault::TooLarge);
    let future = seal.token(b"one", noon() + TimeDelta::hours(1)).unwrap();
    assert_eq!(refused(&future), Fault::TimestampOrder);
}

#[test]
fn the_youngest_valid_key_seals_and_none_refuses() {
    let nation = Nation::new();
    let (old, new) = (key(&nation, KeyKind::P256, -50, 60), key(&nation, KeyKind::P256, 5, 100));
    let seal = Seal::new(vec![old.clone()]).unwrap();
    seal.replace(vec![old.clone(), new.clone()]).unwrap();
    let uses = |credential: &Credential, at| {
        let text = seal.token(b"x", at).unwrap();
        let verifier = verifier(&nation, &Seal::new(vec![credential.clone()]).unwrap());
        verifier.verify_token(&text, at).is_ok()
    };
    assert!(uses(&old, noon()));
    let later = noon() + TimeDelta::days(6);
    assert!(uses(&new, later) && !uses(&old, later));
    assert_eq!(Seal::default().sign(b"x", noon()), Err(SealError::NoKey));
    assert_eq!(seal.sign(b"x", noon() + TimeDelta::days(200)), Err(SealError::NoKey));
}

#[test]
fn a_call_that_is_sealed_verifies_under_the_key_it_names() {
    let nation = Nation::new();
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let credential = key(&nation, kind, -10, 100);
        let seal = Seal::new(vec![credential.clone()]).unwrap();
        let profile = HttpProfile::ecustoms();
        let mut message = HttpMessage {
            method: "POST".to_owned(),
            scheme: "https".to_owned(),
            authority: "broker.example".to_owned(),
            path: "/hooks".to_owned(),
            query: Some("a=1".to_owned()),
            body: b"{}".to_vec(),
            ..HttpMessage::default()
        };
        seal.sign_http(&profile, &mut message, "n1", noon()).unwrap();
        let named = hex::encode(openssl::sha::sha256(credential.certificate()));
        let known = |key_id: &str| {
            let spki = credential.key().public_key().unwrap();
            if key_id == named { HttpKey::from_spki(&spki).ok() } else { None }
        };
        assert_eq!(profile.verify(&message, known, noon()).unwrap().nonce, "n1");
        message.path = "/other".to_owned();
        assert!(profile.verify(&message, known, noon()).is_err());
    }
}

#[test]
fn an_exchanged_key_seals_at_once_and_the_former_certificate_stays_published() {
    let nation = Nation::new();
    let (old, new) = (key(&nation, KeyKind::P256, -50, 60), key(&nation, KeyKind::P384, -1, 100));
    let told = |credentials: &[&Credential]| -> Vec<Vec<u8>> {
        credentials.iter().map(|credential| credential.certificate().to_vec()).collect()
    };
    let seal = Seal::new(vec![old.clone()]).unwrap();
    seal.rotate(vec![new.clone()], &[], noon()).unwrap();
    assert_eq!(seal.in_use(noon()).unwrap().0, new.certificate());
    assert_eq!((seal.certificates(), seal.published(noon())), (told(&[&new]), told(&[&new, &old])));
    let text = seal.token(b"x", noon()).unwrap();
    assert!(verifier(&nation, &seal).verify_token(&text, noon()).is_ok());
    let ended = noon() + TimeDelta::days(20);
    assert_eq!(seal.published(ended), told(&[&new]), "what has ended is published no longer");

    let before = key(&nation, KeyKind::P256, -90, 100);
    let same = || told(&[&before]);
    seal.rotate(vec![new.clone()], &same(), noon()).unwrap();
    seal.rotate(vec![new.clone()], &same(), noon()).unwrap();
    assert_eq!(seal.published(noon()), told(&[&new, &old, &before]));
    seal.rotate(vec![old.clone()], &[], noon()).unwrap();
    assert_eq!(seal.published(noon()), told(&[&old, &new, &before]), "back to the old key");
}

#[test]
fn the_old_key_seals_until_the_new_one_counts_and_stays_where_nothing_does() {
    let nation = Nation::new();
    let (old, next) = (key(&nation, KeyKind::P256, -50, 60), key(&nation, KeyKind::P256, 5, 100));
    let seal = Seal::new(vec![old.clone()]).unwrap();
    seal.rotate(vec![next.clone()], &[], noon()).unwrap();
    let later = noon() + TimeDelta::days(6);
    let in_use = |at| seal.in_use(at).map(|(certificate, _)| certificate);
    assert_eq!(in_use(noon()).as_deref(), Some(old.certificate()));
    assert_eq!(in_use(later).as_deref(), Some(next.certificate()));
    assert_eq!(seal.published(noon()).len(), 2, "the next one is known before it is used");

    let ended = key(&nation, KeyKind::P256, -50, 10);
    assert_eq!(seal.rotate(Vec::new(), &[], noon()), Err(SealError::NoKey));
    assert_eq!(seal.rotate(vec![ended], &[], noon()), Err(SealError::NoKey));
    assert!(seal.rotate(vec![next.clone()], &[b"no certificate".to_vec()], noon()).is_err());
    assert_eq!(in_use(noon()).as_deref(), Some(old.certificate()));
    assert_eq!(Seal::default().in_use(noon()), None);
}
