//! The schema of guarantees, in the order in which it grew.

mod m2026_11_02_guarantees;
mod m2026_11_30_levels;

use sea_orm_migration::MigrationTrait;

/// Every change to this service's schema, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m2026_11_02_guarantees::Migration), Box::new(m2026_11_30_levels::Migration)]
}
