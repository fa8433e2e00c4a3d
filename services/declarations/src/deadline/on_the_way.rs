//! Deadlines of a journey that does not end in time: overdue, enquiry, recovery, claim.

use chrono::{DateTime, Utc};
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{ENQUIRY, RECOVERY, before_release::awaited, set};
use crate::{
    App,
    config::Settings,
    enquiry::{Debt, begin_recovery, claim, open_enquiry},
    store,
    transit::{Decision, MovementEvent, MovementState},
};

impl App {
    /// The time limit has passed: the movement is overdue, the offices on the way are asked.
    pub(super) async fn not_arrived(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, MovementState::Released).await? else {
            return Ok(());
        };
        let why = "the goods have not arrived within the time limit";
        movement.happen(MovementEvent::Expire, Decision::system(why), work.now())?;
        let due = work.now() + Settings::seconds(self.shared.settings.enquiry_s);
        set(work, &mut movement, ENQUIRY, due);
        store::save(work, &mut movement)
    }

    /// No office knows of the goods: the holder is asked (IE140).
    pub(super) async fn nobody_knows(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, MovementState::Overdue).await? else {
            return Ok(());
        };
        let why = Decision::system("no office has recorded the arrival of the goods");
        open_enquiry(self, work, &mut movement, MovementEvent::OpenEnquiry, why).await
    }

    /// The holder has not answered: the enquiry goes on until the debt is recovered.
    pub(super) async fn not_answered(
        &self,
        work: &mut Work,
        movement: Uuid,
        due_at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, MovementState::UnderEnquiry).await? else {
            return Ok(());
        };
        let settings = &self.shared.settings;
        let opened = due_at - Settings::seconds(settings.enquiry_answer_s);
        let due = (opened + Settings::seconds(settings.recovery_s)).max(work.now());
        movement.happen(
            MovementEvent::Remind,
            Decision::system("the holder has not answered in time"),
            work.now(),
        )?;
        set(work, &mut movement, RECOVERY, due);
        store::save(work, &mut movement)
    }

    /// The enquiry had no result for seven months: the debt is recovered (IE035).
    pub(super) async fn enquiry_without_result(
        &self,
        work: &mut Work,
        movement: Uuid,
    ) -> Result<(), Failure> {
        let mut movement = store::load(work, movement).await?;
        movement.deadline = None;
        if !matches!(movement.state, MovementState::UnderEnquiry | MovementState::EnquiryAnswered) {
            return Ok(());
        }
        let why = "the enquiry has had no result";
        begin_recovery(self, work, &mut movement, Debt::assumed(why), Decision::system(why)).await
    }

    /// The discrepancies were not solved in time: the debt is recovered (IE035).
    pub(super) async fn discrepancies_not_solved(
        &self,
        work: &mut Work,
        movement: Uuid,
    ) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, MovementState::DiscrepanciesPending).await? else {
            return Ok(());
        };
        let why = "the discrepancies were not solved in time";
        begin_recovery(self, work, &mut movement, Debt::assumed(why), Decision::system(why)).await
    }

    /// The holder has not paid: the guarantor is called.
    pub(super) async fn debt_not_paid(&self, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
        let Some(mut movement) = awaited(work, movement, MovementState::UnderRecovery).await? else {
            return Ok(());
        };
        let why = Decision::system("the holder has not paid in time");
        claim(self, work, &mut movement, why).await
    }
}
