//! Files about movements; equal octets are kept once.

use std::collections::BTreeSet;

use customs_declarations_contract::{MovementFile, MovementFilePage, MovementNote};
use customs_platform::{Failure, Work};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::rows::{contents, files};

/// A file to be kept.
pub(crate) struct NewFile<'a> {
    /// What is known of it.
    pub(crate) file: &'a MovementFile,
    /// Its octets.
    pub(crate) octets: Vec<u8>,
    /// Who attached it.
    pub(crate) subject: &'a str,
    /// The party that sees it, if one does.
    pub(crate) shown: Option<String>,
}

/// How many files `side` has attached to `movement`.
pub(crate) async fn count_files(
    connection: &impl ConnectionTrait,
    movement: Uuid,
    side: &str,
) -> Result<u64, Failure> {
    let found = files::Entity::find()
        .filter(files::Column::Movement.eq(movement))
        .filter(files::Column::By.eq(side))
        .count(connection)
        .await?;
    Ok(found)
}

/// Keeps a file and, unless they are there, its octets.
pub(crate) async fn keep_file(work: &Work, new: &NewFile<'_>) -> Result<(), Failure> {
    let content =
        contents::ActiveModel { sha256: Set(new.file.sha256.clone()), octets: Set(new.octets.clone()) };
    let mut same = OnConflict::column(contents::Column::Sha256);
    same.do_nothing();
    contents::Entity::insert(content).on_conflict(same).exec_without_returning(work.txn()).await?;
    let file = new.file.clone();
    let row = files::ActiveModel {
        id: Set(file.id),
        movement: Set(file.movement),
        name: Set(file.name),
        media_type: Set(file.media_type),
        octets: Set(file.octets),
        sha256: Set(file.sha256),
        by: Set(file.by),
        office: Set(file.office),
        subject: Set(new.subject.to_owned()),
        shown_to: Set(new.shown.clone()),
        act: Set(file.act),
        note: Set(None),
        at: Set(file.at),
    };
    files::Entity::insert(row).exec_without_returning(work.txn()).await?;
    Ok(())
}

/// Lets those of `wanted` that `side` has attached to the movement, and that belong to nothing yet, belong to `note`.
pub(crate) async fn bind_files(
    work: &Work,
    (movement, side, note): (Uuid, &str, &MovementNote),
    wanted: &BTreeSet<Uuid>,
) -> Result<Vec<MovementFile>, Failure> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    files::Entity::update_many()
        .col_expr(files::Column::Note, Expr::value(note.number))
        .col_expr(files::Column::ShownTo, Expr::value(note.party.clone()))
        .filter(files::Column::Id.is_in(wanted.iter().copied()))
        .filter(files::Column::Movement.eq(movement))
        .filter(files::Column::By.eq(side))
        .filter(files::Column::Act.is_null())
        .filter(files::Column::Note.is_null())
        .exec(work.txn())
        .await?;
    files_of(work.txn(), movement, &[note.number]).await
}

/// The files that belong to the notes of `movement` with `numbers`, oldest first.
pub(super) async fn files_of(
    reader: &impl ConnectionTrait,
    movement: Uuid,
    numbers: &[i64],
) -> Result<Vec<MovementFile>, Failure> {
    let rows = files::Entity::find()
        .filter(files::Column::Movement.eq(movement))
        .filter(files::Column::Note.is_in(numbers.iter().copied()))
        .order_by_asc(files::Column::Id)
        .all(reader)
        .await?;
    Ok(rows.into_iter().map(view).collect())
}

/// The files of `movement` behind `after`: all of them, or those that `party` sees.
pub(crate) async fn files_page(
    reader: &impl ConnectionTrait,
    (movement, party): (Uuid, Option<String>),
    after: Uuid,
    size: u64,
) -> Result<MovementFilePage, Failure> {
    let mut query = files::Entity::find()
        .filter(files::Column::Movement.eq(movement))
        .filter(files::Column::Id.gt(after));
    if let Some(party) = party {
        query = query.filter(files::Column::ShownTo.eq(party));
    }
    let mut rows = query.order_by_asc(files::Column::Id).limit(size + 1).all(reader).await?;
    let next = super::reading::page(&mut rows, size, |row| row.id.to_string());
    Ok(MovementFilePage { items: rows.into_iter().map(view).collect(), next })
}

/// The file `id` and which party sees it.
pub(crate) async fn file(
    reader: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<(MovementFile, Option<String>)>, Failure> {
    let row = files::Entity::find_by_id(id).one(reader).await?;
    Ok(row.map(|row| {
        let shown = row.shown_to.clone();
        (view(row), shown)
    }))
}

/// The octets with this hash.
pub(crate) async fn octets(reader: &impl ConnectionTrait, sha256: &str) -> Result<Vec<u8>, Failure> {
    let row = contents::Entity::find_by_id(sha256).one(reader).await?;
    let row = row.ok_or_else(|| Failure::Broken(anyhow::anyhow!("the octets of {sha256} are missing")))?;
    Ok(row.octets)
}

fn view(row: files::Model) -> MovementFile {
    MovementFile {
        id: row.id,
        movement: row.movement,
        name: row.name,
        media_type: row.media_type,
        octets: row.octets,
        sha256: row.sha256,
        by: row.by,
        office: row.office,
        act: row.act,
        note: row.note,
        at: row.at,
    }
}
