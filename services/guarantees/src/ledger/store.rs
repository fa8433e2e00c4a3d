//! Postings as rows: appended, never changed.
#![expect(
    unreachable_pub,
    reason = "the derive of an entity makes public items, the service keeps them private"
)]

use customs_platform::{Failure, writes::Writes};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

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

/// Adds to `writes` that `postings` are appended.
pub(crate) fn write(writes: &mut Writes, postings: &[Posting]) {
    let rows = postings.iter().map(|posting| {
        [
            posting.decision.into(),
            posting.guarantee.into(),
            posting.entry.debit.as_str().into(),
            posting.entry.credit.as_str().into(),
            posting.entry.minor.into(),
            posting.entry.reason.as_str().into(),
            posting.mrn.clone().into(),
            posting.at.into(),
        ]
    });
    let before = "INSERT INTO postings (decision, guarantee_id, debit, credit, amount_minor, reason, mrn, \
                  posted_at) VALUES ";
    writes.rows(before, rows, "");
}

/// Appends `postings`.
pub(crate) async fn append(txn: &DatabaseTransaction, postings: &[Posting]) -> Result<(), Failure> {
    let mut writes = Writes::new(txn.get_database_backend());
    write(&mut writes, postings);
    writes.run(txn).await?;
    Ok(())
}
