//! The guarantees of the demo nation: a comprehensive one that is ample and one that is too small.

use std::{path::Path, time::Duration};

use anyhow::Context;
use chrono::{Days, NaiveDate};
use customs_guarantees_contract::{ApproveGuarantee, GuaranteeMoney, ProposeGuarantee};
use customs_kernel::{Actor, Caller, Clock, Role, UseCase, problem};
use customs_web_broker::seed::DEMO;
use serde::{Deserialize, Serialize};

use crate::suite::{Suite, write_private};

/// What the declarant of the demo nation may use.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoGuarantees {
    /// Number of the ample guarantee.
    pub grn: String,
    /// Its access code.
    pub access_code: String,
    /// Number of the guarantee that is too small for a usual movement.
    pub small_grn: String,
    /// Its access code.
    pub small_access_code: String,
}

/// Lets the insurer propose and customs approve the guarantees, once for a data directory.
pub(super) async fn lodge(suite: &Suite, directory: &Path) -> anyhow::Result<DemoGuarantees> {
    let file = directory.join("guarantees.json");
    if file.exists() {
        return Ok(serde_json::from_slice(&std::fs::read(&file)?)?);
    }
    let today = suite.clock.now().date_naive();
    let (grn, access_code) = one(suite, "5000000.00", today).await?;
    let (small_grn, small_access_code) = one(suite, "100.00", today).await?;
    let lodged = DemoGuarantees { grn, access_code, small_grn, small_access_code };
    write_private(&file, &serde_json::to_vec_pretty(&lodged)?)?;
    Ok(lodged)
}

async fn one(suite: &Suite, amount: &str, today: NaiveDate) -> anyhow::Result<(String, String)> {
    let propose = ProposeGuarantee {
        guarantee_type: "1".to_owned(),
        guarantor_kind: Some("insurer".to_owned()),
        owner: eori("declarant")?.to_owned(),
        office_of_guarantee: "KZALA001".to_owned(),
        insured_amount: GuaranteeMoney { amount: amount.to_owned(), currency: "EUR".to_owned() },
        valid_from: today,
        valid_until: today.checked_add_days(Days::new(730)).context("the calendar ends")?,
        payment_terms: "payment within 30 days of the claim".to_owned(),
        liabilities: "customs duties and taxes of transit movements of the owner".to_owned(),
        not_valid_in: None,
        warn_at_percent: None,
    };
    let proposed = patiently(suite, &caller("insurer", Role::Guarantor)?, propose).await?;
    let approve = ApproveGuarantee { reference: proposed.id.to_string(), version: None };
    let issued = patiently(suite, &caller("officer-departure", Role::OfficerOfDeparture)?, approve).await?;
    let grn = issued.guarantee.grn.context("an approved guarantee has a number")?;
    Ok((grn, issued.access_code.context("a comprehensive guarantee has an access code")?))
}

/// Asks until the service answers: in a suite of many processes it may start after this one.
async fn patiently<U: UseCase + Clone>(suite: &Suite, caller: &Caller, ask: U) -> anyhow::Result<U::Output> {
    let mut tries = 0;
    loop {
        match suite.desk.ask(caller, ask.clone()).await {
            Err(problem) if problem.is(problem::UNAVAILABLE) && tries < 120 => tries += 1,
            answer => return Ok(answer?),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn eori(login: &str) -> anyhow::Result<&'static str> {
    let person = DEMO.iter().find(|person| person.login == login);
    Ok(person.with_context(|| format!("the demo nation has no {login}"))?.eori)
}

fn caller(login: &str, role: Role) -> anyhow::Result<Caller> {
    let actor = Actor {
        subject: format!("demo:{login}"),
        party: Some(eori(login)?.parse()?),
        roles: vec![role],
        offices: vec!["KZALA001".parse()?],
    };
    Ok(Caller::new(actor, "demo"))
}
