//! Notes about movements: kept in order, never changed.

use customs_declarations_contract::{MovementNote, MovementNotePage, NoteLanguage};
use customs_platform::{Failure, Work};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use super::{files::files_of, rows::notes};

/// The number of the next note about `movement`, which is locked.
pub(crate) async fn next_note(connection: &impl ConnectionTrait, movement: Uuid) -> Result<i64, Failure> {
    let last = notes::Entity::find()
        .select_only()
        .column(notes::Column::Number)
        .filter(notes::Column::Movement.eq(movement))
        .order_by_desc(notes::Column::Number)
        .limit(1)
        .into_tuple::<i64>()
        .one(connection)
        .await?;
    Ok(last.unwrap_or_default() + 1)
}

/// Keeps `note`, written by `subject`.
pub(crate) async fn keep_note(
    work: &Work,
    movement: Uuid,
    note: &MovementNote,
    subject: &str,
) -> Result<(), Failure> {
    let row = notes::ActiveModel {
        movement: Set(movement),
        number: Set(note.number),
        by: Set(note.by.clone()),
        office: Set(note.office.clone()),
        party: Set(note.party.clone()),
        subject: Set(subject.to_owned()),
        text: Set(note.text.clone()),
        language: Set(note.language.map(|language| word(language).to_owned())),
        answers: Set(note.answers),
        asks_answer: Set(note.asks_answer),
        answer_by: Set(note.answer_by),
        at: Set(note.at),
    };
    notes::Entity::insert(row).exec_without_returning(work.txn()).await?;
    Ok(())
}

/// The note of `movement` with `number`, without its files, if there is one.
pub(crate) async fn note(
    connection: &impl ConnectionTrait,
    movement: Uuid,
    number: i64,
) -> Result<Option<MovementNote>, Failure> {
    let Some(row) = notes::Entity::find_by_id((movement, number)).one(connection).await? else {
        return Ok(None);
    };
    let answers = answers(connection, movement, &[number]).await?;
    Ok(Some(view(row, &answers)))
}

/// The notes about `movement` after number `after`: all of them, or those that `party` wrote or was written.
pub(crate) async fn notes_page(
    reader: &impl ConnectionTrait,
    (movement, party): (Uuid, Option<String>),
    after: i64,
    size: u64,
) -> Result<MovementNotePage, Failure> {
    let mut query = notes::Entity::find()
        .filter(notes::Column::Movement.eq(movement))
        .filter(notes::Column::Number.gt(after));
    if let Some(party) = party {
        query = query.filter(notes::Column::Party.eq(party));
    }
    let mut rows = query.order_by_asc(notes::Column::Number).limit(size + 1).all(reader).await?;
    let next = super::reading::page(&mut rows, size, |row| row.number.to_string());
    let numbers: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let answers = answers(reader, movement, &numbers).await?;
    let mut items: Vec<MovementNote> = rows.into_iter().map(|row| view(row, &answers)).collect();
    for file in files_of(reader, movement, &numbers).await? {
        if let Some(note) = items.iter_mut().find(|note| Some(note.number) == file.note) {
            note.files.push(file);
        }
    }
    Ok(MovementNotePage { items, next })
}

/// Which of `numbers` are answered, each with the number of the answer.
async fn answers(
    reader: &impl ConnectionTrait,
    movement: Uuid,
    numbers: &[i64],
) -> Result<Vec<(Option<i64>, i64)>, Failure> {
    let found = notes::Entity::find()
        .select_only()
        .columns([notes::Column::Answers, notes::Column::Number])
        .filter(notes::Column::Movement.eq(movement))
        .filter(notes::Column::Answers.is_in(numbers.iter().copied()))
        .into_tuple::<(Option<i64>, i64)>()
        .all(reader)
        .await?;
    Ok(found)
}

const fn word(language: NoteLanguage) -> &'static str {
    match language {
        NoteLanguage::En => "en",
        NoteLanguage::Ru => "ru",
        NoteLanguage::Kk => "kk",
    }
}

fn view(row: notes::Model, answers: &[(Option<i64>, i64)]) -> MovementNote {
    let all = [NoteLanguage::En, NoteLanguage::Ru, NoteLanguage::Kk];
    let language = row.language.and_then(|kept| all.into_iter().find(|one| word(*one) == kept));
    MovementNote {
        number: row.number,
        by: row.by,
        office: row.office,
        party: row.party,
        text: row.text,
        language,
        answers: row.answers,
        asks_answer: row.asks_answer,
        answer_by: row.answer_by,
        answered_by: answers.iter().find(|(answered, _)| *answered == Some(row.number)).map(|(_, by)| *by),
        files: Vec::new(),
        at: row.at,
    }
}
