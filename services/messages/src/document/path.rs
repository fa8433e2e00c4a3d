//! Walking a document: one element, its children, values by path, and pointers to it.

use std::fmt::Write as _;

use super::{Document, Node, Place, narrow, wide};
use crate::definition::{Element, name_id};

/// One element of a document.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'d> {
    document: &'d Document,
    index: usize,
}

/// Elements of a document in order.
#[derive(Clone, Debug)]
pub struct Nodes<'d> {
    document: &'d Document,
    next: usize,
    end: usize,
    /// Whether to go through the elements of one group only.
    level: bool,
}

impl<'d> Nodes<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, next: 0, end: document.nodes.len(), level: false }
    }
}

impl<'d> Iterator for Nodes<'d> {
    type Item = NodeRef<'d>;

    fn next(&mut self) -> Option<NodeRef<'d>> {
        if self.next >= self.end {
            return None;
        }
        let node = NodeRef { document: self.document, index: self.next };
        self.next = if self.level { wide(node.node().end) } else { self.next + 1 };
        Some(node)
    }
}

impl<'d> NodeRef<'d> {
    pub(super) fn new(document: &'d Document, index: usize) -> Self {
        Self { document, index }
    }

    fn node(self) -> &'d Node {
        &self.document.nodes[self.index]
    }

    /// The document it belongs to.
    pub fn document(self) -> &'d Document {
        self.document
    }

    /// Its definition.
    pub fn element(self) -> &'static Element {
        self.node().element
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.node().element.name()
    }

    /// Its value; none for a group.
    pub fn text(self) -> Option<&'d str> {
        let node = self.node();
        if node.element.is_group() {
            return None;
        }
        self.document.text.get(wide(node.from)..wide(node.to))
    }

    /// Which of the elements of that name in its group it is, from 1.
    pub fn ordinal(self) -> u32 {
        self.node().ordinal
    }

    /// Where it stood in the document that was read.
    pub fn place(self) -> Place {
        self.node().place
    }

    /// A number that orders the elements of the document.
    pub fn index(self) -> usize {
        self.index
    }

    /// Its group; none for the root.
    pub fn parent(self) -> Option<Self> {
        (self.index > 0).then(|| Self { index: wide(self.node().parent), ..self })
    }

    /// How many groups it stands in.
    pub fn depth(self) -> usize {
        self.ancestors().count() - 1
    }

    /// It, its group, the group of that, up to the root.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |node| node.parent())
    }

    /// The elements of the group in order.
    pub fn children(self) -> Nodes<'d> {
        Nodes { document: self.document, next: self.index + 1, end: wide(self.node().end), level: true }
    }

    /// Every element below, in document order.
    pub fn descendants(self) -> Nodes<'d> {
        Nodes { level: false, ..self.children() }
    }

    /// The first value at a path below.
    pub fn text_at(self, path: &str) -> Option<&'d str> {
        self.group(path).and_then(Self::text)
    }

    /// The first element at a path below.
    pub fn group(self, path: &str) -> Option<Self> {
        let path = path.trim_start_matches('/');
        if path.is_empty() {
            return Some(self);
        }
        let (step, rest) = path.split_once('/').unwrap_or((path, ""));
        let (name, ordinal) = split_ordinal(step);
        let slot = self.element().child(name)?.slot();
        let wanted = |node: &Self| ordinal.is_none_or(|wanted| wanted == node.ordinal());
        self.like(slot).filter(wanted).find_map(|node| node.group(rest))
    }

    /// Every element at a path below, through every repetition on the way; `[n]` after a name picks one.
    pub fn groups(self, path: &str) -> Vec<Self> {
        let mut found = vec![self];
        for step in path.split('/').filter(|step| !step.is_empty()) {
            let (name, ordinal) = split_ordinal(step);
            let Some(id) = name_id(name) else { return Vec::new() };
            found = found
                .into_iter()
                .flat_map(|node| node.named(id))
                .filter(|node| ordinal.is_none_or(|wanted| wanted == node.ordinal()))
                .collect();
        }
        found
    }

    /// The elements of the group with that name number.
    pub(crate) fn named(self, id: u16) -> impl Iterator<Item = Self> + use<'d> {
        let slot = self.element().child_by_id(id).map(Element::slot);
        slot.into_iter().flat_map(move |slot| self.like(slot))
    }

    /// The elements of the group with that number in the definition.
    ///
    /// The elements stand in the order of the definition, so the search ends where they would have stood.
    pub(crate) fn like(self, slot: usize) -> impl Iterator<Item = Self> + use<'d> {
        let ordered = self.document.ordered;
        let there = self.document.first(slot).is_some();
        let children = there.then(|| self.children()).into_iter().flatten();
        children
            .take_while(move |node| !ordered || node.element().slot() <= slot)
            .filter(move |node| node.element().slot() == slot)
    }

    /// Where it is, as a path of elements.
    pub fn xpath(self) -> String {
        let mut path = String::new();
        for node in self.lineage() {
            path.push('/');
            path.push_str(node.name());
            if node.element().repeats() {
                _ = write!(path, "[{}]", node.ordinal());
            }
        }
        path
    }

    /// Where it is, as a JSON Pointer into the JSON form.
    pub fn json_pointer(self) -> String {
        let mut path = String::new();
        for node in self.lineage() {
            path.push_str(if path.is_empty() { "/n1:" } else { "/" });
            path.push_str(node.name());
            if node.element().repeats() {
                _ = write!(path, "/{}", node.ordinal().saturating_sub(1));
            }
        }
        path
    }

    fn lineage(self) -> Vec<Self> {
        let mut lineage: Vec<Self> = self.ancestors().collect();
        lineage.reverse();
        lineage
    }
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl Eq for NodeRef<'_> {}

/// A pointer with one more step.
pub(crate) fn join(pointer: &str, step: &str) -> String {
    format!("{pointer}/{step}")
}

/// A step of a path: the name and, where given, which one.
pub(super) fn split_ordinal(step: &str) -> (&str, Option<u32>) {
    match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
        Some((name, ordinal)) => (name, ordinal.parse().ok()),
        None => (step, None),
    }
}

impl Document {
    /// Add an element at the end of the group `parent`; the caller closes it.
    pub(super) fn push(
        &mut self,
        element: &'static Element,
        parent: usize,
        ordinal: u32,
        place: Place,
    ) -> usize {
        let index = self.nodes.len();
        let at = narrow(self.text.len());
        if let Some(first) = self.firsts.get_mut(element.slot()).filter(|first| **first == 0) {
            *first = narrow(index);
        }
        self.nodes.push(Node {
            element,
            parent: narrow(parent),
            end: narrow(index + 1),
            ordinal,
            from: at,
            to: at,
            place,
        });
        index
    }

    /// Give the last value its text.
    pub(super) fn write(&mut self, index: usize, text: &str) {
        self.text.push_str(text);
        let end = narrow(self.text.len());
        if let Some(node) = self.nodes.get_mut(index) {
            node.to = end;
        }
    }

    /// Close the group: everything added since belongs to it.
    pub(super) fn close(&mut self, index: usize) {
        let end = narrow(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(index) {
            node.end = end;
        }
    }
}
