//! Delegations as rows.

use chrono::{DateTime, Utc};
use customs_kernel::{Eori, Money};
use customs_platform::Failure;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::Delegation;
use crate::{
    page::Slice,
    words::{list, read_list},
};

/// How many delegations of one pair count at most.
const PAIR_MAX: u64 = 100;

mod row {
    //! The rows of delegations.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "delegations")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub principal: String,
        pub representative: String,
        pub scope: String,
        pub valid_from: DateTimeUtc,
        pub valid_to: DateTimeUtc,
        pub cap_minor: Option<i64>,
        pub cap_currency: Option<String>,
        pub granted_at: DateTimeUtc,
        pub revoked_at: Option<DateTimeUtc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds `delegation`.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    delegation: &Delegation,
) -> Result<(), Failure> {
    write(delegation)?.into_active_model().insert(connection).await?;
    Ok(())
}

/// Writes `delegation` over its row.
pub(crate) async fn update(
    connection: &impl ConnectionTrait,
    delegation: &Delegation,
) -> Result<(), Failure> {
    write(delegation)?.into_active_model().reset_all().update(connection).await?;
    Ok(())
}

/// The delegation of that id that `principal` granted, kept from others until the transaction ends.
pub(crate) async fn locked(
    connection: &impl ConnectionTrait,
    id: Uuid,
    principal: &Eori,
) -> Result<Option<Delegation>, Failure> {
    let own = row::Column::Principal.eq(principal.as_str());
    let row = row::Entity::find_by_id(id).filter(own).lock_exclusive().one(connection).await?;
    row.map(read).transpose()
}

/// The delegations of one pair that have not run out at `at`, taken back or not.
pub(crate) async fn of_pair(
    connection: &impl ConnectionTrait,
    principal: &Eori,
    representative: &Eori,
    at: DateTime<Utc>,
) -> Result<Vec<Delegation>, Failure> {
    let rows = row::Entity::find()
        .filter(row::Column::Principal.eq(principal.as_str()))
        .filter(row::Column::Representative.eq(representative.as_str()))
        .filter(row::Column::ValidTo.gt(at))
        .order_by_desc(row::Column::Id)
        .limit(PAIR_MAX)
        .all(connection)
        .await?;
    rows.into_iter().map(read).collect()
}

/// A part of the delegations in which `party` has a side, newest first.
pub(crate) async fn page(
    connection: &impl ConnectionTrait,
    party: &Eori,
    slice: Slice,
) -> Result<(Vec<Delegation>, Option<String>), Failure> {
    let principal = row::Column::Principal.eq(party.as_str());
    let mut query = row::Entity::find().filter(principal.or(row::Column::Representative.eq(party.as_str())));
    if let Some(after) = slice.after() {
        query = query.filter(row::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(connection).await?;
    let (rows, next) = slice.cut(rows, |row| row.id);
    Ok((rows.into_iter().map(read).collect::<Result<_, _>>()?, next))
}

fn write(delegation: &Delegation) -> Result<row::Model, Failure> {
    Ok(row::Model {
        id: delegation.id,
        principal: delegation.principal.to_string(),
        representative: delegation.representative.to_string(),
        scope: list(&delegation.scope)?,
        valid_from: delegation.valid_from,
        valid_to: delegation.valid_to,
        cap_minor: delegation.cap.map(|cap| cap.minor),
        cap_currency: delegation.cap.map(|cap| cap.currency.code().to_owned()),
        granted_at: delegation.granted_at,
        revoked_at: delegation.revoked_at,
    })
}

fn read(row: row::Model) -> Result<Delegation, Failure> {
    let cap = match (row.cap_minor, row.cap_currency) {
        (Some(minor), Some(currency)) => {
            Some(Money::new(minor, currency.parse().map_err(anyhow::Error::new)?))
        }
        _ => None,
    };
    Ok(Delegation {
        id: row.id,
        principal: row.principal.parse().map_err(anyhow::Error::new)?,
        representative: row.representative.parse().map_err(anyhow::Error::new)?,
        scope: read_list(&row.scope)?,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        cap,
        granted_at: row.granted_at,
        revoked_at: row.revoked_at,
    })
}
