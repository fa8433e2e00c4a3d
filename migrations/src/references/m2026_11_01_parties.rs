//! Creates the register of economic operators and its history.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, date, date_null, string, string_null, text, text_null, timestamp_with_time_zone},
};

use super::code;

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let parties = Table::create()
            .table("parties")
            .col(code(manager, "eori").primary_key())
            .col(text("name"))
            .col(text("street_and_number"))
            .col(string_null("postcode"))
            .col(text("city"))
            .col(string("country"))
            .col(text("tags"))
            .col(text("roles"))
            .col(text("search"))
            .col(date("valid_from"))
            .col(date_null("valid_to"))
            .col(string("state"))
            .col(ColumnDef::new("suspended_at").timestamp_with_time_zone().null())
            .col(text_null("suspended_because"))
            .col(big_integer("since"))
            .take();
        manager.create_table(parties).await?;
        let by_state = Index::create().name("parties_state").table("parties").col("state").col("eori").take();
        manager.create_index(by_state).await?;

        // One row a change: the entry as it read from then on, and who changed it.
        let history = Table::create()
            .table("party_history")
            .col(code(manager, "eori").not_null())
            .col(big_integer("number"))
            .col(string("event"))
            .col(timestamp_with_time_zone("changed_at"))
            .col(string("changed_by"))
            .col(text("entry"))
            .primary_key(Index::create().col("eori").col("number"))
            .take();
        manager.create_table(history).await
    }
}
