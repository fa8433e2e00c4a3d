//! Adds the claims of signed documents: each is accepted once for a purpose.

use sea_orm_migration::{
    prelude::*,
    schema::{boolean, string, timestamp_with_time_zone},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let claims = Table::create()
            .table("signed_claims")
            .col(string("claim").primary_key())
            .col(boolean("accepted"))
            .col(timestamp_with_time_zone("at"))
            .take();
        manager.create_table(claims).await
    }
}
