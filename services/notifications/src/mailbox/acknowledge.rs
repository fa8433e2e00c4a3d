//! Use case: acknowledge notifications, by id, by number or all up to a number.

use std::collections::{HashMap, HashSet};

use customs_kernel::{Caller, Finding, problem};
use customs_notifications_contract::{AcknowledgeNotifications, AcknowledgedNotifications};
use customs_platform::{Acts, Failure, Work};
use uuid::Uuid;

use super::{owner::own_box, store};
use crate::{App, page};

/// How many ids or numbers one request may name.
const NAMED_MAX: usize = 500;

impl Acts<AcknowledgeNotifications> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: AcknowledgeNotifications,
    ) -> Result<AcknowledgedNotifications, Failure> {
        page::refuse(form(&ask))?;
        let owner = own_box(caller, ask.office.as_deref())?;
        let totals = store::lock(work.txn(), &owner).await?;
        let ids = ask.ids.unwrap_or_default();
        let known = store::numbers_of(work.txn(), &owner, &ids).await?.into_iter().collect();
        let numbers = ask.numbers.unwrap_or_default();
        let missing = missing(&ids, &known, &numbers, ask.up_to, totals.last_number);
        if !missing.is_empty() {
            let text = "some of the notifications are not in the box; nothing was acknowledged";
            return Err(problem::NOT_FOUND.because(text).with_errors(missing).into());
        }
        let all: HashSet<i64> = known.into_values().chain(numbers).collect();
        let all: Vec<i64> = all.into_iter().collect();
        let up_to = ask.up_to.unwrap_or_default();
        let acknowledged = store::acknowledge(work.txn(), &owner, &all, up_to, work.now()).await?;
        Ok(AcknowledgedNotifications {
            acknowledged,
            unacknowledged: totals.unacknowledged.saturating_sub(acknowledged),
        })
    }
}

fn form(ask: &AcknowledgeNotifications) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ids = ask.ids.as_ref().map_or(0, Vec::len);
    let numbers = ask.numbers.as_ref().map_or(0, Vec::len);
    for (pointer, named) in [("/ids", ids), ("/numbers", numbers)] {
        if named > NAMED_MAX {
            findings.push(page::invalid(pointer, &format!("name at most {NAMED_MAX} at a time")));
        }
    }
    if ids == 0 && numbers == 0 && ask.up_to.is_none() {
        findings.push(page::invalid("/ids", "name ids, numbers or upTo"));
    }
    if ask.up_to.is_some_and(|number| number < 1) {
        findings.push(page::invalid("/upTo", "numbers begin at 1"));
    }
    findings
}

fn missing(
    ids: &[Uuid],
    known: &HashMap<Uuid, i64>,
    numbers: &[i64],
    up_to: Option<i64>,
    last: i64,
) -> Vec<Finding> {
    let absent = |pointer: String| {
        Finding::new(problem::NOT_FOUND.code, pointer, "there is no such notification in the box")
    };
    let mut missing = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        if !known.contains_key(id) {
            missing.push(absent(format!("/ids/{at}")).with_value(id.to_string()));
        }
    }
    for (at, number) in numbers.iter().enumerate() {
        if !(1..=last).contains(number) {
            missing.push(absent(format!("/numbers/{at}")).with_value(number.to_string()));
        }
    }
    if let Some(number) = up_to.filter(|number| *number > last) {
        missing.push(absent("/upTo".to_owned()).with_value(number.to_string()));
    }
    missing
}
