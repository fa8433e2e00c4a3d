//! What we write is valid by the published schemas, where a schema checker and the schemas are at hand.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use customs_messages::{Document, Phase, write_xml};

use crate::corpus::{folder, valid_messages};
use crate::good::message;
use crate::outgoing::every_answer;

pub(crate) fn schema(message_type: &str, phase: Phase) -> Option<PathBuf> {
    let lower = message_type.to_lowercase();
    let places = match phase {
        Phase::P5 => vec![format!("p5-5.15.2/{lower}.xsd"), format!("p5-5.15.0-national/{lower}.xsd")],
        Phase::P6 => vec![format!("p6-6.4.1-all/{message_type}.xsd")],
    };
    let folder = folder("ncts-xsd")?;
    places.into_iter().map(|place| folder.join(place)).find(|path| path.is_file())
}

#[test]
fn what_is_written_is_valid_by_the_published_schemas() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("skipped: xmllint is not here");
        return;
    }
    let mut documents: Vec<Document> = valid_messages().into_iter().map(|(_, document)| document).collect();
    documents.extend(every_answer());
    for phase in Phase::ALL {
        for kind in ["CC015C", "CC013C", "CC170C", "CC007C", "CC044C", "CC014C", "CC141C"] {
            documents.push(message(kind, phase).finish().unwrap());
        }
    }
    let place = tempfile::tempdir().unwrap();
    let mut files: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for (number, document) in documents.iter().enumerate() {
        let Some(schema) = schema(document.message_type(), document.phase()) else { continue };
        let file = place.path().join(format!("{number}-{}.xml", document.message_type()));
        std::fs::write(&file, write_xml(document)).unwrap();
        files.entry(schema).or_default().push(file);
    }
    for (schema, files) in files {
        let outcome = Command::new("xmllint")
            .arg("--noout")
            .arg("--schema")
            .arg(&schema)
            .args(&files)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&outcome.stderr).into_owned();
        assert!(outcome.status.success(), "{}:\n{told}", schema.display());
    }
}
