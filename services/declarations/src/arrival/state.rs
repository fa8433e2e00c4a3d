//! The life of an arrival at an office of destination (domain: NCTS, office of destination).

customs_kernel::transitions! {
    /// Where an arrival stands.
    pub enum ArrivalState {
        /// Taken in, not judged yet.
        Submitted = "submitted",
        /// Refused with every error (IE057).
        Rejected = "rejected",
        /// Notified in the normal procedure; an officer decides.
        Notified = "notified",
        /// The authorised consignee may unload (IE043).
        UnloadingPermitted = "unloading-permitted",
        /// Unloading remarks were received (IE044); an officer decides.
        RemarksReceived = "remarks-received",
        /// The goods are released from transit (IE025).
        GoodsReleased = "goods-released",
    }
    /// What happens to an arrival.
    pub enum ArrivalEvent {
        /// The notification breaks rules.
        Reject = "rejected",
        /// The notification is accepted in the normal procedure.
        Notify = "notified",
        /// The notification is accepted in the simplified procedure.
        PermitUnloading = "unloading-permitted",
        /// The unloading is not complete: it may go on (G0510).
        ContinueUnloading = "unloading-continued",
        /// The unloading remarks are complete.
        Remark = "remarks-received",
        /// The officer is content.
        ReleaseGoods = "goods-released",
    }
    table {
        Submitted --Reject--> Rejected;
        Submitted --Notify--> Notified;
        Submitted --PermitUnloading--> UnloadingPermitted;
        UnloadingPermitted --ContinueUnloading--> UnloadingPermitted;
        UnloadingPermitted --Remark--> RemarksReceived;
        Notified --ReleaseGoods--> GoodsReleased;
        RemarksReceived --ReleaseGoods--> GoodsReleased;
    }
}
