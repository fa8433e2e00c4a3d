//! Use case: give the owner of a guarantee a new access code.

use customs_guarantees_contract::{IssuedGuarantee, ReplaceAccessCode, problems::GUARANTEE_STATE};
use customs_kernel::Caller;
use customs_platform::{Acts, Failure, Work};

use super::{
    approve::{ACCESS_CODE, renew_access},
    review::{keep, load},
    view,
};
use crate::App;

impl Acts<ReplaceAccessCode> for App {
    async fn act(
        &self,
        work: &mut Work,
        _: &Caller,
        ask: ReplaceAccessCode,
    ) -> Result<IssuedGuarantee, Failure> {
        let mut guarantee = load(work, &ask.reference, None).await?;
        if guarantee.access.is_none() {
            return Err(GUARANTEE_STATE.because("the guarantee has no access code").into());
        }
        let access_code = renew_access(&mut guarantee)?;
        work.tell_once(ACCESS_CODE);
        keep(work, &mut guarantee).await?;
        Ok(IssuedGuarantee { guarantee: view::summary(&guarantee), access_code })
    }
}
