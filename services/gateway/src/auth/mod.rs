//! Who asks: log-in by a signed challenge, access tokens, and what a request says about its sender.

mod challenge;
mod key;
mod login;
mod sealed;
mod token;
mod visit;

pub(crate) use challenge::Challenges;
pub(crate) use key::TokenKey;
pub(crate) use login::Login;
pub(crate) use token::{Claims, Tokens};
pub(crate) use visit::Visit;
