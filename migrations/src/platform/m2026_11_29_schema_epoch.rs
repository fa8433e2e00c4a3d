//! Creates the note of which epoch of the schema a database has reached.

use sea_orm_migration::{prelude::*, schema::integer};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("schema_epoch")
            .col(integer("id").primary_key())
            .col(integer("epoch"))
            .take();
        manager.create_table(table).await
    }
}
