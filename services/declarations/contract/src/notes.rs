//! Notes: what an office and a declarant write to each other about a movement, beside the messages of the procedure.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::files::MovementFile;

/// The most characters that a note has.
pub const NOTE_LENGTH_MAX: usize = 4_000;
/// The most files that one note brings.
pub const NOTE_FILES_MAX: usize = 10;

/// In which language a note is written.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoteLanguage {
    /// English.
    En,
    /// Russian.
    Ru,
    /// Kazakh.
    Kk,
}

/// Write a note about a movement: an officer to its declarant, or the declarant to an office; it is never changed.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteNote {
    /// The movement.
    pub movement: Uuid,
    /// The officer's office; for a declarant the office that is written to, by default the one that is answered or that of departure.
    #[serde(default)]
    #[schema(min_length = 8, max_length = 8, pattern = "^[A-Z]{2}[A-Z0-9]{6}$")]
    pub office: Option<String>,
    /// What is said.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
    /// In which language.
    #[serde(default)]
    pub language: Option<NoteLanguage>,
    /// The number of the note that this one answers.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub answers: Option<i64>,
    /// Whether the office asks for an answer; only officers do.
    #[serde(default)]
    pub asks_answer: Option<bool>,
    /// By when the answer is asked for.
    #[serde(default)]
    pub answer_by: Option<DateTime<Utc>>,
    /// Files that were attached before by the same side, and belong to this note.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Option<Vec<Uuid>>,
}

impl UseCase for WriteNote {
    type Output = MovementNote;
    const NAME: &'static str = "declarations.write-note";
    const NEEDS: &'static str = "movement:correspond";
}

/// The notes about a movement that are the caller's to see, in their order.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListNotes {
    /// The movement.
    pub movement: Uuid,
    /// How many, 1 to 100.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Cursor of the page before.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListNotes {
    type Output = MovementNotePage;
    const NAME: &'static str = "declarations.list-notes";
    const NEEDS: &'static str = "movement:read";
}

/// One note about a movement.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementNote {
    /// Number within the movement, from 1 without gaps.
    pub number: i64,
    /// Who wrote it: `officer` or `participant`.
    pub by: String,
    /// The office that wrote it or that it was written to.
    pub office: String,
    /// The declarant who wrote it or to whom it was written.
    pub party: String,
    /// What is said.
    pub text: String,
    /// In which language, where that was told.
    pub language: Option<NoteLanguage>,
    /// The number of the note that this one answers.
    pub answers: Option<i64>,
    /// Whether an answer is asked for.
    pub asks_answer: bool,
    /// By when.
    pub answer_by: Option<DateTime<Utc>>,
    /// The number of the note that answers this one, once there is one.
    pub answered_by: Option<i64>,
    /// The files that belong to it.
    pub files: Vec<MovementFile>,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// A page of notes.
#[derive(Clone, Debug, Deserialize, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MovementNotePage {
    /// The notes.
    pub items: Vec<MovementNote>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}
