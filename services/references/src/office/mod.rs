//! Customs offices: one, several at once, or a page by country, role and name.

mod find;
mod list;

use customs_references_contract::CustomsOffice;

use crate::{
    dataset::NATIONAL,
    entry::{EntryRow, OfficeProperties},
    label,
};

/// One office a number: what the nation says beside what is published adds roles, zone and hours.
fn told(rows: Vec<EntryRow>) -> Result<Vec<CustomsOffice>, serde_json::Error> {
    let mut offices: Vec<CustomsOffice> = Vec::new();
    let (national, published): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.dataset == NATIONAL);
    for row in published.into_iter().chain(national) {
        let office = office(row)?;
        match offices.iter_mut().find(|known| known.id == office.id) {
            Some(known) => add(known, office),
            None => offices.push(office),
        }
    }
    offices.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    Ok(offices)
}

fn add(known: &mut CustomsOffice, more: CustomsOffice) {
    label::add(&mut known.names, more.names);
    known.roles.extend(more.roles);
    known.roles.sort_unstable();
    known.roles.dedup();
    known.zone = more.zone.or(known.zone.take());
    known.phone = known.phone.take().or(more.phone);
    if !more.hours.is_empty() {
        known.hours = more.hours;
    }
    known.number = known.number.max(more.number);
}

fn office(row: EntryRow) -> Result<CustomsOffice, serde_json::Error> {
    let facts: OfficeProperties = serde_json::from_str(&row.properties)?;
    Ok(CustomsOffice {
        names: label::read(&row.labels),
        roles: row.tags.split_whitespace().map(ToOwned::to_owned).collect(),
        country: facts.country,
        zone: facts.zone,
        phone: facts.phone,
        hours: facts.hours,
        id: row.code,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        dataset: row.dataset,
        number: row.since,
    })
}
