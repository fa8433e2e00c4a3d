//! Canonical XML 1.0 and exclusive canonical XML, without comments, of a document or of one element in it.

use std::collections::{BTreeMap, BTreeSet};

use super::parse::{Document, Element, Node, NodeId, XML};

/// Which canonical form.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Inclusive,
    /// Prefixes that are treated as in the inclusive form.
    Exclusive(Vec<String>),
}

type Namespaces = BTreeMap<String, String>;

/// The canonical octets of the whole document, without the element `omitted`.
pub(super) fn document(document: &Document, form: &Form, omitted: Option<NodeId>) -> Vec<u8> {
    let mut writer = Writer { document, form, omitted, out: String::new() };
    for id in &document.before {
        if writer.instruction(*id) {
            writer.out.push('\n');
        }
    }
    writer.element(document.root, &Namespaces::new(), &Namespaces::new(), &[]);
    for id in &document.after {
        let at = writer.out.len();
        if writer.instruction(*id) {
            writer.out.insert(at, '\n');
        }
    }
    writer.out.into_bytes()
}

/// The canonical octets of the element `apex` with all it inherits, without the element `omitted`.
pub(super) fn subtree(document: &Document, apex: NodeId, form: &Form, omitted: Option<NodeId>) -> Vec<u8> {
    let mut ancestors = Vec::new();
    let mut next = document.element(apex).and_then(|element| element.parent);
    while let Some(id) = next {
        let Some(element) = document.element(id) else { break };
        ancestors.push(element);
        next = element.parent;
    }
    let mut scope = Namespaces::new();
    for element in ancestors.iter().rev() {
        scope.extend(element.declared.iter().cloned());
    }
    let mut inherited: Vec<(String, String)> = Vec::new();
    if *form == Form::Inclusive {
        for element in &ancestors {
            for (name, value) in element.attributes.iter().filter(|(name, _)| name.namespace == XML) {
                if !inherited.iter().any(|(known, _)| *known == name.local) {
                    inherited.push((name.local.clone(), value.clone()));
                }
            }
        }
    }
    let mut writer = Writer { document, form, omitted, out: String::new() };
    writer.element(apex, &scope, &Namespaces::new(), &inherited);
    writer.out.into_bytes()
}

struct Writer<'a> {
    document: &'a Document,
    form: &'a Form,
    omitted: Option<NodeId>,
    out: String,
}

impl Writer<'_> {
    fn element(
        &mut self,
        id: NodeId,
        above: &Namespaces,
        rendered: &Namespaces,
        inherited: &[(String, String)],
    ) {
        let Some(element) = self.document.element(id).filter(|_| self.omitted != Some(id)) else { return };
        let mut scope = above.clone();
        scope.extend(element.declared.iter().cloned());
        let mut rendered = rendered.clone();
        let name = qualified(&element.name.prefix, &element.name.local);
        self.out.push('<');
        self.out.push_str(&name);
        for (prefix, address) in self.shown(element, &scope) {
            let before = rendered.get(&prefix).map(String::as_str);
            let new = match before {
                Some(known) => known != address,
                None => !(prefix.is_empty() && address.is_empty()),
            };
            if !new || prefix == "xml" {
                continue;
            }
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(&prefix);
            self.value(&address);
            rendered.insert(prefix, address);
        }
        self.attributes(element, inherited);
        self.out.push('>');
        for child in &element.children {
            match self.document.node(*child) {
                Some(Node::Element(_)) => self.element(*child, &scope, &rendered, &[]),
                Some(Node::Text(text)) => self.text(text),
                Some(Node::Instruction { .. }) => {
                    self.instruction(*child);
                }
                Some(Node::Comment) | None => {}
            }
        }
        self.out.push_str("</");
        self.out.push_str(&name);
        self.out.push('>');
    }

    /// Namespaces that the form shows at this element, whether or not they stand above already.
    fn shown(&self, element: &Element, scope: &Namespaces) -> Namespaces {
        let Form::Exclusive(prefixes) = self.form else { return scope.clone() };
        let mut used: BTreeSet<&str> = BTreeSet::from([element.name.prefix.as_str()]);
        let attributes = element.attributes.iter().map(|(name, _)| name.prefix.as_str());
        used.extend(attributes.filter(|prefix| !prefix.is_empty()));
        used.extend(prefixes.iter().map(String::as_str).filter(|prefix| scope.contains_key(*prefix)));
        used.into_iter()
            .map(|prefix| (prefix.to_owned(), scope.get(prefix).cloned().unwrap_or_default()))
            .collect()
    }

    fn attributes(&mut self, element: &Element, inherited: &[(String, String)]) {
        let own = element.attributes.iter().map(|(name, value)| {
            ((name.namespace.as_str(), name.local.as_str()), (name.prefix.as_str(), value.as_str()))
        });
        let from_above =
            inherited.iter().map(|(local, value)| ((XML, local.as_str()), ("xml", value.as_str())));
        // Attributes of the element itself come last and win over inherited ones.
        let sorted: BTreeMap<(&str, &str), (&str, &str)> = from_above.chain(own).collect();
        for ((_, local), (prefix, value)) in sorted {
            self.out.push(' ');
            self.out.push_str(&qualified(prefix, local));
            self.value(value);
        }
    }

    fn value(&mut self, value: &str) {
        self.out.push_str("=\"");
        for found in value.chars() {
            match found {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '"' => self.out.push_str("&quot;"),
                '\t' => self.out.push_str("&#x9;"),
                '\n' => self.out.push_str("&#xA;"),
                '\r' => self.out.push_str("&#xD;"),
                other => self.out.push(other),
            }
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        for found in text.chars() {
            match found {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#xD;"),
                other => self.out.push(other),
            }
        }
    }

    fn instruction(&mut self, id: NodeId) -> bool {
        let Some(Node::Instruction { target, data }) = self.document.node(id) else { return false };
        self.out.push_str("<?");
        self.out.push_str(target);
        if !data.is_empty() {
            self.out.push(' ');
            self.out.push_str(data);
        }
        self.out.push_str("?>");
        true
    }
}

