//! How the conditions of a message are told to clients.

use async_graphql::{Enum, SimpleObject};
use customs_messages::{Condition, ConditionCase, Term, TermKind, catalogue::Unit};
use serde::Serialize;
use utoipa::ToSchema;

/// When elements of one kind of group are required or not allowed.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageCondition {
    /// Number of the condition, such as `C0030`.
    pub(crate) rule: String,
    /// The kind of group in which it is asked, as path from the root; empty for the root.
    pub(crate) at: String,
    /// The terms of which it is made; a term names others by their places in this list, and stands after them.
    #[schema(max_items = 1000)]
    pub(crate) terms: Vec<ConditionTerm>,
    /// The term that must hold for it to be asked at all, by its place from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<u32>,
    /// Its cases: the first that holds counts, and where it cannot be told whether one holds, none does.
    #[schema(max_items = 100)]
    pub(crate) cases: Vec<MessageConditionCase>,
    /// Conditions of the same group that come before it: where one of them decides on an element, it is silent.
    #[schema(max_items = 100)]
    pub(crate) after: Vec<String>,
}

/// One case of a condition.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageConditionCase {
    /// The term that must hold, by its place from 0; none where nothing must.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<u32>,
    /// The elements that are required then, as paths from the group.
    #[schema(max_items = 100)]
    pub(crate) required: Vec<String>,
    /// The elements that are not allowed then.
    #[schema(max_items = 100)]
    pub(crate) forbidden: Vec<String>,
}

/// One term of a condition; it holds, does not hold, or cannot be told.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConditionTerm {
    /// What it says.
    pub(crate) kind: ConditionTermKind,
    /// Its terms or operands, by their places from 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub(crate) of: Vec<u32>,
    /// Where it looks: from the root with `/`, from the group in which the condition is asked with `@/`, else from the element
    /// in question, with `..` for the group above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// How many of the first characters count, where not all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<u32>,
    /// The words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub(crate) words: Vec<String>,
    /// The published name of the code list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) list: Option<String>,
    /// Whether a code list that is not known counts as empty; else nothing can be told without it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) lenient: bool,
}

/// In what a quantity or an amount is told.
#[derive(Clone, Debug, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageFieldUnit {
    /// The code of the unit by UN/ECE recommendation 20, such as `KGM` for kilograms or `P1` for per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// The field of the same group that holds the code of the unit or currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
}

/// What a term of a condition says.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ConditionTermKind {
    /// Holds where one of its terms holds.
    Any,
    /// Holds where all of its terms hold.
    All,
    /// Holds where its term does not.
    Not,
    /// Holds in every message of the kind.
    Always,
    /// Holds in no message of the kind.
    Never,
    /// Only customs can tell whether it holds.
    Unknown,
    /// An element stands at the path.
    Present,
    /// One of the elements at the path fulfils its term.
    Some,
    /// Every element at the path fulfils its term.
    Every,
    /// A value of its operand is among the words, or in the list.
    Within,
    /// A value of its first operand equals one of the second.
    Equal,
    /// A value of its first operand is less than one of the second.
    Less,
    /// A value of its first operand is at most one of the second.
    LessOrEqual,
    /// A value of its first operand is greater than one of the second.
    Greater,
    /// A value of its first operand is at least one of the second.
    GreaterOrEqual,
    /// Operand: the values at the path, or as many of their first characters as are named.
    Value,
    /// Operand: how many elements stand at the path.
    Count,
    /// Operand: the word.
    Text,
    /// Operand: the word as an exact decimal.
    Number,
}

impl From<&Condition> for MessageCondition {
    fn from(condition: &Condition) -> Self {
        Self {
            rule: condition.rule.to_owned(),
            at: condition.at.clone(),
            terms: condition.terms.iter().map(ConditionTerm::from).collect(),
            when: condition.when,
            cases: condition.cases.iter().map(MessageConditionCase::from).collect(),
            after: condition.after.iter().map(|rule| (*rule).to_owned()).collect(),
        }
    }
}

impl From<&ConditionCase> for MessageConditionCase {
    fn from(case: &ConditionCase) -> Self {
        let ConditionCase { when, required, forbidden } = case.clone();
        Self { when, required, forbidden }
    }
}

impl From<&Term> for ConditionTerm {
    fn from(term: &Term) -> Self {
        let Term { kind, of, path, first, words, list, lenient } = term.clone();
        Self { kind: kind.into(), of, path, first, words, list: list.map(str::to_owned), lenient }
    }
}

impl From<TermKind> for ConditionTermKind {
    fn from(kind: TermKind) -> Self {
        match kind {
            TermKind::Any => Self::Any,
            TermKind::All => Self::All,
            TermKind::Not => Self::Not,
            TermKind::Always => Self::Always,
            TermKind::Never => Self::Never,
            TermKind::Unknown => Self::Unknown,
            TermKind::Present => Self::Present,
            TermKind::Some => Self::Some,
            TermKind::Every => Self::Every,
            TermKind::Within => Self::Within,
            TermKind::Equal => Self::Equal,
            TermKind::Less => Self::Less,
            TermKind::LessOrEqual => Self::LessOrEqual,
            TermKind::Greater => Self::Greater,
            TermKind::GreaterOrEqual => Self::GreaterOrEqual,
            TermKind::Value => Self::Value,
            TermKind::Count => Self::Count,
            TermKind::Text => Self::Text,
            TermKind::Number => Self::Number,
        }
    }
}

impl From<&Unit> for MessageFieldUnit {
    fn from(unit: &Unit) -> Self {
        Self { code: unit.code.map(str::to_owned), field: unit.field.map(str::to_owned) }
    }
}
