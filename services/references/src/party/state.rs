//! The states of an economic operator in the register.

customs_kernel::transitions! {
    /// What an economic operator is in the register.
    pub(crate) enum PartyState {
        /// It may file within its days.
        Registered = "registered",
        /// It may not file.
        Suspended = "suspended",
    }
    /// What happens to an economic operator in the register.
    pub(crate) enum PartyEvent {
        /// Its entry is changed.
        Change = "change",
        /// It is barred.
        Suspend = "suspend",
        /// It is let in again.
        Reinstate = "reinstate",
    }
    table {
        Registered --Change--> Registered;
        Suspended --Change--> Suspended;
        Registered --Suspend--> Suspended;
        Suspended --Reinstate--> Registered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_suspended_or_reinstated_twice() {
        assert_eq!(PartyState::Suspended.on(PartyEvent::Suspend), None);
        assert_eq!(PartyState::Registered.on(PartyEvent::Reinstate), None);
        assert_eq!(PartyState::Suspended.on(PartyEvent::Change), Some(PartyState::Suspended));
    }

    #[test]
    fn every_state_can_be_left_and_told() {
        for state in PartyState::ALL {
            assert!(!state.is_final());
            assert_eq!(PartyState::parse(state.as_str()), Some(*state));
        }
        assert_eq!(PartyEvent::ALL.len(), 3);
        assert!(PartyState::diagram().contains("registered --> suspended: suspend"));
    }
}
