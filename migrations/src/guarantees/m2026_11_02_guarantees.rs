//! Creates guarantees with their terms, holds, what movements were answered, postings and number series.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, boolean, date, date_null, integer, pk_uuid, string, string_null, text,
        text_null, timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
    sea_orm::DbBackend,
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [guarantees(), terms(), holds(), covers(), postings(), number_series()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("guarantees", &["guarantor", "id"])).await?;
        manager.create_index(index("guarantees", &["owner", "id"])).await?;
        manager.create_index(index("guarantees", &["state", "id"])).await?;
        manager.create_index(index("holds", &["guarantee_id", "id"])).await?;
        manager.create_index(index("holds", &["mrn", "guarantee_id", "attempt"]).unique().take()).await?;
        manager.create_index(index("postings", &["guarantee_id", "number"])).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // Room on the page for the next version of a row that changes with every use.
            let sql = "ALTER TABLE guarantees SET (fillfactor = 50)";
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

fn guarantees() -> TableCreateStatement {
    let least = |column: &'static str| Expr::col(column).gte(0);
    let available = "limit_minor - held_minor - called_minor - paid_minor >= 0";
    Table::create()
        .table("guarantees")
        .col(pk_uuid("id"))
        .col(string_null("grn").unique_key())
        .col(string("kind"))
        .col(string("guarantor"))
        .col(string("owner"))
        .col(string("state"))
        .col(string("currency"))
        .col(big_integer("insured_minor"))
        .col(big_integer("limit_minor"))
        .col(big_integer("held_minor"))
        .col(big_integer("called_minor"))
        .col(big_integer("paid_minor"))
        .col(integer("open_uses"))
        .col(boolean("spent"))
        .col(date("valid_from"))
        .col(date("valid_until"))
        .col(date_null("cancelled_on"))
        .col(text("not_valid_in"))
        .col(string_null("access_salt"))
        .col(string_null("access_hash"))
        .col(integer("version"))
        .check(least("held_minor"))
        .check(least("called_minor"))
        .check(least("paid_minor"))
        .check(least("open_uses"))
        .check(Expr::cust(available))
        .take()
}

fn terms() -> TableCreateStatement {
    Table::create()
        .table("guarantee_terms")
        .col(pk_uuid("guarantee_id"))
        .col(string_null("guarantor_kind"))
        .col(string("office_of_guarantee"))
        .col(text("payment_terms"))
        .col(text("liabilities"))
        .col(string("proposed_by"))
        .col(timestamp_with_time_zone("proposed_at"))
        .col(string_null("decided_by"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(text_null("reason"))
        .take()
}

fn holds() -> TableCreateStatement {
    Table::create()
        .table("holds")
        .col(pk_uuid("id"))
        .col(uuid_null("guarantee_id"))
        .col(string_null("grn"))
        .col(string("kind"))
        .col(string_null("other_reference"))
        .col(string("holder"))
        .col(string("mrn"))
        .col(uuid("movement"))
        .col(big_integer("attempt"))
        .col(string_null("currency"))
        .col(big_integer_null("amount_minor"))
        .col(big_integer("paid_minor"))
        .col(string("state"))
        .col(timestamp_with_time_zone("placed_at"))
        .col(timestamp_with_time_zone_null("ended_at"))
        .col(string_null("end_reason"))
        .take()
}

fn covers() -> TableCreateStatement {
    Table::create()
        .table("covers")
        .col(string("mrn").primary_key())
        .col(uuid("movement"))
        .col(big_integer("attempt"))
        .col(string("word"))
        .col(text_null("reasons"))
        .col(timestamp_with_time_zone_null("freed_at"))
        .col(uuid("claim"))
        .col(timestamp_with_time_zone("changed_at"))
        .take()
}

fn postings() -> TableCreateStatement {
    Table::create()
        .table("postings")
        .col(big_integer("number").primary_key().auto_increment())
        .col(uuid("decision"))
        .col(uuid("guarantee_id"))
        .col(string("debit"))
        .col(string("credit"))
        .col(big_integer("amount_minor"))
        .col(string("reason"))
        .col(string_null("mrn"))
        .col(timestamp_with_time_zone("posted_at"))
        .check(Expr::col("amount_minor").gt(0))
        .take()
}

fn number_series() -> TableCreateStatement {
    Table::create().table("number_series").col(string("name").primary_key()).col(big_integer("last")).take()
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index.take()
}
