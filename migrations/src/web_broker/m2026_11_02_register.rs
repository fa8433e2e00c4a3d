//! Creates organisations, people, memberships, delegations and the history of their changes.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer_null, boolean, integer, pk_uuid, string, string_null, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

/// This change.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(organisations()).await?;
        manager.create_index(unique("organisations", &["eori"])).await?;
        manager.create_index(unique("organisations", &["number_scheme", "number"])).await?;
        manager.create_table(people()).await?;
        manager.create_index(unique("people", &["number_scheme", "number"])).await?;
        manager.create_table(memberships()).await?;
        manager.create_index(index("memberships", &["person_id", "organisation_id"])).await?;
        manager.create_index(index("memberships", &["organisation_id", "id"])).await?;
        manager.create_table(delegations()).await?;
        manager.create_index(index("delegations", &["principal", "representative"])).await?;
        manager.create_index(index("delegations", &["principal", "id"])).await?;
        manager.create_index(index("delegations", &["representative", "id"])).await?;
        manager.create_table(changes()).await?;
        manager.create_index(index("changes", &["organisation_id", "id"])).await
    }
}

fn organisations() -> TableCreateStatement {
    Table::create()
        .table("organisations")
        .col(pk_uuid("id"))
        .col(string("eori"))
        .col(text("name"))
        .col(text("address_lines"))
        .col(string("country"))
        .col(string("number_scheme"))
        .col(string("number"))
        .col(text("kinds"))
        .col(timestamp_with_time_zone("active_from"))
        .col(timestamp_with_time_zone_null("active_to"))
        .col(integer("version"))
        .take()
}

fn people() -> TableCreateStatement {
    Table::create()
        .table("people")
        .col(pk_uuid("id"))
        .col(text("name"))
        .col(string("number_scheme"))
        .col(string("number"))
        .col(boolean("active"))
        .take()
}

fn memberships() -> TableCreateStatement {
    Table::create()
        .table("memberships")
        .col(pk_uuid("id"))
        .col(uuid("person_id"))
        .col(uuid("organisation_id"))
        .col(text("roles"))
        .col(text("offices"))
        .col(timestamp_with_time_zone("valid_from"))
        .col(timestamp_with_time_zone_null("valid_to"))
        .take()
}

fn delegations() -> TableCreateStatement {
    Table::create()
        .table("delegations")
        .col(pk_uuid("id"))
        .col(string("principal"))
        .col(string("representative"))
        .col(text("scope"))
        .col(timestamp_with_time_zone("valid_from"))
        .col(timestamp_with_time_zone("valid_to"))
        .col(big_integer_null("cap_minor"))
        .col(string_null("cap_currency"))
        .col(timestamp_with_time_zone("granted_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .take()
}

fn changes() -> TableCreateStatement {
    Table::create()
        .table("changes")
        .col(pk_uuid("id"))
        .col(uuid_null("organisation_id"))
        .col(timestamp_with_time_zone("at"))
        .col(string("actor"))
        .col(string("what"))
        .col(uuid("target"))
        .col(text("after"))
        .take()
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().take()
}
