//! Namespaces and attributes as far as the messages have them.

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute;

const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of `xsi:schemaLocation`.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The most attributes of one element; none of the messages has more than a few.
const ATTRIBUTES_MAX: usize = 32;

/// The prefixes that are in force.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    bound: Vec<Binding>,
}

#[derive(Debug)]
struct Binding {
    depth: usize,
    prefix: String,
    uri: String,
}

/// What a prefix stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Namespace<'n> {
    /// A namespace.
    Uri(&'n str),
    /// No namespace: a name without a prefix where no default is bound.
    None,
    /// A prefix that is not bound.
    Unbound,
}

/// What the attributes of an element turned out to be.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// The value of `PhaseID`.
    pub(super) phase_id: Option<String>,
    /// Attributes that the messages do not have.
    pub(super) strangers: Vec<String>,
}

impl Namespaces {
    /// The namespace of a name with that prefix.
    pub(super) fn resolve(&self, prefix: Option<&str>) -> Namespace<'_> {
        let wanted = prefix.unwrap_or_default();
        if wanted == "xml" {
            return Namespace::Uri(XML);
        }
        match self.bound.iter().rev().find(|one| one.prefix == wanted) {
            Some(one) if one.uri.is_empty() => Namespace::None,
            Some(one) => Namespace::Uri(&one.uri),
            None if prefix.is_none() => Namespace::None,
            None => Namespace::Unbound,
        }
    }

    /// Whether an unprefixed element would have a namespace.
    pub(super) fn has_default(&self) -> bool {
        !self.bound.is_empty() && self.resolve(None) != Namespace::None
    }

    /// Forget what was bound by elements at this depth or deeper.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bound.last().is_some_and(|one| one.depth >= depth) {
            self.bound.pop();
        }
    }

    /// Read the attributes of an element at `depth`.
    pub(super) fn enter(&mut self, start: &BytesStart<'_>, depth: usize) -> Result<Attributes, String> {
        let mut others = Vec::new();
        for (count, attribute) in start.attributes().enumerate() {
            if count >= ATTRIBUTES_MAX {
                return Err(format!("an element has more than {ATTRIBUTES_MAX} attributes"));
            }
            let attribute = attribute.map_err(|error| error.to_string())?;
            let (name, value) = read(&attribute)?;
            if name == "xmlns" {
                self.bind(depth, "", value)?;
            } else if let Some(prefix) = name.strip_prefix("xmlns:") {
                self.bind(depth, prefix, value)?;
            } else {
                others.push((name, value));
            }
        }
        self.classify(others)
    }

    fn bind(&mut self, depth: usize, prefix: &str, uri: String) -> Result<(), String> {
        let reserved = prefix == "xmlns" || uri == XMLNS || (prefix == "xml") != (uri == XML);
        if reserved || (uri.is_empty() && !prefix.is_empty()) {
            return Err(format!("the prefix {prefix} cannot be bound to {uri:?}"));
        }
        self.bound.push(Binding { depth, prefix: prefix.to_owned(), uri });
        Ok(())
    }

    fn classify(&self, others: Vec<(String, String)>) -> Result<Attributes, String> {
        let mut attributes = Attributes::default();
        for (name, value) in others {
            let Some((prefix, local)) = name.split_once(':') else {
                if name == "PhaseID" {
                    attributes.phase_id = Some(value);
                } else {
                    attributes.strangers.push(name);
                }
                continue;
            };
            let namespace = self.resolve(Some(prefix));
            if namespace == Namespace::Unbound {
                return Err(format!("the prefix {prefix} is not bound"));
            }
            let schema_hint = local == "schemaLocation" || local == "noNamespaceSchemaLocation";
            if namespace != Namespace::Uri(INSTANCE) || !schema_hint {
                attributes.strangers.push(name);
            }
        }
        Ok(attributes)
    }
}

fn read(attribute: &Attribute<'_>) -> Result<(String, String), String> {
    let name = attribute.key.as_ref().to_owned();
    let raw = attribute.value.as_ref();
    if raw.contains('<') {
        return Err(format!("the value of {name} contains <"));
    }
    let value = quick_xml::escape::unescape(raw).map_err(|error| error.to_string())?;
    Ok((name, value.into_owned()))
}
