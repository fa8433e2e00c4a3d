//! Use case: tell which version of the reference data counts.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_references_contract::{SnapshotVersion, TellSnapshotVersion};

use crate::{
    App,
    page::{check_day, require},
};

impl Answers<TellSnapshotVersion> for App {
    async fn answer(&self, _: &Caller, ask: TellSnapshotVersion) -> Result<SnapshotVersion, Failure> {
        let mut findings = Vec::new();
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        match ask.at {
            Some(day) if day != self.hot().today() => {
                let snapshot = self.hot().snapshot(day).await?;
                Ok(SnapshotVersion { number: snapshot.number, version: snapshot.version })
            }
            _ => {
                let lookup = self.hot().newest().await?;
                Ok(SnapshotVersion { number: lookup.number(), version: lookup.version().to_owned() })
            }
        }
    }
}
