//! A message in the making: a tree that can be changed, kept in the order of its definition.

use std::fmt::Write as _;

use thiserror::Error;

use super::path::split_ordinal;
use super::{Assembler, Document, NodeRef, Opened, Place, Rejection};
use crate::definition::{Definition, Element};

/// Why a draft refuses a change.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum DraftError {
    /// The message has no such element.
    #[error("the message {0} has no element {1}")]
    NoElement(&'static str, String),
    /// A group cannot have a text, and a value no elements.
    #[error("{0} is not a value")]
    NotValue(String),
}

/// A message that can be changed.
#[derive(Clone, Debug)]
pub struct Draft {
    definition: &'static Definition,
    root: Branch,
}

#[derive(Clone, Debug)]
struct Branch {
    element: &'static Element,
    text: String,
    branches: Vec<Branch>,
    /// Whether it was set, and not copied.
    set: bool,
}

impl Draft {
    /// An empty message.
    pub fn new(definition: &'static Definition) -> Self {
        Self { definition, root: Branch::new(definition.root()) }
    }

    /// A copy of a message to change.
    pub fn from_document(document: &Document) -> Self {
        Self { definition: document.definition(), root: Branch::copy(document.root()) }
    }

    /// The definition it follows.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// Give the value at a path its text, making the groups on the way where they are missing.
    pub fn set(&mut self, path: &str, text: &str) -> Result<(), DraftError> {
        let missing = || DraftError::NoElement(self.definition.message_type(), path.to_owned());
        let branch = self.root.at_or_new(path).ok_or_else(missing)?;
        if branch.element.is_group() {
            return Err(DraftError::NotValue(path.to_owned()));
        }
        text.clone_into(&mut branch.text);
        branch.set = true;
        Ok(())
    }

    /// Make the group at a path, where it is missing.
    pub fn ensure(&mut self, path: &str) -> Result<(), DraftError> {
        let missing = || DraftError::NoElement(self.definition.message_type(), path.to_owned());
        self.root.at_or_new(path).map(|_| ()).ok_or_else(missing)
    }

    /// Take away every element at a path; says how many there were.
    pub fn remove(&mut self, path: &str) -> usize {
        let (group, last) = path.rsplit_once('/').unwrap_or(("", path));
        let (name, ordinal) = split_ordinal(last);
        self.root.all_mut(group).into_iter().map(|branch| branch.remove(name, ordinal)).sum()
    }

    /// Put an element and everything below it, taken from another message, in the group at a path.
    ///
    /// What the definition does not have there is left out; what is there already stays.
    pub fn copy(&mut self, group: &str, node: NodeRef<'_>) -> Result<(), DraftError> {
        let missing = || DraftError::NoElement(self.definition.message_type(), group.to_owned());
        let branch = self.root.at_or_new(group).ok_or_else(missing)?;
        let element = branch.element.child(node.name());
        let Some(element) = element.filter(|element| element.is_group() == node.element().is_group()) else {
            return Err(DraftError::NoElement(self.definition.message_type(), node.name().to_owned()));
        };
        branch.insert(Branch::fitted(element, node));
        Ok(())
    }

    /// Leave out what was copied and would be wrong where it stands: values without their format, groups that lack something.
    pub fn drop_incomplete(&mut self) {
        self.root.drop_incomplete();
    }

    /// Whether there is something at a path.
    pub fn has(&self, path: &str) -> bool {
        self.root.at(path).is_some()
    }

    /// The value at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.root.at(path).filter(|branch| !branch.element.is_group()).map(|branch| branch.text.as_str())
    }

    /// The message as it is, whether or not its structure is whole: for asking the rules while it is being made.
    pub fn finish_loose(&self) -> Document {
        let mut assembler = Assembler::new(self.definition, 0, true, Place::default());
        for branch in &self.root.branches {
            branch.feed(&mut assembler);
        }
        assembler.close();
        assembler.finish().0
    }

    /// The finished message, or everything that is wrong with its structure.
    pub fn finish(&self) -> Result<Document, Rejection> {
        let mut assembler = Assembler::new(self.definition, 9_999, true, Place::default());
        for branch in &self.root.branches {
            branch.feed(&mut assembler);
        }
        assembler.close();
        let (document, findings) = assembler.finish();
        if findings.is_empty() {
            return Ok(document);
        }
        Err(Rejection {
            message_type: Some(self.definition.message_type()),
            phase: self.definition.phase(),
            findings,
            partial: Some(Box::new(document)),
        })
    }
}

impl Branch {
    fn new(element: &'static Element) -> Self {
        Self { element, text: String::new(), branches: Vec::new(), set: false }
    }

    fn copy(node: NodeRef<'_>) -> Self {
        let mut branches: Vec<Self> = node.children().map(Self::copy).collect();
        branches.sort_by_key(|one| one.element.slot());
        let text = node.text().unwrap_or_default().to_owned();
        Self { element: node.element(), text, branches, set: false }
    }

