//! Messages in XML: reading with every error of structure at once, and writing in one canonical form.

mod decode;
mod names;
mod read;
mod write;

pub(crate) use decode::is_xml_character;
pub(crate) use read::phase_known;
pub use read::{parse_signed_xml, parse_xml, parse_xml_with};
pub use write::write_xml;

/// The namespace of the root element; everything below it has none.
pub const NAMESPACE: &str = "http://ncts.dgtaxud.ec";

/// The namespace of enveloped signatures (XML-DSig).
const SIGNATURES: &str = "http://www.w3.org/2000/09/xmldsig#";
