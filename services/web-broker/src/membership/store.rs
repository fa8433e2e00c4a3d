//! Memberships as rows.

use chrono::{DateTime, Utc};
use customs_kernel::OfficeCode;
use customs_platform::Failure;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::Membership;
use crate::{
    page::Slice,
    words::{list, read_list},
};

/// How many memberships of one person count at most.
const PERSON_MAX: u64 = 100;

mod row {
    //! The rows of memberships.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "memberships")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person_id: Uuid,
        pub organisation_id: Uuid,
        pub roles: String,
        pub offices: String,
        pub valid_from: DateTimeUtc,
        pub valid_to: Option<DateTimeUtc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds `membership`.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    membership: &Membership,
) -> Result<(), Failure> {
    write(membership)?.into_active_model().insert(connection).await?;
    Ok(())
}

/// Writes `membership` over its row.
pub(crate) async fn update(
    connection: &impl ConnectionTrait,
    membership: &Membership,
) -> Result<(), Failure> {
    write(membership)?.into_active_model().reset_all().update(connection).await?;
    Ok(())
}

/// The membership of that id, kept from others until the transaction ends.
pub(crate) async fn locked(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Membership>, Failure> {
    row::Entity::find_by_id(id).lock_exclusive().one(connection).await?.as_ref().map(read).transpose()
}

/// The memberships of `person` that are in force at `at`.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    person: Uuid,
    at: DateTime<Utc>,
) -> Result<Vec<Membership>, Failure> {
    let open = row::Column::ValidTo.is_null().or(row::Column::ValidTo.gt(at));
    let rows = row::Entity::find()
        .filter(row::Column::PersonId.eq(person))
        .filter(row::Column::ValidFrom.lte(at))
        .filter(open)
        .limit(PERSON_MAX)
        .all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// The memberships of `person` in `organisation` that have not ended at `at`.
pub(crate) async fn not_ended(
    connection: &impl ConnectionTrait,
    person: Uuid,
    organisation: Uuid,
    at: DateTime<Utc>,
) -> Result<Vec<Membership>, Failure> {
    let open = row::Column::ValidTo.is_null().or(row::Column::ValidTo.gt(at));
    let rows = row::Entity::find()
        .filter(row::Column::PersonId.eq(person))
        .filter(row::Column::OrganisationId.eq(organisation))
        .filter(open)
        .limit(PERSON_MAX)
        .all(connection)
        .await?;
    rows.iter().map(read).collect()
}

/// A part of the memberships in `organisation`, newest first.
pub(crate) async fn page(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    slice: Slice,
) -> Result<(Vec<Membership>, Option<String>), Failure> {
    let mut query = row::Entity::find().filter(row::Column::OrganisationId.eq(organisation));
    if let Some(after) = slice.after() {
        query = query.filter(row::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(connection).await?;
    let (rows, next) = slice.cut(rows, |row| row.id);
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, next))
}

fn write(membership: &Membership) -> Result<row::Model, Failure> {
    Ok(row::Model {
        id: membership.id,
        person_id: membership.person_id,
        organisation_id: membership.organisation_id,
        roles: list(&membership.roles)?,
        offices: list(&membership.offices)?,
        valid_from: membership.valid_from,
        valid_to: membership.valid_to,
    })
}

fn read(row: &row::Model) -> Result<Membership, Failure> {
    Ok(Membership {
        id: row.id,
        person_id: row.person_id,
        organisation_id: row.organisation_id,
        roles: read_list(&row.roles)?,
        offices: read_list::<OfficeCode>(&row.offices)?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    })
}
