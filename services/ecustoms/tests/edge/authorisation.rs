//! Who may do what: every role against every operation, as the committed table says.

use std::{collections::BTreeSet, path::Path, thread};

use reqwest::Method;
use serde_json::json;

use crate::{
    client::{Answer, Door, Person},
    introspection::{operation, schema},
    report::is_problem,
    suite::Suite,
};

/// One of each role; officers of transit by one of the three.
const LOGINS: [(&str, &str); 8] = [
    ("declarant", "declarant"),
    ("broker", "broker"),
    ("carrier", "carrier"),
    ("insurer", "guarantor"),
    ("officer-departure", "officer-of-departure"),
    ("officer-transit-kz", "officer-of-transit"),
    ("officer-destination", "officer-of-destination"),
    ("administrator", "administrator"),
];

/// A row of the committed table of operations.
#[derive(Debug)]
struct Row {
    use_case: String,
    roles: Option<Vec<String>>,
    face: String,
    method: Method,
    path: String,
}

impl Row {
    fn read(line: &str) -> Option<Self> {
        let cells: Vec<&str> = line.strip_prefix("| `")?.split(" | ").collect();
        let [use_case, needs, face, rest] = cells.as_slice() else { return None };
        let (method, path) = rest.trim_end_matches([' ', '|']).trim_matches('`').split_once(' ')?;
        let roles = needs.split_once(": ").map(|(_, roles)| roles.split(", ").map(str::to_owned).collect());
        assert!(roles.is_some() || *needs == "anyone", "{line}");
        Some(Self {
            use_case: use_case.trim_matches('`').to_owned(),
            roles,
            face: face.trim_matches('`').to_owned(),
            method: method.parse().unwrap(),
            path: path.to_owned(),
        })
    }

    fn allows(&self, role: &str) -> bool {
        self.roles.as_ref().is_none_or(|roles| roles.iter().any(|allowed| allowed == role))
    }

    /// The path with something of the right form for every name, that nobody has.
    fn place(&self) -> String {
        let parts = self.path.split('/').map(|part| match part {
            "{mrn}" => "26KZ00000000000000",
            "{grn}" => "26KZ000000000000000000000",
            "{eori}" => "KZ000000000000",
            "{office}" => "KZALA001",
            "{month}" => "2026-11",
            "{service}" => "guarantees",
            "{list}" => "CL999",
            "{code}" => "X",
            "{country}" => "KZ",
            "{position}" => "0",
            part if part.starts_with('{') => "01a00000-0000-7000-8000-000000000000",
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

fn table() -> Vec<Row> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operations.md");
    std::fs::read_to_string(file).unwrap().lines().filter_map(Row::read).collect()
}

/// Asks without key, version or body: who may do it is told what is missing, and nothing ever happens.
fn asked(door: &Door, person: Option<&Person>, row: &Row) -> Answer {
    let place = row.place();
    let request = match person {
        Some(person) => person.ask(row.method.clone(), &place),
        None => door.ask(row.method.clone(), &place),
    };
    // Of a stream only the beginning is looked at: it has no end.
    let request =
        if row.path.ends_with("/stream") { request.header("Accept", "text/event-stream") } else { request };
    let response = request.send().unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = if status == 200 { Vec::new() } else { response.bytes().unwrap().to_vec() };
    Answer { status, headers, body }
}

/// What is wrong with the answer to `who`, if something is.
fn judged(row: &Row, who: &str, role: Option<&str>, answer: &Answer) -> Option<String> {
    let told = |why: &str| {
        Some(format!("{who} {} {}: {why}: {} {:.300}", row.method, row.path, answer.status, answer.text()))
    };
    let allowed = role.map_or(row.roles.is_none(), |role| row.allows(role));
    if answer.status >= 500 {
        return told("a defect");
    }
    if !allowed {
        let codes: &[(u16, &str)] =
            if role.is_none() { &[(401, "unauthenticated")] } else { &[(403, "forbidden")] };
        return is_problem(answer, codes).err().and_then(|why| told(&why));
    }
    // Operations of log-in need a token or a challenge by themselves.
    let by_itself = row.roles.is_none() && role.is_none();
    if matches!(answer.status, 401 | 403) && !by_itself {
        return told("is refused");
    }
    None
}

#[test]
fn every_role_may_do_what_the_table_says_and_nothing_else() {
    let mut suite = Suite::embedded();
    let door = suite.door();
    let rows = table();
    assert!(rows.len() > 100, "{} rows", rows.len());
    let people: Vec<(Person, &str)> =
        LOGINS.iter().map(|(login, role)| (door.log_in(login), *role)).collect();
    let of = |who: Option<&(Person, &str)>| -> Vec<String> {
        let person = who.map(|(person, _)| person);
        let wrong = rows.iter().filter(|row| !ends_the_session(row)).filter_map(|row| {
            let name = person.map_or("nobody", |person| person.login.as_str());
            judged(row, name, who.map(|(_, role)| *role), &asked(&door, person, row))
        });
        wrong.collect()
    };
    let wrong: Vec<String> = thread::scope(|scope| {
        let everybody = people.iter().map(Some).chain([None]);
        let all: Vec<_> = everybody.map(|who| scope.spawn(move || of(who))).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len() * 9, wrong.join("\n"));
    suite.is_sound();
}

/// The operations after which the person would be nobody.
fn ends_the_session(row: &Row) -> bool {
    matches!(row.path.as_str(), "/auth/logout" | "/auth/refresh")
}

#[test]
fn every_operation_that_is_served_has_a_row_and_every_row_is_served() {
    let suite = Suite::embedded();
    let document = suite.door().get("/openapi.json").json();
    let mut served = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if operation["operationId"].is_string() {
                served.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let rows: BTreeSet<String> = table().iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(served, rows);
}

#[test]
fn graphql_refuses_what_rest_refuses() {
    let mut suite = Suite::embedded();
    let door = suite.door();
    let schema = schema(&door);
    let people: Vec<(Person, &str)> =
        LOGINS.iter().map(|(login, role)| (door.log_in(login), *role)).collect();
    let mut wrong = Vec::new();
    let rows = table();
    for row in rows.iter().filter(|row| row.roles.is_some()) {
        let Some((root, name)) = row.face.split_once(' ').filter(|(root, _)| *root != "subscription") else {
            continue;
        };
        let root = if root == "query" { "Query" } else { "Mutation" };
        let query = operation(&schema, root, name);
        let codes = |answer: &Answer| {
            answer.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
        };
        let nobody = door.post("/graphql", &json!({ "query": query }));
        if codes(&nobody) != "unauthenticated" {
            wrong.push(format!("nobody: {query}: {:.300}", nobody.text()));
        }
        // What somebody may change is not tried here: it would be changed.
        for (person, role) in people.iter().filter(|(_, role)| root == "Query" || !row.allows(role)) {
            let answer = person.graphql(&query);
            let forbidden = codes(&answer) == "forbidden";
            if answer.status != 200 || forbidden == row.allows(role) {
                wrong.push(format!(
                    "{} {}: {query}: {} {:.300}",
                    person.login,
                    row.use_case,
                    answer.status,
                    answer.text()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    suite.is_sound();
}
