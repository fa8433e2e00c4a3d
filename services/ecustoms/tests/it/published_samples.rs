//! Published declarations of others: each is answered, by acknowledgement or by every rule that it breaks.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use customs_declarations_contract::{MessageFormat, SubmitDeclaration};
use customs_messages::parse_xml;
use customs_references_contract::{AddImportChunk, BeginImport, FinishImport};
use sha2::{Digest, Sha256};

use crate::nation::Nation;

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus")
}

/// Imports a published file as an administrator does.
async fn import(nation: &Nation, file: &Path) {
    let content = fs::read(file).unwrap();
    let caller = nation.caller("administrator").await;
    let begin = BeginImport {
        dataset: None,
        file_name: file.file_name().unwrap().to_string_lossy().into_owned(),
        sha256: hex::encode(Sha256::digest(&content)),
        size: i64::try_from(content.len()).unwrap(),
    };
    let begun = nation.suite.desk.ask(&caller, begin).await.unwrap();
    let most = usize::try_from(begun.chunk_bytes_max).unwrap();
    for (position, chunk) in content.chunks(most).enumerate() {
        let ask = AddImportChunk {
            import: begun.import,
            position: i32::try_from(position).unwrap(),
            base64: STANDARD.encode(chunk),
        };
        nation.suite.desk.ask(&caller, ask).await.unwrap();
    }
    let mut patient = caller;
    patient.patience_ms = 300_000;
    nation.suite.desk.ask(&patient, FinishImport { import: begun.import }).await.unwrap();
    nation.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_published_declaration_is_answered() {
    let samples = shared().join("ncts-messages/CC015C");
    if !samples.exists() {
        skip("there are no published samples beside the project");
        return;
    }
    let nation = Nation::new().await;
    for file in ["RD_NCTS-P5-20250212.json.gz", "COL-Generic-20250212.json.gz"] {
        import(&nation, &shared().join("refdata").join(file)).await;
    }
    let caller = nation.caller("declarant").await;
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "xml")) {
        let content = fs::read_to_string(file).unwrap();
        if parse_xml(content.as_bytes()).is_err() {
            continue;
        }
        let evidence = nation.evidence("declarant", &content);
        let ask = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
        let submitted = nation.suite.desk.ask(&caller, ask).await.unwrap();
        nation.settle().await;
        let messages = nation.messages("declarant", submitted.movement).await;
        let answer = messages.get(1).cloned().unwrap_or_default();
        if answer == "CC056C" {
            let body = nation.last("declarant", submitted.movement, "CC056C").await.body.unwrap();
            let errors = body.matches("<FunctionalError>").count();
            for part in ["errorPointer", "errorCode", "errorReason"] {
                assert_eq!(body.matches(&format!("<{part}>")).count(), errors, "{}", file.display());
            }
            assert!(errors > 0, "{}", file.display());
        }
        *answers.entry(answer).or_default() += 1;
    }
    let known = ["CC056C", "CC928C"];
    assert!(answers.keys().all(|answer| known.contains(&answer.as_str())), "{answers:?}");
    assert!(answers.values().sum::<usize>() > 20, "{answers:?}");
    told(&answers);
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests is told what was not tried")]
fn skip(why: &str) {
    eprintln!("skipped: {why}");
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests is told what came out")]
fn told(answers: &BTreeMap<String, usize>) {
    eprintln!("answers to published declarations: {answers:?}");
}
