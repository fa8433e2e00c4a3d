//! The tables that every service has: outbox, told events, inbox, timers, sagas, idempotency keys, dead letters, epoch.

mod m2026_11_01_plumbing;
mod m2026_11_29_schema_epoch;
mod m2026_11_30_told;

use sea_orm_migration::MigrationTrait;

/// Every change to the common tables, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m2026_11_01_plumbing::Migration),
        Box::new(m2026_11_29_schema_epoch::Migration),
        Box::new(m2026_11_30_told::Migration),
    ]
}
