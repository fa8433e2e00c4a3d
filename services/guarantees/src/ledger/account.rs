//! The accounts of one guarantee and the reasons of postings.

macro_rules! words {
    ($($(#[$doc:meta])* $Name:ident { $($(#[$vdoc:meta])* $word:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum $Name { $($(#[$vdoc])* $word,)* }

        impl $Name {
            /// As text.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }
        }
    )*};
}

words! {
    /// An account of one guarantee. The limit is what all uses may hold together, a credit; the others
    /// say where it stands, debits: together they always equal the limit.
    Account {
        /// The reference amount: what is insured, by the level.
        Limit = "limit",
        /// What can still be held.
        Available = "available",
        /// What open holds cover.
        Held = "held",
        /// What the guarantor was called for and has not paid.
        Called = "called",
        /// What the guarantor has paid.
        Paid = "paid",
    }

    /// Why an amount moved.
    Reason {
        /// The contract became active.
        Open = "open",
        /// The insured amount was changed.
        Amend = "amend",
        /// Another share of the reference amount is insured.
        Level = "level",
        /// A movement holds a part.
        Hold = "hold",
        /// A movement holds more.
        Raise = "raise",
        /// A movement holds less.
        Reduce = "reduce",
        /// A movement holds nothing any more.
        Free = "free",
        /// The guarantor is called for a debt.
        Call = "call",
        /// The guarantor has paid.
        Pay = "pay",
        /// What the guarantor was called for and has not paid is taken back.
        Recall = "recall",
        /// What the guarantor has paid is due to it again.
        Refund = "refund",
    }
}

impl Account {
    /// Every account.
    pub(crate) const ALL: [Self; 5] = [Self::Limit, Self::Available, Self::Held, Self::Called, Self::Paid];
}
