//! What comes before the elements: encoding, characters, size, and errors after which nothing can be read.

use quick_xml::events::BytesRef;

use crate::code::ErrorCode;
use crate::document::{Document, Place, Rejection};
use crate::finding::{Finding, Text};
use crate::options::ReadOptions;
use crate::phase::Phase;
use crate::texts;

/// An error after which reading stops.
pub(super) struct Fatal(Box<Finding>);

impl Fatal {
    pub(super) fn new(code: ErrorCode, place: Place, message: Text) -> Self {
        Self(Box::new(Finding {
            rule: None,
            code,
            pointer: "/".to_owned(),
            json_pointer: String::new(),
            value: None,
            message,
            fix: None,
            correction: None,
            line: place.line(),
            column: place.column(),
        }))
    }

    pub(super) fn malformed(reason: &str, place: Place) -> Self {
        Self::new(ErrorCode::Malformed, place, texts::malformed(reason))
    }

    /// A root element that is not taken.
    pub(super) fn root(name: &str, place: Place, message: Text) -> Self {
        let mut fatal = Self::new(ErrorCode::NotAllowed, place, message);
        fatal.0.pointer = format!("/{name}");
        fatal.0.json_pointer = format!("/n1:{name}");
        fatal
    }

    pub(super) fn rejection(
        self,
        partial: Option<Document>,
        phase: Phase,
        mut findings: Vec<Finding>,
    ) -> Rejection {
        findings.push(*self.0);
        let message_type = partial.as_ref().map(Document::message_type);
        Rejection { message_type, phase, findings, partial: partial.map(Box::new) }
    }
}

/// The text of the document, if it is UTF-8 of the characters that XML allows and not too long.
pub(super) fn decode<'x>(bytes: &'x [u8], options: &ReadOptions) -> Result<&'x str, Fatal> {
    if bytes.len() > options.limits.bytes {
        let message = texts::limit("bytes", options.limits.bytes);
        return Err(Fatal::new(ErrorCode::Malformed, Place::START, message));
    }
    if bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0xff, 0xfe]) {
        return Err(Fatal::malformed("only UTF-8 is accepted, this is UTF-16", Place::START));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let place = Place::START.after(bytes.get(..error.valid_up_to()).unwrap_or_default());
        Fatal::new(ErrorCode::Characters, place, texts::malformed("a character is not UTF-8"))
    })?;
    let suspicious = |chunk: &[u8]| chunk.iter().fold(0_u8, |found, byte| found | mark(*byte)) != 0;
    if !bytes.chunks(1024).any(suspicious) {
        return Ok(text);
    }
    let bad = text.char_indices().find(|(_, character)| !is_xml_character(*character));
    bad.map_or(Ok(text), |(at, character)| {
        let place = Place::START.after(bytes.get(..at).unwrap_or_default());
        let reason = format!("the character U+{:04X} may not occur", u32::from(character));
        Err(Fatal::new(ErrorCode::Characters, place, texts::malformed(&reason)))
    })
}

/// The character that a reference stands for.
pub(super) fn referred(reference: &BytesRef<'_>, place: Place) -> Result<char, Fatal> {
    match reference.resolve_char_ref() {
        Err(error) => Err(Fatal::malformed(&error.to_string(), place)),
        Ok(Some(character)) if !is_xml_character(character) => {
            let reason = format!("the character U+{:04X} may not occur", u32::from(character));
            Err(Fatal::new(ErrorCode::Characters, place, texts::malformed(&reason)))
        }
        Ok(Some(character)) => Ok(character),
        Ok(None) => match reference.as_ref() {
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "amp" => Ok('&'),
            "apos" => Ok('\''),
            "quot" => Ok('"'),
            name => {
                let reason = format!("the entity {name} is not known; none may be defined");
                Err(Fatal::malformed(&reason, place))
            }
        },
    }
}

/// One for a byte that is, or begins, a character that may be forbidden; without branches, so that many go at a time.
fn mark(byte: u8) -> u8 {
    let control = u8::from(byte < 0x20);
    let space = u8::from(byte == b'\t') + u8::from(byte == b'\n') + u8::from(byte == b'\r');
    (control - space) + u8::from(byte == 0xef)
}

/// Whether a document may contain the character.
pub(crate) fn is_xml_character(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}
