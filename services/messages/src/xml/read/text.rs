//! Texts between tags: of values, white space between elements, and what stands where nothing may.

use quick_xml::events::BytesRef;

use super::Reading;
use crate::code::ErrorCode;
use crate::finding::shortened;
use crate::texts;
use crate::xml::decode::{Fatal, referred};

impl<'x> Reading<'x> {
    /// Text that is a slice of the document.
    pub(super) fn characters(&mut self, text: &'x str, at: usize) -> Result<(), Fatal> {
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
    pub(super) fn piece(&mut self, text: &str, at: usize) -> Result<(), Fatal> {
        if self.open.is_empty() {
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

    pub(super) fn reference(&mut self, reference: &BytesRef<'_>, at: usize) -> Result<(), Fatal> {
        let place = self.place_at(at);
        if self.open.is_empty() {
            return Err(Fatal::malformed("text stands outside the root element", place));
        }
        let character = referred(reference, place)?;
        self.piece(character.encode_utf8(&mut [0; 4]), at)
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}
