//! Receipts of checks: which content was found valid by which ruleset, for whom.

use chrono::{DateTime, TimeDelta, Utc};
use customs_platform::Failure;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// How long a receipt is good for.
const LIFE: TimeDelta = TimeDelta::hours(24);

mod row {
    //! The rows of receipts.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "pre_checks")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation: String,
        pub ruleset_hash: String,
        pub content_sha256: String,
        pub checked_at: DateTimeUtc,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// That a content was found valid.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Receipt {
    /// Which receipt.
    pub(crate) id: Uuid,
    /// EORI of the organisation that asked.
    pub(crate) organisation: String,
    /// Hash of rules and reference data that judged.
    pub(crate) ruleset_hash: String,
    /// SHA-256 of the content, in hexadecimal.
    pub(crate) content_sha256: String,
    /// When.
    pub(crate) checked_at: DateTime<Utc>,
}

impl Receipt {
    /// From when it is good no more.
    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        self.checked_at + LIFE
    }
}

/// Adds `receipt`.
pub(super) async fn insert(connection: &impl ConnectionTrait, receipt: Receipt) -> Result<(), Failure> {
    let row = row::Model {
        id: receipt.id,
        organisation: receipt.organisation,
        ruleset_hash: receipt.ruleset_hash,
        content_sha256: receipt.content_sha256,
        checked_at: receipt.checked_at,
    };
    row.into_active_model().insert(connection).await?;
    Ok(())
}

/// The receipt of that id.
pub(super) async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Receipt>, Failure> {
    let row = row::Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(|row| Receipt {
        id: row.id,
        organisation: row.organisation,
        ruleset_hash: row.ruleset_hash,
        content_sha256: row.content_sha256,
        checked_at: row.checked_at,
    }))
}

/// Throws the receipt of that id away.
pub(super) async fn delete(connection: &impl ConnectionTrait, id: Uuid) -> Result<(), Failure> {
    row::Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}
