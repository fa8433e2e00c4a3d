//! Writing a message in its JSON form.

use std::fmt::Write as _;

use crate::document::{Document, NodeRef};

/// The message in its JSON form, in the order of the definition, without white space.
pub fn write_json(document: &Document) -> String {
    let root = document.root();
    let mut out = String::with_capacity(64 * document.len());
    _ = write!(out, "{{\"n1:{}\":{{\"@PhaseID\":\"{}\"", root.name(), document.phase().id());
    members(root, false, &mut out);
    out.push_str("}}");
    out
}

fn members(group: NodeRef<'_>, mut first: bool, out: &mut String) {
    let mut open: Option<&'static str> = None;
    for node in group.children() {
        if open == Some(node.name()) {
            out.push(',');
        } else {
            if open.take().is_some() {
                out.push(']');
            }
            if !first {
                out.push(',');
            }
            _ = write!(out, "\"{}\":", node.name());
            if node.element().repeats() {
                out.push('[');
                open = Some(node.name());
            }
        }
        first = false;
        value(node, out);
    }
    if open.is_some() {
        out.push(']');
    }
}

fn value(node: NodeRef<'_>, out: &mut String) {
    match (node.text(), node.element().format()) {
        (Some(text), Some(format)) if format.is_number() => out.push_str(number(text)),
        (Some(text), _) => string(text, out),
        (None, _) => {
            out.push('{');
            members(node, true, out);
            out.push('}');
        }
    }
}

/// A number as JSON has it: without leading zeros.
fn number(text: &str) -> &str {
    let digits = text.trim_start_matches('0');
    match text.len() - digits.len() {
        0 => text,
        _ if digits.is_empty() => "0",
        zeros if digits.starts_with('.') => text.get(zeros - 1..).unwrap_or(text),
        _ => digits,
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => _ = write!(out, "\\u{:04x}", u32::from(control)),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_lose_leading_zeros_only() {
        for (text, expected) in [("007", "7"), ("0", "0"), ("000", "0"), ("0.5", "0.5"), ("10.50", "10.50")] {
            assert_eq!(number(text), expected);
        }
    }
}
