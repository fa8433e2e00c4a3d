//! How the field catalogue of a message is told to clients.

use async_graphql::{Enum, SimpleObject};
use chrono::NaiveDate;
use customs_messages::{
    FormatFacts, Package, Phase, RuleEntry, RuleKind, Text,
    catalogue::{Field, FieldList, MessageFields, MessageKind},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::conditions::{MessageCondition, MessageFieldUnit};

/// A phase of the common transit system.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, PartialEq, Serialize, ToSchema)]
pub(crate) enum DefinedPhase {
    /// Phase 5.
    P5,
    /// Phase 6.
    P6,
}

/// A sentence or name in the three languages of the system.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
pub(crate) struct Words {
    /// English.
    pub(crate) en: String,
    /// Russian.
    pub(crate) ru: String,
    /// Kazakh.
    pub(crate) kk: String,
}

/// A message of the procedure.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DefinedMessage {
    /// The message type, such as `CC015C`.
    pub(crate) message_type: String,
    /// The number of the information exchange, such as `IE015`.
    pub(crate) number: String,
    /// The phases that have it.
    #[schema(max_items = 10)]
    pub(crate) phases: Vec<DefinedPhase>,
    /// Who sends it: `trader`, `departure`, `destination`, `guarantee` or `customs`.
    pub(crate) sender: String,
    /// Who receives it.
    pub(crate) recipient: String,
    /// What it is called.
    pub(crate) label: Words,
}

/// Every message of the procedure.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageDefinitions {
    /// The messages, by type.
    #[schema(max_items = 1000)]
    pub(crate) items: Vec<DefinedMessage>,
}

/// The packages of rules.
#[derive(Serialize, ToSchema)]
pub(crate) struct RulePackages {
    /// The packages, oldest first.
    #[schema(max_items = 1000)]
    pub(crate) items: Vec<RulePackage>,
}

/// The rules that judge from one day to another.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RulePackage {
    /// Its version.
    #[schema(max_length = 40)]
    pub(crate) version: String,
    /// The first legal date that it judges.
    pub(crate) valid_from: NaiveDate,
    /// The last one, where a later package is known.
    pub(crate) valid_until: Option<NaiveDate>,
    /// SHA-256 over its rules and the definitions they are asked of, in hexadecimal: what a decision is pinned to.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub(crate) hash: String,
    /// How many rules are in force.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub(crate) rules: u32,
    /// What it brings.
    #[schema(max_length = 2000)]
    pub(crate) news: String,
}

impl RulePackages {
    /// Every package that is known.
    pub(crate) fn all() -> Self {
        let told = |package: &Package| {
            let head = package.head();
            RulePackage {
                version: head.version.to_owned(),
                valid_from: head.valid_from,
                valid_until: head.valid_until,
                hash: head.hash,
                rules: u32::try_from(head.rules).unwrap_or(u32::MAX),
                news: head.news.to_owned(),
            }
        };
        Self { items: Package::all().iter().map(told).collect() }
    }
}

/// Everything about one message in one phase.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageDefinition {
    /// The message type, such as `CC015C`.
    pub(crate) message_type: String,
    /// The number of the information exchange, such as `IE015`.
    pub(crate) number: String,
    /// The phase whose format is told.
    pub(crate) phase: DefinedPhase,
    /// What the message is called.
    pub(crate) label: Words,
    /// Its groups and values in document order.
    #[schema(max_items = 10000)]
    pub(crate) fields: Vec<MessageField>,
    /// The conditions and rules that are asked of it.
    #[schema(max_items = 1000)]
    pub(crate) rules: Vec<MessageRule>,
    /// When elements are required or not allowed, in the order in which it is asked.
    #[schema(max_items = 1000)]
    pub(crate) conditions: Vec<MessageCondition>,
    /// The conditions for which there are messages of which only the check at customs can tell what they demand.
    #[schema(max_items = 1000)]
    pub(crate) checked_only: Vec<String>,
}

/// One group or value of a message.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageField {
    /// Where it stands, such as `Consignment/HouseConsignment/grossMass`.
    pub(crate) path: String,
    /// Its name.
    pub(crate) name: String,
    /// How many groups it stands in.
    pub(crate) depth: u32,
    /// Whether it is a group; the fields of a group follow it.
    pub(crate) group: bool,
    /// How often it occurs at least; conditions may ask for more.
    pub(crate) min: u32,
    /// How often it occurs at most.
    pub(crate) max: u32,
    /// What it is called.
    pub(crate) label: Words,
    /// What to write, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<Words>,
    /// The format of a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<MessageFormatFacts>,
    /// The code list of a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<MessageFieldList>,
    /// In what a quantity or an amount is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<MessageFieldUnit>,
    /// Numbers of the conditions and rules that can be reported here.
    #[schema(max_items = 100)]
    pub(crate) rules: Vec<String>,
}

/// A code list that holds the values of a field.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
pub(crate) struct MessageFieldList {
    /// Its number, such as `CL231`.
    pub(crate) number: String,
    /// Its published name, under which reference data has it.
    pub(crate) name: String,
}

