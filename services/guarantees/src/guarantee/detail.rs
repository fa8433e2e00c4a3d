//! Use case: one guarantee contract, for its guarantor, its owner and customs.

use customs_guarantees_contract::{GuaranteeContract, GuaranteeDetail};
use customs_kernel::Caller;
use customs_platform::{Answers, Failure};

use super::{Guarantee, store, view};
use crate::App;

impl Answers<GuaranteeDetail> for App {
    async fn answer(&self, caller: &Caller, ask: GuaranteeDetail) -> Result<GuaranteeContract, Failure> {
        let guarantee = self.visible(caller, &ask.reference).await?;
        view::contract(self.store.reader(), &guarantee).await
    }
}

impl App {
    /// The contract `reference` names, if `caller` may see it.
    pub(crate) async fn visible(&self, caller: &Caller, reference: &str) -> Result<Guarantee, Failure> {
        let guarantee = store::find(self.store.reader(), reference).await?;
        let visible = guarantee.filter(|guarantee| guarantee.is_visible_to(&caller.actor));
        Ok(visible.ok_or_else(store::unknown)?)
    }
}
