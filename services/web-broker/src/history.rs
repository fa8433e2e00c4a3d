//! The history of changes: appended in the transaction of each change, never altered.

use customs_kernel::{Caller, Role, id::uuid_at};
use customs_platform::{Answers, Failure, Work};
use customs_web_broker_contract::{ListRegistryChanges, RegistryChange, RegistryChangePage};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{App, organisation, page::Slice};

mod row {
    //! The rows of the history.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "changes")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Option<Uuid>,
        pub at: DateTimeUtc,
        pub actor: String,
        pub what: String,
        pub target: Uuid,
        pub after: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Appends to the history of `organisation` (or of none) that `actor` did `what` to `target`.
///
/// `after` is the state afterwards, without names and numbers of people.
pub(crate) async fn note(
    work: &Work,
    actor: &str,
    organisation: Option<Uuid>,
    (what, target): (&str, Uuid),
    after: &(impl Serialize + Sync),
) -> Result<(), Failure> {
    let row = row::Model {
        id: uuid_at(work.now()),
        organisation_id: organisation,
        at: work.now(),
        actor: actor.to_owned(),
        what: what.to_owned(),
        target,
        after: serde_json::to_string(after)?,
    };
    row.into_active_model().insert(work.txn()).await?;
    Ok(())
}

impl Answers<ListRegistryChanges> for App {
    async fn answer(&self, caller: &Caller, ask: ListRegistryChanges) -> Result<RegistryChangePage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let mut query = row::Entity::find();
        if ask.organisation_id.is_some() || !caller.actor.is(Role::Administrator) {
            let organisation = organisation::visible(self.reader(), caller, ask.organisation_id).await?;
            query = query.filter(row::Column::OrganisationId.eq(organisation.id()));
        }
        if let Some(after) = slice.after() {
            query = query.filter(row::Column::Id.lt(after));
        }
        let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(self.reader()).await?;
        let (rows, next) = slice.cut(rows, |row| row.id);
        let items = rows.into_iter().map(|row| RegistryChange {
            id: row.id,
            at: row.at,
            actor: row.actor,
            what: row.what,
            target: row.target,
            after: row.after,
        });
        Ok(RegistryChangePage { items: items.collect(), next })
    }
}
