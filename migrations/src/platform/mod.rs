//! The tables that every service has: outbox, inbox, timers, sagas, idempotency keys and dead letters.

mod m2026_11_01_plumbing;

use sea_orm_migration::MigrationTrait;

/// Every change to the common tables, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m2026_11_01_plumbing::Migration)]
}
