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
        /// The guarantor is called no more: the procedure has ended in order after all.
        Recall = "recall",
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
        Called --Recall--> Freed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hold_ends_freed_or_called_and_is_freed_once() {
        let ends: Vec<_> = HoldState::ALL.iter().filter(|state| state.is_final()).collect();
        assert_eq!(ends, [&HoldState::Freed]);
        for state in [HoldState::Placed, HoldState::Reduced] {
            assert_eq!(state.on(HoldEvent::Free), Some(HoldState::Freed));
            assert_eq!(state.on(HoldEvent::Recall), None);
        }
        assert_eq!(HoldState::Called.on(HoldEvent::Free), None);
        assert_eq!(HoldState::Called.on(HoldEvent::Recall), Some(HoldState::Freed));
    }
}
