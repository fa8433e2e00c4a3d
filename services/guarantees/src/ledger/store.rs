//! Postings as rows: appended, never changed.
#![expect(
    unreachable_pub,
    reason = "the derive of an entity makes public items, the service keeps them private"
)]

use customs_platform::Failure;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, EntityTrait,
};

use super::Posting;

/// One posting.
pub(crate) mod posted {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter,
        PrimaryKeyTrait,
    };
    use uuid::Uuid;

    /// The row.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq)]
    #[sea_orm(table_name = "postings")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub number: i64,
        pub decision: Uuid,
        pub guarantee_id: Uuid,
        pub debit: String,
        pub credit: String,
        pub amount_minor: i64,
        pub reason: String,
        pub mrn: Option<String>,
        pub posted_at: DateTime<Utc>,
    }

    /// It stands alone.
    #[derive(Clone, Copy, Debug, DeriveRelation, EnumIter)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Appends `postings`, in one statement a few hundred rows.
pub(crate) async fn append(txn: &DatabaseTransaction, postings: &[Posting]) -> Result<(), Failure> {
    for chunk in postings.chunks(1_000) {
        let rows = chunk.iter().map(|posting| posted::ActiveModel {
            number: NotSet,
            decision: Set(posting.decision),
            guarantee_id: Set(posting.guarantee),
            debit: Set(posting.entry.debit.as_str().to_owned()),
            credit: Set(posting.entry.credit.as_str().to_owned()),
            amount_minor: Set(posting.entry.minor),
            reason: Set(posting.entry.reason.as_str().to_owned()),
            mrn: Set(posting.mrn.clone()),
            posted_at: Set(posting.at),
        });
        posted::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}
