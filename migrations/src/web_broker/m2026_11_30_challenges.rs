//! Adds the challenges that were answered: each is good for one log-in.

use sea_orm_migration::{
    prelude::*,
    schema::{string, timestamp_with_time_zone},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let challenges = Table::create()
            .table("spent_challenges")
            .col(string("challenge").primary_key())
            .col(timestamp_with_time_zone("expires_at"))
            .take();
        manager.create_table(challenges).await?;
        let index = Index::create()
            .name("spent_challenges_expires_at")
            .table("spent_challenges")
            .col("expires_at")
            .take();
        manager.create_index(index).await
    }
}
