//! The life of an arrival at an office of destination (domain: NCTS, office of destination).

customs_kernel::transitions! {
    /// Where an arrival stands.
    pub enum ArrivalState {
        /// Taken in, not judged yet.
        Submitted = "submitted",
        /// Over: refused with every error (IE057).
        Rejected = "rejected",
        /// Notified in the normal procedure; an officer decides.
        Notified = "notified",
        /// The goods may be unloaded (IE043).
        UnloadingPermitted = "unloading-permitted",
        /// The unloading remarks did not come in time.
        RemarksOverdue = "remarks-overdue",
        /// Unloading remarks were received (IE044); an officer decides, or the deadline of conform ones.
        RemarksReceived = "remarks-received",
        /// The goods are controlled.
        UnderControl = "under-control",
        /// Major discrepancies were found: the goods are not released (IE025).
        GoodsWithheld = "goods-withheld",
        /// Over: the goods are released from transit (IE025).
        GoodsReleased = "goods-released",
    }
    /// What happens to an arrival.
    pub enum ArrivalEvent {
        /// The notification breaks rules.
        Reject = "rejected",
        /// The notification is accepted in the normal procedure, or an officer has seen the goods arrive.
        Notify = "notified",
        /// The goods may be unloaded: at once for an authorised consignee (C522), else by an officer.
        PermitUnloading = "unloading-permitted",
        /// The unloading is not complete: it may go on (G0510).
        ContinueUnloading = "unloading-continued",
        /// The unloading remarks are complete.
        Remark = "remarks-received",
        /// The deadline of the unloading remarks passes.
        Expire = "expired",
        /// The officer orders a control.
        OrderControl = "control-ordered",
        /// The control shows major discrepancies (B1).
        Withhold = "goods-withheld",
        /// The goods are in order, or the discrepancies are solved.
        ReleaseGoods = "goods-released",
    }
    table {
        Submitted --Reject--> Rejected;
        Submitted --Notify--> Notified;
        Submitted --PermitUnloading--> UnloadingPermitted;

        Notified --PermitUnloading--> UnloadingPermitted;
        Notified --OrderControl--> UnderControl;
        Notified --ReleaseGoods--> GoodsReleased;
        Notified --Withhold--> GoodsWithheld;

        UnloadingPermitted --ContinueUnloading--> UnloadingPermitted;
        UnloadingPermitted --Remark--> RemarksReceived;
        UnloadingPermitted --Expire--> RemarksOverdue;

        RemarksOverdue --ContinueUnloading--> UnloadingPermitted;
        RemarksOverdue --Remark--> RemarksReceived;
        RemarksOverdue --OrderControl--> UnderControl;
        RemarksOverdue --ReleaseGoods--> GoodsReleased;
        RemarksOverdue --Withhold--> GoodsWithheld;

        RemarksReceived --OrderControl--> UnderControl;
        RemarksReceived --ReleaseGoods--> GoodsReleased;
        RemarksReceived --Withhold--> GoodsWithheld;

        UnderControl --PermitUnloading--> UnloadingPermitted;
        UnderControl --ReleaseGoods--> GoodsReleased;
        UnderControl --Withhold--> GoodsWithheld;

        GoodsWithheld --ReleaseGoods--> GoodsReleased;
    }
}
