//! Building a document from elements as a reader meets them, and finding every error of structure on the way.

use customs_kernel::Correction;

use super::{Document, Place, join};
use crate::code::ErrorCode;
use crate::correction::spelling;
use crate::definition::{Definition, Element};
use crate::finding::{Finding, Text, shortened};
use crate::format::Format;
use crate::texts;

/// Takes elements one by one, holds them against the definition and keeps what fits.
pub(crate) struct Assembler {
    document: Document,
    frames: Vec<Frame>,
    findings: Vec<Finding>,
    /// The most findings kept.
    most: usize,
}

/// A group or value that is open.
struct Frame {
    node: usize,
    element: &'static Element,
    /// The place in the group's definition that was reached, and how many of it there were.
    at: usize,
    count: u32,
    /// A bit for each element of the definition that occurred.
    seen: u64,
    skipped: Vec<Skipped>,
}

/// A required element that was passed over.
struct Skipped {
    at: usize,
    instead: &'static str,
    instead_ordinal: u32,
    place: Place,
}

/// What became of an element.
pub(crate) enum Opened {
    /// A group; its elements follow.
    Group,
    /// A value of that format; its text follows.
    Value,
    /// Not taken; whatever is inside is to be left out.
    Refused,
}

impl Assembler {
    pub(crate) fn new(definition: &'static Definition, most: usize, strict: bool, place: Place) -> Self {
        let (text, nodes, firsts) = (String::new(), Vec::new(), vec![0; definition.size()]);
        let mut document = Document { definition, text, nodes, firsts, strict, ordered: true };
        let element = definition.root();
        let node = document.push(element, 0, 1, place);
        let frames = vec![Frame::new(node, element)];
        Self { document, frames, findings: Vec::new(), most }
    }

    /// Make room for about that many bytes of text.
    pub(crate) fn reserve(&mut self, bytes: usize) {
        self.document.text.reserve(bytes / 4);
        self.document.nodes.reserve(bytes / 40);
    }

