//! What an amendment may not change (R0520).

use super::Context;
use crate::document::{Document, NodeRef};

/// The data items of the transit operation that stay as they were declared.
const FIXED_ITEMS: [&str; 3] = ["declarationType", "additionalDeclarationType", "security"];
/// The groups that stay as they were declared.
const FIXED_GROUPS: [&str; 3] = ["HolderOfTheTransitProcedure", "Representative", "CustomsOfficeOfDeparture"];
/// What differs between a declaration and an amendment by their nature.
const OPERATION: [&str; 3] = ["LRN", "MRN", "amendmentTypeFlag"];

const ITEMS: &str = "Consignment/HouseConsignment/ConsignmentItem";
const HS: &str = "Commodity/CommodityCode/harmonizedSystemSubHeadingCode";

/// The elements of an amendment that it may not have, or not so.
pub(super) fn forbidden<'d>(amendment: &'d Document, context: &Context<'_>) -> Vec<NodeRef<'d>> {
    let flag = amendment.group("TransitOperation/amendmentTypeFlag");
    let guarantees_only = flag.and_then(NodeRef::text) == Some("1");
    if context.guarantee_under_amendment.is_some_and(|state| state != guarantees_only) {
        return flag.into_iter().collect();
    }
    let Some(prior) = context.prior else { return Vec::new() };
    if guarantees_only { other_than_guarantees(amendment, prior) } else { fixed(amendment, prior) }
}

fn other_than_guarantees<'d>(amendment: &'d Document, prior: &Document) -> Vec<NodeRef<'d>> {
    let mut found = Vec::new();
    for group in amendment.definition().root().children().iter().filter(|one| one.is_group()) {
        let name = group.name();
        if name == "Guarantee" {
            continue;
        }
        let (now, before) = (amendment.groups(name), prior.groups(name));
        let alike = if name == "TransitOperation" {
            operation(amendment) == operation(prior)
        } else {
            now.len() == before.len() && now.iter().zip(&before).all(|(one, two)| same(*one, *two))
        };
        if !alike {
            found.push(now.first().copied().unwrap_or_else(|| amendment.root()));
        }
    }
    found
}

fn operation(document: &Document) -> Vec<(&'static str, Option<&str>)> {
    let items = document.group("TransitOperation").into_iter().flat_map(NodeRef::children);
    items.filter(|one| !OPERATION.contains(&one.name())).map(|one| (one.name(), one.text())).collect()
}

fn fixed<'d>(amendment: &'d Document, prior: &Document) -> Vec<NodeRef<'d>> {
    let mut found = Vec::new();
    for name in FIXED_ITEMS {
        let path = format!("TransitOperation/{name}");
        if amendment.text(&path) != prior.text(&path) {
            found.extend(amendment.group(&path).or_else(|| amendment.group("TransitOperation")));
        }
    }
    for name in FIXED_GROUPS {
        let (now, before) = (amendment.group(name), prior.group(name));
        let alike = match (now, before) {
            (Some(now), Some(before)) => same(now, before),
            (None, None) => true,
            _ => false,
        };
        if !alike {
            found.push(now.unwrap_or_else(|| amendment.root()));
        }
    }
    let before: std::collections::HashMap<_, _> = prior
        .groups(ITEMS)
        .into_iter()
        .map(|item| (item.text_at("declarationGoodsItemNumber"), item))
        .collect();
    for item in amendment.groups(ITEMS) {
        let Some(declared) = before.get(&item.text_at("declarationGoodsItemNumber")) else { continue };
        if item.text_at(HS) != declared.text_at(HS) {
            found.push(item.group(HS).unwrap_or(item));
        }
    }
    found
}

/// Whether two elements say the same.
pub(super) fn same(one: NodeRef<'_>, two: NodeRef<'_>) -> bool {
    one.name() == two.name()
        && one.text() == two.text()
        && one.children().count() == two.children().count()
        && one.children().zip(two.children()).all(|(one, two)| same(one, two))
}
