//! Reading a message from XML.

mod element;
mod plain;
mod text;

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, Event};

use super::decode::{Fatal, decode};
use super::names::Namespaces;
use crate::document::{Assembler, Document, Lines, Place, Rejection};
use crate::options::ReadOptions;
use crate::phase::Phase;
use plain::{Mark, plain};

/// Read a message in the phase it names (phase 6 where it names none).
///
/// # Errors
/// Everything that is wrong with the structure, all at once.
pub fn parse_xml(bytes: &[u8]) -> Result<Document, Rejection> {
    parse_xml_with(bytes, &ReadOptions::default())
}

/// Read a message in which an enveloped signature may stand, directly in the root element, as [`parse_xml`] does.
///
/// # Errors
/// Everything that is wrong with the structure, all at once.
pub fn parse_signed_xml(bytes: &[u8]) -> Result<Document, Rejection> {
    parse_xml_with(bytes, &ReadOptions { signed_within: true, ..ReadOptions::default() })
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
    /// The names of the elements that are open.
    open: Vec<&'x str>,
    /// How many refused elements are open.
    skip: usize,
    /// The first piece of the open value, and all pieces where there are more.
    first: Option<&'x str>,
    pieces: String,
    lines: Lines<'x>,
}

impl<'x> Reading<'x> {
    fn new(text: &'x str, options: &ReadOptions) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_comments = true;
        // Which element an end tag ends is known here, where plain markup passes the reader by.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Self {
            text,
            reader,
            options: *options,
            phase: options.phase.unwrap_or(options.default_phase),
            assembler: None,
            namespaces: Namespaces::default(),
            default_bound: false,
            qualified_reported: false,
            open: Vec::new(),
            skip: 0,
            first: None,
            pieces: String::new(),
            lines: Lines::new(text),
        }
    }

    fn run(&mut self) -> Result<(), Fatal> {
        loop {
            let at = self.position();
            // What was read past the reader, which it does not count.
            let passed = at.saturating_sub(wide(self.reader.buffer_position()));
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = passed + wide(self.reader.error_position());
                    return Err(Fatal::malformed(&error.to_string(), self.place_at(at)));
                }
            };
            match event {
                Event::Start(start) => self.start(&start, at)?,
                Event::Empty(start) => {
                    self.start(&start, at)?;
                    self.end();
                }
                Event::End(end) => self.end_of(end.name().into_inner(), at)?,
                Event::Text(text) => {
                    match text.into_inner() {
                        std::borrow::Cow::Borrowed(text) => self.characters(text, at)?,
                        std::borrow::Cow::Owned(text) => self.piece(&text, at)?,
                    }
                    continue;
                }
                Event::CData(text) => self.piece(&text.into_inner(), at)?,
                Event::GeneralRef(reference) => self.reference(&reference, at)?,
                Event::Decl(declaration) => self.declaration(&declaration, at)?,
                Event::DocType(_) => {
                    return Err(Fatal::malformed("a document type is not accepted", self.place_at(at)));
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return self.finished(at),
            }
            self.plain()?;
        }
    }

    /// How many bytes were read.
    fn position(&self) -> usize {
        self.text.len().saturating_sub(self.reader.get_ref().len())
    }

    /// Take the plain markup that comes next, past the reader, as far as it goes; a text must not have begun.
    fn plain(&mut self) -> Result<(), Fatal> {
        let mut at = self.position();
        while self.is_between_elements() {
            let Some(one) = self.text.get(at..).and_then(plain) else { break };
            let from = at + one.before;
            match one.mark {
                Mark::Start => self.element(one.name, None, from)?,
                Mark::End => self.end_of(one.name, from)?,
                Mark::Whole(text) => {
                    self.element(one.name, None, from)?;
                    if !text.is_empty() {
                        self.characters(text, from + one.name.len() + 2)?;
                    }
                    self.end();
                }
            }
            at += one.length;
        }
        *self.reader.get_mut() = self.text.as_bytes().get(at..).unwrap_or_default();
        Ok(())
    }

    /// Whether an element is open in which white space says nothing.
    fn is_between_elements(&self) -> bool {
        let in_group = || self.assembler.as_ref().is_some_and(|one| one.format().is_none());
        !self.open.is_empty() && (self.skip > 0 || in_group())
    }

    fn finished(&mut self, at: usize) -> Result<(), Fatal> {
        if !self.open.is_empty() {
            return Err(Fatal::malformed("it ends within an element", self.place_at(at)));
        }
        if self.assembler.is_none() {
            return Err(Fatal::malformed("it has no root element", self.place_at(at)));
        }
        Ok(())
    }

    /// The place of a byte at or after the last one asked for.
    fn place_at(&mut self, at: usize) -> Place {
        self.lines.place(at)
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
}

/// A length of the reader as an index.
fn wide(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// Whether a message of a phase may name that phase: its own or an earlier one.
pub(crate) fn phase_known(id: &str, phase: Phase) -> bool {
    Phase::from_id(id).is_some_and(|named| named <= phase)
}