    /// The format of the value that is open.
    pub(crate) fn format(&self) -> Option<&'static Format> {
        self.frames.last().and_then(|frame| frame.element.format())
    }

    /// The definition of the element that is open.
    pub(crate) fn element(&self) -> Option<&'static Element> {
        self.frames.last().map(|frame| frame.element)
    }

    /// How many elements were taken.
    pub(crate) fn len(&self) -> usize {
        self.document.nodes.len()
    }

    pub(crate) fn open(&mut self, name: &str, place: Place) -> Opened {
        let Some(frame) = self.frames.last_mut() else { return Opened::Refused };
        let children = frame.element.children();
        let forward = children.iter().skip(frame.at).position(|one| one.name() == name);
        let Some(step) = forward else { return self.open_late(name, place) };
        let at = frame.at + step;
        let element = &children[at];
        if step > 0 {
            frame.pass(at, name_of(element), place);
            frame.at = at;
            frame.count = 0;
        }
        frame.count += 1;
        frame.seen |= bit(at);
        let (count, node) = (frame.count, frame.node);
        if count > element.max() {
            if count == element.max() + 1 {
                let text = texts::too_many(name, element.max());
                self.report_below(ErrorCode::TooMany, name, Some(count), place, text);
            }
            return Opened::Refused;
        }
        let ordinal = count;
        self.enter(element, node, ordinal, place)
    }

    /// An element that the group does not have, or that comes after its place.
    fn open_late(&mut self, name: &str, place: Place) -> Opened {
        let Some(frame) = self.frames.last_mut() else { return Opened::Refused };
        let group = frame.element;
        let Some(at) = group.children().iter().position(|one| one.name() == name) else {
            let text = texts::unknown(name, group.name());
            self.report_below(ErrorCode::NotAllowed, name, None, place, text);
            return Opened::Refused;
        };
        let element = &group.children()[at];
        let node = frame.node;
        if frame.seen & bit(at) != 0 {
            let (code, text) = if element.repeats() {
                let reached = group.children()[frame.at].name();
                (ErrorCode::NotAllowed, texts::order(reached, name))
            } else {
                (ErrorCode::TooMany, texts::too_many(name, element.max()))
            };
            self.report_below(code, name, None, place, text);
            return Opened::Refused;
        }
        frame.seen |= bit(at);
        self.document.ordered = false;
        let found = frame.skipped.iter().position(|one| one.at == at);
        let skipped = found.map(|found| frame.skipped.remove(found));
        if let Some(early) = skipped {
            let text = texts::order(early.instead, name);
            let repeats = group.child(early.instead).is_some_and(Element::repeats);
            let ordinal = repeats.then_some(early.instead_ordinal);
            self.report_below(ErrorCode::NotAllowed, early.instead, ordinal, early.place, text);
        } else {
            let reached = self.frames.last().map_or("", |frame| group.children()[frame.at].name());
            let text = texts::order(reached, name);
            self.report_below(ErrorCode::NotAllowed, name, None, place, text);
        }
        self.enter(element, node, 1, place)
    }

    fn enter(&mut self, element: &'static Element, parent: usize, ordinal: u32, place: Place) -> Opened {
        let node = self.document.push(element, parent, ordinal, place);
        self.frames.push(Frame::new(node, element));
        if element.is_group() { Opened::Group } else { Opened::Value }
    }

    /// The text of the value that is open; closes it.
    pub(crate) fn value(&mut self, raw: &str) {
        let Some(frame) = self.frames.pop() else { return };
        let Some(format) = frame.element.format() else { return };
        let text = format.normalise(raw);
        self.document.write(frame.node, &text);
        let strict = self.document.strict;
        let fault = if strict { format.fault(&text) } else { format.fault_in_json(&text) };
        let Some(fault) = fault else { return };
        let node = super::NodeRef::new(&self.document, frame.node);
        let finding = Finding {
            rule: None,
            code: fault.code(),
            pointer: node.xpath(),
            json_pointer: node.json_pointer(),
            value: shortened(&text),
            message: texts::fault(node.name(), fault),
            fix: None,
            correction: None,
            line: node.place().line(),
            column: node.place().column(),
        };
        let correction = spelling(&text, |other| {
            let fault = if strict { format.fault(other) } else { format.fault_in_json(other) };
            fault.is_none()
        });
        let finding = finding.mended_by(correction);
        self.add(finding);
    }

    /// Leave the element that is open as it is, without holding it against the definition.
    pub(crate) fn abandon(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.document.close(frame.node);
        }
    }

    /// Close the group that is open.
    pub(crate) fn close(&mut self) {
        let Some(mut frame) = self.frames.pop() else { return };
        self.document.close(frame.node);
        let place = self.document.nodes[frame.node].place;
        let from = frame.at + usize::from(frame.count > 0);
        let left = frame.element.children().iter().enumerate().skip(from);
        let missing: Vec<Skipped> =
            std::mem::take(&mut frame.skipped)
                .into_iter()
                .chain(
                    left.filter(|(at, one)| one.min() > 0 && frame.seen & bit(*at) == 0)
                        .map(|(at, _)| Skipped { at, instead: "", instead_ordinal: 0, place }),
                )
                .collect();
        self.frames.push(frame);
        for (at, one) in missing.iter().enumerate() {
            let known = missing.iter().take(at).any(|other| other.place == one.place);
            self.report_missing(one, known);
        }
        self.frames.pop();
    }

    /// A required element that did not occur; in XML the element that stands there instead is in the wrong place as well,
    /// and is told once (`known` says that it was).
    fn report_missing(&mut self, missing: &Skipped, known: bool) {
        let Some(name) = self.frames.last().and_then(|frame| frame.element.children().get(missing.at)) else {
            return;
        };
        let instead = (!missing.instead.is_empty()).then_some(missing.instead);
        let text = texts::missing(name.name(), instead);
        self.report_below(ErrorCode::Missing, name.name(), None, missing.place, text);
        if let Some(instead) = instead.filter(|_| self.document.strict && !known) {
            let group = self.frames.last().map(|frame| frame.element);
            let repeats = group.and_then(|group| group.child(instead)).is_some_and(Element::repeats);
            let ordinal = repeats.then_some(missing.instead_ordinal);
            let text = texts::order(instead, name.name());
            self.report_below(ErrorCode::NotAllowed, instead, ordinal, missing.place, text);
        }
    }

    /// An error of the element that is open.
    pub(crate) fn report(&mut self, code: ErrorCode, value: Option<String>, place: Place, message: Text) {
        let (pointer, json_pointer) = self.pointers();
        let (line, column) = (place.line(), place.column());
        self.add(Finding {
            rule: None,
            code,
            pointer,
            json_pointer,
            value,
            message,
            fix: None,
            correction: None,
            line,
            column,
        });
    }

    /// An error of something in the group that is open.
    pub(crate) fn report_below(
        &mut self,
        code: ErrorCode,
        name: &str,
        ordinal: Option<u32>,
        place: Place,
        message: Text,
    ) {
        let finding = self.below(code, (name, ordinal), place, message);
        self.add(finding.mended_by((code == ErrorCode::Missing).then_some(Correction::Add)));
    }

    fn below(
        &self,
        code: ErrorCode,
        (name, ordinal): (&str, Option<u32>),
        place: Place,
        message: Text,
    ) -> Finding {
        let (pointer, json_pointer) = self.pointers();
        let pointer = join(&pointer, name);
        let json_pointer = join(&json_pointer, &name.replace('~', "~0").replace('/', "~1"));
        let (pointer, json_pointer) = match ordinal {
            Some(ordinal) => (format!("{pointer}[{ordinal}]"), format!("{json_pointer}/{}", ordinal - 1)),
            None => (pointer, json_pointer),
        };
        let (line, column) = (place.line(), place.column());
        Finding {
            rule: None,
            code,
            pointer,
            json_pointer,
            value: None,
            message,
            fix: None,
            correction: None,
            line,
            column,
        }
    }

    /// An error of an attribute of the element that is open.
    pub(crate) fn report_attribute(
        &mut self,
        code: ErrorCode,
        name: &str,
        value: Option<String>,
        place: Place,
        message: Text,
    ) {
        let finding = self.below(code, (&format!("@{name}"), None), place, message);
        self.add(Finding { value, ..finding });
    }

    fn pointers(&self) -> (String, String) {
        let index = self.frames.last().map_or(0, |frame| frame.node);
        let node = super::NodeRef::new(&self.document, index);
        (node.xpath(), node.json_pointer())
    }

    fn add(&mut self, finding: Finding) {
        if self.findings.len() < self.most {
            self.findings.push(finding);
        }
    }

    /// The document and everything that is wrong with it, in the order of the document.
    pub(crate) fn finish(mut self) -> (Document, Vec<Finding>) {
        while self.frames.len() > 1 {
            let Some(frame) = self.frames.pop() else { break };
            self.document.close(frame.node);
        }
        self.document.close(0);
        self.findings.sort_by_key(|finding| (finding.line, finding.column));
        (self.document, self.findings)
    }

    /// How deep the open element stands.
    pub(crate) fn depth(&self) -> usize {
        self.frames.len()
    }
}

impl Frame {
    fn new(node: usize, element: &'static Element) -> Self {
        Self { node, element, at: 0, count: 0, seen: 0, skipped: Vec::new() }
    }

    /// Note the required elements between the place reached and `to` that did not occur.
    fn pass(&mut self, to: usize, instead: &'static str, place: Place) {
        for (at, one) in self.element.children().iter().enumerate().take(to).skip(self.at) {
            if one.min() > 0 && self.seen & bit(at) == 0 {
                self.skipped.push(Skipped { at, instead, instead_ordinal: 1, place });
            }
        }
    }
}

fn name_of(element: &'static Element) -> &'static str {
    element.name()
}

fn bit(at: usize) -> u64 {
    u32::try_from(at).ok().and_then(|at| 1_u64.checked_shl(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::definition::{Element, definitions};

    fn widest(element: &Element) -> usize {
        element.children().iter().map(widest).max().unwrap_or(0).max(element.children().len())
    }

    #[test]
    fn no_group_has_more_elements_than_the_marks_hold() {
        let widest = definitions().iter().map(|one| widest(one.root())).max();
        assert!(widest.is_some_and(|widest| widest <= 64), "{widest:?}");
    }
}
