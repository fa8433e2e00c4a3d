//! The gateway as clients meet it: over a real port, with stand-ins for the services behind it.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod authorisation;
mod authority;
mod conventions;
mod graphql;
mod live;
mod login;
mod movements;
mod oidc;
mod oidc_refusals;
mod provider;
mod refusals;
mod services;
mod socket;
mod stand;
mod system;
