//! The schema of references, in the order in which it grew.

mod m2026_11_01_entries;
mod m2026_11_01_imports;
mod m2026_11_01_measures;
mod m2026_11_01_parties;
mod m2026_11_30_proposals;
mod m2026_11_30_publications;

use sea_orm_migration::{
    MigrationTrait,
    prelude::{ColumnDef, SchemaManager},
    sea_orm::DbBackend,
};

/// Every change to this service's schema, oldest first.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m2026_11_01_entries::Migration),
        Box::new(m2026_11_01_imports::Migration),
        Box::new(m2026_11_01_measures::Migration),
        Box::new(m2026_11_01_parties::Migration),
        Box::new(m2026_11_30_publications::Migration),
        Box::new(m2026_11_30_proposals::Migration),
    ]
}

/// A text that is compared byte by byte on every store, whatever the locale of the database.
fn code(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text();
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}
