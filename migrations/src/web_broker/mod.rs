//! The schema of web-broker, in the order in which it grew.

mod m2026_11_02_drafts;
mod m2026_11_02_register;
mod m2026_11_30_applications;
mod m2026_11_30_challenges;
mod m2026_11_30_system_keys;
mod m2026_11_30_templates;

use sea_orm_migration::MigrationTrait;

/// Every change to this service's schema, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m2026_11_02_register::Migration),
        Box::new(m2026_11_02_drafts::Migration),
        Box::new(m2026_11_30_challenges::Migration),
        Box::new(m2026_11_30_applications::Migration),
        Box::new(m2026_11_30_templates::Migration),
        Box::new(m2026_11_30_system_keys::Migration),
    ]
}
