//! The schema of notifications, in the order in which it grew.

mod m2026_11_02_boxes;
mod m2026_11_03_webhooks;
mod m2026_11_30_preferences;

use sea_orm_migration::MigrationTrait;

/// Every change to this service's schema, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m2026_11_02_boxes::Migration),
        Box::new(m2026_11_03_webhooks::Migration),
        Box::new(m2026_11_30_preferences::Migration),
    ]
}