fn qualified(prefix: &str, local: &str) -> String {
    if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str, form: &Form) -> String {
        String::from_utf8(document(&Document::parse(text.as_bytes()).unwrap(), form, None)).unwrap()
    }

    #[test]
    fn attributes_are_sorted_and_unused_namespaces_dropped_in_the_exclusive_form() {
        let text =
            "<?x y?><a xmlns:u='urn:u' xmlns='urn:d' c='1' b=\"'\" u:z='2'><b xmlns='' /><!-- x --></a>";
        assert_eq!(
            whole(text, &Form::Inclusive),
            "<?x y?>\n<a xmlns=\"urn:d\" xmlns:u=\"urn:u\" b=\"'\" c=\"1\" u:z=\"2\"><b xmlns=\"\"></b></a>"
        );
        let unused = "<a xmlns:u='urn:u'><u:b/></a>";
        assert_eq!(whole(unused, &Form::Exclusive(Vec::new())), "<a><u:b xmlns:u=\"urn:u\"></u:b></a>");
    }

    #[test]
    fn published_pairs_are_reproduced() {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pki-xmldsig/c14n");
        let Ok(input) = std::fs::read(folder.join("in/32_input.xml")) else {
            println!("skipped: the shared pairs are not here");
            return;
        };
        let expected = std::fs::read(folder.join("in/32_c14n.xml")).unwrap();
        assert_eq!(document(&Document::parse(&input).unwrap(), &Form::Inclusive, None), expected);
        for (input, output, form) in [
            ("example2_2_1.xml", "example2_2_c14nized_exclusive.xml", Form::Exclusive(Vec::new())),
            ("example2_2_2.xml", "example2_2_c14nized_exclusive.xml", Form::Exclusive(Vec::new())),
            ("example2_2_1.xml", "example2_2_1_c14nized.xml", Form::Inclusive),
            ("example2_2_2.xml", "example2_2_2_c14nized.xml", Form::Inclusive),
        ] {
            let parsed = Document::parse(&std::fs::read(folder.join("inExcl").join(input)).unwrap()).unwrap();
            let apex = parsed.elements().find(|(_, element)| element.name.local == "elem2").unwrap().0;
            let expected = std::fs::read(folder.join("inExcl").join(output)).unwrap();
            let found = subtree(&parsed, apex, &form, None);
            assert_eq!(String::from_utf8_lossy(&found), String::from_utf8_lossy(&expected), "{input}");
        }
    }
}
