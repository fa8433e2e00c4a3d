//! CSV files: the Harmonized System, countries, currencies; known by the names of their columns.

use std::{collections::BTreeMap, io::Read};

use chrono::{Months, NaiveDate};
use csv::{ReaderBuilder, StringRecord, Trim};

use super::{Broken, Sink};
use crate::{dataset, entry::Draft};

/// How a CSV file is read.
struct Shape {
    dataset: &'static str,
    list: &'static str,
    /// Columns that together are the code, joined by a hyphen; the file is known by them.
    code: &'static [&'static str],
    /// Further columns by which the file is known.
    known_by: &'static [&'static str],
    /// Languages and the columns with the names.
    labels: &'static [(&'static str, &'static str)],
    /// Further facts and their columns.
    properties: &'static [(&'static str, &'static str)],
    /// The column with the month of withdrawal.
    withdrawn: Option<&'static str>,
    /// A code that stands for all others and is left out.
    total: Option<&'static str>,
}

const SHAPES: &[Shape] = &[
    Shape {
        dataset: dataset::HARMONIZED_SYSTEM,
        list: "HarmonizedSystem",
        code: &["hscode"],
        known_by: &["description", "level"],
        labels: &[("en", "description")],
        properties: &[("section", "section"), ("parent", "parent"), ("level", "level")],
        withdrawn: None,
        total: Some("TOTAL"),
    },
    Shape {
        dataset: dataset::HARMONIZED_SYSTEM,
        list: "HarmonizedSystemSections",
        code: &["section"],
        known_by: &["name"],
        labels: &[("en", "name")],
        properties: &[],
        withdrawn: None,
        total: None,
    },
    Shape {
        dataset: dataset::COUNTRIES,
        list: "Countries",
        code: &["ISO3166-1-Alpha-2"],
        known_by: &["ISO3166-1-Alpha-3"],
        labels: &[
            ("en", "CLDR display name"),
            ("fr", "official_name_fr"),
            ("es", "official_name_es"),
            ("ru", "official_name_ru"),
            ("ar", "official_name_ar"),
            ("zh", "official_name_cn"),
        ],
        properties: &[
            ("alpha3", "ISO3166-1-Alpha-3"),
            ("numeric", "ISO3166-1-numeric"),
            ("currency", "ISO4217-currency_alphabetic_code"),
        ],
        withdrawn: None,
        total: None,
    },
    Shape {
        dataset: dataset::COUNTRIES,
        list: "CountrySubdivisions",
        code: &["SUCountry", "SUCode"],
        known_by: &["SUName"],
        labels: &[("en", "SUName")],
        properties: &[("type", "SUType")],
        withdrawn: None,
        total: None,
    },
    Shape {
        dataset: dataset::CURRENCIES,
        list: "Currencies",
        code: &["AlphabeticCode"],
        known_by: &["Currency"],
        labels: &[("en", "Currency")],
        properties: &[("numeric", "NumericCode"), ("minorUnit", "MinorUnit")],
        withdrawn: Some("WithdrawalDate"),
        total: None,
    },
    Shape {
        dataset: dataset::CODE_LISTS,
        list: "UnLocodeFunctions",
        code: &["FunctionCode"],
        known_by: &["FunctionDescription"],
        labels: &[("en", "FunctionDescription")],
        properties: &[],
        withdrawn: None,
        total: None,
    },
];

