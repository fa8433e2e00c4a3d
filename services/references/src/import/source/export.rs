//! The JSON exports of reference data: lists by name with their entries, streamed.

use std::{borrow::Cow, fmt, io::Read};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    Sink, central, office,
    text::{Text, day, invalid},
};
use crate::{dataset, entry::Draft};

/// Under which names the code of an entry stands, the usual first.
const CODE_KEYS: &[&str] =
    &["code", "documentType", "unLocodeExtendedCode", "currency", "qualifier", "role", "method", "type"];

/// Reads an export into `sink`, to the very end of the file.
pub(super) fn read(source: impl Read, sink: &mut impl Sink) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_reader(source);
    Top(sink).deserialize(&mut deserializer)?;
    deserializer.end()
}

struct Top<'s, S>(&'s mut S);
struct Lists<'s, S>(&'s mut S);
struct List<'s, S>(&'s mut S, String);
struct Entries<'s, S>(&'s mut S);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageInformation {
    #[serde(default)]
    snapshot_date: Option<String>,
}

macro_rules! visits {
    ($($seed:ident $method:ident;)*) => {$(
        impl<'de, S: Sink> DeserializeSeed<'de> for $seed<'_, S> {
            type Value = ();
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                deserializer.$method(self)
            }
        }
    )*};
}

visits! {
    Top deserialize_map;
    Lists deserialize_map;
    List deserialize_map;
    Entries deserialize_seq;
}

impl<'de, S: Sink> Visitor<'de> for Top<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an export of reference data")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match key.as_ref() {
                "messageInformation" => {
                    let information: MessageInformation = map.next_value()?;
                    if let Some(text) = information.snapshot_date {
                        let day = day(&text).map_err(Error::custom)?;
                        self.0.day(day).map_err(Error::custom)?;
                    }
                }
                "lists" => map.next_value_seed(Lists(&mut *self.0))?,
                "elements" => map.next_value_seed(central::Elements(&mut *self.0))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

impl<'de, S: Sink> Visitor<'de> for Lists<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lists by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            map.next_value_seed(List(&mut *self.0, name))?;
        }
        Ok(())
    }
}

impl<'de, S: Sink> Visitor<'de> for List<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the list {}", self.1)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut entries = false;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match key.as_ref() {
                "listName" => self.1 = map.next_value()?,
                "listEntries" if self.1.eq_ignore_ascii_case(dataset::OFFICE_LIST) => {
                    entries = true;
                    map.next_value_seed(office::Offices(&mut *self.0))?;
                }
                "listEntries" => {
                    entries = true;
                    self.0.list(dataset::CODE_LISTS, &self.1, true).map_err(Error::custom)?;
                    map.next_value_seed(Entries(&mut *self.0))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if entries { Ok(()) } else { Err(Error::custom(format!("the list {} has no entries", self.1))) }
    }
}

impl<'de, S: Sink> Visitor<'de> for Entries<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the entries of a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(Entry(draft)) = seq.next_element()? {
            self.0.entry(draft).map_err(Error::custom)?;
        }
        Ok(())
    }
}

/// One entry of a code list.
struct Entry(Draft);

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry with a code")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let (mut state, mut from, mut label) = (None, None, None);
        let mut language = "en".to_owned();
        let mut others: Vec<(String, String)> = Vec::new();
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            let Text(value) = map.next_value()?;
            let Some(value) = value else { continue };
            match key.as_ref() {
                "state" => state = Some(value),
                "activeFrom" => from = Some(day(&value).map_err(Error::custom)?),
                "description" => label = Some(value),
                "name" => label = label.or(Some(value)),
                "languageCode" => language = value.to_lowercase(),
                _ => others.push((key.into_owned(), value)),
            }
        }
        let code = take_code(&mut others).map_err(Error::custom)?;
        let labels = label.into_iter().map(|text| (language.clone(), text)).collect();
        let invalid = invalid(state.as_deref()).map_err(Error::custom)?;
        let draft = Draft { code, valid_from: from, invalid, ..Draft::default() };
        Ok(Entry(draft.named(labels).with_properties(others)))
    }
}

/// Takes the code out of the members of an entry: what is called so, or the only one there is.
fn take_code(others: &mut Vec<(String, String)>) -> Result<String, String> {
    let known = CODE_KEYS.iter().find_map(|key| others.iter().position(|(name, _)| name == key));
    let place = known.or_else(|| (others.len() == 1).then_some(0));
    let (_, code) = others.swap_remove(place.ok_or("an entry has no code")?);
    Ok(code)
}
