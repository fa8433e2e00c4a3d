//! The books before and after: balances of the guarantees, counters of the months, boxes.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, Months, TimeDelta, Utc};
use customs_kernel::Money;
use serde_json::{Value, json};
use tokio::time::{Instant, interval};
use uuid::Uuid;

use super::{
    client::Visitor,
    deviation::{Deviation, expect},
    goods::ITEMS,
    live::Live,
    stage::{Stage, Who},
};

/// How long statistics may lag behind the boxes.
const LAG: Duration = Duration::from_secs(10);
/// How often statistics are looked at meanwhile.
const LOOK: Duration = Duration::from_millis(100);
/// The offices of the play keep the time of Almaty and Tashkent: five hours ahead of UTC.
const OFFICES_AHEAD: TimeDelta = TimeDelta::hours(5);

/// What is compared.
pub(super) struct Books {
    /// What can be held of the ample guarantee.
    pub(super) ample: Money,
    /// What can be held of the small one.
    pub(super) small: Money,
    counted: Counted,
    months: [String; 2],
    /// Number of the newest notification of every box that is followed.
    boxes: Vec<i64>,
}

/// Transit from Kazakhstan to Uzbekistan.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Counted {
    released: i64,
    arrived: i64,
    discharged: i64,
    items: i64,
}

const BALANCE: &str = "query Balance($grn: String!, $accessCode: String!) {
    guaranteeBalance(grn: $grn, accessCode: $accessCode) { balance currency }
}";

impl Books {
    /// The books as they stand.
    pub(super) async fn open(stage: &mut Stage) -> anyhow::Result<Self> {
        // The play may begin in one month and end in the next.
        let months = months(stage.now());
        let (ample, small) = balances(stage).await?;
        let counted = counted(stage.who(Who::Departure), &months).await?;
        let boxes = stage.mailboxes().map(|(_, live)| live.last()).collect();
        let books = Self { ample, small, counted, months, boxes };
        stage.say(Who::Declarant, &format!("reads the balances: {ample} and {small}"), "");
        let Counted { released, arrived, discharged, .. } = books.counted;
        let figures = format!("{released} released, {arrived} arrived, {discharged} discharged");
        stage.say(Who::Departure, &format!("reads the month: {figures}"), "");
        Ok(books)
    }

    /// That of the ample guarantee `amount` is held beside what was held before, and of the small one nothing.
    pub(super) async fn held(&self, stage: &Stage, amount: Money) -> anyhow::Result<()> {
        let guarantees = stage.guarantees();
        let ample = available(stage, &guarantees.grn).await?;
        let small = available(stage, &guarantees.small_grn).await?;
        self.compare(amount, ample, small)?;
        stage.say(Who::Declarant, &format!("sees {ample} available"), "");
        Ok(())
    }

    /// That both balances are what they were.
    pub(super) async fn balances_are_back(&self, stage: &Stage) -> anyhow::Result<()> {
        let (ample, small) = balances(stage).await?;
        self.compare(Money::new(0, ample.currency), ample, small)?;
        stage.say(Who::Declarant, &format!("reads the balances: {ample} and {small}, as before"), "");
        Ok(())
    }

    fn compare(&self, held: Money, ample: Money, small: Money) -> anyhow::Result<()> {
        let expected = self.ample.minus(held)?.to_string();
        expect("the balance of the ample guarantee", expected, ample.to_string())?;
        expect("the balance of the small guarantee", self.small.to_string(), small.to_string())?;
        Ok(())
    }

    /// That the months have counted `movements` more, released, arrived and discharged.
    pub(super) async fn moved_by(&self, stage: &Stage, movements: i64) -> anyhow::Result<()> {
        let expected = Counted {
            released: self.counted.released + movements,
            arrived: self.counted.arrived + movements,
            discharged: self.counted.discharged + movements,
            items: self.counted.items + movements * ITEMS,
        };
        let (by, mut look) = (Instant::now() + LAG, interval(LOOK));
        loop {
            look.tick().await;
            let counted = counted(stage.who(Who::Departure), &self.months).await?;
            if counted == expected {
                let news = format!("the month has counted {movements} movements more");
                stage.say(Who::Departure, &news, "");
                return Ok(());
            }
            if Instant::now() >= by {
                expect("the counters of the month", expected, counted)?;
            }
        }
    }

