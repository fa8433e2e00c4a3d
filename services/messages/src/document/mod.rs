//! A message as a tree: elements in order, values as text, and where each stood in the document that was read.

mod assemble;
mod draft;
mod path;
mod place;

pub(crate) use assemble::{Assembler, Opened};
pub use draft::{Draft, DraftError};
pub(crate) use path::join;
pub use path::{NodeRef, Nodes};
pub(crate) use place::Lines;
pub use place::Place;

use std::fmt;

use crate::definition::{Definition, Element};
use crate::finding::Finding;
use crate::phase::Phase;

/// A message of one type and phase.
#[derive(Clone)]
pub struct Document {
    definition: &'static Definition,
    text: String,
    nodes: Vec<Node>,
    /// The first node of each element of the definition; zero, which is the root, where there is none.
    firsts: Vec<u32>,
    /// Whether every value was held against its format in full, as XML is.
    strict: bool,
    /// Whether the elements stand in the order of the definition, as they do in every whole message.
    ordered: bool,
}

/// One element of the tree; the nodes stand in document order.
#[derive(Clone, Copy, Debug)]
struct Node {
    element: &'static Element,
    parent: u32,
    /// The node after the last node of the subtree.
    end: u32,
    /// Which of the elements of that name in the group, from 1.
    ordinal: u32,
    from: u32,
    to: u32,
    place: Place,
}

/// Why a document was not taken.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// The message type, where it was recognised.
    pub message_type: Option<&'static str>,
    /// The phase under which it was read.
    pub phase: Phase,
    /// Everything that is wrong, in the order of the document.
    pub findings: Vec<Finding>,
    /// As much of the message as could be read: good enough to address an answer, not to act upon.
    pub partial: Option<Box<Document>>,
}

impl Document {
    /// The message type, such as `CC015C`.
    pub fn message_type(&self) -> &'static str {
        self.definition.message_type()
    }

    /// The phase whose format it has.
    pub fn phase(&self) -> Phase {
        self.definition.phase()
    }

    /// The definition it follows.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// Whether every value was held against its format in full; the JSON form is held to its own schemas, which ask less.
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// The root element.
    pub fn root(&self) -> NodeRef<'_> {
        NodeRef::new(self, 0)
    }

    /// The first of the elements with that number in the definition.
    pub(crate) fn first(&self, slot: usize) -> Option<NodeRef<'_>> {
        let index = wide(self.firsts.get(slot).copied()?);
        (index > 0 || slot == 0).then(|| NodeRef::new(self, index))
    }

    /// The first value at a path such as `TransitOperation/LRN` or `Guarantee[2]/guaranteeType`.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.root().text_at(path)
    }

    /// Every element at a path, through every repetition on the way: `Consignment/HouseConsignment/ConsignmentItem`.
    pub fn groups(&self, path: &str) -> Vec<NodeRef<'_>> {
        self.root().groups(path)
    }

    /// The first element at a path.
    pub fn group(&self, path: &str) -> Option<NodeRef<'_>> {
        self.root().group(path)
    }

    /// Every element in document order, the root first.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes::new(self)
    }

    /// How many elements it has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has no element but the root.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() < 2
    }
}

impl fmt::Debug for Document {
    /// The document in its JSON form.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&crate::write_json(self))
    }
}

impl PartialEq for Document {
    /// Equal when they say the same: type, phase, elements and values; places do not count.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.definition, other.definition)
            && self.nodes.len() == other.nodes.len()
            && self.nodes().zip(other.nodes()).all(|(one, two)| {
                std::ptr::eq(one.element(), two.element())
                    && one.text() == two.text()
                    && one.depth() == two.depth()
            })
    }
}

impl Eq for Document {}

/// A length as the tree stores it; the readers' size limit keeps it within bounds.
fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A stored length as an index.
fn wide(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
