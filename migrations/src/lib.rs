//! The schema of every service: one module a service, one change a file, forwards only.
#![expect(
    elided_lifetimes_in_paths,
    reason = "the signature of MigrationTrait elides it, and async_trait needs the same"
)]

pub mod declarations;
mod gate;
pub mod guarantees;
pub mod notifications;
pub mod platform;
pub mod references;
pub mod statistics;
pub mod web_broker;

use sea_orm_migration::{MigrationTrait, MigratorTrait, prelude::async_trait, sea_orm::DatabaseConnection};

pub use gate::{EPOCH, Schema, too_new};
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
        "declarations" => gate::bring::<Declarations>(database).await,
        "guarantees" => gate::bring::<Guarantees>(database).await,
        "notifications" => gate::bring::<Notifications>(database).await,
        "references" => gate::bring::<References>(database).await,
        "statistics" => gate::bring::<Statistics>(database).await,
        "web-broker" => gate::bring::<WebBroker>(database).await,
        other => Err(unknown(other)),
    }
}

/// Which schema the database of `service` has, seen from this program; changes nothing.
pub async fn schema(service: &str, database: &DatabaseConnection) -> Result<Schema, DbErr> {
    let known = match service {
        "declarations" => gate::names::<Declarations>(),
        "guarantees" => gate::names::<Guarantees>(),
        "notifications" => gate::names::<Notifications>(),
        "references" => gate::names::<References>(),
        "statistics" => gate::names::<Statistics>(),
        "web-broker" => gate::names::<WebBroker>(),
        other => return Err(unknown(other)),
    };
    gate::look(&known, database).await
}

fn unknown(service: &str) -> DbErr {
    DbErr::Custom(format!("no schema for a service named {service}"))
}
