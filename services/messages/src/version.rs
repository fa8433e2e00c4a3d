//! The next version of a declaration: as amended by IE013, or completed by the presentation of the goods (IE170).

use crate::document::{Document, Draft, NodeRef};
use crate::outgoing::BuildError;

/// The declaration that an amendment leaves behind: what the amendment says, under the LRN of the declaration.
///
/// # Errors
/// An amendment that does not make a declaration of its phase.
pub fn amended(declaration: &Document, amendment: &Document) -> Result<Document, BuildError> {
    let mut draft = Draft::from_document(declaration);
    for name in declaration.definition().root().children().iter().filter(|one| one.is_group()) {
        draft.remove(name.name());
    }
    for node in amendment.root().children().filter(|node| node.element().is_group()) {
        draft.copy("", node)?;
    }
    if let Some(lrn) = declaration.text("TransitOperation/LRN") {
        draft.set("TransitOperation/LRN", lrn)?;
    }
    draft.finish().map_err(BuildError::Invalid)
}

/// The declaration with what the presentation adds or replaces.
///
/// # Errors
/// A presentation that does not fit the declaration.
pub fn presented(declaration: &Document, presentation: &Document) -> Result<Document, BuildError> {
    let mut draft = Draft::from_document(declaration);
    if let Some(limit) = presentation.text("TransitOperation/limitDate") {
        draft.set("TransitOperation/limitDate", limit)?;
    }
    let Some(consignment) = presentation.group("Consignment") else {
        return draft.finish().map_err(BuildError::Invalid);
    };
    replace(&mut draft, "Consignment", consignment, &["HouseConsignment"])?;
    for house in consignment.groups("HouseConsignment") {
        let number = house.text_at("sequenceNumber");
        let known = declaration.groups("Consignment/HouseConsignment");
        let same = known.into_iter().find(|one| one.text_at("sequenceNumber") == number);
        if let Some(same) = same {
            let path = format!("Consignment/HouseConsignment[{}]", same.ordinal());
            replace(&mut draft, &path, house, &["sequenceNumber"])?;
        }
    }
    draft.finish().map_err(BuildError::Invalid)
}

/// Put the elements of a group in the place of those of the same name.
fn replace(draft: &mut Draft, path: &str, group: NodeRef<'_>, except: &[&str]) -> Result<(), BuildError> {
    let mut last = "";
    for node in group.children().filter(|node| !except.contains(&node.name())) {
        if node.name() != last {
            draft.remove(&format!("{path}/{}", node.name()));
            last = node.name();
        }
        draft.copy(path, node)?;
    }
    Ok(())
}
