//! Where the entries of a file go: into a survey, or through a pipe to the database.

use std::collections::HashSet;

use chrono::NaiveDate;
use tokio::sync::mpsc::Sender;

use super::Broken;
use crate::entry::Draft;

/// How many entries travel together.
const BATCH: usize = 1_000;

/// Takes what is read from a file, in its order.
pub(crate) trait Sink {
    /// The day of which the file speaks.
    fn day(&mut self, day: NaiveDate) -> Result<(), String>;
    /// A list of `dataset` begins; a `whole` one names every code that may be used.
    fn list(&mut self, dataset: &'static str, name: &str, whole: bool) -> Result<(), String>;
    /// The next entry of the list.
    fn entry(&mut self, draft: Draft) -> Result<(), String>;
}

/// Looks at the whole file and keeps only what it is.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    dataset: Option<&'static str>,
    lists: HashSet<String>,
    list: String,
    codes: HashSet<String>,
}

impl Survey {
    /// The dataset of the file that was read.
    pub(crate) fn dataset(&self) -> Result<&'static str, Broken> {
        self.dataset.ok_or_else(|| Broken::Kind("the file has no list of reference data".to_owned()))
    }
}

impl Sink for Survey {
    fn day(&mut self, _: NaiveDate) -> Result<(), String> {
        Ok(())
    }

    fn list(&mut self, dataset: &'static str, name: &str, _: bool) -> Result<(), String> {
        let known = *self.dataset.get_or_insert(dataset);
        if known != dataset {
            return Err(format!("the list {name} is of {dataset}, what stands before it is of {known}"));
        }
        let word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if !word || name.is_empty() || name.len() > 80 {
            return Err(format!("{name:?} is not the name of a list"));
        }
        if !self.lists.insert(name.to_owned()) {
            return Err(format!("the list {name} stands twice"));
        }
        name.clone_into(&mut self.list);
        self.codes.clear();
        Ok(())
    }

    fn entry(&mut self, draft: Draft) -> Result<(), String> {
        let count = draft.code.chars().count();
        if count == 0 || count > 80 || draft.code.chars().any(char::is_control) {
            return Err(format!("{:?} is not a code of {}", draft.code, self.list));
        }
        if draft.labels.len() > 20_000 || draft.properties.len() > 20_000 {
            return Err(format!("code {} of {} has too much text", draft.code, self.list));
        }
        if draft.labels.contains("\\u0000") || draft.properties.contains("\\u0000") {
            return Err(format!("code {} of {} has a null character", draft.code, self.list));
        }
        if self.codes.contains(&draft.code) {
            return Err(format!("code {} of {} stands twice", draft.code, self.list));
        }
        self.codes.insert(draft.code);
        Ok(())
    }
}

/// What travels through the pipe.
#[derive(Debug)]
pub(crate) enum Piece {
    /// The day of which the file speaks.
    Day(NaiveDate),
    /// A list begins.
    List {
        /// Its name.
        name: String,
        /// Whether it names every code that may be used.
        whole: bool,
    },
    /// Entries of the list.
    Drafts(Vec<Draft>),
}

/// Carries a file to where its rows are written, a batch at a time.
pub(crate) struct Pipe {
    pieces: Sender<Piece>,
    batch: Vec<Draft>,
}

impl Pipe {
    /// A pipe into `pieces`.
    pub(crate) const fn new(pieces: Sender<Piece>) -> Self {
        Self { pieces, batch: Vec::new() }
    }

    fn send(&self, piece: Piece) -> Result<(), String> {
        self.pieces.blocking_send(piece).map_err(|_| "the import was given up".to_owned())
    }

    /// Sends what is left.
    pub(crate) fn flush(&mut self) -> Result<(), String> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.send(Piece::Drafts(batch))
    }
}

impl Sink for Pipe {
    fn day(&mut self, day: NaiveDate) -> Result<(), String> {
        self.send(Piece::Day(day))
    }

    fn list(&mut self, _: &'static str, name: &str, whole: bool) -> Result<(), String> {
        self.flush()?;
        self.send(Piece::List { name: name.to_owned(), whole })
    }

    fn entry(&mut self, draft: Draft) -> Result<(), String> {
        self.batch.push(draft);
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }
}
