//! Adds of which kinds of event the owner of a box is not told at the desk.

use sea_orm_migration::{prelude::*, schema::text_null};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let quiet = Table::alter().table("boxes").add_column(text_null("quiet")).take();
        manager.alter_table(quiet).await
    }
}
