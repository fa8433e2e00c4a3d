//! Which goods an IE025 releases: all of them, none, a part, or the rest after a part.

use std::collections::BTreeSet;

use customs_kernel::{Finding, Problem, problem};
use customs_messages::{Document, Draft, NodeRef, outgoing::Facts, parse_xml};

const HOUSE: &str = "Consignment/HouseConsignment";

/// A house consignment or an item all of which is released (CL163).
const WHOLE: &str = "0";
/// A house consignment of which the items that follow are released (CL163).
const PARTLY: &str = "1";

/// Goods by their item numbers in the declaration.
pub(crate) type Items = BTreeSet<i32>;

/// The goods that an IE025 releases.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Goods {
    /// All.
    All,
    /// These; the others are withheld.
    Part(Items),
    /// All but these, which were released before.
    AllBut(Items),
    /// None.
    None,
}

impl Goods {
    /// The indicator of the release (CL164): 1 full, 2 partial, 3 residual, 4 none.
    pub(super) const fn indicator(&self) -> &'static str {
        match self {
            Self::All => "1",
            Self::Part(_) => "2",
            Self::AllBut(_) => "3",
            Self::None => "4",
        }
    }

    fn has(&self, item: Option<i32>) -> bool {
        match self {
            Self::All => true,
            Self::Part(items) => item.is_some_and(|item| items.contains(&item)),
            Self::AllBut(items) => item.is_none_or(|item| !items.contains(&item)),
            Self::None => false,
        }
    }

    /// `declaration` with nothing but these goods, for the message to be made from; as it is where it names no goods.
    pub(super) fn cut(&self, declaration: &Document) -> Option<Document> {
        if matches!(self, Self::All | Self::None) {
            return None;
        }
        let mut draft = Draft::from_document(declaration);
        let mut houses = declaration.groups(HOUSE);
        // From the last to the first, so that the places of those before stay as they are.
        houses.reverse();
        for house in houses {
            let place = format!("{HOUSE}[{}]", house.ordinal());
            let items = house.groups("ConsignmentItem");
            let left: Vec<NodeRef<'_>> =
                items.iter().copied().filter(|item| !self.has(number(*item))).collect();
            if left.len() == items.len() {
                draft.remove(&place);
            } else if left.is_empty() {
                draft.remove(&format!("{place}/ConsignmentItem"));
            } else {
                for item in left.into_iter().rev() {
                    draft.remove(&format!("{place}/ConsignmentItem[{}]", item.ordinal()));
                }
            }
        }
        Some(draft.finish_loose())
    }
}

/// How each consignment and item of `cut` is released, in the words of IE025.
pub(super) fn types(mut facts: Facts, cut: &Document) -> Facts {
    for house in cut.groups(HOUSE) {
        let place = format!("{HOUSE}[{}]", house.ordinal());
        let items = house.groups("ConsignmentItem");
        let kind = if items.is_empty() { WHOLE } else { PARTLY };
        facts = facts.with(format!("{place}/releaseType"), kind);
        for item in items {
            facts = facts.with(format!("{place}/ConsignmentItem[{}]/releaseType", item.ordinal()), WHOLE);
        }
    }
    facts
}

fn number(item: NodeRef<'_>) -> Option<i32> {
    item.text_at("declarationGoodsItemNumber")?.parse().ok()
}

/// The goods that an officer releases although others are withheld: some of the declaration, not all.
pub(super) fn chosen(asked: &[i32], declaration: &Document) -> Result<Items, Problem> {
    let declared: Items =
        declaration.groups(&format!("{HOUSE}/ConsignmentItem")).into_iter().filter_map(number).collect();
    let mut chosen = Items::new();
    let mut findings = Vec::new();
    for (place, item) in asked.iter().enumerate() {
        let pointer = format!("/releasedItems/{place}");
        if !declared.contains(item) {
            findings.push(Finding::new("input-invalid", pointer, "the declaration has no such item"));
        } else if !chosen.insert(*item) {
            findings.push(Finding::new("input-invalid", pointer, "the item is named twice"));
        }
    }
    if findings.is_empty() && chosen.len() == declared.len() {
        let why = "where all goods are released, nothing is withheld: the result is A5 at most";
        findings.push(Finding::new("input-invalid", "/releasedItems", why));
    }
    if findings.is_empty() {
        return Ok(chosen);
    }
    Err(problem::INPUT_INVALID.because("these goods cannot be released alone").with_errors(findings))
}

