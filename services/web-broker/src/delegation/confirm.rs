//! Use case: tell whether a representative may act for a principal.

use customs_kernel::{Caller, Eori};
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{ConfirmMandate, DelegationScope, Mandate};

use super::store;
use crate::{App, form::Form, organisation};

impl Answers<ConfirmMandate> for App {
    async fn answer(&self, _: &Caller, ask: ConfirmMandate) -> Result<Mandate, Failure> {
        let mut form = Form::default();
        let principal = form.number::<Eori>(&ask.principal, "/principal");
        let representative = form.number::<Eori>(&ask.representative, "/representative");
        let at = form.instant(ask.at, "/at");
        let (principal, representative) = form.done(principal.zip(representative))?;
        let sides = [principal.as_str(), representative.as_str()];
        let active = organisation::store::by_eoris(self.reader(), sides).await?;
        let is_active = |eori: &Eori| active.iter().any(|side| side.eori() == eori && side.is_active(at));
        if !is_active(&principal) || !is_active(&representative) {
            return Ok(none());
        }
        if principal == representative {
            let scope =
                vec![DelegationScope::Declare, DelegationScope::Arrive, DelegationScope::GuaranteeUse];
            return Ok(Mandate { granted: true, scope, cap: None, delegation_id: None });
        }
        let delegations = store::of_pair(self.reader(), &principal, &representative, at).await?;
        let in_force = delegations.into_iter().find(|delegation| delegation.is_in_force(at));
        Ok(in_force.map_or_else(none, |delegation| Mandate {
            granted: true,
            scope: delegation.scope().to_vec(),
            cap: delegation.cap(),
            delegation_id: Some(delegation.id()),
        }))
    }
}

const fn none() -> Mandate {
    Mandate { granted: false, scope: Vec::new(), cap: None, delegation_id: None }
}
