//! customs-migrations.
