//! Messages in XML: reading with every error of structure at once, and writing in one canonical form.

mod names;
mod read;
mod write;

pub use read::{Limits, ReadOptions, parse_xml, parse_xml_with};
pub(crate) use read::{is_xml_character, phase_known};
pub use write::write_xml;

/// The namespace of the root element; everything below it has none.
pub const NAMESPACE: &str = "http://ncts.dgtaxud.ec";
