//! What the parties and officers see of a movement over the public API, at the end of its story.

use anyhow::Context as _;
use customs_kernel::Mrn;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    client::Ask,
    site::Site,
    story::{Played, Story},
    vault::SERVICES,
};

/// What can be held of the two guarantees of the declarant, and how much the months have counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Books {
    balances: [String; 2],
    /// Released, arrived, discharged.
    counted: [i64; 3],
}

impl Books {
    /// The books as the declarant and the officer of departure read them.
    pub(crate) fn read(site: &mut Site) -> anyhow::Result<Self> {
        let mut balance = |grn: &str| -> anyhow::Result<String> {
            let path = format!("/guarantees/{}", site.client.guarantee(grn));
            Ok(site.ask(&Ask::read("declarant", path))?["available"].to_string())
        };
        let balances = [balance("grn")?, balance("smallGrn")?];
        let mut counted = [0; 3];
        let months = site.ask(&Ask::read("officer-departure", "/statistics/months"))?;
        for month in items(&months) {
            let month = month["month"].as_str().context("a month has a name")?;
            let path = format!("/statistics/transit/{month}?country=KZ&partner=UZ&first=100");
            let page = site.ask(&Ask::read("officer-departure", path))?;
            for row in items(&page).iter().filter(|row| row["transitCountry"].is_null()) {
                for (figure, name) in counted.iter_mut().zip(["released", "arrived", "discharged"]) {
                    *figure += row[name].as_i64().with_context(|| format!("a row has {name}"))?;
                }
            }
        }
        Ok(Self { balances, counted })
    }

    /// The same after one more movement of `story`.
    fn after(&self, story: Story) -> Self {
        let moved = i64::from(story.end() == "written-off");
        Self { balances: self.balances.clone(), counted: self.counted.map(|figure| figure + moved) }
    }
}

fn items(page: &Value) -> Vec<Value> {
    page["items"].as_array().cloned().unwrap_or_default()
}

fn texts(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

fn numbers(items: &[Value], field: &str) -> Vec<i64> {
    items.iter().filter_map(|item| item[field].as_i64()).collect()
}

/// Everything that the parties see differently from what `played` should have made of `before`.
pub(crate) fn view(site: &mut Site, played: &Played, before: &Books) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut same = |what: &str, expected: Value, seen: Value| {
        if expected != seen {
            wrong.push(format!("{what}: {seen}, not {expected}"));
        }
    };
    let found = site.ask(&Ask::read("declarant", format!("/movements?lrn={}", played.lrn)))?;
    same("movements of the LRN", json!([played.movement]), texts(&items(&found), "id").into());
    same("their MRN", json!([played.mrn]), texts(&items(&found), "mrn").into());
    same("their state", json!([played.story.end()]), texts(&items(&found), "state").into());
    same("a sound MRN", true.into(), played.mrn.parse::<Mrn>().is_ok().into());
    let (departure, arrival) = messages(played.story);
    same("messages of the departure", departure.into(), letters(site, "declarant", played.movement)?.into());
    if let Some(id) = played.arrival {
        same("messages of the arrival", arrival.into(), letters(site, "carrier", id)?.into());
    }
    let timeline = format!("/movements/{}/timeline?first=100", played.movement);
    let timeline = items(&site.ask(&Ask::read("declarant", timeline))?);
    same("the timeline", events(played.story).into(), texts(&timeline, "event").into());
    let told = notices(site, played)?;
    same("changes in the box", numbers(&timeline, "sequence").into(), numbers(&told, "change").into());
    same("their states", texts(&timeline, "state").into(), texts(&told, "state").into());
    let uses = site.ask(&Ask::read("insurer", format!("/guarantee-uses?mrn={}", played.mrn)))?;
    let held = if played.story == Story::Expired { vec![] } else { vec!["freed"] };
    same("uses of the guarantee", held.into(), texts(&items(&uses), "state").into());
    for guarantee in ["grn", "smallGrn"] {
        let path = format!("/guarantees/{}/reconciliation", site.client.guarantee(guarantee));
        let sum = site.ask(&Ask::json("officer-departure", path, &json!({})))?;
        same("the ledger adds up", true.into(), sum["balanced"].clone());
    }
    for service in SERVICES {
        let letters = site.ask(&Ask::read("administrator", format!("/admin/dead-letters/{service}")))?;
        same("dead letters", json!([]), items(&letters).into());
    }
    let (expected, seen) = (before.after(played.story), Books::read(site)?);
    if expected != seen {
        wrong.push(format!("the books: {seen:?}, not {expected:?}"));
    }
    Ok(wrong)
}

/// The messages of a dossier that `who` sees, `2 CC028C`, in their order.
fn letters(site: &mut Site, who: &'static str, dossier: Uuid) -> anyhow::Result<Vec<String>> {
    let page = site.ask(&Ask::read(who, format!("/movements/{dossier}/messages?first=100")))?;
    let said = |letter: &Value| {
        format!("{} {}", letter["sequence"], letter["messageType"].as_str().unwrap_or_default())
    };
    Ok(items(&page).iter().map(said).collect())
}

/// What the box of the declarant tells of changes of the movement, as `change` and `state`; numbers have no gap.
fn notices(site: &mut Site, played: &Played) -> anyhow::Result<Vec<Value>> {
    let (mut told, mut after) = (Vec::new(), 0);
    loop {
        let page =
            site.ask(&Ask::read("declarant", format!("/notifications?first=100&afterNumber={after}")))?;
        let own = items(&page);
        for entry in &own {
            anyhow::ensure!(entry["number"] == after + 1, "notification {} after {after}", entry["number"]);
            after += 1;
            let change = entry.pointer("/event/type") == Some(&json!("ecustoms.movement.changed"));
            if change && entry["movement"] == json!(played.movement) {
                let sequence = entry.pointer("/event/data/sequence");
                told.push(json!({"change": sequence, "state": entry["state"]}));
            }
        }
        if own.len() < 100 {
            return Ok(told);
        }
    }
}

/// The messages of departure and arrival that a story makes, each once.
fn messages(story: Story) -> (Vec<String>, Vec<String>) {
    let begin = ["CC015C", "CC928C", "CC028C"];
    let end: &[&str] = match story {
        Story::Discharged => &["CC029C", "CC045C"],
        Story::Amended => &["CC055C", "CC013C", "CC004C", "CC029C", "CC045C"],
        Story::Expired => &["CC055C", "CC051C"],
        Story::Withdrawn => &["CC014C", "CC009C"],
    };
    let numbered = |types: &mut dyn Iterator<Item = &&str>| {
        types.enumerate().map(|(place, each)| format!("{} {each}", place + 1)).collect()
    };
    let departure = numbered(&mut begin.iter().chain(end));
    (departure, numbered(&mut ["CC007C", "CC043C", "CC044C", "CC025C"].iter()))
}

/// What happens to a movement in a story, each once.
fn events(story: Story) -> Vec<&'static str> {
    let refused = ["accepted", "guarantee-refused"];
    let amended = ["guarantee-amended", "guarantee-registered"];
    let held = ["accepted", "guarantee-registered"];
    let journey =
        ["released", "crossed", "crossed", "crossed", "crossed", "arrived", "discharge-begun", "written-off"];
    let parts: &[&[&'static str]] = match story {
        Story::Discharged => &[&held, &journey],
        Story::Amended => &[&refused, &amended, &journey],
        Story::Expired => &[&refused, &["expired"]],
        Story::Withdrawn => &[&held, &["cancelled"]],
    };
    parts.concat()
}
