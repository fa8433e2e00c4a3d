//! System keys as rows; every finder of people demands the organisation that owns.

use chrono::{DateTime, NaiveDate, Utc};
use customs_platform::{Failure, sql};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

use super::SystemKey;
use crate::{
    page::Slice,
    words::{list, read_list},
};

mod row {
    //! The rows of system keys.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "system_keys")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Uuid,
        pub name: String,
        pub key_id: String,
        pub kind: String,
        pub spki: String,
        pub roles: String,
        pub valid_from: DateTimeUtc,
        pub valid_to: DateTimeUtc,
        pub registered_by: String,
        pub registered_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
        pub last_used_on: Option<Date>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds `key`; `false` where a key of its identifier is in the register already, whoever's.
pub(super) async fn insert(connection: &impl ConnectionTrait, key: &SystemKey) -> Result<bool, Failure> {
    let mut nothing = OnConflict::new();
    nothing.do_nothing();
    let inserted = row::Entity::insert(write(key)?.into_active_model())
        .on_conflict(nothing)
        .try_insert()
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

/// Writes `key` over its row.
pub(super) async fn update(connection: &impl ConnectionTrait, key: &SystemKey) -> Result<(), Failure> {
    write(key)?.into_active_model().reset_all().update(connection).await?;
    Ok(())
}

/// Notes that a request of the key `id` was taken on `day`.
pub(super) async fn used(connection: &impl ConnectionTrait, id: Uuid, day: NaiveDate) -> Result<(), Failure> {
    // Only this column: the key may be revoked at the same time.
    let sql = "UPDATE system_keys SET last_used_on = $1 WHERE id = $2";
    sql::execute(connection, sql, vec![day.into(), id.into()]).await?;
    Ok(())
}

/// The key that signatures name `key_id`.
pub(super) async fn by_key_id(
    connection: &impl ConnectionTrait,
    key_id: &str,
) -> Result<Option<SystemKey>, Failure> {
    row::Entity::find().filter(row::Column::KeyId.eq(key_id)).one(connection).await?.map(read).transpose()
}

/// The key `id` of `organisation`, kept from others until the transaction ends.
pub(super) async fn locked(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<Option<SystemKey>, Failure> {
    let own = row::Column::OrganisationId.eq(organisation);
    row::Entity::find_by_id(id).filter(own).lock_exclusive().one(connection).await?.map(read).transpose()
}

/// How many keys of `organisation` are in force or will be, at `at`.
pub(super) async fn in_force(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    at: DateTime<Utc>,
) -> Result<u64, Failure> {
    let keys = row::Entity::find()
        .filter(row::Column::OrganisationId.eq(organisation))
        .filter(row::Column::RevokedAt.is_null())
        .filter(row::Column::ValidTo.gt(at));
    Ok(keys.count(connection).await?)
}

/// A part of the keys of `organisation`, newest first.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    slice: Slice,
) -> Result<(Vec<SystemKey>, Option<String>), Failure> {
    let mut query = row::Entity::find().filter(row::Column::OrganisationId.eq(organisation));
    if let Some(after) = slice.after() {
        query = query.filter(row::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(connection).await?;
    let (rows, next) = slice.cut(rows, |row| row.id);
    Ok((rows.into_iter().map(read).collect::<Result<_, _>>()?, next))
}

fn write(key: &SystemKey) -> Result<row::Model, Failure> {
    Ok(row::Model {
        id: key.id,
        organisation_id: key.organisation_id,
        name: key.name.clone(),
        key_id: key.key_id.clone(),
        kind: key.kind.clone(),
        spki: key.spki.clone(),
        roles: list(&key.roles)?,
        valid_from: key.valid_from,
        valid_to: key.valid_to,
        registered_by: key.registered_by.clone(),
        registered_at: key.registered_at,
        revoked_at: key.revoked_at,
        last_used_on: key.last_used_on,
    })
}

fn read(row: row::Model) -> Result<SystemKey, Failure> {
    Ok(SystemKey {
        id: row.id,
        organisation_id: row.organisation_id,
        name: row.name,
        key_id: row.key_id,
        kind: row.kind,
        spki: row.spki,
        roles: read_list(&row.roles)?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        registered_by: row.registered_by,
        registered_at: row.registered_at,
        revoked_at: row.revoked_at,
        last_used_on: row.last_used_on,
    })
}