/// What a program needs to know of a format to offer and check a field.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageFormatFacts {
    /// Its name in the tables, such as `text..70`.
    pub(crate) name: String,
    /// `text`, `integer`, `decimal`, `date`, `dateTime`, `flag` or `binary`.
    pub(crate) kind: String,
    /// The fewest characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) min_length: Option<u32>,
    /// The most characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_length: Option<u32>,
    /// Regular expressions of ECMAScript (with the flag `u`), each of which the whole text fits.
    #[schema(max_items = 10)]
    pub(crate) patterns: Vec<String>,
    /// The least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) minimum: Option<u64>,
    /// The greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) maximum: Option<u64>,
    /// The most digits of a decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) digits: Option<u32>,
    /// The most digits after the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fraction_digits: Option<u32>,
    /// Whether a decimal must be greater than zero.
    pub(crate) above_zero: bool,
    /// The values of a technical code list.
    #[schema(max_items = 1000)]
    pub(crate) values: Vec<String>,
}

/// One condition or rule.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
pub(crate) struct MessageRule {
    /// Its number, such as `C0030`.
    pub(crate) id: String,
    /// `condition`, `value` or `order`.
    pub(crate) kind: String,
    /// The codes under which it is reported.
    #[schema(max_items = 100)]
    pub(crate) codes: Vec<String>,
    /// What it says.
    pub(crate) text: Words,
    /// The law or technical norm it comes from.
    pub(crate) source: String,
}

impl From<DefinedPhase> for Phase {
    fn from(phase: DefinedPhase) -> Self {
        match phase {
            DefinedPhase::P5 => Self::P5,
            DefinedPhase::P6 => Self::P6,
        }
    }
}

impl From<Phase> for DefinedPhase {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::P5 => Self::P5,
            Phase::P6 => Self::P6,
        }
    }
}

impl From<&Text> for Words {
    fn from(text: &Text) -> Self {
        let Text { en, ru, kk } = text;
        Self { en: en.to_string(), ru: ru.to_string(), kk: kk.to_string() }
    }
}

impl From<&MessageKind> for DefinedMessage {
    fn from(kind: &MessageKind) -> Self {
        Self {
            message_type: kind.message_type.to_owned(),
            number: kind.number.to_owned(),
            phases: kind.phases.iter().map(|phase| DefinedPhase::from(*phase)).collect(),
            sender: kind.sender.to_owned(),
            recipient: kind.recipient.to_owned(),
            label: Words::from(&kind.label),
        }
    }
}

impl From<&MessageFields> for MessageDefinition {
    fn from(message: &MessageFields) -> Self {
        Self {
            message_type: message.kind.message_type.to_owned(),
            number: message.kind.number.to_owned(),
            phase: message.phase.into(),
            label: Words::from(&message.kind.label),
            fields: message.fields.iter().map(MessageField::from).collect(),
            rules: message.rules.iter().map(MessageRule::from).collect(),
            conditions: message.conditions.iter().map(MessageCondition::from).collect(),
            checked_only: owned(&message.checked_only),
        }
    }
}

impl From<&Field> for MessageField {
    fn from(field: &Field) -> Self {
        Self {
            path: field.path.clone(),
            name: field.name.to_owned(),
            depth: field.depth,
            group: field.group,
            min: field.min,
            max: field.max,
            label: Words::from(&field.label),
            hint: field.hint.as_ref().map(Words::from),
            format: field.format.as_ref().map(MessageFormatFacts::from),
            list: field.list.as_ref().map(MessageFieldList::from),
            unit: field.unit.as_ref().map(MessageFieldUnit::from),
            rules: owned(&field.rules),
        }
    }
}

impl From<&FieldList> for MessageFieldList {
    fn from(list: &FieldList) -> Self {
        Self { number: list.number.to_owned(), name: list.name.to_owned() }
    }
}

impl From<&FormatFacts> for MessageFormatFacts {
    fn from(facts: &FormatFacts) -> Self {
        Self {
            name: facts.name.to_owned(),
            kind: facts.kind.to_owned(),
            min_length: facts.min_length,
            max_length: facts.max_length,
            patterns: facts.patterns.clone(),
            minimum: facts.minimum,
            maximum: facts.maximum,
            digits: facts.digits,
            fraction_digits: facts.fraction_digits,
            above_zero: facts.above_zero,
            values: owned(&facts.values),
        }
    }
}

impl From<&RuleEntry> for MessageRule {
    fn from(rule: &RuleEntry) -> Self {
        let kind = match rule.kind {
            RuleKind::Condition => "condition",
            RuleKind::Value => "value",
            RuleKind::Order => "order",
        };
        Self {
            id: rule.id.to_owned(),
            kind: kind.to_owned(),
            codes: rule.codes.iter().map(|code| code.number().to_owned()).collect(),
            text: Words::from(&rule.text),
            source: rule.source.to_owned(),
        }
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
