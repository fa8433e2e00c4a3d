//! The life of a transit movement at its office of departure (domain: NCTS, office of departure).

customs_kernel::transitions! {
    /// Where a movement stands.
    pub enum MovementState {
        /// Taken in, not judged yet.
        Submitted = "submitted",
        /// Over: refused with every error; the local reference number is free again.
        Rejected = "rejected",
        /// Lodged before the goods are there.
        PreLodged = "pre-lodged",
        /// Lodged in the normal procedure; an officer accepts it or not.
        AwaitingAcceptance = "awaiting-acceptance",
        /// Accepted with an MRN; its guarantees are being held.
        GuaranteeUnderRegistration = "guarantee-under-registration",
        /// A guarantee is not valid; only guarantees may be amended (R0520).
        GuaranteeUnderAmendment = "guarantee-under-amendment",
        /// Guarantees are held and the risk is decided; release is next.
        AwaitingRelease = "awaiting-release",
        /// The declarant was asked to amend the declaration (IE022).
        AmendmentRequested = "amendment-requested",
        /// The goods are controlled before release.
        UnderControl = "under-control",
        /// The control has shown minor discrepancies; the holder says whether the goods shall go (IE054).
        MinorDiscrepancies = "minor-discrepancies",
        /// The goods are on their way.
        Released = "released",
        /// The time limit has passed and the goods have not arrived; the offices on the way are asked.
        Overdue = "overdue",
        /// Nobody knows of the goods; the holder is asked (IE140).
        UnderEnquiry = "under-enquiry",
        /// The holder has answered (IE141); an officer verifies the answer.
        EnquiryAnswered = "enquiry-answered",
        /// The goods are at an office of destination.
        Arrived = "arrived",
        /// Destination has found major discrepancies, which are to be solved.
        DiscrepanciesPending = "discrepancies-pending",
        /// The debt is recovered from the holder (IE035).
        UnderRecovery = "under-recovery",
        /// The holder has not paid; the guarantor is being called.
        ClaimRaised = "claim-raised",
        /// The guarantor is called and owes the debt.
        GuarantorCalled = "guarantor-called",
        /// Everybody is content; the guarantees are being freed.
        UnderDischarge = "under-discharge",
        /// Over: discharged or paid, nothing held.
        WrittenOff = "written-off",
        /// Over: never released, nothing held.
        NotReleased = "not-released",
        /// Over: withdrawn or invalidated, nothing held.
        Cancelled = "cancelled",
    }
    /// What happens to a movement.
    pub enum MovementEvent {
        /// The declaration breaks rules, or an officer does not accept it.
        Reject = "rejected",
        /// The declaration is lodged before the goods are there.
        PreLodge = "pre-lodged",
        /// The declaration is lodged and waits for an officer.
        Lodge = "lodged",
        /// The declaration is accepted.
        Accept = "accepted",
        /// The goods of a pre-lodged declaration are presented, which is thereby accepted.
        Present = "presented",
        /// The declaration is amended.
        Amend = "amended",
        /// The guarantees are amended.
        AmendGuarantee = "guarantee-amended",
        /// The declarant is asked to amend.
        AskAmendment = "amendment-requested",
        /// The declarant asks to withdraw; an officer decides.
        RequestWithdrawal = "withdrawal-requested",
        /// The officer does not let the declarant withdraw.
        DenyWithdrawal = "withdrawal-denied",
        /// The declaration is withdrawn by the declarant.
        Cancel = "cancelled",
        /// The declaration is invalidated by customs.
        Invalidate = "invalidated",
        /// Every guarantee is held.
        RegisterGuarantee = "guarantee-registered",
        /// A guarantee is not valid.
        RefuseGuarantee = "guarantee-refused",
        /// The holder is told that a control is intended.
        AnnounceControl = "control-announced",
        /// A control before release is ordered.
        OrderControl = "control-ordered",
        /// The control was satisfactory.
        PassControl = "control-passed",
        /// The control has shown minor discrepancies.
        FindMinor = "minor-discrepancies-found",
        /// The control was unsatisfactory.
        FailControl = "control-failed",
        /// The holder asks for the release all the same.
        RequestRelease = "release-requested",
        /// The holder does not want the release any more.
        DeclineRelease = "release-declined",
        /// The goods are released for transit.
        Release = "released",
        /// The release is refused.
        RefuseRelease = "release-refused",
        /// A frontier is crossed.
        Cross = "crossed",
        /// Another office takes the place of a declared one.
        Divert = "diverted",
        /// Who carries the goods reports that something has happened on the way.
        ReportIncident = "incident-reported",
        /// Something has happened on the way.
        RegisterIncident = "incident-registered",
        /// The goods arrive at an office of destination.
        Arrive = "arrived",
        /// The holder is asked where the goods are.
        OpenEnquiry = "enquiry-opened",
        /// The holder answers.
        AnswerEnquiry = "enquiry-answered",
        /// The answer proves nothing.
        RejectAnswer = "answer-rejected",
        /// Another proof shows that the procedure has ended.
        AcceptProof = "proof-accepted",
        /// Destination has found the goods in order.
        Discharge = "discharge-begun",
        /// Destination has found major discrepancies.
        FindDiscrepancies = "discrepancies-found",
        /// The discrepancies are solved.
        SolveDiscrepancies = "discrepancies-solved",
        /// The debt is recovered.
        BeginRecovery = "recovery-begun",
        /// The debt is paid.
        Pay = "debt-paid",
        /// The holder has not paid: the guarantor is to be called.
        RaiseClaim = "claim-raised",
        /// The guarantor is called.
        CallGuarantor = "guarantor-called",
        /// The guarantor cannot be called.
        RefuseCall = "call-refused",
        /// The guarantees are free.
        WriteOff = "written-off",
        /// A deadline passes that changes nothing by itself.
        Remind = "reminded",
        /// A deadline passes.
        Expire = "expired",
    }
    table {
        Submitted --Reject--> Rejected;
        Submitted --PreLodge--> PreLodged;
        Submitted --Lodge--> AwaitingAcceptance;
        Submitted --Accept--> GuaranteeUnderRegistration;

        PreLodged --Amend--> PreLodged;
        PreLodged --AnnounceControl--> PreLodged;
        PreLodged --Present--> GuaranteeUnderRegistration;
        PreLodged --Cancel--> Cancelled;
        PreLodged --Invalidate--> Cancelled;
        PreLodged --Expire--> Rejected;

        AwaitingAcceptance --Accept--> GuaranteeUnderRegistration;
        AwaitingAcceptance --Reject--> Rejected;
        AwaitingAcceptance --Amend--> AwaitingAcceptance;
        AwaitingAcceptance --Cancel--> Cancelled;
        AwaitingAcceptance --Invalidate--> Cancelled;

        GuaranteeUnderRegistration --RegisterGuarantee--> AwaitingRelease;
        GuaranteeUnderRegistration --RefuseGuarantee--> GuaranteeUnderAmendment;
        GuaranteeUnderRegistration --Amend--> GuaranteeUnderRegistration;
        GuaranteeUnderRegistration --RequestWithdrawal--> GuaranteeUnderRegistration;
        GuaranteeUnderRegistration --DenyWithdrawal--> GuaranteeUnderRegistration;
        GuaranteeUnderRegistration --Cancel--> Cancelled;
        GuaranteeUnderRegistration --Invalidate--> Cancelled;

        GuaranteeUnderAmendment --AmendGuarantee--> GuaranteeUnderRegistration;
        GuaranteeUnderAmendment --RequestWithdrawal--> GuaranteeUnderAmendment;
        GuaranteeUnderAmendment --DenyWithdrawal--> GuaranteeUnderAmendment;
        GuaranteeUnderAmendment --Cancel--> Cancelled;
        GuaranteeUnderAmendment --Invalidate--> Cancelled;
        GuaranteeUnderAmendment --Expire--> NotReleased;

        AwaitingRelease --Amend--> GuaranteeUnderRegistration;
        AwaitingRelease --AskAmendment--> AmendmentRequested;
        AwaitingRelease --RequestWithdrawal--> AwaitingRelease;
        AwaitingRelease --DenyWithdrawal--> AwaitingRelease;
        AwaitingRelease --Cancel--> Cancelled;
        AwaitingRelease --Invalidate--> Cancelled;
        AwaitingRelease --OrderControl--> UnderControl;
        AwaitingRelease --RequestRelease--> AwaitingRelease;
        AwaitingRelease --Remind--> AwaitingRelease;
        AwaitingRelease --Release--> Released;
        AwaitingRelease --RefuseRelease--> NotReleased;

        AmendmentRequested --Amend--> GuaranteeUnderRegistration;
        AmendmentRequested --RequestWithdrawal--> AmendmentRequested;
        AmendmentRequested --DenyWithdrawal--> AmendmentRequested;
        AmendmentRequested --Cancel--> Cancelled;
        AmendmentRequested --Invalidate--> Cancelled;
        AmendmentRequested --RefuseRelease--> NotReleased;
        AmendmentRequested --Expire--> NotReleased;

        UnderControl --PassControl--> AwaitingRelease;
        UnderControl --FindMinor--> MinorDiscrepancies;
        UnderControl --FailControl--> NotReleased;
        UnderControl --Invalidate--> Cancelled;

        MinorDiscrepancies --RequestRelease--> AwaitingRelease;
        MinorDiscrepancies --DeclineRelease--> NotReleased;
        MinorDiscrepancies --Invalidate--> Cancelled;
        MinorDiscrepancies --Expire--> NotReleased;

        Released --Cross--> Released;
        Released --Divert--> Released;
        Released --ReportIncident--> Released;
        Released --RegisterIncident--> Released;
        Released --Arrive--> Arrived;
        Released --Invalidate--> Cancelled;
        Released --Expire--> Overdue;

        Overdue --Cross--> Overdue;
        Overdue --Divert--> Overdue;
        Overdue --ReportIncident--> Overdue;
        Overdue --RegisterIncident--> Overdue;
        Overdue --Arrive--> Arrived;
        Overdue --OpenEnquiry--> UnderEnquiry;
        Overdue --BeginRecovery--> UnderRecovery;

        UnderEnquiry --Cross--> UnderEnquiry;
        UnderEnquiry --ReportIncident--> UnderEnquiry;
        UnderEnquiry --RegisterIncident--> UnderEnquiry;
        UnderEnquiry --Arrive--> Arrived;
        UnderEnquiry --AnswerEnquiry--> EnquiryAnswered;
        UnderEnquiry --Remind--> UnderEnquiry;
        UnderEnquiry --AcceptProof--> UnderDischarge;
        UnderEnquiry --BeginRecovery--> UnderRecovery;

        EnquiryAnswered --Cross--> EnquiryAnswered;
        EnquiryAnswered --ReportIncident--> EnquiryAnswered;
        EnquiryAnswered --RegisterIncident--> EnquiryAnswered;
        EnquiryAnswered --Arrive--> Arrived;
        EnquiryAnswered --RejectAnswer--> UnderEnquiry;
        EnquiryAnswered --AcceptProof--> UnderDischarge;
        EnquiryAnswered --BeginRecovery--> UnderRecovery;

        Arrived --Discharge--> UnderDischarge;
        Arrived --FindDiscrepancies--> DiscrepanciesPending;

        DiscrepanciesPending --SolveDiscrepancies--> UnderDischarge;
        DiscrepanciesPending --BeginRecovery--> UnderRecovery;

        UnderRecovery --RegisterIncident--> UnderRecovery;
        UnderRecovery --Arrive--> Arrived;
        UnderRecovery --AcceptProof--> UnderDischarge;
        UnderRecovery --Pay--> UnderDischarge;
        UnderRecovery --RaiseClaim--> ClaimRaised;

        ClaimRaised --CallGuarantor--> GuarantorCalled;
        ClaimRaised --RefuseCall--> UnderRecovery;

        GuarantorCalled --RegisterIncident--> GuarantorCalled;
        GuarantorCalled --Arrive--> Arrived;
        GuarantorCalled --AcceptProof--> UnderDischarge;
        GuarantorCalled --Pay--> UnderDischarge;

        UnderDischarge --WriteOff--> WrittenOff;
    }
}

