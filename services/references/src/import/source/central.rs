//! The answers of a central reference data API: code lists and customs offices, a page at a time.
//!
//! A page names only a part of a list, so what it does not name stays.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use customs_references_contract::OfficeHours;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, SeqAccess, Visitor},
};

use super::{
    Sink,
    office::Office,
    text::{Text, day, invalid},
};
use crate::{
    dataset,
    entry::{Draft, OfficeProperties},
};

/// Reads the elements of a page into a sink.
pub(super) struct Elements<'s, S>(pub(super) &'s mut S);

#[derive(Deserialize)]
#[serde(untagged)]
enum Element {
    List(ListElement),
    Office(Box<OfficeElement>),
}

#[derive(Deserialize)]
struct ListElement {
    code_list_name: String,
    rdentry: Vec<ListEntry>,
}

#[derive(Deserialize)]
struct ListEntry {
    dataitem: Vec<DataItem>,
    #[serde(default)]
    language: Vec<Language>,
}

#[derive(Deserialize)]
struct DataItem {
    dataitem_name: String,
    #[serde(default)]
    dataitem_value: Text,
}

#[derive(Deserialize)]
struct Language {
    lang_code: String,
    #[serde(default)]
    lang_desc: Text,
}

#[derive(Deserialize)]
struct OfficeElement {
    referencenumber: String,
    countrycode: String,
    #[serde(default)]
    rdentrystatus: Option<Status>,
    #[serde(default)]
    phonenumber: Text,
    #[serde(default)]
    customsofficelsd: Vec<Described>,
    #[serde(default)]
    customsofficetimetable: Vec<Timetable>,
}

#[derive(Deserialize)]
struct Status {
    state: String,
    activefrom: String,
}

#[derive(Deserialize)]
struct Described {
    customsofficeusualname: String,
    languagecode: String,
}

#[derive(Deserialize)]
struct Timetable {
    #[serde(default)]
    customsofficetimetableline: Vec<TimetableLine>,
}

#[derive(Deserialize)]
struct TimetableLine {
    #[serde(default)]
    dayintheweekbeginday: Text,
    #[serde(default)]
    dayintheweekendday: Text,
    #[serde(default)]
    openinghourstimefirstperiodfrom: Text,
    #[serde(default)]
    openinghourstimefirstperiodto: Text,
    #[serde(default)]
    openinghourstimesecondperiodfrom: Text,
    #[serde(default)]
    openinghourstimesecondperiodto: Text,
    #[serde(default)]
    customsofficeroletrafficcompetence: Vec<Competence>,
}

#[derive(Deserialize)]
struct Competence {
    rolename: String,
}

impl<'de, S: Sink> DeserializeSeed<'de> for Elements<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Elements<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("code lists or customs offices")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut offices: BTreeMap<String, Office> = BTreeMap::new();
        while let Some(element) = seq.next_element::<Element>()? {
            match element {
                Element::List(list) => take_list(self.0, list).map_err(Error::custom)?,
                Element::Office(office) => {
                    let (id, office) = read_office(*office).map_err(Error::custom)?;
                    offices.insert(id, office);
                }
            }
        }
        if offices.is_empty() {
            return Ok(());
        }
        self.0.list(dataset::OFFICES, dataset::OFFICE_LIST, false).map_err(Error::custom)?;
        for (id, office) in offices {
            let draft = office.draft(id).map_err(Error::custom)?;
            self.0.entry(draft).map_err(Error::custom)?;
        }
        Ok(())
    }
}

fn take_list(sink: &mut impl Sink, list: ListElement) -> Result<(), String> {
    sink.list(dataset::CODE_LISTS, &list.code_list_name, false)?;
    let mut seen = HashSet::new();
    for entry in list.rdentry {
        let draft = read_entry(entry).map_err(|error| format!("{}: {error}", list.code_list_name))?;
        // A code comes once for each phase and domain in which it is used.
        if seen.insert(draft.code.clone()) {
            sink.entry(draft)?;
        }
    }
    Ok(())
}

fn read_entry(entry: ListEntry) -> Result<Draft, String> {
    let mut items = entry.dataitem.into_iter();
    let code = items.next().and_then(|item| item.dataitem_value.0).ok_or("an entry has no code")?;
    let mut draft = Draft { code, ..Draft::default() };
    for item in items {
        let Some(value) = item.dataitem_value.0 else { continue };
        match item.dataitem_name.as_str() {
            "RDEntryStatus_state" => draft.invalid = invalid(Some(&value))?,
            "RDEntryStatus_activeFrom" | "Action_ActivationDate" => draft.valid_from = Some(day(&value)?),
            _ => {}
        }
    }
    let names = entry
        .language
        .into_iter()
        .filter_map(|language| Some((language.lang_code.to_lowercase(), language.lang_desc.0?)))
        .collect();
    Ok(draft.named(names))
}

fn read_office(element: OfficeElement) -> Result<(String, Office), String> {
    let mut office = Office {
        facts: OfficeProperties {
            country: element.countrycode,
            phone: element.phonenumber.0,
            ..OfficeProperties::default()
        },
        ..Office::default()
    };
    if let Some(status) = element.rdentrystatus {
        office.invalid = invalid(Some(&status.state))?;
        office.from = Some(day(&status.activefrom)?);
    }
    office.names = element
        .customsofficelsd
        .into_iter()
        .map(|name| (name.languagecode.to_lowercase(), name.customsofficeusualname))
        .collect();
    for line in element.customsofficetimetable.into_iter().flat_map(|table| table.customsofficetimetableline)
    {
        office.facts.hours.extend(hours(&line));
        office.roles.extend(line.customsofficeroletrafficcompetence.into_iter().map(|role| role.rolename));
    }
    Ok((element.referencenumber, office))
}

/// The opening hours of a line; what cannot be read as a time is left out.
fn hours(line: &TimetableLine) -> Vec<OfficeHours> {
    let weekday = |text: &Text| text.0.as_deref().and_then(|text| text.parse().ok());
    let (Some(first_day), Some(last_day)) =
        (weekday(&line.dayintheweekbeginday), weekday(&line.dayintheweekendday))
    else {
        return Vec::new();
    };
    let periods = [
        (&line.openinghourstimefirstperiodfrom, &line.openinghourstimefirstperiodto),
        (&line.openinghourstimesecondperiodfrom, &line.openinghourstimesecondperiodto),
    ];
    periods
        .into_iter()
        .filter_map(|(opens, closes)| {
            Some(OfficeHours { first_day, last_day, opens: time(opens)?, closes: time(closes)? })
        })
        .collect()
}

/// `0830` as `08:30`.
fn time(text: &Text) -> Option<String> {
    let text =
        text.0.as_deref().filter(|text| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (hours, minutes) = text.split_at(2);
    Some(format!("{hours}:{minutes}"))
}