    /// That every box holds exactly what was told live: each notification once, in order, without a gap.
    pub(super) async fn boxes_agree(&self, stage: &mut Stage) -> anyhow::Result<()> {
        let timeline = stage.timeline.clone();
        for ((visitor, live), before) in stage.mailboxes().zip(&self.boxes) {
            let kept = kept(visitor, *before).await?;
            live.catch_up(kept.last().map_or(*before, |(number, _)| *number)).await?;
            agree(visitor.login(), &kept, live)?;
            let told = format!("received {} notifications, each once and in order", kept.len());
            timeline.say(visitor.login(), told, "");
        }
        Ok(())
    }
}

fn agree(who: &str, kept: &[(i64, Uuid)], live: &Live) -> anyhow::Result<()> {
    let received = live.received();
    expect(&format!("how many notifications {who} received"), kept.len(), received.len())?;
    for (kept, received) in kept.iter().zip(received) {
        expect(&format!("a notification of {who}"), kept, received)?;
    }
    live.nothing_left()
}

/// Numbers and identities of what stands in the box of `visitor` behind the number `after`.
async fn kept(visitor: &Visitor, after: i64) -> anyhow::Result<Vec<(i64, Uuid)>> {
    let (mut kept, mut place) = (Vec::new(), format!("afterNumber={after}"));
    loop {
        let page: Value = visitor.get(&format!("/notifications?first=100&{place}")).await?.read()?;
        for item in page["items"].as_array().into_iter().flatten() {
            let number = item["number"].as_i64().context("a notification has a number")?;
            kept.push((number, serde_json::from_value(item["id"].clone())?));
        }
        match page["next"].as_str() {
            Some(next) => place = format!("after={next}"),
            None => return Ok(kept),
        }
    }
}

/// What can be held of the ample and of the small guarantee.
async fn balances(stage: &Stage) -> anyhow::Result<(Money, Money)> {
    let guarantees = stage.guarantees();
    let ample = balance(stage, &guarantees.grn, &guarantees.access_code).await?;
    let small = balance(stage, &guarantees.small_grn, &guarantees.small_access_code).await?;
    Ok((ample, small))
}

async fn balance(stage: &Stage, grn: &str, access_code: &str) -> anyhow::Result<Money> {
    let variables = json!({"grn": grn, "accessCode": access_code});
    let data = stage.who(Who::Declarant).graphql(BALANCE, &variables).await?;
    money(&data["guaranteeBalance"]["balance"], &data["guaranteeBalance"]["currency"])
}

/// What the owner sees in the contract; a balance by access code can be asked few times an hour only.
async fn available(stage: &Stage, grn: &str) -> anyhow::Result<Money> {
    let contract: Value = stage.who(Who::Declarant).get(&format!("/guarantees/{grn}")).await?.read()?;
    money(&contract["available"]["amount"], &contract["available"]["currency"])
}

fn money(amount: &Value, currency: &Value) -> anyhow::Result<Money> {
    let (amount, currency) = (amount.as_str().unwrap_or_default(), currency.as_str().unwrap_or_default());
    let read = currency.parse().and_then(|currency| Money::parse(amount, currency));
    Ok(read
        .map_err(|error| Deviation::new("a balance", "an amount", format!("{amount} {currency}: {error}")))?)
}

/// The counters of `months`, added up.
async fn counted(officer: &Visitor, months: &[String]) -> anyhow::Result<Counted> {
    let mut counted = Counted::default();
    for month in months {
        let path = format!("/statistics/transit/{month}?country=KZ&declarationType=T1&partner=UZ&first=100");
        let page: Value = officer.get(&path).await?.read()?;
        let rows = page["items"].as_array().into_iter().flatten();
        for row in rows.filter(|row| row["transitCountry"].is_null()) {
            let figure = |name: &str| row[name].as_i64().with_context(|| format!("a row has {name}"));
            counted.released += figure("released")?;
            counted.arrived += figure("arrived")?;
            counted.discharged += figure("discharged")?;
            counted.items += figure("items")?;
        }
    }
    Ok(counted)
}

/// The month by the calendar of the offices, and the one after it.
fn months(now: DateTime<Utc>) -> [String; 2] {
    let first = (now + OFFICES_AHEAD).date_naive();
    let first = first.with_day(1).unwrap_or(first);
    [first, first + Months::new(1)].map(|day| day.format("%Y-%m").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_is_that_of_the_offices() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(months(at("2026-11-30T18:59:00Z")), ["2026-11", "2026-12"]);
        assert_eq!(months(at("2026-11-30T19:00:00Z")), ["2026-12", "2027-01"]);
    }
}
