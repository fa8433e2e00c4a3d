//! The schema of declarations, in the order in which it grew.

mod m2026_11_02_transit;
mod m2026_11_29_procedure;
mod m2026_11_30_archive;
mod m2026_11_30_claims;
mod m2026_11_30_notes;
mod m2026_12_01_carriage;

use sea_orm_migration::MigrationTrait;

/// Every change to this service's schema, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m2026_11_02_transit::Migration),
        Box::new(m2026_11_29_procedure::Migration),
        Box::new(m2026_11_30_claims::Migration),
        Box::new(m2026_11_30_archive::Migration),
        Box::new(m2026_11_30_notes::Migration),
        Box::new(m2026_12_01_carriage::Migration),
    ]
}
