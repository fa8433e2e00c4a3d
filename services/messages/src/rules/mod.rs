//! The business rules of the messages: conditions and rules as data, asked all at once.

mod amendment;
mod apply;
mod attach;
mod compile;
mod consistency;
mod entry;
mod evaluate;
mod expression;
mod logic;
mod lookups;
mod meant;
mod number;
mod package;
mod standing;
mod table;
mod told;
mod values;

pub use consistency::Contradiction;
pub(crate) use entry::by_element;
pub use entry::{RuleEntry, RuleKind};
pub use lookups::{Lookups, NoLookups, Office, list_name};
pub use package::{Defects, Package, PackageHead};
pub use standing::StandingLists;
pub(crate) use told::conditions;
pub use told::{Condition, ConditionCase, Term, TermKind};

use chrono::NaiveDate;

use crate::definition::Definition;
use crate::document::Document;
use crate::finding::Finding;
use table::Body;

/// What is known of the movement beyond the message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'c> {
    /// The message before this one: the declaration (in its last version) for IE013 and IE170, the unloading permission for
    /// IE044.
    pub prior: Option<&'c Document>,
    /// Whether the declaration has been accepted and has an MRN.
    pub accepted: Option<bool>,
    /// Whether the movement waits for another guarantee.
    pub guarantee_under_amendment: Option<bool>,
    /// Whether the message is held to the rules of the transitional period of phase 5, which asked less.
    pub transitional: bool,
    /// The legal date, which pins the package of rules; the newest package where none is given.
    pub on: Option<NaiveDate>,
}

/// The rules of all messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

impl Rules {
    /// Every rule that a message breaks: first the code lists (12), then the conditions (13, 15), then the rules (14).
    ///
    /// What cannot be told, because a list or the message before is not known, is not an error.
    pub fn check(document: &Document, lookups: &dyn Lookups, context: &Context<'_>) -> Vec<Finding> {
        Package::at(context.on).check(document, lookups, context)
    }

    /// Every rule of the tables, in their order.
    pub fn catalogue() -> Vec<RuleEntry> {
        entry::entries(Package::at(None).blocks())
    }

    /// The rules that are asked in a message.
    pub fn of(definition: &Definition) -> Vec<&'static str> {
        let package = Package::at(None);
        let asked = package.attached(definition).into_iter().flatten().flatten();
        let mut ids: Vec<&'static str> = asked.map(|one| package.blocks()[one.block].id).collect();
        let orders = package.blocks().iter().filter(|block| attach::concerns(block, definition));
        ids.extend(orders.filter(|block| matches!(block.body, Body::Order(..))).map(|block| block.id));
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
