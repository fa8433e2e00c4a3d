//! Deadlines of declarations: how one is set, and what happens when it has passed.

mod arrivals;
mod before_release;
mod on_the_way;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use customs_platform::{Failure, Rings, Timer, Work};
use customs_references_contract::Lookup;
use uuid::Uuid;

use crate::{
    App, archive,
    config::Settings,
    shared::Shared,
    transit::{Deadline, Movement},
};

pub(crate) use before_release::not_released;

/// The goods of a pre-lodged declaration were not presented.
pub(crate) const PRESENTATION: &str = "presentation";
/// The guarantees may be amended no longer.
pub(crate) const GUARANTEE_AMENDMENT: &str = "guarantee-amendment";
/// The amendment that an officer has asked for did not come.
pub(crate) const AMENDMENT_REQUEST: &str = "amendment-request";
/// The holder did not say whether the goods shall go.
pub(crate) const RELEASE_REQUEST: &str = "release-request";
/// The goods of an authorised consignor were not controlled.
pub(crate) const SIMPLIFIED_RELEASE: &str = "simplified-release";
/// No officer has decided on the release.
pub(crate) const RELEASE_DECISION: &str = "release-decision";
/// The goods have not arrived within the time limit.
pub(crate) const TRANSIT: &str = "transit";
/// No office knows of the goods.
pub(crate) const ENQUIRY: &str = "enquiry";
/// The holder has not answered.
pub(crate) const ENQUIRY_ANSWER: &str = "enquiry-answer";
/// Seven months have gone by.
pub(crate) const RECOVERY: &str = "recovery";
/// The discrepancies were not solved.
pub(crate) const DISCREPANCIES: &str = "discrepancies";
/// The holder has not paid.
pub(crate) const DEBT: &str = "debt";
/// Of an arrival: the unloading remarks did not come.
pub(crate) const UNLOADING_REMARKS: &str = "unloading-remarks";
/// Of an arrival: conform unloading remarks were not controlled.
pub(crate) const CONFORM_RELEASE: &str = "conform-release";

/// Every deadline of a movement or an arrival, in the order of the procedure.
pub const DEADLINES: [&str; 14] = [
    PRESENTATION,
    GUARANTEE_AMENDMENT,
    AMENDMENT_REQUEST,
    RELEASE_REQUEST,
    SIMPLIFIED_RELEASE,
    RELEASE_DECISION,
    TRANSIT,
    ENQUIRY,
    ENQUIRY_ANSWER,
    RECOVERY,
    DISCREPANCIES,
    DEBT,
    UNLOADING_REMARKS,
    CONFORM_RELEASE,
];

/// From here on `movement` waits for `name` until `at`, and for nothing else; it is still to be saved.
pub(crate) fn set(work: &mut Work, movement: &mut Movement, name: &str, at: DateTime<Utc>) {
    clear(work, movement);
    work.set_timer(name, &movement.id.to_string(), at);
    movement.deadline = Some(Deadline { name: name.to_owned(), at });
}

/// From here on `movement` waits for nothing; it is still to be saved.
pub(crate) fn clear(work: &mut Work, movement: &mut Movement) {
    if let Some(deadline) = movement.deadline.take() {
        work.cancel_timer(&deadline.name, &movement.id.to_string());
    }
}

/// The goods may go: an authorised consignor's by themselves when nobody controls them, others by an officer.
pub(crate) fn await_release(shared: &Shared, work: &mut Work, movement: &mut Movement) {
    let wait = shared.settings.simplified_release_s;
    if !movement.simplified || wait == 0 {
        return await_decision(shared, work, movement);
    }
    let due = work.now() + Settings::seconds(wait);
    set(work, movement, SIMPLIFIED_RELEASE, due);
}

/// An officer decides on the release.
pub(crate) fn await_decision(shared: &Shared, work: &mut Work, movement: &mut Movement) {
    let due = work.now() + Settings::seconds(shared.settings.release_decision_s);
    set(work, movement, RELEASE_DECISION, due);
}

/// Until when released goods are to arrive: the end of the limit date by the calendar of the office of destination,
/// or the usual time for a journey.
pub(crate) fn time_limit(
    settings: &Settings,
    lookup: &Lookup,
    limit: Option<&str>,
    destination: &str,
    at: DateTime<Utc>,
) -> DateTime<Utc> {
    let usual = at + Settings::seconds(settings.transit_s);
    let Some(day) = limit.and_then(|text| text.parse::<NaiveDate>().ok()) else { return usual };
    let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    crate::reference::office_instant(lookup, destination, next)
}

#[async_trait]
impl Rings for App {
    async fn ring(&self, work: &mut Work, timer: &Timer) -> Result<(), Failure> {
        let id = Uuid::parse_str(&timer.aggregate).map_err(|error| Failure::Broken(error.into()))?;
        match timer.name.as_str() {
            PRESENTATION => self.not_presented(work, id).await,
            GUARANTEE_AMENDMENT => self.guarantee_not_amended(work, id).await,
            AMENDMENT_REQUEST => self.not_amended(work, id).await,
            RELEASE_REQUEST => self.release_not_asked_for(work, id).await,
            SIMPLIFIED_RELEASE => self.not_controlled(work, id).await,
            RELEASE_DECISION => self.release_not_decided(work, id).await,
            TRANSIT => self.not_arrived(work, id).await,
            ENQUIRY => self.nobody_knows(work, id).await,
            ENQUIRY_ANSWER => self.not_answered(work, id, timer.due_at).await,
            RECOVERY => self.enquiry_without_result(work, id).await,
            DISCREPANCIES => self.discrepancies_not_solved(work, id).await,
            DEBT => self.debt_not_paid(work, id).await,
            UNLOADING_REMARKS => self.no_remarks(work, id).await,
            CONFORM_RELEASE => self.conform(work, id).await,
            archive::ORDER => archive::order(work, &self.shared.settings.archive).await,
            other => Err(Failure::Broken(anyhow::anyhow!("there is no deadline {other}"))),
        }
    }
}
