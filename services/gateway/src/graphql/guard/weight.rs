//! The weight of a parsed document: depth, aliases, fields and cost, each fragment weighed once.

use std::collections::HashMap;

use async_graphql::{
    Name, Value as ConstValue, Variables,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet, VariableDefinition},
};
use async_graphql_value::Value;
use customs_kernel::Problem;

use super::costly;
use crate::config::Limits;

/// How many entries a list may be asked for in one page.
const FIRST_MAX: u64 = 100;
/// How many entries a page is taken to hold where nothing is said.
const FIRST_USUAL: u64 = 50;
/// How dear a field of the introspection is.
const INTROSPECTION: u64 = 50;
/// How many entries a list that is sent may hold.
const LIST_MAX: usize = 1_000;
/// How many operations and fragments a document may hold.
const DEFINITIONS_MAX: usize = 50;
/// How many fields a document may have once its fragments are put in.
const FIELDS_MAX: u64 = 3_000;

/// What a selection weighs.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    /// Fields, once fragments are put in.
    fields: u64,
    /// Fields, times what lists may hold.
    cost: u64,
    /// Nesting of fields.
    depth: u32,
    /// Whether it is that of a connection: `edges` is among its fields.
    page: bool,
}

struct Scales<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    defaults: HashMap<&'a Name, &'a ConstValue>,
    limits: &'a Limits,
    known: HashMap<&'a Name, Option<Weight>>,
    aliases: u32,
}

/// Refuses a document that is too deep, too wide or too dear.
pub(super) fn check(
    document: &ExecutableDocument,
    variables: &Variables,
    limits: &Limits,
) -> Result<(), Problem> {
    if document.operations.iter().count() + document.fragments.len() > DEFINITIONS_MAX {
        return Err(costly(format!("there are more than {DEFINITIONS_MAX} operations and fragments")));
    }
    if let Some(name) = variables.iter().find(|(_, value)| is_long(value)).map(|(name, _)| name) {
        return Err(costly(format!("the variable {name} holds a list of more than {LIST_MAX} entries")));
    }
    let (defaults, known) = (HashMap::new(), HashMap::new());
    let mut scales = Scales { document, variables, defaults, limits, known, aliases: 0 };
    let mut fields = 0_u64;
    for (_, operation) in document.operations.iter() {
        scales.defaults =
            operation.node.variable_definitions.iter().filter_map(|it| default(&it.node)).collect();
        scales.known.clear();
        let weight = scales.selections(&operation.node.selection_set.node)?;
        fields = fields.saturating_add(scales.bounded(weight)?.fields);
    }
    for name in document.fragments.keys() {
        let weight = scales.fragment(name)?;
        scales.bounded(weight)?;
    }
    if fields > FIELDS_MAX {
        return Err(costly(format!("there are more than {FIELDS_MAX} fields")));
    }
    Ok(())
}

fn default(definition: &VariableDefinition) -> Option<(&Name, &ConstValue)> {
    Some((&definition.name.node, &definition.default_value.as_ref()?.node))
}

fn is_long(value: &ConstValue) -> bool {
    match value {
        ConstValue::List(items) => items.len() > LIST_MAX || items.iter().any(is_long),
        ConstValue::Object(fields) => fields.values().any(is_long),
        _ => false,
    }
}

fn is_long_literal(value: &Value) -> bool {
    match value {
        Value::List(items) => items.len() > LIST_MAX || items.iter().any(is_long_literal),
        Value::Object(fields) => fields.values().any(is_long_literal),
        _ => false,
    }
}

impl<'a> Scales<'a> {
    fn bounded(&self, weight: Weight) -> Result<Weight, Problem> {
        let limits = self.limits;
        if weight.depth > limits.query_depth_max {
            return Err(costly(format!("fields are nested deeper than {}", limits.query_depth_max)));
        }
        if weight.fields > FIELDS_MAX {
            return Err(costly(format!("there are more than {FIELDS_MAX} fields once fragments are put in")));
        }
        if weight.cost > limits.query_cost_max {
            let detail =
                format!("the operation costs {}, {} is the most", weight.cost, limits.query_cost_max);
            return Err(costly(detail));
        }
        Ok(weight)
    }

    fn selections(&mut self, set: &'a SelectionSet) -> Result<Weight, Problem> {
        let mut sum = Weight::default();
        for selection in &set.items {
            let weight = match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            };
            sum.fields = sum.fields.saturating_add(weight.fields);
            sum.cost = sum.cost.saturating_add(weight.cost);
            sum.depth = sum.depth.max(weight.depth);
            sum.page |= weight.page;
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Weight, Problem> {
        match self.known.get(name) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => return Err(costly(format!("the fragment {name} names itself"))),
            None => {}
        }
        // A fragment that does not exist is the validation's to tell.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Weight::default()) };
        self.known.insert(name, None);
        let weight = self.selections(&fragment.node.selection_set.node)?;
        self.known.insert(name, Some(weight));
        Ok(weight)
    }

    fn field(&mut self, field: &'a Field) -> Result<Weight, Problem> {
        if field.alias.is_some() {
            self.aliases += 1;
            if self.aliases > self.limits.query_aliases_max {
                return Err(costly(format!("there are more than {} aliases", self.limits.query_aliases_max)));
            }
        }
        if let Some((name, _)) = field.arguments.iter().find(|(_, value)| is_long_literal(&value.node)) {
            return Err(costly(format!("the argument {} holds more than {LIST_MAX} entries", name.node)));
        }
        let inner = self.selections(&field.selection_set.node)?;
        let times = self.times(field, inner.page)?;
        Ok(Weight {
            fields: inner.fields.saturating_add(1),
            cost: inner.cost.saturating_mul(times).saturating_add(1),
            depth: inner.depth.saturating_add(1),
            page: field.name.node == "edges",
        })
    }

    /// How often what stands under `field` may come.
    fn times(&self, field: &Field, page: bool) -> Result<u64, Problem> {
        if field.name.node.starts_with("__") {
            return Ok(if field.selection_set.node.items.is_empty() { 1 } else { INTROSPECTION });
        }
        let asked = field.arguments.iter().filter(|(name, _)| matches!(name.node.as_str(), "first" | "last"));
        let asked = asked.filter_map(|(_, value)| self.count(&value.node)).max();
        match asked {
            Some(count) if count > FIRST_MAX => {
                Err(costly(format!("{} asks for {count} entries, {FIRST_MAX} is the most", field.name.node)))
            }
            Some(count) => Ok(count.max(1)),
            None if page => Ok(FIRST_USUAL),
            None => Ok(1),
        }
    }

    fn count(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Number(number) => number.as_u64(),
            Value::Variable(name) => {
                match self.variables.get(name).or_else(|| self.defaults.get(name).copied()) {
                    Some(ConstValue::Number(number)) => number.as_u64(),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