    /// A copy that keeps only what `element` has.
    fn fitted(element: &'static Element, node: NodeRef<'_>) -> Self {
        let mut branch = Self::new(element);
        node.text().unwrap_or_default().clone_into(&mut branch.text);
        for child in node.children() {
            let target = element.child(child.name());
            let Some(target) = target.filter(|one| one.is_group() == child.element().is_group()) else {
                continue;
            };
            if branch.count(target.name()) < target.max() {
                let child = Self::fitted(target, child);
                if !(target.is_group() && child.branches.is_empty()) {
                    branch.branches.push(child);
                }
            }
        }
        branch.branches.sort_by_key(|one| one.element.slot());
        branch
    }

    /// Whether the branch is good in itself; what is not is taken out below it, unless it was set.
    fn drop_incomplete(&mut self) -> bool {
        if let Some(format) = self.element.format() {
            return self.set || format.fault(&format.normalise(&self.text)).is_none();
        }
        let mut good = true;
        self.branches.retain_mut(|one| {
            let keep = one.drop_incomplete() || one.was_set();
            good &= keep || one.element.min() == 0;
            keep || one.element.min() > 0
        });
        good && self.element.children().iter().all(|one| self.count(one.name()) >= one.min())
    }

    fn was_set(&self) -> bool {
        self.set || self.branches.iter().any(Self::was_set)
    }

    fn count(&self, name: &str) -> u32 {
        let count = self.branches.iter().filter(|one| one.element.name() == name).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Put a branch after the last that belongs before it or beside it.
    fn insert(&mut self, branch: Self) -> usize {
        let slot = branch.element.slot();
        let at = self.branches.partition_point(|one| one.element.slot() <= slot);
        self.branches.insert(at, branch);
        at
    }

    /// Where the branches of one element stand: beside each other, as all stand in the order of the definition.
    fn run(&self, element: &Element) -> std::ops::Range<usize> {
        let slot = element.slot();
        let from = self.branches.partition_point(|one| one.element.slot() < slot);
        from..self.branches.partition_point(|one| one.element.slot() <= slot)
    }

    fn nth(&self, name: &str, ordinal: u32) -> Option<usize> {
        let skip = usize::try_from(ordinal.saturating_sub(1)).ok()?;
        let named = self.branches.iter().enumerate().filter(|(_, one)| one.element.name() == name);
        named.map(|(at, _)| at).nth(skip)
    }

    fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').filter(|step| !step.is_empty()).try_fold(self, |branch, step| {
            let (name, ordinal) = split_ordinal(step);
            branch.nth(name, ordinal.unwrap_or(1)).map(|at| &branch.branches[at])
        })
    }

    fn at_or_new(&mut self, path: &str) -> Option<&mut Self> {
        let mut branch = self;
        for step in path.split('/').filter(|step| !step.is_empty()) {
            let (name, ordinal) = split_ordinal(step);
            let element = branch.element.child(name)?;
            let ordinal = ordinal.unwrap_or(1);
            if ordinal == 0 || ordinal > element.max() {
                return None;
            }
            let run = branch.run(element);
            let at = run.start + usize::try_from(ordinal - 1).ok()?;
            for _ in run.end..=at {
                branch.insert(Self::new(element));
            }
            branch = branch.branches.get_mut(at)?;
        }
        Some(branch)
    }

    fn all_mut(&mut self, path: &str) -> Vec<&mut Self> {
        let mut found = vec![self];
        for step in path.split('/').filter(|step| !step.is_empty()) {
            let (name, ordinal) = split_ordinal(step);
            found = found.into_iter().flat_map(|branch| branch.named_mut(name, ordinal)).collect();
        }
        found
    }

    fn named_mut(&mut self, name: &str, ordinal: Option<u32>) -> Vec<&mut Self> {
        let named = self.branches.iter_mut().filter(|one| one.element.name() == name);
        match ordinal {
            None => named.collect(),
            Some(ordinal) => {
                let skip = usize::try_from(ordinal.saturating_sub(1)).unwrap_or(usize::MAX);
                named.skip(skip).take(1).collect()
            }
        }
    }

    fn remove(&mut self, name: &str, ordinal: Option<u32>) -> usize {
        let before = self.branches.len();
        match ordinal {
            None => self.branches.retain(|one| one.element.name() != name),
            Some(ordinal) => {
                if let Some(at) = self.nth(name, ordinal) {
                    self.branches.remove(at);
                }
            }
        }
        before - self.branches.len()
    }

    fn feed(&self, assembler: &mut Assembler) {
        match assembler.open(self.element.name(), Place::default()) {
            Opened::Value => assembler.value(&self.text),
            Opened::Group => {
                for branch in &self.branches {
                    branch.feed(assembler);
                }
                assembler.close();
            }
            Opened::Refused => {}
        }
    }
}

impl From<&Document> for Draft {
    fn from(document: &Document) -> Self {
        Self::from_document(document)
    }
}

impl std::fmt::Display for Draft {
    /// The values of the draft, one a line, for people.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        show(&self.root, 0, &mut text);
        out.write_str(&text)
    }
}

fn show(branch: &Branch, depth: usize, out: &mut String) {
    _ = writeln!(out, "{:depth$}{} {}", "", branch.element.name(), branch.text);
    for one in &branch.branches {
        show(one, depth + 2, out);
    }
}
