//! Use cases that read: notes and files about a movement, one file with its octets.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_declarations_contract::{
    ListFiles, ListNotes, MovementFileContent, MovementFilePage, MovementNotePage, ReadFile,
};
use customs_kernel::{Caller, Problem, problem};
use customs_platform::{Answers, Failure};
use uuid::Uuid;

use crate::{
    App,
    store::{self, Visibility},
    transit::page_size,
};

fn missing() -> Problem {
    problem::NOT_FOUND.because("there is no such movement")
}

fn cursor() -> Problem {
    problem::INPUT_INVALID.because("the cursor is not one that a page gave").at("/after")
}

/// The party that asks, or nobody in particular: officers and administrators see what either side wrote.
fn party(sight: Visibility) -> Option<String> {
    match sight {
        Visibility::All => None,
        Visibility::Party(party) => Some(party),
    }
}

impl Answers<ListNotes> for App {
    async fn answer(&self, caller: &Caller, ask: ListNotes) -> Result<MovementNotePage, Failure> {
        let size = page_size(ask.first)?;
        let after = ask.after.as_deref().map(str::parse::<i64>).transpose().map_err(|_| cursor())?;
        let reader = self.shared.store.reader();
        let sight = store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        store::notes_page(reader, (ask.movement, party(sight)), after.unwrap_or_default(), size).await
    }
}

impl Answers<ListFiles> for App {
    async fn answer(&self, caller: &Caller, ask: ListFiles) -> Result<MovementFilePage, Failure> {
        let size = page_size(ask.first)?;
        let after = ask.after.as_deref().map(Uuid::parse_str).transpose().map_err(|_| cursor())?;
        let reader = self.shared.store.reader();
        let sight = store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        store::files_page(reader, (ask.movement, party(sight)), after.unwrap_or(Uuid::nil()), size).await
    }
}

impl Answers<ReadFile> for App {
    async fn answer(&self, caller: &Caller, ask: ReadFile) -> Result<MovementFileContent, Failure> {
        let unknown = || problem::NOT_FOUND.because("there is no such file");
        let reader = self.shared.store.reader();
        let (file, shown) = store::file(reader, ask.file).await?.ok_or_else(unknown)?;
        let sight = store::visible(reader, &caller.actor, file.movement).await?.ok_or_else(unknown)?;
        if party(sight).is_some_and(|party| shown.as_deref() != Some(party.as_str())) {
            return Err(unknown().into());
        }
        let octets = store::octets(reader, &file.sha256).await?;
        Ok(MovementFileContent { file, base64: STANDARD.encode(octets) })
    }
}
