//! The schema of guarantees, in the order in which it grew.

use sea_orm_migration::MigrationTrait;

/// Every change to this service's schema, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    Vec::new()
}
