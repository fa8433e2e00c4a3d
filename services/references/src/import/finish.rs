//! Use case: make an announced file a version, whole or not at all.

use std::sync::Arc;

use customs_kernel::Caller;
use customs_platform::{Failure, Plans, Work};
use customs_references_contract::{
    FinishImport, ImportReport,
    problems::{DATASET_UNKNOWN, IMPORT_BROKEN, IMPORT_DIFFERS, IMPORT_MUST_BE_PROPOSED},
};
use sha2::{Digest, Sha256};
use tokio::{sync::mpsc, task::spawn_blocking};

use super::{
    source::{self, Broken, Piece, Pipe, Survey},
    store::{Import, forget, unknown},
};
use crate::{
    App,
    dataset::NATIONAL,
    entry::{FIRST_CHANGES, Intake, Tally},
    sql,
    version::{Activated, Sequence, Source},
};

/// How many batches wait between reading the file and writing the rows.
const WAITING: usize = 4;

/// An import whose file was read to its end and found whole.
pub struct Whole {
    pub(crate) import: Import,
    pub(crate) file: Arc<[u8]>,
    pub(crate) dataset: &'static str,
}

impl Plans<FinishImport> for App {
    type Plan = Whole;

    async fn plan(&self, caller: &Caller, ask: FinishImport) -> Result<Whole, Failure> {
        if self.four_eyes() {
            return Err(IMPORT_MUST_BE_PROPOSED.because("somebody else activates what is proposed").into());
        }
        let reader = self.store().reader();
        let import = Import::find(reader, ask.import, caller, "").await?;
        self.whole(caller, import).await
    }

    async fn carry_out(
        &self,
        work: &mut Work,
        caller: &Caller,
        plan: Whole,
    ) -> Result<ImportReport, Failure> {
        // A twin of this request may have been faster.
        let (id, hold) = (plan.import.id, sql::for_update(work.txn()));
        Import::find(work.txn(), id, caller, hold).await.map_err(|_| unknown(id))?;
        let sequence = Sequence::take(work).await?;
        self.activate(work, sequence, plan).await
    }
}

impl App {
    /// Makes a whole file the version that follows `sequence`, unless nothing would read differently.
    pub(crate) async fn activate(
        &self,
        work: &mut Work,
        sequence: Sequence,
        whole: Whole,
    ) -> Result<ImportReport, Failure> {
        let Whole { import, file, dataset } = whole;
        let tally = take_in(work, sequence, dataset, file, FIRST_CHANGES).await?;
        let source = Source {
            dataset,
            name: import.file_name.clone(),
            sha256: import.sha256.clone(),
            by: import.begun_by.clone(),
        };
        let number = if tally.is_empty() {
            sequence.number
        } else {
            source.record(work, sequence, &tally, Activated::Everywhere).await?
        };
        forget(work, &import.id.to_string()).await?;
        self.hot().doubt();
        Ok(report(import, dataset, number, tally))
    }

    /// The file of `import`, read to its end and found whole; one that is broken is forgotten.
    pub(crate) async fn whole(&self, caller: &Caller, import: Import) -> Result<Whole, Failure> {
        if import.received < import.size {
            let detail = format!("{} of {} bytes have arrived", import.received, import.size);
            return Err(IMPORT_DIFFERS.because(detail).at("/import").into());
        }
        let file: Arc<[u8]> = import.file(self.store().reader()).await?.into();
        let id = import.id.to_string();
        match survey(import, file).await {
            Ok(whole) => Ok(whole),
            Err(failure) => {
                // What is broken stays broken: its chunks are of no more use.
                let mut work = self.store().begin("references.forget-import", &caller.correlation_id).await?;
                forget(&mut work, &id).await?;
                work.commit().await?;
                Err(failure)
            }
        }
    }
}

/// Reads the whole file once before anything is written.
async fn survey(import: Import, file: Arc<[u8]>) -> Result<Whole, Failure> {
    let bytes = Arc::clone(&file);
    let read = spawn_blocking(move || {
        let digest = hex::encode(Sha256::digest(&bytes));
        let mut survey = Survey::default();
        let outcome = source::read(&bytes, &mut survey);
        (digest, outcome.and_then(|()| survey.dataset()))
    });
    let (digest, outcome) = read.await.map_err(|error| anyhow::anyhow!(error))?;
    if digest != import.sha256 {
        let detail = format!("the bytes that arrived have SHA-256 {digest}");
        return Err(IMPORT_DIFFERS.because(detail).at("/import").into());
    }
    let found = outcome.map_err(refusal)?;
    let dataset = match import.dataset.as_deref() {
        None => found,
        Some(named) if named == found => found,
        Some(NATIONAL) => NATIONAL,
        Some(named) => {
            let detail = format!("{} is of the dataset {found}, not {named}", import.file_name);
            return Err(DATASET_UNKNOWN.because(detail).at("/import").into());
        }
    };
    Ok(Whole { import, file, dataset })
}

/// Reads the file again on a thread of its own, while the rows of what was read are written.
pub(crate) async fn take_in(
    work: &Work,
    sequence: Sequence,
    dataset: &str,
    file: Arc<[u8]>,
    shown: usize,
) -> Result<Tally, Failure> {
    let (pieces, mut arriving) = mpsc::channel(WAITING);
    let reading = spawn_blocking(move || {
        let mut pipe = Pipe::new(pieces);
        source::read(&file, &mut pipe)?;
        pipe.flush().map_err(Broken::Form)
    });
    let today = work.now().date_naive();
    let mut intake = Intake::new(work.txn(), dataset, sequence.next(), sequence.seq, today).showing(shown);
    while let Some(piece) = arriving.recv().await {
        match piece {
            Piece::Day(day) => intake.as_of(day),
            Piece::List { name, whole } => intake.list(&name, whole).await?,
            Piece::Drafts(drafts) => intake.take(drafts).await?,
        }
    }
    reading.await.map_err(|error| anyhow::anyhow!(error))?.map_err(refusal)?;
    intake.finish().await
}

fn refusal(broken: Broken) -> Failure {
    match broken {
        Broken::Form(detail) => IMPORT_BROKEN.because(detail).at("/import").into(),
        Broken::Kind(detail) => DATASET_UNKNOWN.because(detail).at("/import").into(),
    }
}

fn report(import: Import, dataset: &str, number: i64, tally: Tally) -> ImportReport {
    ImportReport {
        import: import.id,
        dataset: dataset.to_owned(),
        number,
        sha256: import.sha256,
        added: tally.added,
        changed: tally.changed,
        removed: tally.removed,
        unchanged: tally.unchanged,
        lists: tally.lists,
        first_changes: tally.first_changes,
    }
}
