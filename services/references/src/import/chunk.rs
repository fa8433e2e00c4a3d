//! Use case: send the next chunk of an announced file.

use std::cmp::Ordering;

use base64::{Engine, engine::general_purpose::STANDARD};
use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};
use customs_references_contract::{
    AddImportChunk, ImportChunkAdded,
    imports::CHUNK_BYTES_MAX,
    problems::{CHUNK_OUT_OF_ORDER, IMPORT_DIFFERS},
};

use super::store::Import;
use crate::{
    App,
    page::{invalid, require},
    sql,
};

impl Acts<AddImportChunk> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: AddImportChunk,
    ) -> Result<ImportChunkAdded, Failure> {
        let bytes = read(&ask.base64)?;
        let hold = sql::for_update(work.txn());
        let mut import = Import::find(work.txn(), ask.import, caller, hold).await?;
        match ask.position.cmp(&import.chunks) {
            Ordering::Less => repeated(&import, work, ask.position, &bytes).await?,
            Ordering::Greater => {
                let detail = format!("chunk {} is awaited, not {}", import.chunks, ask.position);
                return Err(CHUNK_OUT_OF_ORDER.because(detail).at("/position").into());
            }
            Ordering::Equal => {
                let received = import.received + i64::try_from(bytes.len()).unwrap_or(i64::MAX);
                if received > import.size {
                    let detail = format!("{received} bytes are more than the {} announced", import.size);
                    return Err(IMPORT_DIFFERS.because(detail).at("/base64").into());
                }
                import.append(work.txn(), bytes).await?;
            }
        }
        Ok(ImportChunkAdded { import: import.id, received: import.received, size: import.size })
    }
}

/// A chunk that is here already may come again, unchanged.
async fn repeated(import: &Import, work: &Work, position: i32, bytes: &[u8]) -> Result<(), Failure> {
    if import.chunk(work.txn(), position).await?.as_deref() == Some(bytes) {
        return Ok(());
    }
    let detail = format!("chunk {position} is here already, and it is another");
    Err(CHUNK_OUT_OF_ORDER.because(detail).at("/position").into())
}

fn read(text: &str) -> Result<Vec<u8>, Failure> {
    if text.len() > CHUNK_BYTES_MAX.div_ceil(3) * 4 {
        let detail = format!("a chunk holds at most {CHUNK_BYTES_MAX} bytes");
        return Err(problem::TOO_LARGE.because(detail).at("/base64").into());
    }
    match STANDARD.decode(text) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        Ok(_) => {
            require(vec![invalid("/base64", "the chunk is empty")])?;
            Ok(Vec::new())
        }
        Err(error) => {
            require(vec![invalid("/base64", format!("base64 cannot be read: {error}"))])?;
            Ok(Vec::new())
        }
    }
}
