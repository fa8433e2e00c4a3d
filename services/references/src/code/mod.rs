//! Code lists: one code, several at once, a page of a list, the lists themselves.

mod find;
mod list;
mod lists;

use customs_references_contract::CodeEntry;

use crate::{dataset::NATIONAL, entry::EntryRow, label};

/// One entry a code: what the nation says beside what is published fills in missing languages and facts.
fn told(rows: Vec<EntryRow>) -> Vec<CodeEntry> {
    let mut entries: Vec<CodeEntry> = Vec::new();
    let (national, published): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.dataset == NATIONAL);
    for row in published.into_iter().chain(national) {
        let entry = entry(row);
        match entries.iter_mut().find(|known| known.code == entry.code) {
            Some(known) => {
                label::add(&mut known.labels, entry.labels);
                let known_properties = &mut known.properties;
                for property in entry.properties {
                    if known_properties.iter().all(|own| own.name != property.name) {
                        known_properties.push(property);
                    }
                }
                known.number = known.number.max(entry.number);
            }
            None => entries.push(entry),
        }
    }
    entries.sort_unstable_by(|one, other| one.code.cmp(&other.code));
    entries
}

fn entry(row: EntryRow) -> CodeEntry {
    CodeEntry {
        labels: label::read(&row.labels),
        properties: label::properties(&row.properties),
        list: row.list,
        code: row.code,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        state: row.state,
        dataset: row.dataset,
        number: row.since,
    }
}
