//! Use case: announce a file with reference data.

use chrono::TimeDelta;
use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use customs_references_contract::{
    BeginImport, ImportBegun,
    imports::{CHUNK_BYTES_MAX, FILE_BYTES_MAX},
    problems::DATASET_UNKNOWN,
};

use super::{ABANDONED, KEPT_MIN, store::Import};
use crate::{
    App, dataset,
    page::{check_text, invalid, require},
};

impl Acts<BeginImport> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: BeginImport) -> Result<ImportBegun, Failure> {
        check(&ask)?;
        let import = Import {
            id: uuid_at(work.now()),
            dataset: ask.dataset,
            file_name: ask.file_name,
            sha256: ask.sha256,
            size: ask.size,
            received: 0,
            chunks: 0,
            begun_at: work.now(),
            begun_by: caller.actor.subject.clone(),
        };
        import.insert(work.txn()).await?;
        let due = import.begun_at + TimeDelta::minutes(KEPT_MIN);
        work.set_timer(ABANDONED, &import.id.to_string(), due);
        let chunk_bytes_max = i32::try_from(CHUNK_BYTES_MAX).unwrap_or(i32::MAX);
        Ok(ImportBegun { import: import.id, chunk_bytes_max })
    }
}

fn check(ask: &BeginImport) -> Result<(), Failure> {
    let mut findings = Vec::new();
    check_text("/fileName", &ask.file_name, 1, 255, &mut findings);
    let digest = ask.sha256.len() == 64
        && ask.sha256.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !digest {
        findings.push(invalid("/sha256", "sha256 is 64 small hexadecimal digits"));
    }
    if !(1..=FILE_BYTES_MAX).contains(&ask.size) {
        findings.push(invalid("/size", format!("size is 1 to {FILE_BYTES_MAX} bytes")));
    }
    require(findings)?;
    match &ask.dataset {
        Some(name) if !dataset::IMPORTED.contains(&name.as_str()) => {
            let known = dataset::IMPORTED.join(", ");
            let detail = format!("no files are imported into {name}, only into {known}");
            Err(DATASET_UNKNOWN.because(detail).at("/dataset").into())
        }
        _ => Ok(()),
    }
}
