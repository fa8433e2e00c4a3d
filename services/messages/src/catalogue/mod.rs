//! The catalogue of messages and fields: what forms, documents and other programs are built from.

mod labels;
mod pages;
mod units;

pub use pages::{fields_page, rules_page};
pub use units::Unit;

use std::sync::{LazyLock, OnceLock};

use serde::Serialize;

use crate::definition::{Definition, Element, definitions};
use crate::finding::Text;
use crate::format::FormatFacts;
use crate::phase::Phase;
use crate::rules::{self, Condition, RuleEntry, Rules};

/// A message as the catalogue lists it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageKind {
    /// The message type, such as `CC015C`.
    pub message_type: &'static str,
    /// The number of the information exchange, such as `IE015`.
    pub number: &'static str,
    /// The phases that have it.
    pub phases: Vec<Phase>,
    /// Who sends it: `trader`, `departure`, `destination`, `guarantee` or `customs`.
    pub sender: &'static str,
    /// Who receives it.
    pub recipient: &'static str,
    /// What it is called.
    pub label: Text,
}

/// A code list that holds the values of a field.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldList {
    /// Its number, such as `CL231`.
    pub number: &'static str,
    /// Its published name, under which reference data has it.
    pub name: &'static str,
}

/// One group or value of a message.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Where it stands: `Consignment/HouseConsignment/grossMass`.
    pub path: String,
    /// Its name.
    pub name: &'static str,
    /// How many groups it stands in.
    pub depth: u32,
    /// Whether it is a group; the fields of a group follow it.
    pub group: bool,
    /// How often it occurs at least; conditions may ask for more.
    pub min: u32,
    /// How often it occurs at most.
    pub max: u32,
    /// What it is called.
    pub label: Text,
    /// What to write, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Text>,
    /// The format of a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<FormatFacts>,
    /// The code list of a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<FieldList>,
    /// In what a quantity or an amount is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// The conditions and rules that can be reported here.
    pub rules: Vec<&'static str>,
}

/// Everything about one message in one phase.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageFields {
    /// The message.
    pub kind: MessageKind,
    /// The phase.
    pub phase: Phase,
    /// Its groups and values in document order.
    pub fields: Vec<Field>,
    /// The conditions and rules that are asked of it.
    pub rules: Vec<RuleEntry>,
    /// When an element is required or not allowed, as far as the message itself tells.
    pub conditions: Vec<Condition>,
    /// The conditions for which there are messages of which only the check at customs can tell what they demand.
    pub checked_only: Vec<&'static str>,
}

static KINDS: LazyLock<Vec<MessageKind>> = LazyLock::new(kinds);
/// The fields of each definition, told when they are first asked for.
static FIELDS: LazyLock<Vec<OnceLock<MessageFields>>> =
    LazyLock::new(|| definitions().iter().map(|_| OnceLock::new()).collect());

/// Every message, by type.
pub fn messages() -> &'static [MessageKind] {
    &KINDS
}

/// The fields and rules of a message such as `CC015C` in a phase.
pub fn fields(message_type: &str, phase: Phase) -> Option<&'static MessageFields> {
    let place = |one: &Definition| one.message_type() == message_type && one.phase() == phase;
    let at = definitions().iter().position(place)?;
    let kind = messages().iter().find(|kind| kind.message_type == message_type)?;
    Some(FIELDS.get(at)?.get_or_init(|| tell(&definitions()[at], kind.clone())))
}

fn kinds() -> Vec<MessageKind> {
    let mut kinds: Vec<MessageKind> = Vec::new();
    for one in definitions() {
        match kinds.iter_mut().find(|kind| kind.message_type == one.message_type()) {
            Some(kind) => kind.phases.push(one.phase()),
            None => kinds.extend(kind(one)),
        }
    }
    kinds.sort_by_key(|kind| kind.message_type);
    kinds
}

fn tell(definition: &'static Definition, kind: MessageKind) -> MessageFields {
    let told = rules::by_element(definition);
    let mut fields = Vec::with_capacity(definition.size());
    for child in definition.root().children() {
        collect(child, "", 0, &told, &mut fields);
    }
    let asked = Rules::of(definition);
    let rules = Rules::catalogue().into_iter().filter(|rule| asked.contains(&rule.id)).collect();
    let conditions = rules::conditions(definition);
    let mut checked_only: Vec<&'static str> =
        conditions.iter().filter(|one| one.is_partly_unknown()).map(|one| one.rule).collect();
    checked_only.sort_unstable();
    checked_only.dedup();
    MessageFields { kind, phase: definition.phase(), fields, rules, conditions, checked_only }
}

fn kind(definition: &Definition) -> Option<MessageKind> {
    let (sender, recipient, label) = labels::kind(definition.message_type())?;
    Some(MessageKind {
        message_type: definition.message_type(),
        number: definition.number(),
        phases: vec![definition.phase()],
        sender,
        recipient,
        label,
    })
}

fn collect(
    element: &'static Element,
    above: &str,
    depth: u32,
    told: &[Vec<&'static str>],
    fields: &mut Vec<Field>,
) {
    let name = element.name();
    let path = if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") };
    let list = element.list().and_then(|number| Some(FieldList { number, name: rules::list_name(number)? }));
    fields.push(Field {
        name,
        depth,
        group: element.is_group(),
        min: element.min(),
        max: element.max(),
        label: labels::label(&path).unwrap_or_else(|| Text::fixed(name, name, name)),
        hint: labels::hint(&path),
        format: element.format().map(crate::format::Format::facts),
        list,
        unit: units::unit(name),
        rules: told.get(element.slot()).cloned().unwrap_or_default(),
        path: path.clone(),
    });
    for child in element.children() {
        collect(child, &path, depth + 1, told, fields);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(message: &MessageFields, path: &str) -> Field {
        message.fields.iter().find(|one| one.path == path).cloned().unwrap()
    }

    #[test]
    fn every_message_and_every_field_is_told_in_three_languages() {
        let kinds = messages();
        for one in definitions() {
            let kind = kinds.iter().find(|kind| kind.message_type == one.message_type()).unwrap();
            assert!(kind.phases.contains(&one.phase()));
            let message = fields(one.message_type(), one.phase()).unwrap();
            assert_eq!(message.fields.len() + 1, one.size());
            for field in &message.fields {
                assert_ne!(field.label.ru, field.name, "{}", field.path);
                assert_ne!(field.label.kk, field.name, "{}", field.path);
            }
        }
    }

    #[test]
    fn a_field_names_its_format_list_and_rules() {
        let message = fields("CC015C", Phase::P6).unwrap();
        let kind = field(message, "TransitOperation/declarationType");
        assert_eq!(kind.list.as_ref().map(|list| list.name), Some("DeclarationType"));
        assert_eq!((kind.min, kind.max, kind.depth, kind.group), (1, 1, 1, false));
        assert!(kind.rules.contains(&"R0911"), "{:?}", kind.rules);
        let seals = field(message, "Consignment/TransportEquipment/Seal");
        assert!(seals.group && seals.max == 99 && seals.rules.contains(&"C0569"), "{:?}", seals.rules);
        let rule = message.rules.iter().find(|rule| rule.id == "C0569").unwrap();
        assert!(rule.statements[0].contains("numberOfSeals") && rule.source.contains("DDNTA"));
        assert!(fields("CC999C", Phase::P6).is_none());
    }
}
