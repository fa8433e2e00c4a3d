//! Reading a message from XML.

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use super::NAMESPACE;
use super::decode::{Fatal, decode, is_xml_character};
use super::names::{Attributes, Namespace, Namespaces};
use crate::code::ErrorCode;
use crate::definition::definition;
use crate::document::{Assembler, Document, Opened, Place, Rejection};
use crate::finding::shortened;
use crate::options::ReadOptions;
use crate::phase::Phase;
use crate::texts;

/// Read a message in the phase it names (phase 6 where it names none).
///
/// # Errors
/// Everything that is wrong with the structure, all at once.
pub fn parse_xml(bytes: &[u8]) -> Result<Document, Rejection> {
    parse_xml_with(bytes, &ReadOptions::default())
}

/// Read a message.
///
/// # Errors
/// Everything that is wrong with the structure, all at once.
pub fn parse_xml_with(bytes: &[u8], options: &ReadOptions) -> Result<Document, Rejection> {
    let phase = options.phase.unwrap_or(options.default_phase);
    let text = match decode(bytes, options) {
        Ok(text) => text,
        Err(fatal) => return Err(fatal.rejection(None, phase, Vec::new())),
    };
    let mut reading = Reading::new(text, options);
    let outcome = reading.run();
    let phase = reading.phase;
    let Some(assembler) = reading.assembler else {
        let fatal = outcome.err().unwrap_or_else(|| Fatal::malformed("it has no root element", Place::START));
        return Err(fatal.rejection(None, phase, Vec::new()));
    };
    let (document, findings) = assembler.finish();
    match outcome {
        Ok(()) if findings.is_empty() => Ok(document),
        Ok(()) => Err(Rejection {
            message_type: Some(document.message_type()),
            phase,
            findings,
            partial: Some(Box::new(document)),
        }),
        Err(fatal) => Err(fatal.rejection(Some(document), phase, findings)),
    }
}

struct Reading<'x> {
    text: &'x str,
    reader: Reader<&'x [u8]>,
    options: ReadOptions,
    phase: Phase,
    assembler: Option<Assembler>,
    namespaces: Namespaces,
    /// Whether an element without a prefix is in a namespace here.
    default_bound: bool,
    qualified_reported: bool,
    depth: usize,
    /// How many refused elements are open.
    skip: usize,
    /// The first piece of the open value, and all pieces where there are more.
    first: Option<&'x str>,
    pieces: String,
    at: usize,
    place: Place,
}

