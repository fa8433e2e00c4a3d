//! Commands that need no server: messages judged, packages of rules examined for a date that lies ahead.

use std::{path::Path, process::Command};

use customs_kernel::Mrn;
use serde_json::Value;

/// IE007 in the normal procedure, on one line.
fn arrival() -> String {
    let mrn = Mrn::compose(2026, "KZ", "000000000001", 'J').unwrap();
    format!(
        "<n:CC007C xmlns:n=\"http://ncts.dgtaxud.ec\" PhaseID=\"NCTS6\"><messageSender>KZ110240019832</messageSender>\
         <messageRecipient>NTA.UZ</messageRecipient><preparationDateAndTime>2026-11-22T08:00:00</preparationDateAndTime>\
         <messageIdentification>A1</messageIdentification><messageType>CC007C</messageType><TransitOperation><MRN>{mrn}</MRN>\
         <arrivalNotificationDateAndTime>2026-11-22T08:00:00</arrivalNotificationDateAndTime>\
         <simplifiedProcedure>0</simplifiedProcedure></TransitOperation><CustomsOfficeOfDestinationActual>\
         <referenceNumber>UZTAS001</referenceNumber></CustomsOfficeOfDestinationActual><TraderAtDestination>\
         <identificationNumber>KZ110240019832</identificationNumber></TraderAtDestination><Consignment><LocationOfGoods>\
         <typeOfLocation>A</typeOfLocation><qualifierOfIdentification>V</qualifierOfIdentification><CustomsOffice>\
         <referenceNumber>UZTAS001</referenceNumber></CustomsOffice></LocationOfGoods></Consignment></n:CC007C>"
    )
}

/// What the program says to `arguments`, a line of JSON each, and its status.
fn said(arguments: &[&str]) -> (i32, Vec<Value>) {
    let output = Command::new(env!("CARGO_BIN_EXE_ecustoms")).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.code().unwrap(), lines)
}

fn file(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_rules_of_a_date_that_lies_ahead_are_told_today() {
    let of = |date: &str| said(&["rules", "check", "--date", date]);
    let (status, lines) = of("2026-12-01");
    let now = &lines[0];
    assert_eq!((status, &now["sound"], &now["package"]["version"]), (0, &true.into(), &"2026.1".into()));
    assert_eq!(now["later"][0]["version"], "2027.1");
    let (status, lines) = of("2031-02-03");
    let ahead = &lines[0];
    assert_eq!((status, &ahead["package"]["version"]), (0, &"2027.1".into()));
    assert_eq!(ahead["later"].as_array().unwrap().len(), 0);
    assert_ne!(now["package"]["hash"], ahead["package"]["hash"]);
}

#[test]
fn rules_that_contradict_each_other_are_refused_with_both_names() {
    let folder = tempfile::tempdir().unwrap();
    let rule = |id: &str, when: &str, demand: &str| {
        format!(
            "{id} at TransitOperation\n  of CC015C\n  if {when} then {demand} limitDate\n  en a\n  ru b\n  kk c\n\n"
        )
    };
    let both = rule("N9001", "declarationType = 'T1'", "R") + &rule("N9002", "security = '0'", "N");
    let table = file(folder.path(), "national.tbl", &both);
    let (status, lines) = said(&["rules", "check", "--date", "2026-12-01", "--table", &table]);
    let found = lines[0]["defects"]["contradictions"].as_array().unwrap();
    let pair = found.iter().find(|one| one["one"] == "N9001" && one["other"] == "N9002").unwrap();
    assert_eq!((status, &lines[0]["sound"]), (1, &false.into()));
    assert_eq!(pair["element"], "TransitOperation/limitDate");
}

#[test]
fn messages_are_judged_without_a_server_one_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let good = arrival();
    let unknown = good.replace("<TransitOperation>", "<TransitOperation>\n<Stranger>1</Stranger>");
    let against = good.replace("<typeOfLocation>A<", "<typeOfLocation>Z<");
    let files = [("good.xml", &good), ("unknown.xml", &unknown), ("against.xml", &against)];
    let files = files.map(|(name, content)| file(folder.path(), name, content));
    let [good, unknown, against] = files.each_ref().map(String::as_str);
    let (status, lines) = said(&["message", "check", good]);
    assert_eq!(
        (status, &lines[0]["valid"], &lines[0]["type"]),
        (0, &true.into(), &"CC007C".into()),
        "{lines:?}"
    );
    let (status, lines) = said(&["message", "check", good, unknown, against, "/nowhere.xml"]);
    assert_eq!((status, lines.len()), (1, 4));
    let error = &lines[1]["errors"][0];
    assert_eq!((&error["code"], &error["rule"]), (&"15".into(), &Value::Null));
    assert_eq!(error["pointer"], "/CC007C/TransitOperation/Stranger");
    assert_eq!((&error["line"], &error["column"]), (&2.into(), &1.into()), "{error}");
    assert!(lines[2]["errors"].as_array().unwrap().iter().any(|one| one["code"] == "12"), "{}", lines[2]);
    assert_eq!((&lines[3]["valid"], &lines[3]["errors"][0]["code"]), (&false.into(), &"52".into()));
    let (status, lines) = said(&["message", "check", "--structure-only", "--language", "kk", against]);
    assert_eq!((status, &lines[0]["valid"]), (0, &true.into()), "{lines:?}");
}
