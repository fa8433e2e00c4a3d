//! Documents whose signature does not hold, or not for who is named: nothing of them is taken in.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::issue::{Authority, Credential, KeyKind, Subject, Usage, Validity};
use ecustoms::sandbox::PASSWORD;

use crate::{
    client::{Answer, Person, SIGNATURE, sign},
    documents::{lrn, xml},
    report::Report,
    suite::Suite,
};

/// The authority of the demo nation, opened from the files of the suite.
pub(crate) fn authority(suite: &Suite) -> Authority {
    let read = |name: &str| std::fs::read(suite.files().join("demo").join(name)).unwrap();
    let key = customs_signatures::issue::SigningKey::from_pkcs8(&read("issuing.key")).unwrap();
    Authority::open(&read("issuing.der"), key, Vec::new()).unwrap()
}

/// A person with national numbers, as a certificate names them.
pub(crate) fn subject(name: &str, iin: &str, bin: &str) -> Subject {
    Subject {
        common_name: name.to_owned(),
        country: Some("KZ".to_owned()),
        person: Some(format!("IIN{iin}")),
        organisation_id: Some(format!("BIN{bin}")),
        organisation: Some("Somebody LLP".to_owned()),
    }
}

/// A validity from and until so many days from now.
pub(crate) fn days(from: i64, until: i64) -> Validity {
    let now = SystemClock.now();
    Validity { not_before: now + TimeDelta::days(from), not_after: now + TimeDelta::days(until) }
}

fn lodged(declarant: &Person, content: &str, signature: Option<&str>) -> Answer {
    let request = declarant.effect("/movements/departures").header("Content-Type", "application/xml");
    let request =
        if let Some(signature) = signature { request.header(SIGNATURE, signature) } else { request };
    Answer::to(request.body(content.to_owned()))
}

#[test]
fn a_document_is_taken_in_only_as_it_was_signed_by_who_may() {
    let mut suite = Suite::embedded();
    let door = suite.door();
    let (declarant, broker) = (door.log_in("declarant"), door.log_in("broker"));
    let content = xml(&declarant, &lrn());
    let mut report = Report::default();
    let refused =
        |report: &mut Report, case: &str, answer: &Answer, status: u16, code: &str, finding: &str| {
            report.refused(case, answer, &[(status, code)]);
            let named = finding.is_empty() || answer.text().contains(finding);
            report
                .note(case, if named { Ok(()) } else { Err(format!("is not {finding}: {}", answer.text())) });
        };
    let good = declarant.sign(content.as_bytes());
    let none = lodged(&declarant, &content, None);
    refused(&mut report, "none", &none, 400, "signature-required", "/Ecustoms-Signature");
    let altered = content.replace("1000.00", "1.00");
    assert_ne!(altered, content);
    let answer = lodged(&declarant, &altered, Some(&good));
    refused(&mut report, "altered", &answer, 422, "signature-content-altered", "SIG_DIGEST_MISMATCH");
    let spaced = format!("{content}\n");
    let answer = lodged(&declarant, &spaced, Some(&good));
    refused(&mut report, "a line more", &answer, 422, "signature-content-altered", "SIG_DIGEST_MISMATCH");
    let answer = lodged(&declarant, &content, Some(&broker.sign(content.as_bytes())));
    refused(&mut report, "by another person", &answer, 403, "signature-wrong-person", "SIG_WRONG_PERSON");
    let answer = lodged(&declarant, &content, Some("not Base64!"));
    refused(&mut report, "no Base64", &answer, 400, "input-invalid", "/Ecustoms-Signature");
    let answer = lodged(&declarant, &content, Some(&STANDARD.encode("garbage")));
    refused(&mut report, "garbage", &answer, 400, "signature-malformed", "SIG_MALFORMED");
    let mut octets = STANDARD.decode(&good).unwrap();
    let last = octets.len() - 3;
    octets[last] ^= 1;
    let answer = lodged(&declarant, &content, Some(&STANDARD.encode(&octets)));
    refused(&mut report, "another value", &answer, 422, "signature-invalid", "SIG_INVALID");
    let large = STANDARD.encode(vec![0x30; 70_000]);
    let answer = lodged(&declarant, &content, Some(&large[..20_000]));
    refused(&mut report, "a large one", &answer, 400, "signature-malformed", "SIG_MALFORMED");
    let authority = authority(&suite);
    let named = subject("Aigerim Sadykova", "901122401178", "150640012341");
    let mut by = |case: &str, credential: &Credential, (code, finding): (&str, &str)| {
        let answer = lodged(&declarant, &content, Some(&sign(credential, content.as_bytes())));
        refused(&mut report, case, &answer, 422, code, finding);
    };
    let issue = |usage, validity| authority.issue(&named, usage, KeyKind::P256, validity).unwrap();
    let ended = ("signature-certificate-expired", "SIG_CERT_EXPIRED");
    by("ended", &issue(Usage::Signing, days(-30, -1)), ended);
    let early = ("signature-certificate-not-yet-valid", "SIG_CERT_NOT_YET_VALID");
    by("not begun", &issue(Usage::Signing, days(10, 20)), early);
    let other = ("signature-certificate-usage", "SIG_CERT_PURPOSE");
    by("for log-in only", &issue(Usage::Authentication, days(-1, 20)), other);
    let stranger = Authority::root("Somebody's Root", KeyKind::P256, days(-1, 30)).unwrap();
    let theirs = stranger.issue(&named, Usage::Signing, KeyKind::P256, days(-1, 30)).unwrap();
    by("by an authority nobody trusts", &theirs, ("signature-issuer-unknown", "SIG_CERT_UNTRUSTED"));
    assert_eq!(
        declarant.get("/transits").json()["items"].as_array().unwrap().len(),
        0,
        "something was taken in"
    );
    let first = lodged(&declarant, &content, Some(&good));
    assert_eq!(first.status, 202, "{first:?}");
    replayed(&mut report, &declarant, &content, &good);
    assert_eq!(PASSWORD, door.sandbox()["password"]);
    report.end();
    suite.is_sound();
}

/// The same signed document under another key is not accepted again; under its own key it is answered alike.
fn replayed(report: &mut Report, declarant: &Person, content: &str, signature: &str) {
    let again = lodged(declarant, content, Some(signature));
    report.refused("signed once, sent twice", &again, &[(422, "signature-replayed")]);
    let anew = declarant.sign(content.as_bytes());
    let answer = lodged(declarant, content, Some(&anew));
    report.refused("signed anew, sent twice", &answer, &[(422, "signature-replayed")]);
}