/// The messages that a participant may send about a declaration that is lodged.
pub const FURTHER_MESSAGES: [&str; 5] = ["CC013C", "CC014C", "CC054C", "CC141C", "CC170C"];

/// Who decides on a withdrawal once the declaration is accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Withdrawals {
    /// The system grants it at once.
    Granted,
    /// An officer of departure.
    ByOfficer,
}

/// What the message `message_type` lets happen to a movement in `state`; `agreed` is what an IE054 says.
#[must_use]
pub fn asks_for(
    state: MovementState,
    message_type: &str,
    agreed: bool,
    withdrawals: Withdrawals,
) -> MovementEvent {
    let accepted = !matches!(state, MovementState::PreLodged | MovementState::AwaitingAcceptance);
    match message_type {
        "CC013C" if state == MovementState::GuaranteeUnderAmendment => MovementEvent::AmendGuarantee,
        "CC013C" => MovementEvent::Amend,
        "CC014C" if accepted && withdrawals == Withdrawals::ByOfficer => MovementEvent::RequestWithdrawal,
        "CC014C" => MovementEvent::Cancel,
        "CC054C" if agreed => MovementEvent::RequestRelease,
        "CC054C" => MovementEvent::DeclineRelease,
        "CC141C" => MovementEvent::AnswerEnquiry,
        _ => MovementEvent::Present,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVE: [MovementState; 10] = [
        MovementState::Released,
        MovementState::Overdue,
        MovementState::UnderEnquiry,
        MovementState::EnquiryAnswered,
        MovementState::Arrived,
        MovementState::DiscrepanciesPending,
        MovementState::UnderRecovery,
        MovementState::ClaimRaised,
        MovementState::GuarantorCalled,
        MovementState::UnderDischarge,
    ];

    #[test]
    fn every_end_holds_nothing() {
        let ends: Vec<_> = MovementState::ALL.iter().filter(|state| state.is_final()).collect();
        assert_eq!(
            ends,
            [
                &MovementState::Rejected,
                &MovementState::WrittenOff,
                &MovementState::NotReleased,
                &MovementState::Cancelled
            ]
        );
    }

    #[test]
    fn every_state_can_be_reached_and_left_towards_an_end() {
        for state in MovementState::ALL {
            let entered = MovementState::EDGES.iter().any(|(_, _, to)| to == state);
            assert!(entered || *state == MovementState::Submitted, "{state:?} is never entered");
            let mut reached = vec![*state];
            let mut next = 0;
            while let Some(from) = reached.get(next).copied() {
                next += 1;
                for (_, _, to) in MovementState::EDGES.iter().filter(|(start, ..)| *start == from) {
                    if !reached.contains(to) {
                        reached.push(*to);
                    }
                }
            }
            assert!(reached.iter().any(|state| state.is_final()), "{state:?} never ends");
        }
    }

    #[test]
    fn goods_are_released_only_when_guarantees_are_held_and_risk_is_decided() {
        for state in MovementState::ALL {
            let possible = state.on(MovementEvent::Release).is_some();
            assert_eq!(possible, *state == MovementState::AwaitingRelease, "{state:?}");
        }
    }

    #[test]
    fn nothing_is_withdrawn_or_amended_after_release() {
        for state in LIVE {
            for message in ["CC013C", "CC014C", "CC054C", "CC170C"] {
                for withdrawals in [Withdrawals::Granted, Withdrawals::ByOfficer] {
                    let event = asks_for(state, message, true, withdrawals);
                    assert_eq!(state.on(event), None, "{state:?} {message}");
                }
            }
        }
    }

    #[test]
    fn only_the_holder_who_is_asked_answers_an_enquiry() {
        for state in MovementState::ALL {
            let event = asks_for(*state, "CC141C", true, Withdrawals::Granted);
            assert_eq!(state.on(event).is_some(), *state == MovementState::UnderEnquiry, "{state:?}");
        }
    }

    #[test]
    fn goods_that_turn_up_end_enquiry_and_recovery() {
        for state in [
            MovementState::Overdue,
            MovementState::UnderEnquiry,
            MovementState::EnquiryAnswered,
            MovementState::UnderRecovery,
            MovementState::GuarantorCalled,
        ] {
            assert_eq!(state.on(MovementEvent::Arrive), Some(MovementState::Arrived), "{state:?}");
        }
    }
}
