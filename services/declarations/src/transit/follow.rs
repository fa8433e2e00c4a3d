//! Use case of anybody: follow a movement by its number.

use customs_declarations_contract::{FollowMovement, FollowedMovement, JourneyStage, OfficeRecord};
use customs_kernel::{Caller, Mrn, problem};
use customs_platform::{Answers, Failure};

use super::MovementState;
use crate::{App, store};

impl Answers<FollowMovement> for App {
    async fn answer(&self, _: &Caller, ask: FollowMovement) -> Result<FollowedMovement, Failure> {
        let mrn: Mrn = ask.mrn.parse().map_err(|error: customs_kernel::NumberError| {
            problem::INPUT_INVALID.because(error.to_string()).at("/mrn")
        })?;
        let unknown = || problem::NOT_FOUND.because("no movement with this MRN is known").at("/mrn");
        let reader = self.shared.store.reader();
        let id = store::id_by_mrn(reader, mrn.as_str()).await?.ok_or_else(unknown)?;
        let seen = store::movement_view(reader, id).await?;
        let state = MovementState::parse(&seen.state).ok_or_else(unknown)?;
        Ok(FollowedMovement {
            mrn: mrn.as_str().to_owned(),
            stage: stage(state),
            departure_office: seen.departure_office,
            destination_office: seen.destination_office,
            released_at: seen.released_at,
            offices: seen.offices.into_iter().map(plain).collect(),
        })
    }
}

/// What the public may know of a state: where the goods are, and nothing of decisions, controls or debts.
const fn stage(state: MovementState) -> JourneyStage {
    use MovementState as State;
    match state {
        State::Submitted
        | State::PreLodged
        | State::AwaitingAcceptance
        | State::GuaranteeUnderRegistration
        | State::GuaranteeUnderAmendment
        | State::AwaitingRelease
        | State::AmendmentRequested
        | State::UnderControl
        | State::MinorDiscrepancies => JourneyStage::Accepted,
        State::Released => JourneyStage::OnTheWay,
        State::Overdue
        | State::UnderEnquiry
        | State::EnquiryAnswered
        | State::UnderRecovery
        | State::ClaimRaised
        | State::GuarantorCalled => JourneyStage::Overdue,
        State::Arrived | State::DiscrepanciesPending | State::UnderDischarge => JourneyStage::Arrived,
        State::WrittenOff => JourneyStage::Discharged,
        State::Rejected | State::NotReleased | State::Cancelled => JourneyStage::Ended,
    }
}

/// The record of an office without what it decided: the goods were there, or are expected.
fn plain(record: OfficeRecord) -> OfficeRecord {
    let state = match record.state.as_str() {
        "under-control" | "cleared" | "stopped" => "expected".to_owned(),
        _ => record.state,
    };
    OfficeRecord { state, ..record }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_learns_where_goods_are_and_nothing_of_controls_or_debts() {
        assert_eq!(stage(MovementState::UnderControl), JourneyStage::Accepted);
        assert_eq!(stage(MovementState::GuarantorCalled), JourneyStage::Overdue);
        assert_eq!(stage(MovementState::WrittenOff), JourneyStage::Discharged);
        let record = |state: &str| OfficeRecord {
            office: "KGAKZ001".to_owned(),
            role: "transit".to_owned(),
            state: state.to_owned(),
            recorded_at: None,
        };
        assert_eq!(plain(record("stopped")), record("expected"));
        assert_eq!(plain(record("crossed")), record("crossed"));
    }
}
