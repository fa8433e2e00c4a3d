//! Adds notes between offices and declarants, and files about movements, their octets kept once by content.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, blob, boolean, pk_uuid, string, string_null, text,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [notes(), files(), contents()] {
            manager.create_table(table).await?;
        }
        let mut index = Index::create();
        index.name("movement_files_movement").table("movement_files").col("movement").col("id");
        manager.create_index(index.take()).await
    }
}

fn notes() -> TableCreateStatement {
    Table::create()
        .table("movement_notes")
        .col(uuid("movement"))
        .col(big_integer("number"))
        .col(string("by"))
        .col(string("office"))
        .col(string("party"))
        .col(string("subject"))
        .col(text("text"))
        .col(string_null("language"))
        .col(big_integer_null("answers"))
        .col(boolean("asks_answer"))
        .col(timestamp_with_time_zone_null("answer_by"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("movement").col("number"))
        .take()
}

fn files() -> TableCreateStatement {
    Table::create()
        .table("movement_files")
        .col(pk_uuid("id"))
        .col(uuid("movement"))
        .col(string("name"))
        .col(string("media_type"))
        .col(big_integer("octets"))
        .col(string("sha256"))
        .col(string("by"))
        .col(string_null("office"))
        .col(string("subject"))
        .col(string_null("shown_to"))
        .col(big_integer_null("act"))
        .col(big_integer_null("note"))
        .col(timestamp_with_time_zone("at"))
        .take()
}

fn contents() -> TableCreateStatement {
    Table::create().table("file_contents").col(string("sha256").primary_key()).col(blob("octets")).take()
}
