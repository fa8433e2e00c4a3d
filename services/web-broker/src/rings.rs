//! Deadlines of this service: name -> what is done, one line each.

use async_trait::async_trait;
use customs_platform::{Failure, Rings, Timer, Work};

use crate::{App, draft};

#[async_trait]
impl Rings for App {
    async fn ring(&self, work: &mut Work, timer: &Timer) -> Result<(), Failure> {
        match timer.name.as_str() {
            draft::EXPIRE => draft::expire::expire(work, timer).await,
            draft::FORGET => draft::expire::forget(work, timer).await,
            other => Err(anyhow::anyhow!("no deadline is named {other}").into()),
        }
    }
}
