//! Adds what customs tells everybody: regulations and notices, and the rates of currencies.

use sea_orm_migration::{
    prelude::*,
    schema::{date, date_null, integer, pk_uuid, string, string_null, text, timestamp_with_time_zone},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let publications = Table::create()
            .table("publications")
            .col(pk_uuid("id"))
            .col(string("kind"))
            .col(string_null("number"))
            .col(text("texts"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(timestamp_with_time_zone("published_at"))
            .col(string("published_by"))
            .col(string_null("ended_by"))
            .take();
        manager.create_table(publications).await?;
        let rates = Table::create()
            .table("exchange_rates")
            .col(date("counts_on"))
            .col(string("currency"))
            .col(string("base"))
            .col(integer("units"))
            .col(string("rate"))
            .col(string("set_by"))
            .primary_key(Index::create().col("counts_on").col("currency"))
            .take();
        manager.create_table(rates).await
    }
}
