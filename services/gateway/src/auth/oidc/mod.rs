//! Sign-in by an outside provider: OIDC, authorization code with PKCE.
//!
//! A page begins with a `binding`, the SHA-256 of a secret of its own. [`settings`] is what the operator has said,
//! [`provider`] what the provider says of itself and how it is asked, [`attempt`] what the browser carries there and back,
//! [`id_token`] whether the provider has vouched, and [`flow`] the way of a person through all of it.

mod attempt;
mod flow;
mod id_token;
mod keys;
mod metadata;
mod provider;
mod settings;
mod trouble;
mod wire;

pub(crate) use attempt::{COOKIE_SECONDS, cookie_name};
pub(crate) use flow::{Beginning, CALLBACK, Oidc, Return, START};

#[cfg(test)]
mod id_token_tests;
