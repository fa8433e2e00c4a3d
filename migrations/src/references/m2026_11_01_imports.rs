//! Creates announced imports and the chunks that have arrived.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, pk_uuid, string, string_null, text, timestamp_with_time_zone, uuid},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let imports = Table::create()
            .table("imports")
            .col(pk_uuid("id"))
            .col(string_null("dataset"))
            .col(text("file_name"))
            .col(string("sha256"))
            .col(big_integer("size"))
            .col(big_integer("received"))
            .col(integer("chunks"))
            .col(timestamp_with_time_zone("begun_at"))
            .col(string("begun_by"))
            .take();
        manager.create_table(imports).await?;

        let chunks = Table::create()
            .table("import_chunks")
            .col(uuid("import"))
            .col(integer("position"))
            .col(ColumnDef::new("bytes").blob().not_null())
            .primary_key(Index::create().col("import").col("position"))
            .take();
        manager.create_table(chunks).await
    }
}
