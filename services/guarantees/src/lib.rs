//! The guarantees service: contracts, the double-entry ledger, holds and what becomes of them.

mod access;
mod bus;
mod changes;
mod guarantee;
mod hold;
mod input;
mod kind;
mod ledger;

use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use customs_guarantees_contract as asks;
use customs_kernel::Grn;
use customs_platform::{Cache, Ports, Service, Store, UseCases};
use serde::{Deserialize, Serialize};

pub use bus::SUBSCRIPTION;

/// The name of the service, of its queue and of its schema.
pub const NAME: &str = "guarantees";

/// What differs from one customs administration to another.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The country that issues guarantee reference numbers, two letters.
    pub country: String,
    /// How many minutes the offices are ahead of UTC, for periods counted in days.
    pub utc_offset_minutes: i32,
}

/// The guarantees service.
pub struct App {
    store: Store,
    cache: Arc<dyn Cache>,
    country: String,
    zone: FixedOffset,
}

/// The service on its ports: what it can be asked, what it hears and its deadlines.
pub fn service(ports: Ports, config: &Config) -> anyhow::Result<(Arc<App>, Service)> {
    Grn::compose(2026, &config.country, "000000000001")
        .with_context(|| format!("the country of guarantees cannot be {:?}", config.country))?;
    let zone = config.utc_offset_minutes.checked_mul(60).and_then(FixedOffset::east_opt);
    let zone = zone.context("the offices cannot be a day or more away from UTC")?;
    let app = Arc::new(App { store: ports.store, cache: ports.cache, country: config.country.clone(), zone });
    let service = Service::new(NAME, app.store.clone(), use_cases(&app))
        .hearing(SUBSCRIPTION, Arc::<App>::clone(&app))
        .ringing(Arc::<App>::clone(&app))
        .measuring(Arc::<App>::clone(&app));
    Ok((app, service))
}

fn use_cases(app: &Arc<App>) -> UseCases {
    let store = &app.store;
    UseCases::new()
        .acts::<asks::ProposeGuarantee>(app, store)
        .acts::<asks::ReviewGuarantee>(app, store)
        .acts::<asks::ApproveGuarantee>(app, store)
        .acts::<asks::RejectGuarantee>(app, store)
        .acts::<asks::ReplaceAccessCode>(app, store)
        .acts::<asks::SuspendGuarantee>(app, store)
        .acts::<asks::ResumeGuarantee>(app, store)
        .acts::<asks::CancelGuarantee>(app, store)
        .acts::<asks::AmendGuarantee>(app, store)
        .acts::<asks::GrantGuaranteeLevel>(app, store)
        .acts::<asks::ReduceHold>(app, store)
        .acts::<asks::CallHold>(app, store)
        .acts::<asks::RecordGuaranteePayment>(app, store)
        .acts::<asks::ReconcileGuarantee>(app, store)
        .answers::<asks::ListGuarantees>(app)
        .answers::<asks::GuaranteeDetail>(app)
        .answers::<asks::GuaranteeUses>(app)
        .answers::<asks::GuaranteeLedger>(app)
        .answers::<asks::GuaranteeBalance>(app)
}

impl App {
    /// The day at the offices.
    pub(crate) fn today(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}
