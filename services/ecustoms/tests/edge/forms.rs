//! A document is signed in any form of the profile: beside it by CMS or JWS, or within the XML itself.

use std::time::Duration;

use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::Seal;
use customs_testkit::until;

use crate::{
    client::{Answer, Person, SIGNATURE},
    documents::{json, lrn, xml},
    suite::Suite,
};

const SOON: Duration = Duration::from_secs(30);

fn sent(person: &Person, media: &str, content: &str, signature: Option<&str>) -> Answer {
    let request = person.effect("/movements/departures").header("Content-Type", media);
    let request = match signature {
        Some(signature) => request.header(SIGNATURE, signature),
        None => request,
    };
    Answer::to(request.body(content.to_owned()))
}

fn signed_within(person: &Person, content: &str) -> String {
    String::from_utf8(person.credential.sign_xml(content.as_bytes(), SystemClock.now()).unwrap()).unwrap()
}

/// That the movement of `answer` is accepted, released in time, and tells of a signature that passed.
fn is_taken_in(person: &Person, answer: &Answer, content: &str) {
    assert_eq!(answer.status, 202, "{answer:?}");
    let told = answer.json();
    let movement = told["departureId"].as_str().unwrap();
    until("the acceptance", SOON, || person.messages(movement).iter().any(|kind| kind == "CC028C")).unwrap();
    let message = told["messageId"].as_str().unwrap();
    let kept = person.get(&format!("/messages/{message}")).json();
    assert_eq!(kept["body"], content, "what was signed is kept as it was");
    assert!(kept["signatureReport"].to_string().contains("TOTAL-PASSED"), "{kept}");
}

#[test]
fn a_declaration_is_signed_beside_it_or_within() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");

    let within = signed_within(&declarant, &xml(&declarant, &lrn()));
    is_taken_in(&declarant, &sent(&declarant, "application/xml", &within, None), &within);

    let content = json(&declarant, &lrn());
    let seal = Seal::new(vec![(*declarant.credential).clone()]).unwrap();
    let jws = seal.sign_jws(content.as_bytes(), SystemClock.now()).unwrap();
    is_taken_in(&declarant, &sent(&declarant, "application/json", &content, Some(&jws)), &content);
    suite.is_sound();
}

#[test]
fn what_was_changed_or_is_not_signed_is_refused_in_every_form() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let refused = |answer: &Answer, status: u16, code: &str| {
        assert!(
            answer.status == status && answer.text().contains(code),
            "is not {status} {code}: {answer:?}"
        );
    };

    let within = signed_within(&declarant, &xml(&declarant, &lrn()));
    let altered = within.replace("1000.00", "1.00");
    assert_ne!(altered, within);
    refused(&sent(&declarant, "application/xml", &altered, None), 422, "SIG_DIGEST_MISMATCH");
    // The signature is over the whole document: nothing may stand around what was signed.
    let wrapped = within.replacen("<ds:Signature ", "<Consignment/><ds:Signature ", 1);
    refused(&sent(&declarant, "application/xml", &wrapped, None), 422, "SIG_DIGEST_MISMATCH");
    let nothing = xml(&declarant, &lrn());
    refused(&sent(&declarant, "application/xml", &nothing, None), 400, "signature-required");
    let mention = nothing.replacen("?>", "?>\n<!-- http://www.w3.org/2000/09/xmldsig# -->", 1);
    refused(&sent(&declarant, "application/xml", &mention, None), 400, "SIG_MALFORMED");

    let content = json(&declarant, &lrn());
    refused(&sent(&declarant, "application/json", &content, None), 400, "signature-required");
    let seal = Seal::new(vec![(*declarant.credential).clone()]).unwrap();
    let jws = seal.sign_jws(content.as_bytes(), SystemClock.now()).unwrap();
    let other = content.replace("1000.00", "1.00");
    refused(&sent(&declarant, "application/json", &other, Some(&jws)), 422, "SIG_INVALID");
    refused(&sent(&declarant, "application/json", &content, Some("a.b")), 400, "SIG_MALFORMED");
    suite.is_sound();
}
