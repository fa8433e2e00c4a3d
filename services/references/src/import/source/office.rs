//! The customs office list: one row a language, brought together by reference number.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use chrono::NaiveDate;
use customs_kernel::OfficeCode;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, SeqAccess, Visitor},
};

use super::{
    Sink,
    text::{day, invalid},
};
use crate::{
    dataset,
    entry::{Draft, OfficeProperties},
};

/// Reads the offices of an export into a sink.
pub(super) struct Offices<'s, S>(pub(super) &'s mut S);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfficeEntry {
    id: String,
    country_id: String,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    active_from: Option<String>,
    #[serde(default)]
    language_code: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    phone_number: Option<String>,
    #[serde(default)]
    roles: Vec<OfficeRole>,
}

#[derive(Deserialize)]
struct OfficeRole {
    role: String,
}

/// An office as it is being brought together.
#[derive(Debug, Default)]
pub(super) struct Office {
    pub(super) from: Option<NaiveDate>,
    pub(super) invalid: bool,
    pub(super) names: Vec<(String, String)>,
    pub(super) roles: BTreeSet<String>,
    pub(super) facts: OfficeProperties,
}

impl Office {
    /// The office as an entry under its reference number.
    pub(super) fn draft(self, id: String) -> Result<Draft, String> {
        let code: OfficeCode =
            id.parse().map_err(|_| format!("{id:?} is not the reference number of a customs office"))?;
        if code.country() != self.facts.country {
            return Err(format!("the customs office {id} is not of {}", self.facts.country));
        }
        let roles: Vec<String> = self.roles.into_iter().collect();
        if let Some(role) = roles.iter().find(|role| !is_role(role)) {
            return Err(format!("{role:?} is not a role of a customs office"));
        }
        let tags = if roles.is_empty() { String::new() } else { format!(" {} ", roles.join(" ")) };
        let properties = serde_json::to_string(&self.facts).map_err(|error| error.to_string())?;
        let draft =
            Draft { code: id, valid_from: self.from, invalid: self.invalid, tags, ..Draft::default() };
        Ok(Draft { properties, ..draft.named(self.names) })
    }
}

fn is_role(role: &str) -> bool {
    (1..=10).contains(&role.len())
        && role.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

impl<'de, S: Sink> DeserializeSeed<'de> for Offices<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Offices<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("customs offices")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut offices: BTreeMap<String, Office> = BTreeMap::new();
        while let Some(entry) = seq.next_element::<OfficeEntry>()? {
            let office = offices.entry(entry.id.clone()).or_default();
            add(office, entry).map_err(Error::custom)?;
        }
        self.0.list(dataset::OFFICES, dataset::OFFICE_LIST, true).map_err(Error::custom)?;
        for (id, office) in offices {
            let draft = office.draft(id).map_err(Error::custom)?;
            self.0.entry(draft).map_err(Error::custom)?;
        }
        Ok(())
    }
}

fn add(office: &mut Office, entry: OfficeEntry) -> Result<(), String> {
    let from = entry.active_from.as_deref().map(day).transpose()?;
    office.from = office.from.max(from);
    office.invalid |= invalid(entry.state.as_deref())?;
    office.facts.country = entry.country_id;
    office.facts.phone = office.facts.phone.take().or(entry.phone_number);
    office.roles.extend(entry.roles.into_iter().map(|role| role.role));
    if let Some(name) = entry.name {
        let language = entry.language_code.unwrap_or_else(|| "en".to_owned()).to_lowercase();
        office.names.push((language, name));
    }
    Ok(())
}
