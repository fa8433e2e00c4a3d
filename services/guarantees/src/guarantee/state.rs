//! The life of a guarantee contract.

use customs_kernel::transitions;

transitions! {
    /// Where a guarantee contract stands.
    pub enum GuaranteeState {
        /// Proposed by the guarantor.
        Proposed = "proposed",
        /// Under examination by customs.
        UnderApproval = "under-approval",
        /// Refused by customs.
        Rejected = "rejected",
        /// Usable.
        Active = "active",
        /// Not usable until customs resumes it; running uses stay covered.
        Suspended = "suspended",
        /// Used up for the moment; usable again as soon as something is freed.
        Exhausted = "exhausted",
        /// Cancelled from a day on; usable until then.
        Cancelled = "cancelled",
        /// Not usable any more; the last uses stay covered until they end.
        RunOff = "run-off",
        /// Over: nothing is held and nothing is owed.
        Closed = "closed",
    }
    /// What happens to a guarantee contract.
    pub enum GuaranteeEvent {
        /// Customs takes it under examination.
        Review = "review",
        /// Customs approves it.
        Approve = "approve",
        /// Customs rejects it.
        Reject = "reject",
        /// Customs suspends it.
        Suspend = "suspend",
        /// Customs resumes it.
        Resume = "resume",
        /// Nothing more can be held.
        Exhaust = "exhaust",
        /// Something can be held again.
        Replenish = "replenish",
        /// Guarantor or customs cancels it from a day on.
        Cancel = "cancel",
        /// The policy period is over, the cancellation takes effect or the one movement has ended.
        RunOut = "run-out",
        /// The last use has ended.
        Close = "close",
    }
    table {
        Proposed --Review--> UnderApproval;
        Proposed --Approve--> Active;
        Proposed --Reject--> Rejected;
        UnderApproval --Approve--> Active;
        UnderApproval --Reject--> Rejected;
        Active --Suspend--> Suspended;
        Active --Exhaust--> Exhausted;
        Active --Cancel--> Cancelled;
        Active --RunOut--> RunOff;
        Exhausted --Replenish--> Active;
        Exhausted --Suspend--> Suspended;
        Exhausted --Cancel--> Cancelled;
        Exhausted --RunOut--> RunOff;
        Suspended --Resume--> Active;
        Suspended --Cancel--> Cancelled;
        Suspended --RunOut--> RunOff;
        Cancelled --Suspend--> Suspended;
        Cancelled --RunOut--> RunOff;
        RunOff --Close--> Closed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_ends_rejected_or_closed() {
        let ends: Vec<_> = GuaranteeState::ALL.iter().filter(|state| state.is_final()).collect();
        assert_eq!(ends, [&GuaranteeState::Rejected, &GuaranteeState::Closed]);
    }

    #[test]
    fn a_closed_contract_never_comes_back() {
        assert!(GuaranteeEvent::ALL.iter().all(|event| GuaranteeState::Closed.on(*event).is_none()));
        assert_eq!(GuaranteeState::RunOff.on(GuaranteeEvent::Resume), None);
    }
}
