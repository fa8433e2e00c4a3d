//! Two signatures where a document asks for two: different people, each in a role, each acting for the participant.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use customs_kernel::Clock as _;
use customs_platform::SystemClock;
use customs_signatures::{
    issue::{Credential, KeyKind, Usage},
    kazakhstan_check_digit,
};
use customs_testkit::until;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Person, SIGNATURE},
    documents::{lrn, xml},
    report::Report,
    signatures::{authority, days, subject},
    suite::Suite,
};

const HEAD: &str = "1.2.398.3.3.4.1.2.1";
const ACCOUNTANT: &str = "1.2.398.3.3.4.1.2.3";
const DECLARANT: (&str, &str) = ("901122401178", "150640012341");
const CARRIER_BIN: &str = "110240019832";

fn credential(suite: &Suite, (iin, bin): (&str, &str), roles: &[&str]) -> Credential {
    let named = subject("Somebody", iin, bin);
    authority(suite).with_roles(roles).issue(&named, Usage::Signing, KeyKind::P256, days(-1, 20)).unwrap()
}

/// Registers a person with `number` and gives them `role` in the organisations `eoris`.
fn engage(suite: &Suite, number: &str, posts: &[(&str, &str)]) {
    let administrator = suite.door().log_in("administrator");
    let number = json!({ "scheme": "kz-iin", "number": number });
    let person =
        administrator.post("/people", &json!({ "name": "Gulnara Akhmetova", "nationalNumber": number }));
    assert_eq!(person.status, 200, "{person:?}");
    let organisations = administrator.get("/organisations?first=100").json()["items"].clone();
    for (eori, role) in posts {
        let organisation = organisations.as_array().unwrap().iter().find(|one| one["eori"] == *eori).unwrap();
        let membership = json!({
            "personId": person.json()["id"],
            "organisationId": organisation["id"],
            "roles": [role],
            "offices": [],
        });
        let granted = administrator.post("/memberships", &membership);
        assert_eq!(granted.status, 200, "{granted:?}");
    }
}

fn lodged(person: &Person, content: &str, signers: &[&Credential]) -> Answer {
    let signature = Credential::sign_together(signers, content.as_bytes(), SystemClock.now()).unwrap();
    let request = person.effect("/movements/departures").header("Content-Type", "application/xml");
    Answer::to(request.header(SIGNATURE, STANDARD.encode(signature)).body(content.to_owned()))
}

/// The report on the signatures of the first message of a movement.
fn report_of(person: &Person, movement: &str) -> Value {
    let messages = person.get(&format!("/transits/{movement}/messages")).json();
    let message = messages["items"][0]["id"].as_str().unwrap().to_owned();
    let message = person.get(&format!("/messages/{message}")).json();
    serde_json::from_str(message["signatureReport"].as_str().unwrap()).unwrap()
}

