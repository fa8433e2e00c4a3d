//! Every way in which guarantees refuses a request.

customs_kernel::problems! {
    /// The guarantee contract is in a state that does not allow what was asked.
    GUARANTEE_STATE = "guarantee-state" 409 final "The state of the guarantee does not allow this";
    /// The person who proposed a guarantee may not decide on it.
    FOUR_EYES = "guarantee-four-eyes" 403 final "Somebody else must decide";
    /// The guarantor is the owner where another must stand in for the owner's debt.
    GUARANTOR_IS_OWNER = "guarantor-is-owner" 422 final "A guarantor cannot guarantee its own debts";
    /// The new amount would not cover what is held, called or paid already.
    AMOUNT_BELOW_USE = "guarantee-amount-below-use" 409 final "The amount is below what is in use";
    /// Only a comprehensive guarantee is insured for less than its reference amount.
    LEVEL_NOT_POSSIBLE = "guarantee-level-not-possible" 422 final "This guarantee cannot have such a level";
    /// The movement holds nothing of this guarantee any more.
    HOLD_NOT_OPEN = "hold-not-open" 409 final "The hold has ended";
    /// More is asked than the hold covers or the guarantor was called for.
    AMOUNT_ABOVE_HOLD = "amount-above-hold" 409 final "The amount is above what is held";
    /// The type of the guarantee has no balance that could be told (IE037, C0286).
    BALANCE_NOT_MONITORED = "balance-not-monitored" 400 final "The guarantee has no balance";
    /// The running balance of a guarantee differs from its postings; the guarantee is suspended.
    LEDGER_BROKEN = "guarantee-ledger-broken" 409 final "The ledger of the guarantee does not add up";
}
