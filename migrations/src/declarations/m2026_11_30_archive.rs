//! Adds the archive: trees of evidence with their timestamps, and what signatures were held against.

use sea_orm_migration::{
    prelude::*,
    schema::{
        integer, pk_uuid, string, text, text_null, timestamp_with_time_zone, timestamp_with_time_zone_null,
        uuid,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [trees(), leaves(), materials()] {
            manager.create_table(table).await?;
        }
        let mut due = Index::create();
        due.name("archive_trees_due_at").table("archive_trees").col("due_at");
        manager.create_index(due.take()).await?;
        let mut places = Index::create();
        places.name("archive_leaves_tree_position").table("archive_leaves").col("tree").col("position");
        manager.create_index(places.unique().take()).await
    }
}

fn trees() -> TableCreateStatement {
    Table::create()
        .table("archive_trees")
        .col(pk_uuid("id"))
        .col(string("root"))
        .col(text("tokens"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone_null("stamped_at"))
        .col(timestamp_with_time_zone("due_at"))
        .col(integer("attempts"))
        .col(text_null("failure"))
        .take()
}

fn leaves() -> TableCreateStatement {
    Table::create()
        .table("archive_leaves")
        .col(pk_uuid("message"))
        .col(uuid("tree"))
        .col(integer("position"))
        .col(string("leaf"))
        .take()
}

fn materials() -> TableCreateStatement {
    Table::create()
        .table("archive_materials")
        .col(string("sha256").primary_key())
        .col(string("kind"))
        .col(text("der"))
        .col(timestamp_with_time_zone("valid_from"))
        .col(timestamp_with_time_zone("valid_until"))
        .col(timestamp_with_time_zone("seen_at"))
        .take()
}
