//! Use case: read a template with its content.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{OpenTemplate, Template};

use super::store;
use crate::{App, organisation};

impl Answers<OpenTemplate> for App {
    async fn answer(&self, caller: &Caller, ask: OpenTemplate) -> Result<Template, Failure> {
        let organisation = organisation::own(self.reader(), caller).await?;
        store::find(self.reader(), organisation.id(), ask.id).await
    }
}
