//! The declaration in force: as lodged, or as amended or presented; a version never changes.

use customs_messages::{Document, parse_json, parse_xml, write_xml};
use customs_platform::{Failure, Work};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::Expr,
};
use uuid::Uuid;

use super::rows::{messages, movements, versions};
use crate::transit::Movement;

/// Keeps `declaration` as the version of `movement` that now counts.
pub(crate) async fn add_version(
    work: &Work,
    movement: &Movement,
    declaration: &Document,
) -> Result<(), Failure> {
    let row = versions::ActiveModel {
        movement: Set(movement.id),
        version: Set(movement.declaration_version),
        body: Set(write_xml(declaration)),
    };
    versions::Entity::insert(row).exec_without_returning(work.txn()).await?;
    Ok(())
}

/// The declaration in force, read from what was kept.
pub(crate) async fn current_declaration(
    connection: &impl ConnectionTrait,
    movement: &Movement,
) -> Result<Document, Failure> {
    let missing =
        || Failure::Broken(anyhow::anyhow!("the declaration of movement {} is missing", movement.id));
    let (format, body) = if movement.declaration_version > 1 {
        let key = (movement.id, movement.declaration_version);
        let row = versions::Entity::find_by_id(key).one(connection).await?.ok_or_else(missing)?;
        ("xml".to_owned(), row.body)
    } else {
        messages::Entity::find_by_id(movement.declaration)
            .select_only()
            .columns([messages::Column::Format, messages::Column::Body])
            .into_tuple::<(String, String)>()
            .one(connection)
            .await?
            .ok_or_else(missing)?
    };
    let parsed = if format == "json" { parse_json(body.as_bytes()) } else { parse_xml(body.as_bytes()) };
    parsed.map_err(|_| {
        Failure::Broken(anyhow::anyhow!("the declaration of movement {} is unreadable", movement.id))
    })
}

/// Remembers which saga carries `movement`.
pub(crate) async fn remember_saga(work: &Work, movement: Uuid, saga: Uuid) -> Result<(), Failure> {
    movements::Entity::update_many()
        .col_expr(movements::Column::Saga, Expr::value(saga))
        .filter(movements::Column::Id.eq(movement))
        .exec(work.txn())
        .await?;
    Ok(())
}

/// The latest unloading permission (IE043) of `arrival`, against which remarks are judged.
pub(crate) async fn unloading_permission(
    reader: &impl ConnectionTrait,
    arrival: Uuid,
) -> Result<Option<Document>, Failure> {
    let body = messages::Entity::find()
        .select_only()
        .column(messages::Column::Body)
        .filter(messages::Column::Dossier.eq(arrival))
        .filter(messages::Column::MessageType.eq("CC043C"))
        .order_by_desc(messages::Column::Sequence)
        .limit(1)
        .into_tuple::<String>()
        .one(reader)
        .await?;
    Ok(body.and_then(|body| parse_xml(body.as_bytes()).ok()))
}
