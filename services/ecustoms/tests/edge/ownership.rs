//! Two declarants who know nothing of each other: what is one's does not exist for the other.

use customs_signatures::issue::{KeyKind, Usage};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Person},
    documents::{lrn, xml},
    report::{Report, is_problem},
    signatures::{authority, days, subject},
    states::reaches,
    suite::Suite,
};

/// Eleven digits with the check digit of Kazakhstan's registers behind them.
fn with_check_digit(digits: &str) -> String {
    let digits_of: Vec<usize> = digits.bytes().map(|byte| usize::from(byte - b'0')).collect();
    let sum = |weights: [usize; 11]| {
        digits_of.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<usize>() % 11
    };
    let check = match sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) {
        10 => sum([3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]),
        check => check,
    };
    format!("{digits}{check}")
}

/// A second declarant: entered by the administrator, with a certificate of the nation's authority.
pub(crate) fn newcomer(suite: &Suite) -> Person {
    let door = suite.door();
    let administrator = door.log_in("administrator");
    let (bin, iin) = (with_check_digit("20014001234"), with_check_digit("92010145012"));
    let made = |path: &str, body: &Value| {
        let answer = administrator.post(path, body);
        assert!((200..300).contains(&answer.status), "{path}: {answer:?} {}", answer.text());
        answer.json()
    };
    let organisation = made(
        "/organisations",
        &json!({
            "eori": format!("KZ{bin}"), "name": "Second Trade LLP", "addressLines": ["Abai 1", "050000 Almaty"],
            "country": "KZ", "nationalNumber": {"scheme": "kz-bin", "number": bin}, "kinds": ["declarant"],
        }),
    );
    let person = made(
        "/people",
        &json!({"name": "Bolat Serikov", "nationalNumber": {"scheme": "kz-iin", "number": iin}}),
    );
    let id = |made: &Value| made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    made(
        "/memberships",
        &json!({"personId": id(&person), "organisationId": id(&organisation), "roles": ["declarant"]}),
    );
    let subject = subject("Bolat Serikov", &iin, &bin);
    let credential = authority(suite).issue(&subject, Usage::Signing, KeyKind::P256, days(-1, 30)).unwrap();
    door.log_in_with("newcomer", credential)
}

/// What the declarant has: every address with it, and how each may be asked for.
fn belongings(suite: &Suite, declarant: &Person) -> Vec<(Method, String, Value)> {
    let movement = declarant.lodge(&xml(declarant, &lrn()));
    reaches(declarant, &movement, "awaiting-release");
    let messages = declarant.get(&format!("/transits/{movement}/messages")).json();
    let message = messages["items"][0]["id"].as_str().unwrap().to_owned();
    let grn = suite.door().sandbox()["guarantee"]["grn"].as_str().unwrap().to_owned();
    let notes = format!("/transits/{movement}/notes");
    let note = declarant.post(&notes, &json!({"text": "mine"}));
    assert!((200..300).contains(&note.status), "{}", note.text());
    let pdf = json!({"name": "mine.pdf", "base64": "JVBERi0xLjcK"});
    let file = declarant.post(&format!("/transits/{movement}/files"), &pdf).header("location").to_owned();
    let draft = declarant.post("/drafts", &json!({"kind": "transit", "title": "mine", "content": "{}"}));
    let draft = draft.header("location").to_owned();
    let webhook = declarant.post("/webhooks", &json!({"url": "http://127.0.0.1:9/hook"}));
    let webhook = webhook.header("location").to_owned();
    let notification = declarant.get("/notifications?first=1").json();
    let notification = notification["items"][0]["id"].as_str().unwrap().to_owned();
    let nothing = json!({});
    let get = |path: String| (Method::GET, path, Value::Null);
    let post = |path: String, body: &Value| (Method::POST, path, body.clone());
    vec![
        get(format!("/transits/{movement}")),
        get(format!("/transits/{movement}/timeline")),
        get(format!("/transits/{movement}/messages")),
        get(format!("/messages/{message}")),
        get(format!("/transits/{movement}/declaration")),
        get(notes.clone()),
        post(notes, &json!({"text": "theirs"})),
        get(format!("/transits/{movement}/files")),
        post(format!("/transits/{movement}/files"), &pdf),
        get(file),
        get(format!("/movements/departures/{movement}")),
        get(format!("/movements/departures/{movement}/messages")),
        get(format!("/movements/departures/{movement}/messages/{message}")),
        get(format!("/movements/departures/{movement}/messages/{message}/body")),
        get(format!("/guarantees/{grn}")),
        get(format!("/guarantees/{grn}/ledger")),
        post(format!("/customs/guarantees/{grn}/balance"), &json!({"accessCode": "0000"})),
        get(draft.clone()),
        (Method::PUT, draft.clone(), json!({"kind": "transit", "title": "theirs", "content": "{}"})),
        (Method::DELETE, draft.clone(), Value::Null),
        (Method::PUT, format!("{draft}/lock"), Value::Null),
        post(format!("{draft}/checks"), &nothing),
        post(format!("{draft}/copies"), &json!({"title": "copy"})),
        get(webhook.clone()),
        get(format!("{webhook}/deliveries")),
        (Method::PUT, webhook.clone(), json!({"types": []})),
        post(format!("{webhook}/secret"), &nothing),
        post(format!("{webhook}/tests"), &nothing),
        (Method::DELETE, webhook, Value::Null),
        get(format!("/notifications/{notification}")),
    ]
}

