//! The accompanying document: a PDF that says what the movement says, with a code that is verified offline.

use std::{path::Path, process::Command};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Answer, Door, Person},
    documents::{lrn, xml},
    states::reaches,
    suite::Suite,
};

pub(crate) fn release(door: &Door, movement: &str) {
    let officer = door.log_in("officer-departure");
    let seen = officer.get(&format!("/transits/{movement}"));
    let request = officer.effect(&format!("/transits/{movement}/release")).json(&json!({}));
    assert_eq!(Answer::to(request.header("If-Match", seen.header("etag"))).status, 200);
}

pub(crate) fn paper(person: &Person, movement: &str) -> Answer {
    let path = format!("/movements/departures/{movement}/accompanying-document");
    Answer::to(person.ask(Method::GET, &path).header("Accept", "application/pdf"))
}

/// `ecustoms verify qr` with the trust of the sandbox in `files`; its status and what it says.
fn verify(files: &Path, seal: &Path, code: &str) -> (i32, Value) {
    let demo = files.join("demo");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecustoms"));
    command.args(["verify", "qr", code]);
    command.arg("--anchor").arg(demo.join("root.der")).arg("--intermediate").arg(demo.join("issuing.der"));
    command.arg("--crl").arg(demo.join("root.crl")).arg("--crl").arg(demo.join("issuing.crl"));
    let output = command.arg("--seal").arg(seal).output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code().unwrap(), report)
}

/// The text of a PDF as `pdftotext` reads it; nothing where it is not installed.
fn text_of(pdf: &[u8], folder: &Path) -> Option<String> {
    let file = folder.join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().ok()?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

/// What a reader of codes sees on the first page of a PDF, one code a line; nothing where none is installed.
fn codes_of(pdf: &[u8], folder: &Path) -> Option<Vec<String>> {
    let file = folder.join("codes.pdf");
    std::fs::write(&file, pdf).unwrap();
    let picture = folder.join("codes");
    let page = ["-r", "300", "-png", "-singlefile"];
    Command::new("pdftoppm").args(page).arg(&file).arg(&picture).status().ok()?;
    let mut read = Command::new("zbarimg");
    read.args(["--quiet", "-Sdisable", "-Scode128.enable", "-Sqrcode.enable"]);
    let output = read.arg(picture.with_extension("png")).output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

#[test]
fn the_paper_says_what_the_movement_says_and_a_changed_digit_in_its_code_is_refused() {
    let suite = Suite::embedded();
    let door = suite.door();
    let declarant = door.log_in("declarant");
    let movement = declarant.lodge(&xml(&declarant, &lrn()));
    reaches(&declarant, &movement, "awaiting-release");
    assert_eq!(paper(&declarant, &movement).status, 404, "nothing travels before the release");
    release(&door, &movement);
    reaches(&declarant, &movement, "released");
    let seen = declarant.get(&format!("/transits/{movement}")).json();
    let mrn = seen["mrn"].as_str().unwrap();

    let pdf = paper(&declarant, &movement);
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
    assert_eq!(paper(&door.log_in("officer-departure"), &movement).status, 200);
    assert_eq!(paper(&door.log_in("carrier"), &movement).status, 404, "it is not the carrier's to see");
    match text_of(&pdf.body, suite.files()) {
        Some(text) => {
            let told = [mrn, "KZALA001", "UZTAS001", declarant.eori.as_str(), "Транзиттік ілеспе құжат"];
            for fact in told {
                assert!(text.contains(fact), "{fact} is missing in\n{text}");
            }
        }
        None => skip("pdftotext is not installed"),
    }

    let ask = format!("{{ accompanyingDocument(movement: \"{movement}\") {{ mrn href code certificate }} }}");
    let link = declarant.graphql(&ask).json();
    let link = &link["data"]["accompanyingDocument"];
    assert_eq!(link["mrn"], mrn);
    assert_eq!(link["href"], format!("/movements/departures/{movement}/accompanying-document"));
    let seal = suite.files().join("seal.der");
    std::fs::write(&seal, decoded(link["certificate"].as_str().unwrap())).unwrap();
    let code = link["code"].as_str().unwrap();
    match codes_of(&pdf.body, suite.files()) {
        Some(mut codes) => {
            codes.sort();
            assert_eq!(codes.len(), 2, "a bar code and a square: {codes:?}");
            assert_eq!(codes[0], format!("CODE-128:{mrn}"));
            let square = codes[1].strip_prefix("QR-Code:").unwrap();
            let (status, report) = verify(suite.files(), &seal, square);
            assert_eq!((status, &report["content"]["mrn"]), (0, &link["mrn"]), "{report}");
        }
        None => skip("pdftoppm or zbarimg is not installed"),
    }
    let (status, report) = verify(suite.files(), &seal, code);
    assert_eq!((status, report["indication"].as_str()), (0, Some("TOTAL-PASSED")), "{report}");
    assert_eq!(report["content"]["mrn"], mrn);
    let (status, report) = verify(suite.files(), &seal, &changed(code));
    assert_eq!((status, report["indication"].as_str()), (1, Some("TOTAL-FAILED")), "{report}");
}

/// The code with one letter of its content changed.
pub(crate) fn changed(code: &str) -> String {
    let mut parts: Vec<String> = code.split('.').map(str::to_owned).collect();
    let content = String::from_utf8(decoded_url(&parts[1])).unwrap();
    let other = content.replacen("\"mrn\":\"2", "\"mrn\":\"3", 1);
    assert_ne!(content, other);
    parts[1] = encoded_url(other.as_bytes());
    parts.join(".")
}

pub(crate) fn decoded(text: &str) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.decode(text).unwrap()
}

fn decoded_url(text: &str) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn encoded_url(octets: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(octets)
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests is told what was not tried")]
pub(crate) fn skip(why: &str) {
    eprintln!("skipped: {why}");
}
