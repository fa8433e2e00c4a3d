//! Who asks: log-in by a signed challenge or an outside provider, access tokens, and what a request says about its sender.

mod challenge;
mod key;
mod login;
pub(crate) mod oidc;
mod public;
mod registration;
mod sealed;
mod system;
mod token;
mod visit;

pub(crate) use challenge::Challenges;
pub(crate) use key::TokenKey;
pub(crate) use login::Login;
pub(crate) use public::public_key;
pub(crate) use registration::Told;
pub(crate) use system::Systems;
pub(crate) use token::{Claims, Shown, Tokens, Way};
pub(crate) use visit::Visit;