/// Where the columns of a shape stand in a file.
struct Columns {
    code: Vec<usize>,
    labels: Vec<(&'static str, usize)>,
    properties: Vec<(&'static str, usize)>,
    withdrawn: Option<usize>,
}

/// Reads a CSV file into `sink`.
pub(super) fn read(source: impl Read, sink: &mut impl Sink) -> Result<(), Broken> {
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(source);
    let unknown = || Broken::Kind("neither JSON nor a CSV file with columns that are known here".to_owned());
    let headers = match reader.headers() {
        Err(error) if error.is_io_error() => return Err(form(&error)),
        headers => headers.map_err(|_| unknown())?.clone(),
    };
    let (shape, columns) =
        SHAPES.iter().find_map(|shape| Some((shape, find(shape, &headers)?))).ok_or_else(unknown)?;
    let mut entries: BTreeMap<String, Draft> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| form(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let at_line = |error: String| Broken::Form(format!("line {line}: {error}"));
        if let Some(draft) = draft(shape, &columns, &record).map_err(at_line)? {
            add(shape, &mut entries, draft).map_err(at_line)?;
        }
    }
    sink.list(shape.dataset, shape.list, true).map_err(Broken::Form)?;
    entries.into_values().try_for_each(|draft| sink.entry(draft)).map_err(Broken::Form)
}

fn form(error: &csv::Error) -> Broken {
    Broken::Form(error.to_string())
}

fn find(shape: &Shape, headers: &StringRecord) -> Option<Columns> {
    let place = |name: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
    if shape.known_by.iter().any(|name| place(name).is_none()) {
        return None;
    }
    let of = |pairs: &[(&'static str, &'static str)]| {
        pairs.iter().filter_map(|(word, name)| Some((*word, place(name)?))).collect()
    };
    Some(Columns {
        code: shape.code.iter().map(|name| place(name)).collect::<Option<_>>()?,
        labels: of(shape.labels),
        properties: of(shape.properties),
        withdrawn: shape.withdrawn.and_then(place),
    })
}

/// The entry of a row; a row without a code, or the one for all codes, is none.
fn draft(shape: &Shape, columns: &Columns, record: &StringRecord) -> Result<Option<Draft>, String> {
    let cell = |place: usize| record.get(place).unwrap_or_default();
    let parts: Vec<&str> = columns.code.iter().map(|place| cell(*place)).collect();
    let code = parts.join("-");
    if parts.iter().any(|part| part.is_empty()) || shape.total == Some(code.as_str()) {
        return Ok(None);
    }
    let pairs = |columns: &[(&'static str, usize)]| {
        let filled = columns.iter().filter(|(_, place)| !cell(*place).is_empty());
        filled.map(|(word, place)| ((*word).to_owned(), cell(*place).to_owned())).collect()
    };
    let withdrawn = columns.withdrawn.map(cell).filter(|month| !month.is_empty());
    let valid_to = withdrawn.map(after_withdrawal).transpose()?;
    let draft = Draft { code, valid_to, ..Draft::default() };
    Ok(Some(draft.named(pairs(&columns.labels)).with_properties(pairs(&columns.properties))))
}

/// The first day after a withdrawal: after the month `2003-01`, or after the year in which `1989 to 1990` ends.
fn after_withdrawal(text: &str) -> Result<NaiveDate, String> {
    let last = text.rsplit(' ').next().unwrap_or(text);
    let (year, month) = match last.split_once('-') {
        None => (last, "12"),
        Some((_, year)) if year.len() == 4 => (year, "12"),
        Some((year, month)) => (year, month),
    };
    let first = year.parse().ok().zip(month.parse().ok());
    first
        .and_then(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1))
        .and_then(|day| day.checked_add_months(Months::new(1)))
        .ok_or_else(|| format!("{text:?} is neither a month nor years"))
}

/// Adds `draft`; a code that several rows share must be a currency of several countries.
fn add(shape: &Shape, entries: &mut BTreeMap<String, Draft>, draft: Draft) -> Result<(), String> {
    if let Some(known) = entries.get_mut(&draft.code) {
        if shape.withdrawn.is_none() {
            return Err(format!("code {} stands twice", draft.code));
        }
        // In use as long as any country uses it.
        if known.valid_to.is_some_and(|known| draft.valid_to.is_none_or(|to| to > known)) {
            *known = draft;
        }
        return Ok(());
    }
    entries.insert(draft.code.clone(), draft);
    Ok(())
}
