//! The groups of a definition in which each rule is asked.

use super::table::{Block, Body, Where};
use crate::definition::{Definition, Element};

/// The rules of a definition by the number of the group in which they are asked.
pub(super) type Attached = Vec<Vec<Asked>>;

/// A rule in a group.
pub(super) struct Asked {
    /// Which rule.
    pub(super) block: usize,
    /// The conditions that come before it by an order of validation: where one of them decides, it is not asked.
    pub(super) after: Vec<usize>,
}

/// Attach the rules to the groups of a definition.
pub(super) fn attach(blocks: &[Block], definition: &'static Definition) -> Attached {
    let mut attached: Attached = Vec::new();
    attached.resize_with(definition.size(), Vec::new);
    let mut orders = Vec::new();
    for (place, block) in blocks.iter().enumerate() {
        let in_phase = block.phase.is_none_or(|phase| phase == definition.phase());
        if !in_phase || !concerns(block, definition) {
            continue;
        }
        if let Body::Order(earlier, later) = &block.body {
            orders.push((*earlier, *later));
            continue;
        }
        let mut add =
            |group: &Element| attached[group.slot()].push(Asked { block: place, after: Vec::new() });
        match block.place {
            Where::At(path) => {
                definition.element(path).filter(|element| element.is_group()).into_iter().for_each(add);
            }
            Where::Marked => each_group(definition.root(), &mut |group| {
                if group.children().iter().any(|child| child.rules().contains(&block.id)) {
                    add(group);
                }
            }),
            Where::Everywhere => each_group(definition.root(), &mut |group| {
                if group.children().iter().all(|child| child.min() == 0) {
                    add(group);
                }
            }),
        }
    }
    for asked in &mut attached {
        put_in_order(asked, blocks, &orders);
    }
    attached
}

/// Whether a message is among those for which a rule was made.
pub(super) fn concerns(block: &Block, definition: &Definition) -> bool {
    block.messages.iter().any(|name| *name == "*" || *name == definition.message_type())
        || (block.messages.is_empty() && marked(definition.root(), block.id))
}

fn put_in_order(asked: &mut [Asked], blocks: &[Block], orders: &[(&str, &str)]) {
    for (earlier, later) in orders {
        let before: Vec<usize> =
            asked.iter().map(|one| one.block).filter(|place| blocks[*place].id == *earlier).collect();
        for one in asked.iter_mut().filter(|one| blocks[one.block].id == *later) {
            one.after.extend(&before);
        }
    }
}

fn marked(element: &Element, id: &str) -> bool {
    element.rules().contains(&id) || element.children().iter().any(|child| marked(child, id))
}

fn each_group(element: &'static Element, visit: &mut dyn FnMut(&'static Element)) {
    if element.is_group() {
        visit(element);
        for child in element.children() {
            each_group(child, visit);
        }
    }
}