#[test]
fn a_document_that_asks_for_two_is_taken_in_with_two_different_people() {
    let asked = ("ECUSTOMS_DECLARATIONS__SIGNED_BY__CC015C", "[\"head\", \"accountant\"]");
    let mut suite = Suite::with(&[asked]);
    let number = format!("80010145001{}", kazakhstan_check_digit("80010145001").unwrap());
    engage(&suite, &number, &[("KZ150640012341", "declarant"), ("KZ110240019832", "carrier")]);
    let declarant = suite.door().log_in("declarant");
    let content = xml(&declarant, &lrn());
    let theirs = (number.as_str(), DECLARANT.1);
    let (head, second) =
        (credential(&suite, DECLARANT, &[HEAD]), credential(&suite, DECLARANT, &[ACCOUNTANT]));
    let (clerk, accountant) = (credential(&suite, theirs, &[]), credential(&suite, theirs, &[ACCOUNTANT]));
    let stranger = suite.door().credential("broker");
    let mut report = Report::default();
    for (case, signers, status, code) in [
        ("one alone", vec![&head], 422, "signature-signers-missing"),
        ("one acts for nobody here", vec![&head, &stranger], 422, "signature-signers-missing"),
        ("one person twice", vec![&head, &second], 422, "signature-signers-same"),
        ("without the role", vec![&head, &clerk], 403, "signature-signer-role"),
        ("neither is who sends", vec![&accountant, &stranger], 403, "signature-wrong-person"),
    ] {
        report.refused(case, &lodged(&declarant, &content, &signers), &[(status, code)]);
    }
    let good = lodged(&declarant, &content, &[&accountant, &head]);
    assert_eq!(good.status, 202, "{good:?}");
    let told = report_of(&declarant, good.json()["departureId"].as_str().unwrap());
    assert_eq!(told["signers"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!(told["indication"], "TOTAL-PASSED");
    let again = lodged(&declarant, &content, &[&head, &accountant]);
    report.refused("both once more", &again, &[(422, "signature-replayed")]);

    let door = suite.door();
    let here = door.log_in_with("accountant", accountant);
    let elsewhere = credential(&suite, (&number, CARRIER_BIN), &[]);
    let foreign = xml(&here, &lrn());
    let answer = lodged(&here, &foreign, &[&elsewhere, &head]);
    report.refused("for another organisation", &answer, &[(403, "signer-not-authorised")]);
    report.end();
    suite.is_sound();
}

/// A waiver of the declarant that customs has approved: its number and its access code.
fn waiver(suite: &Suite, declarant: &Person) -> (String, String) {
    let today = SystemClock.now().date_naive();
    let proposed = declarant.post(
        "/guarantees",
        &json!({
            "guaranteeType": "0",
            "owner": declarant.eori,
            "officeOfGuarantee": "KZALA001",
            "insuredAmount": { "amount": "50000.00", "currency": "EUR" },
            "validFrom": today,
            "validUntil": today + TimeDelta::days(300),
            "paymentTerms": "payment within 30 days of the claim",
            "liabilities": "duties and taxes of transit movements of the owner",
        }),
    );
    let id = proposed.json()["id"].as_str().unwrap_or_else(|| panic!("{proposed:?}")).to_owned();
    let officer = suite.door().log_in("officer-departure");
    let request =
        officer.effect(&format!("/guarantees/{id}/approval")).header("If-Match", proposed.header("etag"));
    let approved = Answer::to(request.json(&json!({}))).json();
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{approved}")).to_owned();
    (text(&approved["guarantee"]["grn"]), text(&approved["accessCode"]))
}

#[test]
fn a_declared_waiver_takes_the_head_and_the_accountant_where_the_law_says_so() {
    let asked = ("ECUSTOMS_DECLARATIONS__SIGNED_BY_GUARANTEE__0", "[\"head\", \"accountant\"]");
    let mut suite = Suite::with(&[asked]);
    let number = format!("80010145001{}", kazakhstan_check_digit("80010145001").unwrap());
    engage(&suite, &number, &[("KZ150640012341", "declarant")]);
    let declarant = suite.door().log_in("declarant");
    let (head, accountant) = (
        credential(&suite, DECLARANT, &[HEAD]),
        credential(&suite, (number.as_str(), DECLARANT.1), &[ACCOUNTANT]),
    );
    let plain = lodged(&declarant, &xml(&declarant, &lrn()), &[&head]);
    assert_eq!(plain.status, 202, "another guarantee asks for one signature: {plain:?}");

    let (grn, code) = waiver(&suite, &declarant);
    let guarantee = declarant.door.sandbox()["guarantee"].clone();
    let known = |name: &str| guarantee[name].as_str().unwrap().to_owned();
    let content = xml(&declarant, &lrn())
        .replace("<guaranteeType>1<", "<guaranteeType>0<")
        .replace(&known("grn"), &grn)
        .replace(&format!(">{}<", known("accessCode")), &format!(">{code}<"));
    assert!(content.contains(&grn) && content.contains("<guaranteeType>0<"), "{content}");
    let mut report = Report::default();
    let second = credential(&suite, DECLARANT, &[ACCOUNTANT]);
    for (case, signers, status, fault) in [
        ("the head alone", vec![&head], 422, "signature-signers-missing"),
        ("one person twice", vec![&head, &second], 422, "signature-signers-same"),
    ] {
        report.refused(case, &lodged(&declarant, &content, &signers), &[(status, fault)]);
    }
    let good = lodged(&declarant, &content, &[&head, &accountant]);
    assert_eq!(good.status, 202, "{good:?}");
    let movement = good.json()["departureId"].as_str().unwrap().to_owned();
    assert_eq!(report_of(&declarant, &movement)["signers"].as_array().unwrap().len(), 2);
    let state = || declarant.state(&movement) == "awaiting-release";
    until("the waiver holds", Duration::from_secs(30), state).unwrap();
    report.end();
    suite.is_sound();
}

#[test]
fn a_table_of_signers_that_names_no_message_and_no_guarantee_is_told_at_the_start() {
    refused_at_the_start("ECUSTOMS_DECLARATIONS__SIGNED_BY__CC099C", "cc099c");
    refused_at_the_start("ECUSTOMS_DECLARATIONS__SIGNED_BY_GUARANTEE__7", "no type 7");
}

fn refused_at_the_start(variable: &str, why: &str) {
    let files = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.env("ECUSTOMS_DATA_DIR", files.path());
    command.env(variable, "[\"head\"]");
    for name in ["ECUSTOMS_POSTGRES_URL", "ECUSTOMS_RABBITMQ_URL", "ECUSTOMS_REDIS_URL"] {
        command.env_remove(name);
    }
    let ended = command.arg("migrate").output().unwrap();
    assert!(!ended.status.success());
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(told.contains(why), "{told}");
}
