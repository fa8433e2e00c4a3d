//! Goods that do not arrive: the holder is asked, the debt recovered, the guarantor called.

mod answer;
mod claim;
mod debt;
mod open;
mod recovery;

pub(crate) use answer::answer_enquiry;
pub(crate) use claim::claim;
pub(crate) use debt::Debt;
pub(crate) use open::open_enquiry;
pub(crate) use recovery::begin_recovery;
