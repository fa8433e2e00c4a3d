//! A small nation to try the suite with: its organisations, its people and one delegation.

mod nation;

use chrono::TimeDelta;
use customs_platform::{Failure, Store, Work};
use customs_web_broker_contract::{
    DelegationScope, GrantDelegation, GrantMembership, NationalNumber, RegisterOrganisation, RegisterPerson,
};

pub use nation::{DEMO, DemoOrganisation, DemoPerson, NEWCOMER, ORGANISATIONS};

use crate::{NAME, delegation, membership, organisation, person};

/// How long the delegation of the demo nation is good for.
const DELEGATION: TimeDelta = TimeDelta::days(365);

/// Enters the demo nation into the register of `store`; what is there already stays as it is.
///
/// The broker may declare, notify arrivals and use guarantees for the declarant for a year; a delegation
/// that ran out or was taken back is granted anew.
pub async fn seed(store: &Store) -> Result<(), Failure> {
    let mut work = store.begin("seed", "seed").await?;
    let actor = format!("service:{NAME}");
    for demo in ORGANISATIONS {
        organisation(&mut work, &actor, demo).await?;
    }
    for demo in DEMO {
        person(&mut work, &actor, demo).await?;
    }
    mandate(&mut work, &actor).await?;
    work.commit().await
}

async fn organisation(work: &mut Work, actor: &str, demo: &DemoOrganisation) -> Result<(), Failure> {
    let eori = demo.eori.parse().map_err(anyhow::Error::new)?;
    if organisation::store::by_eori(work.txn(), &eori).await?.is_some() {
        return Ok(());
    }
    let ask = RegisterOrganisation {
        eori: demo.eori.to_owned(),
        name: demo.name.to_owned(),
        address_lines: demo.address_lines.iter().map(ToString::to_string).collect(),
        country: demo.country.to_owned(),
        national_number: NationalNumber { scheme: demo.scheme, number: demo.number.to_owned() },
        kinds: vec![demo.kind],
        active_from: None,
        active_to: None,
    };
    organisation::register(work, actor, ask).await?;
    Ok(())
}

async fn person(work: &mut Work, actor: &str, demo: &DemoPerson) -> Result<(), Failure> {
    let national_number = NationalNumber { scheme: demo.scheme, number: demo.number.to_owned() };
    let known = person::store::by_number(work.txn(), &national_number).await?;
    let person = if let Some(person) = known {
        person
    } else {
        let ask = RegisterPerson { name: demo.common_name.to_owned(), national_number };
        person::register(work, actor, ask).await?
    };
    let eori = demo.eori.parse().map_err(anyhow::Error::new)?;
    let organisation = organisation::store::by_eori(work.txn(), &eori).await?;
    let organisation =
        organisation.ok_or_else(|| anyhow::anyhow!("{} is no demo organisation", demo.eori))?;
    let now = work.now();
    let memberships = membership::store::not_ended(work.txn(), person.id(), organisation.id(), now).await?;
    if !memberships.is_empty() {
        return Ok(());
    }
    let ask = GrantMembership {
        person_id: person.id(),
        organisation_id: organisation.id(),
        roles: demo.roles.to_vec(),
        offices: demo.offices.iter().map(ToString::to_string).collect(),
        valid_from: None,
        valid_to: None,
    };
    membership::grant(work, actor, &ask).await?;
    Ok(())
}

/// Lets the demo broker act for the demo declarant.
async fn mandate(work: &mut Work, actor: &str) -> Result<(), Failure> {
    let principal = nation::DECLARANT.parse().map_err(anyhow::Error::new)?;
    let representative = nation::BROKER.parse().map_err(anyhow::Error::new)?;
    let now = work.now();
    let granted = delegation::store::of_pair(work.txn(), &principal, &representative, now).await?;
    if granted.iter().any(|delegation| delegation.is_in_force(now)) {
        return Ok(());
    }
    let sides = (
        organisation::store::by_eori(work.txn(), &principal).await?,
        organisation::store::by_eori(work.txn(), &representative).await?,
    );
    let (Some(principal), Some(representative)) = sides else { return Ok(()) };
    let ask = GrantDelegation {
        representative: nation::BROKER.to_owned(),
        scope: vec![DelegationScope::Declare, DelegationScope::Arrive, DelegationScope::GuaranteeUse],
        valid_from: None,
        valid_to: now + DELEGATION,
        cap: None,
    };
    delegation::grant(work, actor, (&principal, &representative), &ask).await?;
    Ok(())
}
