//! Memberships: who acts for which organisation, as what, and where.

mod aggregate;
mod end;
mod grant;
pub(crate) mod store;

pub(crate) use aggregate::Membership;
pub(crate) use grant::grant;
