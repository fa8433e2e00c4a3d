//! Adds to movements who carries the goods, what they are and by which vehicle they go.

use sea_orm_migration::{prelude::*, schema::string_null};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["carrier", "goods", "vehicle"] {
            let add = Table::alter().table("movements").add_column(string_null(column)).take();
            manager.alter_table(add).await?;
        }
        Ok(())
    }
}
