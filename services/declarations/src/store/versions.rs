//! The declaration in force: as lodged, or as amended or presented; a version never changes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use customs_messages::{Document, parse_json, parse_signed_xml, write_xml};
use customs_platform::{Failure, Work};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use super::rows::{messages, versions};
use crate::transit::Movement;

/// Keeps `declaration` as the version of `movement` that now counts.
pub(crate) async fn add_version(
    work: &Work,
    movement: &mut Movement,
    declaration: &Arc<Document>,
) -> Result<(), Failure> {
    movement.document = Some(Arc::clone(declaration));
    let row = versions::ActiveModel {
        movement: Set(movement.id),
        version: Set(movement.declaration_version),
        body: Set(write_xml(declaration)),
    };
    versions::Entity::insert(row).exec_without_returning(work.txn()).await?;
    Ok(())
}

/// The declaration in force, read from what was kept unless it is at hand.
pub(crate) async fn current_declaration(
    connection: &impl ConnectionTrait,
    movement: &Movement,
) -> Result<Arc<Document>, Failure> {
    if let Some(document) = &movement.document {
        return Ok(Arc::clone(document));
    }
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
    let document = parse(&format, &body).ok_or_else(|| {
        Failure::Broken(anyhow::anyhow!("the declaration of movement {} is unreadable", movement.id))
    })?;
    Ok(Arc::new(document))
}

/// Version `version` of the declaration of `movement`, which has it.
pub(crate) async fn declaration_version(
    reader: &impl ConnectionTrait,
    movement: &Movement,
    version: i32,
) -> Result<Arc<Document>, Failure> {
    if version == movement.declaration_version {
        return current_declaration(reader, movement).await;
    }
    let kept = if version > 1 {
        let row = versions::Entity::find_by_id((movement.id, version)).one(reader).await?;
        row.map(|row| ("xml".to_owned(), row.body))
    } else {
        messages::Entity::find()
            .select_only()
            .columns([messages::Column::Format, messages::Column::Body])
            .filter(messages::Column::Dossier.eq(movement.id))
            .filter(messages::Column::MessageType.eq("CC015C"))
            .order_by_asc(messages::Column::Sequence)
            .limit(1)
            .into_tuple::<(String, String)>()
            .one(reader)
            .await?
    };
    let document = kept.and_then(|(format, body)| parse(&format, &body));
    let document = document.ok_or_else(|| {
        Failure::Broken(anyhow::anyhow!("version {version} of movement {} cannot be read", movement.id))
    })?;
    Ok(Arc::new(document))
}

/// A declaration as it was kept, if it can still be read.
pub(super) fn parse(format: &str, body: &str) -> Option<Document> {
    let parsed =
        if format == "json" { parse_json(body.as_bytes()) } else { parse_signed_xml(body.as_bytes()) };
    parsed.ok()
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
    Ok(body.and_then(|body| parse_signed_xml(body.as_bytes()).ok()))
}

/// The latest message of `kind` in a dossier, with when it was issued.
pub(crate) async fn last_body(
    reader: &impl ConnectionTrait,
    dossier: Uuid,
    kind: &str,
) -> Result<Option<(String, DateTime<Utc>)>, Failure> {
    let last = messages::Entity::find()
        .filter(messages::Column::Dossier.eq(dossier))
        .filter(messages::Column::MessageType.eq(kind))
        .order_by_desc(messages::Column::Sequence)
        .one(reader)
        .await?;
    Ok(last.map(|message| (message.body, message.at)))
}
