//! A strict XML 1.0 reader with namespaces: UTF-8, no document type, bounded; it keeps what canonical XML needs.

use super::scan::Scanner;

/// Largest document (octets).
const OCTETS_MAX: usize = 8 << 20;
/// Deepest nesting of elements.
const DEPTH_MAX: usize = 256;
/// Most nodes of a document.
const NODES_MAX: usize = 500_000;
/// Most attributes of an element.
const ATTRIBUTES_MAX: usize = 256;

/// Namespace that the prefix `xml` stands for.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Why a document is not read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum XmlError {
    /// Not well formed, or not UTF-8.
    #[error("document is not well formed")]
    Malformed,
    /// A document type declaration, an entity of one, or another encoding.
    #[error("document types and other encodings than UTF-8 are refused")]
    Refused,
    /// A prefix without a namespace, or two attributes of one name.
    #[error("namespaces of the document are wrong")]
    Namespace,
    /// Larger or deeper than the limits allow.
    #[error("document is larger or deeper than the limits allow")]
    TooLarge,
}

/// Place of a node in its document.
pub(super) type NodeId = usize;

/// A qualified name with its namespace; empty text is no namespace.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct QName {
    pub(super) prefix: String,
    pub(super) local: String,
    pub(super) namespace: String,
}

/// An element's own parts.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) name: QName,
    pub(super) attributes: Vec<(QName, String)>,
    /// Namespace declarations: prefix and address.
    pub(super) declared: Vec<(String, String)>,
    pub(super) parent: Option<NodeId>,
    pub(super) children: Vec<NodeId>,
}

/// A node of a document.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
    Comment,
    Instruction { target: String, data: String },
}

/// A document: its nodes, the root element, and the instructions outside it.
#[derive(Debug)]
pub(crate) struct Document {
    nodes: Vec<Node>,
    pub(super) root: NodeId,
    pub(super) before: Vec<NodeId>,
    pub(super) after: Vec<NodeId>,
}

impl Document {
    /// Reads a whole document.
    pub(crate) fn parse(octets: &[u8]) -> Result<Self, XmlError> {
        if octets.len() > OCTETS_MAX {
            return Err(XmlError::TooLarge);
        }
        let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
        let text = std::str::from_utf8(octets).map_err(|_| XmlError::Malformed)?;
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut builder = Builder::default();
        let mut scanner = Scanner::new(&text)?;
        builder.read(&mut scanner)?;
        let root = builder.root.ok_or(XmlError::Malformed)?;
        Ok(Self { nodes: builder.nodes, root, before: builder.before, after: builder.after })
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    pub(super) fn element(&self, id: NodeId) -> Option<&Element> {
        match self.nodes.get(id) {
            Some(Node::Element(element)) => Some(element),
            _ => None,
        }
    }

    /// Every element with its place, in document order.
    pub(super) fn elements(&self) -> impl Iterator<Item = (NodeId, &Element)> {
        self.nodes.iter().enumerate().filter_map(|(id, node)| match node {
            Node::Element(element) => Some((id, element)),
            _ => None,
        })
    }

    /// The child elements of `id`.
    pub(super) fn children(&self, id: NodeId) -> impl Iterator<Item = (NodeId, &Element)> {
        let children = self.element(id).map(|element| element.children.as_slice()).unwrap_or_default();
        children.iter().filter_map(|child| self.element(*child).map(|element| (*child, element)))
    }

    /// The text of an element that holds nothing but text; comments break no text.
    pub(super) fn text(&self, id: NodeId) -> Option<String> {
        let mut found = String::new();
        for child in &self.element(id)?.children {
            match self.node(*child)? {
                Node::Text(text) => found.push_str(text),
                Node::Comment => {}
                Node::Element(_) | Node::Instruction { .. } => return None,
            }
        }
        Some(found)
    }
}

impl Element {
    /// Value of an attribute without namespace.
    pub(super) fn attribute(&self, local: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| name.namespace.is_empty() && name.local == local);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the element bears this name.
    pub(super) fn is(&self, namespace: &str, local: &str) -> bool {
        self.name.namespace == namespace && self.name.local == local
    }
}

/// What a scanner meets next.
#[derive(Debug)]
pub(super) enum Token {
    Start { name: String, attributes: Vec<(String, String)>, empty: bool },
    End(String),
    Text(String),
    Comment,
    Instruction { target: String, data: String },
}

#[derive(Debug, Default)]
struct Builder {
    nodes: Vec<Node>,
    open: Vec<(NodeId, String)>,
    root: Option<NodeId>,
    before: Vec<NodeId>,
    after: Vec<NodeId>,
}

impl Builder {
    fn read(&mut self, scanner: &mut Scanner<'_>) -> Result<(), XmlError> {
        while let Some(token) = scanner.next_token(!self.open.is_empty())? {
            match token {
                Token::Start { name, attributes, empty } => {
                    let id = self.start(&name, attributes)?;
                    if !empty {
                        self.open.push((id, name));
                    }
                }
                Token::End(name) => match self.open.pop() {
                    Some((_, opened)) if opened == name => {}
                    _ => return Err(XmlError::Malformed),
                },
                Token::Text(text) => {
                    if !self.open.is_empty() {
                        self.add(Node::Text(text))?;
                    } else if !text.bytes().all(|octet| octet.is_ascii_whitespace()) {
                        return Err(XmlError::Malformed);
                    }
                }
                Token::Comment => {
                    self.add(Node::Comment)?;
                }
                Token::Instruction { target, data } => {
                    self.add(Node::Instruction { target, data })?;
                }
            }
        }
        if self.open.is_empty() { Ok(()) } else { Err(XmlError::Malformed) }
    }

