//! The definitions of messages: groups, elements, how often, in which format, from which code list, under which rules.

mod table;

use std::fmt;
use std::sync::LazyLock;

use crate::format::Format;
use crate::phase::Phase;

/// The definition of one message in one phase.
pub struct Definition {
    message_type: &'static str,
    number: &'static str,
    phase: Phase,
    root: Element,
    /// How many elements it has.
    size: usize,
    /// Its place among all definitions.
    place: usize,
}

/// One element of a message: a value or a group.
pub struct Element {
    name: &'static str,
    /// The number that stands for the name in all messages.
    id: u16,
    /// The number of the element in its definition.
    slot: usize,
    min: u32,
    max: u32,
    content: Content,
    rules: Vec<&'static str>,
}

/// What stands in an element.
enum Content {
    Value { format: &'static Format, list: Option<&'static str> },
    Group { children: Vec<Element>, ids: Vec<u16> },
}

struct Catalogue {
    definitions: Vec<Definition>,
    names: Vec<&'static str>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(table::load);

/// The definition of a message type such as `CC015C` in a phase.
pub fn definition(message_type: &str, phase: Phase) -> Option<&'static Definition> {
    definitions().iter().find(|one| one.phase == phase && one.message_type == message_type)
}

/// Every definition of every phase.
pub fn definitions() -> &'static [Definition] {
    &CATALOGUE.definitions
}

/// The tables of all definitions.
pub(crate) fn tables() -> impl Iterator<Item = &'static str> {
    table::TABLES.iter().copied()
}

/// The number that stands for an element name, if any message has it.
pub(crate) fn name_id(name: &str) -> Option<u16> {
    let place = CATALOGUE.names.binary_search(&name).ok()?;
    u16::try_from(place).ok()
}

impl Definition {
    /// The message type, such as `CC015C`.
    pub fn message_type(&self) -> &'static str {
        self.message_type
    }

    /// The number of the information exchange, such as `IE015`.
    pub fn number(&self) -> &'static str {
        self.number
    }

    /// The phase.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The root element.
    pub fn root(&self) -> &Element {
        &self.root
    }

    /// How many elements it has.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Its place among all definitions.
    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// The element at a path of names such as `Consignment/HouseConsignment`.
    pub fn element(&self, path: &str) -> Option<&Element> {
        path.split('/').filter(|name| !name.is_empty()).try_fold(&self.root, |at, name| at.child(name))
    }
}

impl Element {
    /// The XML name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The number of the element in its definition.
    pub(crate) fn slot(&self) -> usize {
        self.slot
    }

    /// How often it occurs at least.
    pub fn min(&self) -> u32 {
        self.min
    }

    /// How often it occurs at most.
    pub fn max(&self) -> u32 {
        self.max
    }

    /// Whether it may occur more than once, and is an array in the JSON form.
    pub fn repeats(&self) -> bool {
        self.max > 1
    }

    /// The format of the value; none for a group.
    pub fn format(&self) -> Option<&'static Format> {
        match &self.content {
            Content::Value { format, .. } => Some(format),
            Content::Group { .. } => None,
        }
    }

    /// The number of the code list, such as `CL231`.
    pub fn list(&self) -> Option<&'static str> {
        match &self.content {
            Content::Value { list, .. } => *list,
            Content::Group { .. } => None,
        }
    }

    /// The elements of a group in their order; none for a value.
    pub fn children(&self) -> &[Self] {
        match &self.content {
            Content::Value { .. } => &[],
            Content::Group { children, .. } => children,
        }
    }

    /// The element of that name in the group.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children().iter().find(|one| one.name == name)
    }

    /// The element of the group with that name number.
    pub(crate) fn child_by_id(&self, id: u16) -> Option<&Self> {
        let Content::Group { children, ids } = &self.content else { return None };
        let place = ids.iter().position(|one| *one == id)?;
        children.get(place)
    }

    /// Whether it is a group.
    pub fn is_group(&self) -> bool {
        matches!(self.content, Content::Group { .. })
    }

    /// The conditions and rules that the specification attaches to it.
    pub fn rules(&self) -> &[&'static str] {
        &self.rules
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {:?}", self.message_type, self.phase)
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}..{}", self.name, self.min, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_knows_its_place_format_list_and_rules() {
        let declaration = definition("CC015C", Phase::P6).unwrap();
        let kind = declaration.element("TransitOperation/declarationType").unwrap();
        assert_eq!((kind.min(), kind.max(), kind.list()), (1, 1, Some("CL231")));
        assert!(kind.rules().contains(&"R0909") && !kind.rules().contains(&"B1922"));
        assert_eq!(kind.format().unwrap().name(), "an..5");
        assert_eq!(declaration.element("Consignment/HouseConsignment").unwrap().max(), 1999);
        assert!(declaration.element("Consignment/Nothing").is_none());
    }

    #[test]
    fn phases_differ_where_the_tables_say_so() {
        let arrival = |phase| definition("CC007C", phase).unwrap();
        assert!(arrival(Phase::P5).element("TransitOperation/incidentFlag").is_some());
        assert!(arrival(Phase::P6).element("TransitOperation/incidentFlag").is_none());
    }

    #[test]
    fn no_message_is_unknown_to_the_list_of_messages() {
        for definition in definitions() {
            let kind = definition.element("messageType").and_then(Element::format).unwrap();
            assert_eq!(kind.fault(definition.message_type()), None, "{}", definition.message_type());
        }
    }
}