/// The goods that the IE025 `body` has released in part; nothing for one of another kind.
pub(super) fn released_in_part(body: &str, declaration: &Document) -> Option<Items> {
    let told = parse_xml(body.as_bytes()).ok()?;
    if told.text("TransitOperation/releaseIndicator") != Some("2") {
        return None;
    }
    let mut items = Items::new();
    for house in told.groups(HOUSE) {
        let named = house.groups("ConsignmentItem");
        if !named.is_empty() {
            items.extend(named.into_iter().filter_map(number));
            continue;
        }
        let sequence = house.text_at("sequenceNumber");
        let whole = declaration.groups(HOUSE).into_iter();
        let whole = whole.filter(|declared| declared.text_at("sequenceNumber") == sequence);
        items.extend(whole.flat_map(|declared| declared.groups("ConsignmentItem")).filter_map(number));
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use customs_messages::{Phase, definition, outgoing, write_xml};

    use super::*;

    /// Two house consignments: items 1 and 2, item 3.
    fn declaration() -> Document {
        let mut draft = Draft::new(definition("CC015C", Phase::P6).unwrap());
        for (house, item, number) in [("1", "1", "1"), ("1", "2", "2"), ("2", "1", "3")] {
            let place = format!("{HOUSE}[{house}]");
            let item = format!("{place}/ConsignmentItem[{item}]");
            for (path, value) in [
                (format!("{place}/sequenceNumber"), house),
                (format!("{item}/goodsItemNumber"), "1"),
                (format!("{item}/declarationGoodsItemNumber"), number),
                (format!("{item}/Commodity/descriptionOfGoods"), "Goods"),
                (format!("{item}/Commodity/GoodsMeasure/grossMass"), "1"),
                (format!("{item}/Packaging/sequenceNumber"), "1"),
                (format!("{item}/Packaging/typeOfPackages"), "CT"),
            ] {
                draft.set(&path, value).unwrap();
            }
        }
        draft.finish_loose()
    }

    fn message(goods: &Goods) -> Document {
        let (declaration, header) = (
            declaration(),
            outgoing::Header {
                sender: "NTA.KZ".to_owned(),
                recipient: "KZ1".to_owned(),
                prepared_at: "2026-11-30T10:00:00".to_owned(),
                identification: "M1".to_owned(),
                correlation: None,
            },
        );
        let cut = goods.cut(&declaration);
        let facts = Facts::new(&header)
            .with("TransitOperation/MRN", "26KZABCDEFGHIJKLJ0")
            .with("TransitOperation/releaseDate", "2026-11-30")
            .with("TransitOperation/releaseIndicator", goods.indicator())
            .with("CustomsOfficeOfDestinationActual/referenceNumber", "UZTAS001")
            .with("TraderAtDestination/identificationNumber", "KZ1");
        let facts = cut.iter().fold(facts, types);
        let source = cut.as_ref().unwrap_or(&declaration);
        outgoing::build("CC025C", Phase::P6, Some(source), &facts).unwrap()
    }

    fn told(document: &Document) -> Vec<String> {
        let houses = document.groups(HOUSE).into_iter();
        houses
            .map(|house| {
                let items = house.groups("ConsignmentItem").into_iter().filter_map(number);
                let items: Vec<String> = items.map(|item| item.to_string()).collect();
                let text = |path| house.text_at(path).unwrap_or_default();
                format!("{} {} [{}]", text("sequenceNumber"), text("releaseType"), items.join(" "))
            })
            .collect()
    }

    #[test]
    fn a_partial_release_names_its_goods_and_the_residual_one_the_rest() {
        let part = message(&Goods::Part([2, 3].into()));
        assert_eq!(told(&part), ["1 1 [2]", "2 0 []"]);
        let before = released_in_part(&write_xml(&part), &declaration()).unwrap();
        assert_eq!(before, [2, 3].into());
        assert_eq!(told(&message(&Goods::AllBut(before))), ["1 1 [1]"]);
        for goods in [Goods::All, Goods::None] {
            let whole = message(&goods);
            assert!(whole.group("Consignment").is_none(), "C0352");
            assert_eq!(released_in_part(&write_xml(&whole), &declaration()), None);
        }
    }

    #[test]
    fn only_some_of_the_declared_goods_can_be_released_alone() {
        assert_eq!(chosen(&[1, 3], &declaration()).unwrap(), [1, 3].into());
        for (wrong, pointer) in
            [(&[4][..], "/releasedItems/0"), (&[1, 1], "/releasedItems/1"), (&[1, 2, 3], "/releasedItems")]
        {
            assert_eq!(chosen(wrong, &declaration()).unwrap_err().errors[0].pointer, pointer);
        }
    }
}