    fn add(&mut self, node: Node) -> Result<NodeId, XmlError> {
        if self.nodes.len() >= NODES_MAX {
            return Err(XmlError::TooLarge);
        }
        let id = self.nodes.len();
        match self.open.last().map(|(parent, _)| *parent) {
            Some(parent) => {
                if let Some(Node::Element(element)) = self.nodes.get_mut(parent) {
                    element.children.push(id);
                }
            }
            None if self.root.is_some() => self.after.push(id),
            None => self.before.push(id),
        }
        self.nodes.push(node);
        Ok(id)
    }

    fn start(&mut self, name: &str, attributes: Vec<(String, String)>) -> Result<NodeId, XmlError> {
        if self.open.len() >= DEPTH_MAX || attributes.len() > ATTRIBUTES_MAX {
            return Err(XmlError::TooLarge);
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(XmlError::Malformed);
        }
        let (declared, plain) = declarations(attributes)?;
        let resolve = |prefix: &str| self.namespace(prefix, &declared);
        let (prefix, local) = split(name)?;
        let namespace = resolve(prefix).ok_or(XmlError::Namespace)?;
        let own = QName { prefix: prefix.to_owned(), local: local.to_owned(), namespace };
        let mut named: Vec<(QName, String)> = Vec::with_capacity(plain.len());
        for (name, value) in plain {
            let (prefix, local) = split(&name)?;
            let namespace = match prefix {
                "" => String::new(),
                prefix => resolve(prefix).ok_or(XmlError::Namespace)?,
            };
            if named.iter().any(|(known, _)| known.namespace == namespace && known.local == local) {
                return Err(XmlError::Namespace);
            }
            let name = QName { prefix: prefix.to_owned(), local: local.to_owned(), namespace };
            named.push((name, value));
        }
        let parent = self.open.last().map(|(parent, _)| *parent);
        let element = Element { name: own, attributes: named, declared, parent, children: Vec::new() };
        let at_top = parent.is_none();
        let id = self.add(Node::Element(element))?;
        if at_top {
            self.before.pop();
            self.root = Some(id);
        }
        Ok(id)
    }

    /// Address a prefix stands for here; the empty prefix without declaration stands for none.
    fn namespace(&self, prefix: &str, declared: &[(String, String)]) -> Option<String> {
        if prefix == "xml" {
            return Some(XML.to_owned());
        }
        let own = declared.iter().find(|(known, _)| known == prefix);
        let found = own.or_else(|| {
            self.open.iter().rev().find_map(|(id, _)| match self.nodes.get(*id) {
                Some(Node::Element(element)) => element.declared.iter().find(|(known, _)| known == prefix),
                _ => None,
            })
        });
        match found {
            Some((_, address)) => Some(address.clone()),
            None => prefix.is_empty().then(String::new),
        }
    }
}

type Pairs = Vec<(String, String)>;

/// Namespace declarations apart from attributes.
fn declarations(attributes: Pairs) -> Result<(Pairs, Pairs), XmlError> {
    let mut declared: Pairs = Vec::new();
    let mut plain = Vec::new();
    for (name, value) in attributes {
        let prefix = match name.split_once(':') {
            None if name == "xmlns" => "",
            Some(("xmlns", prefix)) if !prefix.is_empty() && !prefix.contains(':') => prefix,
            _ => {
                plain.push((name, value));
                continue;
            }
        };
        let reserved = prefix == "xmlns" || value == XMLNS || ((prefix == "xml") != (value == XML));
        let emptied = !prefix.is_empty() && value.is_empty();
        if reserved || emptied || declared.iter().any(|(known, _)| known == prefix) {
            return Err(XmlError::Namespace);
        }
        declared.push((prefix.to_owned(), value));
    }
    Ok((declared, plain))
}

fn split(name: &str) -> Result<(&str, &str), XmlError> {
    match name.split_once(':') {
        None => Ok(("", name)),
        Some((prefix, local)) if !prefix.is_empty() && !local.is_empty() && !local.contains(':') => {
            Ok((prefix, local))
        }
        Some(_) => Err(XmlError::Namespace),
    }
}