#[test]
fn what_is_one_declarants_does_not_exist_for_another() {
    let mut suite = Suite::embedded();
    let declarant = suite.door().log_in("declarant");
    let newcomer = newcomer(&suite);
    let mut report = Report::default();
    for (method, path, body) in belongings(&suite, &declarant) {
        let mut request =
            newcomer.ask(method.clone(), &path).header("Idempotency-Key", crate::client::fresh());
        request = request.header("If-Match", "\"1\"");
        let request = if body.is_null() { request } else { request.json(&body) };
        let case = format!("{method} {path}");
        let answer = Answer::to(request);
        report.refused(&case, &answer, &[(404, "not-found")]);
        let told = answer.text();
        let leaks = told.contains(&declarant.eori) || told.contains("Altyn") || told.contains("mine");
        report.note(&case, if leaks { Err(told) } else { Ok(()) });
    }
    for list in [
        "/transits",
        "/movements/departures",
        "/arrivals",
        "/guarantees",
        "/drafts",
        "/webhooks",
        "/notifications",
        "/delegations",
    ] {
        let page = newcomer.get(list);
        let empty =
            page.status == 200 && !page.text().contains(&declarant.eori) && entries(&page.json()) == 0;
        report.note(list, if empty { Ok(()) } else { Err(format!("{} {}", page.status, page.text())) });
    }
    for (person, list) in
        [("carrier", "/transits"), ("insurer", "/drafts"), ("officer-transit-uz", "/transits")]
    {
        let page = suite.door().log_in(person).get(list);
        let bare = page.status == 403 || entries(&page.json()) == 0;
        report.note(person, if bare { Ok(()) } else { Err(page.text()) });
    }
    let elsewhere = suite.door().log_in("officer-transit-kz").get("/offices/KZALA001/queue");
    report.note("another's office", is_problem(&elsewhere, &[(404, "not-found"), (403, "forbidden")]));
    assert_eq!(entries(&declarant.get("/drafts").json()), 1, "the other has changed something");
    assert_eq!(entries(&declarant.get("/webhooks").json()), 1, "the other has changed something");
    report.end();
    suite.is_sound();
}

/// How many entries a page has, by whichever name they go.
fn entries(page: &Value) -> usize {
    let lists = page.as_object().into_iter().flat_map(serde_json::Map::values).filter_map(Value::as_array);
    lists.map(Vec::len).sum()
}
