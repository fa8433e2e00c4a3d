//! The schema of every service: one module a service, one change a file, forwards only.
#![expect(
    elided_lifetimes_in_paths,
    reason = "the signature of MigrationTrait elides it, and async_trait needs the same"
)]

pub mod declarations;
pub mod guarantees;
pub mod notifications;
pub mod platform;
pub mod references;
pub mod statistics;
pub mod web_broker;

use sea_orm_migration::{MigrationTrait, MigratorTrait, prelude::async_trait, sea_orm::DatabaseConnection};

pub use sea_orm_migration::DbErr;

/// The services that keep data, in the order in which they are migrated.
pub const SERVICES: &[&str] =
    &["references", "web-broker", "guarantees", "declarations", "notifications", "statistics"];

macro_rules! migrators {
    ($($name:ident = $module:ident;)*) => {$(
        struct $name;

        #[async_trait::async_trait]
        impl MigratorTrait for $name {
            fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                let mut all = platform::migrations();
                all.extend($module::migrations());
                all
            }
        }
    )*};
}

migrators! {
    Declarations = declarations;
    Guarantees = guarantees;
    Notifications = notifications;
    References = references;
    Statistics = statistics;
    WebBroker = web_broker;
}

/// Brings the database of `service` to the present schema; doing it again changes nothing.
pub async fn migrate(service: &str, database: &DatabaseConnection) -> Result<(), DbErr> {
    match service {
        "declarations" => Declarations::up(database, None).await,
        "guarantees" => Guarantees::up(database, None).await,
        "notifications" => Notifications::up(database, None).await,
        "references" => References::up(database, None).await,
        "statistics" => Statistics::up(database, None).await,
        "web-broker" => WebBroker::up(database, None).await,
        other => Err(DbErr::Custom(format!("no schema for a service named {other}"))),
    }
}

/// Whether the database of `service` has the present schema.
pub async fn is_current(service: &str, database: &DatabaseConnection) -> Result<bool, DbErr> {
    let pending = match service {
        "declarations" => Declarations::get_pending_migrations(database).await?,
        "guarantees" => Guarantees::get_pending_migrations(database).await?,
        "notifications" => Notifications::get_pending_migrations(database).await?,
        "references" => References::get_pending_migrations(database).await?,
        "statistics" => Statistics::get_pending_migrations(database).await?,
        "web-broker" => WebBroker::get_pending_migrations(database).await?,
        other => return Err(DbErr::Custom(format!("no schema for a service named {other}"))),
    };
    Ok(pending.is_empty())
}
