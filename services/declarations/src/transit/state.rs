//! The life of a transit movement at its office of departure (domain: NCTS, office of departure).

customs_kernel::transitions! {
    /// Where a movement stands.
    pub enum MovementState {
        /// Taken in, not judged yet.
        Submitted = "submitted",
        /// Refused with every error; the local reference number is free again.
        Rejected = "rejected",
        /// Lodged before the goods are there.
        PreLodged = "pre-lodged",
        /// Accepted with an MRN; its guarantees are being held.
        GuaranteeUnderRegistration = "guarantee-under-registration",
        /// A guarantee is not valid; only guarantees may be amended (R0520).
        GuaranteeUnderAmendment = "guarantee-under-amendment",
        /// Guarantees are held and the risk is decided; release is next.
        AwaitingRelease = "awaiting-release",
        /// The goods are controlled before release.
        UnderControl = "under-control",
        /// The goods are on their way.
        Released = "released",
        /// The goods are at an office of destination.
        Arrived = "arrived",
        /// Destination is content; the guarantees are being freed.
        UnderDischarge = "under-discharge",
        /// Over: discharged, nothing held.
        WrittenOff = "written-off",
        /// Over: never released, nothing held.
        NotReleased = "not-released",
        /// Over: withdrawn before release, nothing held.
        Cancelled = "cancelled",
    }
    /// What happens to a movement.
    pub enum MovementEvent {
        /// The declaration breaks rules.
        Reject = "rejected",
        /// The declaration is lodged before the goods are there.
        PreLodge = "pre-lodged",
        /// The declaration is accepted.
        Accept = "accepted",
        /// The declaration is amended before presentation.
        Amend = "amended",
        /// The guarantees are amended.
        AmendGuarantee = "guarantee-amended",
        /// Every guarantee is held.
        RegisterGuarantee = "guarantee-registered",
        /// A guarantee is not valid.
        RefuseGuarantee = "guarantee-refused",
        /// A control before release is ordered.
        OrderControl = "control-ordered",
        /// The control was satisfactory.
        PassControl = "control-passed",
        /// The control was unsatisfactory.
        FailControl = "control-failed",
        /// The goods are released for transit.
        Release = "released",
        /// The release is refused.
        RefuseRelease = "release-refused",
        /// A frontier is crossed.
        Cross = "crossed",
        /// The goods arrive at an office of destination.
        Arrive = "arrived",
        /// Destination has found the goods in order.
        Discharge = "discharge-begun",
        /// The guarantees are free.
        WriteOff = "written-off",
        /// The declarant withdraws.
        Cancel = "cancelled",
        /// A deadline passes.
        Expire = "expired",
    }
    table {
        Submitted --Reject--> Rejected;
        Submitted --PreLodge--> PreLodged;
        Submitted --Accept--> GuaranteeUnderRegistration;
        PreLodged --Amend--> PreLodged;
        PreLodged --Accept--> GuaranteeUnderRegistration;
        PreLodged --Cancel--> Cancelled;
        PreLodged --Expire--> Rejected;
        GuaranteeUnderRegistration --RegisterGuarantee--> AwaitingRelease;
        GuaranteeUnderRegistration --RefuseGuarantee--> GuaranteeUnderAmendment;
        GuaranteeUnderAmendment --AmendGuarantee--> GuaranteeUnderRegistration;
        GuaranteeUnderAmendment --Cancel--> Cancelled;
        GuaranteeUnderAmendment --Expire--> NotReleased;
        AwaitingRelease --OrderControl--> UnderControl;
        AwaitingRelease --Release--> Released;
        AwaitingRelease --RefuseRelease--> NotReleased;
        AwaitingRelease --Cancel--> Cancelled;
        UnderControl --PassControl--> AwaitingRelease;
        UnderControl --FailControl--> NotReleased;
        Released --Cross--> Released;
        Released --Arrive--> Arrived;
        Arrived --Discharge--> UnderDischarge;
        UnderDischarge --WriteOff--> WrittenOff;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_but_the_first_can_be_reached() {
        for state in MovementState::ALL.iter().filter(|state| **state != MovementState::Submitted) {
            assert!(MovementState::EDGES.iter().any(|(_, _, to)| to == state), "{state:?}");
        }
    }

    #[test]
    fn release_is_only_possible_after_guarantee_and_risk() {
        for state in MovementState::ALL {
            let possible = state.on(MovementEvent::Release).is_some();
            assert_eq!(possible, *state == MovementState::AwaitingRelease, "{state:?}");
        }
    }

    #[test]
    fn nothing_is_cancelled_after_release() {
        for state in [MovementState::Released, MovementState::Arrived, MovementState::UnderDischarge] {
            assert_eq!(state.on(MovementEvent::Cancel), None, "{state:?}");
        }
    }
}
