//! XML signatures under a narrow profile: enveloped signatures over one whole document, nothing fetched.
//!
//! A document is read strictly ([`parse`], [`scan`]), its signatures by their exact structure ([`signature`]); the one
//! reference is to the root element, so that what is verified is what is processed. No node sets, no `XPath`, no DTD.

mod canonical;
mod own_key;
mod parse;
mod scan;
mod sign;
mod signature;
mod verify;

pub use own_key::xml_is_intact_under_own_key;
pub use verify::XmlForm;
pub(crate) use verify::plain_to_der;
