//! Log-ins and tokens that must not be accepted.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Person, sign},
    report::{Report, is_problem},
    suite::Suite,
};

const REFUSED: &[(u16, &str)] =
    &[(401, "challenge-refused"), (401, "signature-malformed"), (400, "input-invalid")];

#[test]
fn a_challenge_is_signed_once_by_who_is_meant() {
    let mut suite = Suite::embedded();
    let door = suite.door();
    let (declarant, carrier) = (door.credential("declarant"), door.credential("carrier"));
    let mut report = Report::default();
    let challenge = door.challenge();
    assert_eq!(door.open(&challenge, &declarant).status, 200);
    report.refused("used before", &door.open(&challenge, &declarant), &[(401, "challenge-refused")]);
    report.refused("used before by another", &door.open(&challenge, &carrier), &[(401, "challenge-refused")]);
    let ask = |challenge: &str, signature: &str| {
        door.post("/auth/token", &json!({ "challenge": challenge, "signature": signature }))
    };
    let (one, other) = (door.challenge(), door.challenge());
    report.refused(
        "another challenge",
        &ask(&one, &sign(&declarant, other.as_bytes())),
        &[(401, "signature-content-altered")],
    );
    report.refused(
        "nothing signed",
        &ask(&one, &sign(&declarant, b"")),
        &[(401, "signature-content-altered")],
    );
    let mut octets = STANDARD.decode(sign(&declarant, one.as_bytes())).unwrap();
    octets.push(0);
    report.refused("something behind the signature", &ask(&one, &STANDARD.encode(&octets)), REFUSED);
    octets.truncate(octets.len() / 2);
    report.refused("half a signature", &ask(&one, &STANDARD.encode(&octets)), REFUSED);
    for (case, signature) in [
        ("no Base64", "***".to_owned()),
        ("one letter", "0".to_owned()),
        ("octets at random", STANDARD.encode([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0, 1, 2, 3])),
        ("ninety thousand octets", STANDARD.encode(vec![0x30; 60_000])),
    ] {
        report.refused(case, &ask(&one, &signature), REFUSED);
    }
    let head = one.rsplit_once('.').unwrap().0;
    for (case, challenge) in [
        ("no challenge", "x".to_owned()),
        ("without its seal", head.to_owned()),
        ("with another seal", format!("{head}.AAAA")),
        ("with a later end", one.replacen(".17", ".27", 1)),
        ("of two hundred and one characters", "c".repeat(201)),
    ] {
        let answer = ask(&challenge, &sign(&declarant, challenge.as_bytes()));
        report.refused(case, &answer, &[(401, "challenge-refused"), (400, "input-invalid")]);
    }
    let theirs = json!({ "challenge": one, "signature": sign(&declarant, one.as_bytes()), "organisation": "KZ090340005176" });
    report.refused("for another organisation", &door.post("/auth/token", &theirs), &[(403, "forbidden")]);
    assert_eq!(door.open(&one, &declarant).status, 200, "what was refused did not use the challenge up");
    report.end();
    suite.is_sound();
}

fn with_token(person: &Person, authorization: &str) -> Answer {
    Answer::to(person.door.ask(Method::GET, "/transits").header("Authorization", authorization))
}

#[test]
fn only_tokens_of_this_installation_are_worth_something() {
    let suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let parts: Vec<&str> = declarant.token.split('.').collect();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let forged = |header: &Value, change: &dyn Fn(&mut Value), seal: &str| {
        let mut claims = claims.clone();
        change(&mut claims);
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("Bearer {}.{}.{seal}", encode(header), encode(&claims))
    };
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    let none = json!({ "alg": "none", "typ": "at+jwt" });
    let jku = json!({ "alg": "ES256", "typ": "at+jwt", "jku": "http://127.0.0.1:9/jwks", "kid": "../../etc/passwd" });
    let mut report = Report::default();
    let keep = |_: &mut Value| {};
    for (case, authorization) in [
        ("nothing behind the kind", "Bearer ".to_owned()),
        ("garbage", "Bearer garbage".to_owned()),
        ("dots", "Bearer ..".to_owned()),
        ("another kind", format!("Basic {}", STANDARD.encode("declarant:secret"))),
        ("without seal", format!("Bearer {}.{}.", parts[0], parts[1])),
        ("with half a seal", format!("Bearer {}", &declarant.token[..declarant.token.len() - 9])),
        ("without algorithm", forged(&none, &keep, "")),
        ("without algorithm, with the old seal", forged(&none, &keep, parts[2])),
        ("with a key from elsewhere", forged(&jku, &keep, parts[2])),
        ("with more roles", forged(&header, &|claims| claims["roles"] = json!(["administrator"]), parts[2])),
        ("for longer", forged(&header, &|claims| claims["exp"] = json!(4_000_000_000_u64), parts[2])),
        ("ended long ago", forged(&header, &|claims| claims["exp"] = json!(1_000), parts[2])),
        (
            "for another audience",
            forged(&header, &|claims| claims["aud"] = json!("https://other.example"), parts[2]),
        ),
        ("thirty thousand characters", format!("Bearer {}", "a".repeat(30_000))),
        ("two tokens", format!("Bearer {0}, Bearer {0}", declarant.token)),
    ] {
        let answer = with_token(&declarant, &authorization);
        report.refused(case, &answer, &[(401, "unauthenticated")]);
        let told = answer.header("www-authenticate").starts_with("Bearer");
        report.note(case, if told { Ok(()) } else { Err("no WWW-Authenticate".to_owned()) });
    }
    report.refused("none", &suite.door().get("/transits"), &[(401, "unauthenticated")]);
    assert_eq!(declarant.get("/transits").status, 200);
    assert_eq!(declarant.post("/auth/logout", &json!({})).status, 200);
    report.refused("withdrawn", &declarant.get("/transits"), &[(401, "unauthenticated")]);
    report.end();
}

#[test]
fn a_token_for_one_address_is_worth_nothing_at_another() {
    let files = tempfile::tempdir().unwrap();
    let key = files.path().join("key.pem");
    let group = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
    let made = openssl::pkey::PKey::from_ec_key(openssl::ec::EcKey::generate(&group).unwrap()).unwrap();
    std::fs::write(&key, made.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let path = key.to_str().unwrap();
    let at = |url| Suite::with(&[("ECUSTOMS_TOKEN_KEY_FILE", path), ("ECUSTOMS_PUBLIC_URL", url)]);
    let (here, there) = (at("https://one.example"), at("https://two.example"));
    let declarant = here.door().log_in("declarant");
    assert_eq!(declarant.get("/transits").status, 200);
    let elsewhere = there.door().ask(Method::GET, "/transits").bearer_auth(&declarant.token);
    is_problem(&Answer::to(elsewhere), &[(401, "unauthenticated")]).unwrap();
}
