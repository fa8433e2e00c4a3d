//! The messages of the common transit system as data: definitions, documents, readers, writers and rules.
//!
//! A table a message ([`definition`]) drives everything: [`parse_xml`] and [`parse_json`] read a [`Document`] and report every
//! error of structure at once, [`write_xml`] and [`write_json`] write it, [`Draft`] changes it, [`outgoing`] makes answers.
//! Nothing here does input or output or knows the time.

pub mod catalogue;
mod code;
mod correction;
mod definition;
mod document;
mod finding;
mod format;
mod json;
mod options;
pub mod outgoing;
mod phase;
mod rules;
mod texts;
mod version;
mod xml;

pub use code::ErrorCode;
pub use definition::{Definition, Element, definition, definitions};
pub use document::{Document, Draft, DraftError, NodeRef, Nodes, Place, Rejection};
pub use finding::{Finding, Text, VALUE_MAX};
pub use format::{Fault, Format, FormatFacts};
pub use json::{parse_json, parse_json_with, write_json};
pub use options::{Limits, ReadOptions};
pub use phase::Phase;
pub use rules::{Condition, ConditionCase, Term, TermKind};
pub use rules::{
    Context, Contradiction, Defects, Lookups, NoLookups, Office, Package, PackageHead, RuleEntry, RuleKind,
    Rules, StandingLists, list_name,
};
pub use version::{amended, presented};
pub use xml::{NAMESPACE, parse_signed_xml, parse_xml, parse_xml_with, write_xml};
