//! Writing a message as XML: one form for one content.

use crate::document::{Document, NodeRef};

use super::NAMESPACE;

/// The message as XML in its canonical form: UTF-8, two spaces a level, the prefix `ncts` on the root.
pub fn write_xml(document: &Document) -> String {
    let root = document.root();
    let mut out = String::with_capacity(64 * document.len());
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ncts:");
    out.push_str(root.name());
    out.push_str(" xmlns:ncts=\"");
    out.push_str(NAMESPACE);
    out.push_str("\" PhaseID=\"");
    out.push_str(document.phase().id());
    out.push_str("\">\n");
    for child in root.children() {
        write(child, 1, &mut out);
    }
    out.push_str("</ncts:");
    out.push_str(root.name());
    out.push_str(">\n");
    out
}

fn write(node: NodeRef<'_>, depth: usize, out: &mut String) {
    indent(depth, out);
    out.push('<');
    out.push_str(node.name());
    out.push('>');
    if let Some(text) = node.text() {
        escape(text, out);
    } else {
        out.push('\n');
        for child in node.children() {
            write(child, depth + 1, out);
        }
        indent(depth, out);
    }
    out.push_str("</");
    out.push_str(node.name());
    out.push_str(">\n");
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        out.push_str(match tail.as_bytes().first() {
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&amp;",
        });
        rest = tail.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
