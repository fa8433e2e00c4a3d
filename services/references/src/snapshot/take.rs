//! Use case: take a snapshot of everything that validation looks up.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{ReferenceSnapshot, TakeSnapshot};

use crate::{
    App,
    page::{check_day, require},
};

impl Answers<TakeSnapshot> for App {
    async fn answer(&self, _: &Caller, ask: TakeSnapshot) -> Result<ReferenceSnapshot, Failure> {
        let mut findings = Vec::new();
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        match ask.at {
            Some(day) if day != self.hot().today() => self.hot().snapshot(day).await,
            _ => Ok(ReferenceSnapshot::from(self.hot().newest().await?.as_ref())),
        }
    }
}
