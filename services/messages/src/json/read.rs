//! Reading a message from its JSON form.

use super::number::plain;
use super::scan::Scanner;
use super::value::{Kind, Member, Value};
use crate::code::ErrorCode;
use crate::definition::{Element, definition};
use crate::document::{Assembler, Document, Opened, Place, Rejection};
use crate::finding::{Finding, Text, shortened};
use crate::options::ReadOptions;
use crate::phase::Phase;
use crate::texts;
use crate::xml::{is_xml_character, phase_known};

/// The levels of JSON that one level of elements takes: the object and its array.
const LEVELS: usize = 2;

/// Read a message in the phase it names (phase 6 where it names none).
///
/// # Errors
/// Everything that is wrong with the structure, all at once.
pub fn parse_json(bytes: &[u8]) -> Result<Document, Rejection> {
    parse_json_with(bytes, &ReadOptions::default())
}

/// Read a message.
///
/// The published schemas of this form do not ask whether a date exists, so neither does this; the rules do.
///
/// # Errors
/// Everything that is wrong with the structure, all at once.
pub fn parse_json_with(bytes: &[u8], options: &ReadOptions) -> Result<Document, Rejection> {
    let phase = options.phase.unwrap_or(options.default_phase);
    let refuse = |code, place: Place, pointer: &str, message: Text| Rejection {
        message_type: None,
        phase,
        findings: vec![Finding {
            rule: None,
            code,
            pointer: if pointer.is_empty() { "/".to_owned() } else { pointer.replacen("/n1:", "/", 1) },
            json_pointer: pointer.to_owned(),
            value: None,
            message,
            fix: None,
            correction: None,
            line: place.line(),
            column: place.column(),
        }],
        partial: None,
    };
    if bytes.len() > options.limits.bytes {
        let message = texts::limit("bytes", options.limits.bytes);
        return Err(refuse(ErrorCode::Malformed, Place::START, "", message));
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let place = Place::START.after(bytes.get(..error.valid_up_to()).unwrap_or_default());
        refuse(ErrorCode::Characters, place, "", texts::malformed("a character is not UTF-8"))
    })?;
    let depth = options.limits.depth.saturating_mul(LEVELS);
    let value = Scanner::new(text, depth, options.limits.elements).document().map_err(|error| {
        refuse(ErrorCode::Malformed, error.place, &error.pointer, texts::malformed(&error.reason))
    })?;
    let (name, body, place) =
        root(&value).ok_or_else(|| refuse(ErrorCode::NotAllowed, value.place, "", texts::json_root()))?;
    let declared = phase_id(body).map(str::trim);
    let named = declared.and_then(Phase::from_id).unwrap_or(options.default_phase);
    let phase = options.phase.unwrap_or(named);
    let Some(definition) = definition(name, phase) else {
        let pointer = format!("/n1:{name}");
        return Err(refuse(ErrorCode::NotAllowed, place, &pointer, texts::unknown_message(name)));
    };
    let mut assembler = Assembler::new(definition, options.limits.findings, false, place);
    assembler.reserve(text.len());
    if declared.is_some_and(|id| !phase_known(id, phase)) {
        let value = declared.and_then(shortened);
        assembler.report_attribute(ErrorCode::CodeList, "PhaseID", value, place, texts::phase_id());
    }
    group(body, definition.root(), true, &mut assembler);
    let (document, findings) = assembler.finish();
    if findings.is_empty() {
        return Ok(document);
    }
    let message_type = Some(document.message_type());
    Err(Rejection { message_type, phase, findings, partial: Some(Box::new(document)) })
}

/// The name of the message and the object below it.
fn root(value: &Value) -> Option<(&str, &[Member], Place)> {
    let Kind::Object(members) = &value.kind else { return None };
    let [member] = members.as_slice() else { return None };
    let Kind::Object(body) = &member.value.kind else { return None };
    Some((member.key.strip_prefix("n1:")?, body, member.place))
}

fn phase_id(body: &[Member]) -> Option<&str> {
    body.iter().find(|member| member.key == "@PhaseID").and_then(|member| match &member.value.kind {
        Kind::Text(text) => Some(text.as_str()),
        _ => None,
    })
}

/// Take the members of an object in the order of the definition, then what the definition does not have.
fn group(members: &[Member], element: &'static Element, is_root: bool, assembler: &mut Assembler) {
    for child in element.children() {
        let Some(member) = members.iter().find(|member| member.key == child.name()) else { continue };
        if !child.repeats() {
            one(&member.value, member.place, child, assembler);
            continue;
        }
        match &member.value.kind {
            Kind::Array(values) => {
                for value in values {
                    one(value, value.place, child, assembler);
                }
            }
            other => {
                let text = texts::json_type(child.name(), "array", other.name());
                assembler.report_below(ErrorCode::Type, child.name(), None, member.place, text);
                if let Opened::Group | Opened::Value = assembler.open(child.name(), member.place) {
                    assembler.abandon();
                }
            }
        }
    }
    for member in members {
        let known = element.child(&member.key).is_some() || (is_root && member.key == "@PhaseID");
        if !known && !ignored(member) {
            let text = texts::unknown(&member.key, element.name());
            assembler.report_below(ErrorCode::NotAllowed, &member.key, None, member.place, text);
        }
    }
    assembler.close();
}

/// Whether it is one of the marks that a conversion from XML may leave.
fn ignored(member: &Member) -> bool {
    let key = member.key.as_str();
    let mark = key == "#"
        || key == "@xmlns"
        || key.starts_with("@xmlns:")
        || key.starts_with("@xsi:")
        || (key.starts_with('?') && key.len() > 1);
    mark && matches!(member.value.kind, Kind::Text(_))
}

fn one(value: &Value, place: Place, element: &'static Element, assembler: &mut Assembler) {
    match assembler.open(element.name(), place) {
        Opened::Refused => {}
        Opened::Group => {
            if let Kind::Object(members) = &value.kind {
                group(members, element, false, assembler);
            } else {
                wrong_type(value, place, element, "object", assembler);
            }
        }
        Opened::Value => scalar(value, place, element, assembler),
    }
}

fn scalar(value: &Value, place: Place, element: &'static Element, assembler: &mut Assembler) {
    let Some(format) = element.format() else { return };
    match &value.kind {
        Kind::Number(number) if format.is_number() => assembler.value(&plain(number, format.is_integer())),
        Kind::Text(text) if !format.is_number() => {
            if let Some(bad) = text.chars().find(|character| !is_xml_character(*character)) {
                let text = texts::character(element.name(), bad);
                assembler.report(ErrorCode::Characters, None, place, text);
                assembler.abandon();
            } else {
                assembler.value(text);
            }
        }
        _ if format.is_integer() => wrong_type(value, place, element, "integer", assembler),
        _ if format.is_number() => wrong_type(value, place, element, "number", assembler),
        _ => wrong_type(value, place, element, "string", assembler),
    }
}

fn wrong_type(
    value: &Value,
    place: Place,
    element: &'static Element,
    wanted: &str,
    assembler: &mut Assembler,
) {
    let text = texts::json_type(element.name(), wanted, value.kind.name());
    assembler.report(ErrorCode::Type, shortened(&value.show()), place, text);
    assembler.abandon();
}
