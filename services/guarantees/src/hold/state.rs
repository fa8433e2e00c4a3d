//! The life of a hold.

use customs_kernel::transitions;

transitions! {
    /// Where a hold stands.
    pub enum HoldState {
        /// It covers what was asked.
        Placed = "placed",
        /// It covers less than was asked at first.
        Reduced = "reduced",
        /// It has ended; nothing is owed.
        Freed = "freed",
        /// It has ended; the guarantor was called.
        Called = "called",
    }
    /// What happens to a hold.
    pub enum HoldEvent {
        /// More is covered.
        Raise = "raise",
        /// Less is covered.
        Reduce = "reduce",
        /// Nothing is covered any more.
        Free = "free",
        /// The guarantor is called.
        Call = "call",
    }
    table {
        Placed --Raise--> Placed;
        Placed --Reduce--> Reduced;
        Placed --Free--> Freed;
        Placed --Call--> Called;
        Reduced --Raise--> Placed;
        Reduced --Reduce--> Reduced;
        Reduced --Free--> Freed;
        Reduced --Call--> Called;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hold_ends_freed_or_called_and_stays_so() {
        let ends: Vec<_> = HoldState::ALL.iter().filter(|state| state.is_final()).collect();
        assert_eq!(ends, [&HoldState::Freed, &HoldState::Called]);
        for state in HoldState::ALL.iter().filter(|state| !state.is_final()) {
            assert_eq!(state.on(HoldEvent::Free), Some(HoldState::Freed));
        }
    }
}
