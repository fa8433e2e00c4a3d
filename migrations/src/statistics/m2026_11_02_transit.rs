//! Creates the journal of facts about transit, its watermark and the monthly counters.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, date, string, timestamp_with_time_zone, uuid},
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let watermarks = Table::create()
            .table("watermarks")
            .col(string("journal").primary_key())
            .col(big_integer("number"))
            .take();
        manager.create_table(watermarks).await?;
        manager.create_table(journal()).await?;
        let month = Index::create().name("journal_month").table("journal").col("month").col("number").take();
        manager.create_index(month).await?;
        manager.create_table(counters()).await?;
        let months = Table::create()
            .table("months")
            .col(string("month").primary_key())
            .col(big_integer("facts"))
            .col(big_integer("watermark"))
            .take();
        manager.create_table(months).await
    }
}

fn journal() -> TableCreateStatement {
    Table::create()
        .table("journal")
        .col(big_integer("number").primary_key())
        .col(uuid("told").unique_key())
        .col(string("stage"))
        .col(uuid("movement"))
        .col(string("mrn"))
        .col(string("month"))
        .col(date("day"))
        .col(string("departure_office"))
        .col(string("destination_office"))
        .col(string("country"))
        .col(string("declaration_type"))
        .col(string("partner"))
        .col(string("transit_countries"))
        .col(big_integer("items"))
        .col(big_integer("gross_mass_micro"))
        .col(timestamp_with_time_zone("occurred_at"))
        .col(timestamp_with_time_zone("recorded_at"))
        .take()
}

fn counters() -> TableCreateStatement {
    Table::create()
        .table("counters")
        .col(string("month"))
        .col(string("country"))
        .col(string("declaration_type"))
        .col(string("partner"))
        .col(string("transit_country"))
        .col(big_integer("released"))
        .col(big_integer("arrived"))
        .col(big_integer("discharged"))
        .col(big_integer("items"))
        .col(big_integer("gross_mass_kg"))
        .col(big_integer("gross_mass_micro"))
        .primary_key(
            Index::create()
                .col("month")
                .col("country")
                .col("declaration_type")
                .col("partner")
                .col("transit_country"),
        )
        .take()
}
