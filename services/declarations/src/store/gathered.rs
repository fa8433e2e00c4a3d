//! What the present work has locked and read of movements, or changed of them: it is not read again.

use std::{collections::HashMap, sync::Arc};

use customs_messages::Document;
use customs_platform::{Failure, Work};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    movements::read,
    rows::{messages, movements},
    versions::parse,
};
use crate::transit::Movement;

#[derive(Default)]
struct Gathered(HashMap<Uuid, Movement>);

/// What this work knows of the movement `id`, which it has locked.
pub(super) fn kept(work: &Work, id: Uuid) -> Option<Movement> {
    work.shelf(|gathered: &mut Gathered| gathered.0.get(&id).cloned())
}

/// From here on `movement`, locked or new, is what this work knows of it.
pub(super) fn keep(work: &Work, movement: &Movement) {
    work.shelf(|gathered: &mut Gathered| gathered.0.insert(movement.id, movement.clone()));
}

/// Locks and reads the movements `ids` with their declarations as lodged, in two statements for all of them; always
/// in the order of their ids, so that no two works wait for each other.
pub(crate) async fn gather(work: &Work, mut ids: Vec<Uuid>) -> Result<(), Failure> {
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| kept(work, *id).is_none());
    if ids.is_empty() {
        return Ok(());
    }
    let rows = movements::Entity::find()
        .filter(movements::Column::Id.is_in(ids))
        .order_by_asc(movements::Column::Id)
        .lock_exclusive()
        .all(work.txn())
        .await?;
    let lodged = rows.iter().filter(|row| row.declaration_version == 1).map(|row| row.declaration);
    let bodies = messages::Entity::find()
        .select_only()
        .columns([messages::Column::Id, messages::Column::Format, messages::Column::Body])
        .filter(messages::Column::Id.is_in(lodged))
        .into_tuple::<(Uuid, String, String)>()
        .all(work.txn())
        .await?;
    let mut documents: HashMap<Uuid, Arc<Document>> = HashMap::new();
    for (id, format, body) in bodies {
        documents.extend(parse(&format, &body).map(|document| (id, Arc::new(document))));
    }
    for row in rows {
        let mut movement = read(row)?;
        if movement.declaration_version == 1 {
            movement.document = documents.get(&movement.declaration).cloned();
        }
        keep(work, &movement);
    }
    Ok(())
}