impl<'x> Reading<'x> {
    fn new(text: &'x str, options: &ReadOptions) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        Self {
            text,
            reader,
            options: *options,
            phase: options.phase.unwrap_or(options.default_phase),
            assembler: None,
            namespaces: Namespaces::default(),
            default_bound: false,
            qualified_reported: false,
            depth: 0,
            skip: 0,
            first: None,
            pieces: String::new(),
            at: 0,
            place: Place::START,
        }
    }

    fn run(&mut self) -> Result<(), Fatal> {
        loop {
            let at = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
                    return Err(Fatal::malformed(&error.to_string(), self.place_at(at)));
                }
            };
            match event {
                Event::Start(start) => self.start(&start, at)?,
                Event::Empty(start) => {
                    self.start(&start, at)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => match text.into_inner() {
                    std::borrow::Cow::Borrowed(text) => self.characters(text, at)?,
                    std::borrow::Cow::Owned(text) => self.piece(&text, at)?,
                },
                Event::CData(text) => self.piece(&text.into_inner(), at)?,
                Event::GeneralRef(reference) => self.reference(&reference, at)?,
                Event::Decl(declaration) => self.declaration(&declaration, at)?,
                Event::DocType(_) => {
                    return Err(Fatal::malformed("a document type is not accepted", self.place_at(at)));
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return self.finished(at),
            }
        }
    }

    fn finished(&mut self, at: usize) -> Result<(), Fatal> {
        if self.depth > 0 {
            return Err(Fatal::malformed("it ends within an element", self.place_at(at)));
        }
        if self.assembler.is_none() {
            return Err(Fatal::malformed("it has no root element", self.place_at(at)));
        }
        Ok(())
    }

    /// The place of a byte at or after the last one asked for.
    fn place_at(&mut self, at: usize) -> Place {
        if let Some(passed) = self.text.as_bytes().get(self.at..at) {
            self.place = self.place.after(passed);
            self.at = at;
        }
        self.place
    }

    fn declaration(&mut self, declaration: &BytesDecl<'_>, at: usize) -> Result<(), Fatal> {
        let place = self.place_at(at);
        if at != 0 {
            return Err(Fatal::malformed("the XML declaration must come first", place));
        }
        let version = declaration.version().map_err(|error| Fatal::malformed(&error.to_string(), place))?;
        if version != "1.0" {
            return Err(Fatal::malformed("only XML 1.0 is accepted", place));
        }
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
            Some(Ok(encoding)) => {
                Err(Fatal::malformed(&format!("only UTF-8 is accepted, this says {encoding}"), place))
            }
            Some(Err(error)) => Err(Fatal::malformed(&error.to_string(), place)),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), Fatal> {
        let place = self.place_at(at);
        self.depth += 1;
        if self.depth > self.options.limits.depth {
            let message = texts::limit("levels of elements", self.options.limits.depth);
            return Err(Fatal::new(ErrorCode::Malformed, place, message));
        }
        let attributes = self.attributes(start, place)?;
        if self.skip > 0 {
            self.skip += 1;
            return Ok(());
        }
        if self.assembler.is_some() {
            self.child(start.name().into_inner(), attributes, place)
        } else {
            self.root(start.name().into_inner(), attributes, place)
        }
    }

    fn attributes(&mut self, start: &BytesStart<'_>, place: Place) -> Result<Option<Attributes>, Fatal> {
        if start.attributes_raw().trim_ascii().is_empty() {
            return Ok(None);
        }
        let attributes =
            self.namespaces.enter(start, self.depth).map_err(|reason| Fatal::malformed(&reason, place))?;
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

    fn end(&mut self) {
        self.namespaces.leave(self.depth);
        if self.default_bound {
            self.default_bound = self.namespaces.has_default();
        }
        self.depth = self.depth.saturating_sub(1);
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

    /// Text that is a slice of the document.
    fn characters(&mut self, text: &'x str, at: usize) -> Result<(), Fatal> {
        if text.as_bytes().contains(&b']') && text.contains("]]>") {
            return Err(Fatal::malformed("]]> stands in a text", self.place_at(at)));
        }
        let in_value = self.assembler.as_ref().is_some_and(|one| one.format().is_some());
        if self.skip == 0 && in_value && self.first.is_none() && self.pieces.is_empty() {
            self.first = Some(text);
            return Ok(());
        }
        self.piece(text, at)
    }

    /// Text of any origin.
    fn piece(&mut self, text: &str, at: usize) -> Result<(), Fatal> {
        if self.depth == 0 {
            if is_blank(text) {
                return Ok(());
            }
            return Err(Fatal::malformed("text stands outside the root element", self.place_at(at)));
        }
        if self.skip > 0 {
            return Ok(());
        }
        let in_value = self.assembler.as_ref().is_some_and(|one| one.format().is_some());
        if in_value {
            if let Some(first) = self.first.take() {
                self.pieces.push_str(first);
            }
            self.pieces.push_str(text);
            return Ok(());
        }
        if is_blank(text) {
            return Ok(());
        }
        let place = self.place_at(at);
        if let Some(assembler) = &mut self.assembler {
            let group = assembler.element().map_or("", |element| element.name());
            assembler.report(ErrorCode::NotAllowed, shortened(text.trim()), place, texts::stray(group));
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, at: usize) -> Result<(), Fatal> {
        if self.depth == 0 {
            return Err(Fatal::malformed("text stands outside the root element", self.place_at(at)));
        }
        let character = match reference.resolve_char_ref() {
            Err(error) => return Err(Fatal::malformed(&error.to_string(), self.place_at(at))),
            Ok(Some(character)) if !is_xml_character(character) => {
                let reason = format!("the character U+{:04X} may not occur", u32::from(character));
                let place = self.place_at(at);
                return Err(Fatal::new(ErrorCode::Characters, place, texts::malformed(&reason)));
            }
            Ok(Some(character)) => character,
            Ok(None) => match reference.as_ref() {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "apos" => '\'',
                "quot" => '"',
                name => {
                    let reason = format!("the entity {name} is not known; none may be defined");
                    return Err(Fatal::malformed(&reason, self.place_at(at)));
                }
            },
        };
        self.piece(character.encode_utf8(&mut [0; 4]), at)
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn split(name: &str) -> (Option<&str>, &str) {
    match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    }
}

/// Whether a message of a phase may name that phase: its own or an earlier one.
pub(crate) fn phase_known(id: &str, phase: Phase) -> bool {
    Phase::from_id(id).is_some_and(|named| named <= phase)
}
