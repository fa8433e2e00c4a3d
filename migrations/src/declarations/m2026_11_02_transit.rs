//! Creates movements, their parties, messages, history and offices, and arrivals.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, integer, pk_uuid, string, string_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [movements(), parties(), messages(), events(), offices(), arrivals(), versions()] {
            manager.create_table(table).await?;
        }
        for (table, columns, unique) in INDEXES {
            manager.create_index(index(table, columns, *unique)).await?;
        }
        Ok(())
    }
}

const INDEXES: &[(&str, &[&str], bool)] = &[
    ("movements", &["mrn"], true),
    ("movements", &["lrn_claim"], true),
    ("movements", &["departure_office", "state", "id"], false),
    ("movement_parties", &["movement"], false),
    ("movement_messages", &["dossier", "sequence"], true),
    ("movement_messages", &["identification"], true),
    ("movement_offices", &["office", "state", "movement"], false),
    ("arrivals", &["movement"], false),
    ("arrivals", &["trader", "id"], false),
];

fn movements() -> TableCreateStatement {
    Table::create()
        .table("movements")
        .col(pk_uuid("id"))
        .col(string("lrn"))
        .col(string_null("lrn_claim"))
        .col(string_null("mrn"))
        .col(string("declarant"))
        .col(string("holder"))
        .col(string_null("representative"))
        .col(string("declaration_type"))
        .col(string("additional_type"))
        .col(boolean("simplified"))
        .col(string("state"))
        .col(big_integer("version"))
        .col(integer("declaration_version"))
        .col(uuid("declaration"))
        .col(string("departure_office"))
        .col(string("destination_office"))
        .col(string("transit_countries"))
        .col(integer("items"))
        .col(big_integer("gross_mass_micro"))
        .col(string_null("channel"))
        .col(integer("attempt"))
        .col(uuid_null("saga"))
        .col(big_integer("messages"))
        .col(big_integer("events"))
        .col(string("last_hash"))
        .col(timestamp_with_time_zone("submitted_at"))
        .col(timestamp_with_time_zone_null("released_at"))
        .col(timestamp_with_time_zone("changed_at"))
        .take()
}

fn parties() -> TableCreateStatement {
    Table::create()
        .table("movement_parties")
        .col(string("party"))
        .col(uuid("movement"))
        .primary_key(Index::create().col("party").col("movement"))
        .take()
}

fn messages() -> TableCreateStatement {
    Table::create()
        .table("movement_messages")
        .col(pk_uuid("id"))
        .col(uuid("dossier"))
        .col(big_integer("sequence"))
        .col(string("side"))
        .col(string("direction"))
        .col(string("message_type"))
        .col(string_null("identification"))
        .col(string("party"))
        .col(string("status"))
        .col(uuid_null("answers"))
        .col(string("format"))
        .col(text("body"))
        .col(text_null("evidence"))
        .col(timestamp_with_time_zone("at"))
        .take()
}

fn events() -> TableCreateStatement {
    Table::create()
        .table("movement_events")
        .col(uuid("movement"))
        .col(big_integer("sequence"))
        .col(string("event"))
        .col(string("state"))
        .col(string("by"))
        .col(string_null("subject"))
        .col(string_null("office"))
        .col(text("reasons"))
        .col(string("ruleset"))
        .col(timestamp_with_time_zone("at"))
        .col(string("hash"))
        .primary_key(Index::create().col("movement").col("sequence"))
        .take()
}

fn offices() -> TableCreateStatement {
    Table::create()
        .table("movement_offices")
        .col(uuid("movement"))
        .col(integer("position"))
        .col(string("office"))
        .col(string("role"))
        .col(string("state"))
        .col(timestamp_with_time_zone_null("recorded_at"))
        .primary_key(Index::create().col("movement").col("position"))
        .take()
}

fn versions() -> TableCreateStatement {
    Table::create()
        .table("movement_versions")
        .col(uuid("movement"))
        .col(integer("version"))
        .col(text("body"))
        .primary_key(Index::create().col("movement").col("version"))
        .take()
}

fn arrivals() -> TableCreateStatement {
    Table::create()
        .table("arrivals")
        .col(pk_uuid("id"))
        .col(uuid_null("movement"))
        .col(string("mrn"))
        .col(string("trader"))
        .col(string("office"))
        .col(string("state"))
        .col(boolean("simplified"))
        .col(integer("unloading"))
        .col(uuid("notification"))
        .col(big_integer("messages"))
        .col(timestamp_with_time_zone("notified_at"))
        .col(timestamp_with_time_zone("changed_at"))
        .take()
}

fn index(table: &'static str, columns: &'static [&'static str], unique: bool) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    index.take()
}
