//! Creates versions and the dated entries of code lists and customs offices.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, date, date_null, string, text, timestamp_with_time_zone},
};

use super::code;

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sequence = Table::create()
            .table("sequence")
            .col(big_integer("id").primary_key())
            .col(big_integer("number"))
            .col(big_integer("loud"))
            .col(big_integer("seq"))
            .take();
        manager.create_table(sequence).await?;
        let connection = manager.get_connection();
        // `loud` is the newest version of which every reader must know.
        connection
            .execute_unprepared("INSERT INTO sequence (id, number, loud, seq) VALUES (1, 0, 0, 0)")
            .await?;

        let versions = Table::create()
            .table("versions")
            .col(big_integer("number").primary_key())
            .col(string("dataset"))
            .col(text("source"))
            .col(string("sha256"))
            .col(string("chain"))
            .col(timestamp_with_time_zone("imported_at"))
            .col(string("imported_by"))
            .col(big_integer("added"))
            .col(big_integer("changed"))
            .col(big_integer("removed"))
            .col(big_integer("last_seq"))
            .take();
        manager.create_table(versions).await?;
        let by_dataset =
            Index::create().name("versions_dataset").table("versions").col("dataset").col("number").take();
        manager.create_index(by_dataset).await?;

        let entries = Table::create()
            .table("entries")
            .col(big_integer("seq").primary_key())
            .col(code(manager, "list").not_null())
            .col(code(manager, "code").not_null())
            .col(string("dataset"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(string("state"))
            .col(text("tags"))
            .col(text("labels"))
            .col(text("properties"))
            .col(text("search"))
            .col(big_integer("digest"))
            .col(string("change"))
            .col(big_integer("since"))
            .col(ColumnDef::new("until").big_integer().null())
            .take();
        manager.create_table(entries).await?;
        // Only what stands now is looked up; what it replaced is kept, and found by its number.
        connection
            .execute_unprepared(
                "CREATE UNIQUE INDEX entries_present ON entries (list, code, dataset, valid_from) \
                 WHERE until IS NULL",
            )
            .await?;
        Ok(())
    }
}
