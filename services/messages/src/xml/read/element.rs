//! Start tags and end tags: the elements of a message as they begin and end.

use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::BytesStart;

use super::Reading;
use crate::code::ErrorCode;
use crate::definition::definition;
use crate::document::{Assembler, Opened, Place};
use crate::finding::shortened;
use crate::phase::Phase;
use crate::texts;
use crate::xml::decode::Fatal;
use crate::xml::names::{Attributes, Namespace};
use crate::xml::{NAMESPACE, SIGNATURES, phase_known};

impl<'x> Reading<'x> {
    pub(super) fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), Fatal> {
        let length = start.name().as_ref().len();
        let name = self.text.get(at + 1..at + 1 + length).unwrap_or_default();
        self.element(name, Some(start), at)
    }

    /// The start tag of an element at `at`; `start` where it may have attributes.
    pub(super) fn element(
        &mut self,
        name: &'x str,
        start: Option<&BytesStart<'_>>,
        at: usize,
    ) -> Result<(), Fatal> {
        let place = self.place_at(at);
        self.open.push(name);
        if self.open.len() > self.options.limits.depth {
            let message = texts::limit("levels of elements", self.options.limits.depth);
            return Err(Fatal::new(ErrorCode::Malformed, place, message));
        }
        let attributes = start.map_or(Ok(None), |start| self.attributes(start, place))?;
        if self.skip > 0 {
            self.skip += 1;
            return Ok(());
        }
        if self.assembler.is_some() {
            self.child(name, attributes, place)
        } else {
            self.root(name, attributes, place)
        }
    }

    fn attributes(&mut self, start: &BytesStart<'_>, place: Place) -> Result<Option<Attributes>, Fatal> {
        if start.attributes_raw().trim_ascii().is_empty() {
            return Ok(None);
        }
        let depth = self.open.len();
        let attributes =
            self.namespaces.enter(start, depth).map_err(|reason| Fatal::malformed(&reason, place))?;
        self.default_bound = self.namespaces.has_default();
        Ok(Some(attributes))
    }

    fn root(&mut self, name: &str, attributes: Option<Attributes>, place: Place) -> Result<(), Fatal> {
        let attributes = attributes.unwrap_or_default();
        let (prefix, local) = split(name);
        match self.namespaces.resolve(prefix) {
            Namespace::Unbound => {
                return Err(Fatal::malformed(&format!("the prefix of {name} is not bound"), place));
            }
            Namespace::Uri(NAMESPACE) => {}
            Namespace::Uri(_) | Namespace::None => {
                return Err(Fatal::root(local, place, texts::namespace(local, NAMESPACE)));
            }
        }
        let declared = attributes.phase_id.as_deref().map(str::trim);
        let phase = declared.and_then(Phase::from_id).unwrap_or(self.options.default_phase);
        self.phase = self.options.phase.unwrap_or(phase);
        let Some(definition) = definition(local, self.phase) else {
            return Err(Fatal::root(local, place, texts::unknown_message(local)));
        };
        let mut assembler = Assembler::new(definition, self.options.limits.findings, true, place);
        assembler.reserve(self.text.len());
        let known = declared.is_none_or(|id| phase_known(id, self.phase));
        if !known {
            let text = texts::phase_id();
            let value = declared.and_then(shortened);
            assembler.report_attribute(ErrorCode::CodeList, "PhaseID", value, place, text);
        }
        for name in attributes.strangers {
            let text = texts::unknown(&name, local);
            assembler.report_attribute(ErrorCode::NotAllowed, &name, None, place, text);
        }
        self.assembler = Some(assembler);
        Ok(())
    }

    fn child(&mut self, name: &str, attributes: Option<Attributes>, place: Place) -> Result<(), Fatal> {
        let (prefix, local) = split(name);
        let qualified = prefix.is_some() || self.default_bound;
        if prefix.is_some() && self.namespaces.resolve(prefix) == Namespace::Unbound {
            return Err(Fatal::malformed(&format!("the prefix of {name} is not bound"), place));
        }
        let elements = self.options.limits.elements;
        let Some(assembler) = &mut self.assembler else { return Ok(()) };
        if assembler.depth() == 0 {
            return Err(Fatal::malformed("it has more than one root element", place));
        }
        if assembler.len() >= elements {
            return Err(Fatal::new(ErrorCode::Malformed, place, texts::limit("elements", elements)));
        }
        let is_signature = assembler.depth() == 1
            && local == "Signature"
            && self.namespaces.resolve(prefix) == Namespace::Uri(SIGNATURES);
        if is_signature && self.options.signed_within {
            self.skip = 1;
            return Ok(());
        }
        if qualified && !self.qualified_reported {
            self.qualified_reported = true;
            let text = texts::qualified(local);
            assembler.report_below(ErrorCode::NotAllowed, local, None, place, text);
        }
        if assembler.format().is_some() {
            let group = assembler.element().map_or("", |element| element.name());
            let text = texts::unknown(local, group);
            assembler.report_below(ErrorCode::NotAllowed, local, None, place, text);
            self.skip = 1;
            return Ok(());
        }
        match assembler.open(local, place) {
            Opened::Group => {}
            Opened::Value => {
                self.first = None;
                self.pieces.clear();
            }
            Opened::Refused => {
                self.skip = 1;
                return Ok(());
            }
        }
        let strangers = attributes
            .into_iter()
            .flat_map(|one| one.phase_id.map(|_| "PhaseID".to_owned()).into_iter().chain(one.strangers));
        for name in strangers {
            let text = texts::unknown(&name, local);
            assembler.report_attribute(ErrorCode::NotAllowed, &name, None, place, text);
        }
        Ok(())
    }

    /// An end tag of that name at `at`.
    pub(super) fn end_of(&mut self, name: &str, at: usize) -> Result<(), Fatal> {
        let wrong = match self.open.last() {
            Some(expected) if *expected == name => {
                self.end();
                return Ok(());
            }
            Some(expected) => {
                IllFormedError::MismatchedEndTag { expected: (*expected).to_owned(), found: name.to_owned() }
            }
            None => IllFormedError::UnmatchedEndTag(name.to_owned()),
        };
        Err(Fatal::malformed(&Error::IllFormed(wrong).to_string(), self.place_at(at)))
    }

    pub(super) fn end(&mut self) {
        self.namespaces.leave(self.open.len());
        if self.default_bound {
            self.default_bound = self.namespaces.has_default();
        }
        self.open.pop();
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        let Some(assembler) = &mut self.assembler else { return };
        if assembler.format().is_none() {
            assembler.close();
            return;
        }
        match self.first.take() {
            Some(text) => assembler.value(text),
            None => assembler.value(&self.pieces),
        }
        self.pieces.clear();
    }
}

fn split(name: &str) -> (Option<&str>, &str) {
    match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    }
}
