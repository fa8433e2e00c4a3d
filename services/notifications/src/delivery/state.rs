//! The states of a delivery.

customs_kernel::transitions! {
    /// Where a delivery stands.
    pub enum DeliveryState {
        /// It is to be tried.
        Pending = "pending",
        /// The receiver has taken it; it is never sent again.
        Delivered = "delivered",
        /// It was tried for 14 days in vain.
        Expired = "expired",
        /// The receiver said that it is gone.
        Gone = "gone",
    }
    /// What an attempt came to.
    pub enum DeliveryEvent {
        /// The receiver took it.
        Take = "take",
        /// The receiver did not take it, and there is time left.
        Fail = "fail",
        /// The receiver did not take it, and the time is over.
        Expire = "expire",
        /// The receiver said that it is gone.
        Leave = "leave",
    }
    table {
        Pending --Take--> Delivered;
        Pending --Fail--> Pending;
        Pending --Expire--> Expired;
        Pending --Leave--> Gone;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_pending_is_never_sent_again() {
        for state in DeliveryState::ALL {
            assert_eq!(state.is_final(), *state != DeliveryState::Pending, "{state:?}");
        }
        for event in DeliveryEvent::ALL {
            assert_eq!(DeliveryState::Delivered.on(*event), None);
        }
    }
}
