//! Use case: bar a person from acting, or let them act again.

use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{Person as View, SetPersonActive};

use super::store;
use crate::{App, history};

impl Acts<SetPersonActive> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: SetPersonActive) -> Result<View, Failure> {
        let found = store::locked(work.txn(), ask.person_id).await?;
        let mut person = found.ok_or_else(|| problem::NOT_FOUND.because("no such person").at("/personId"))?;
        if person.is_active() != ask.active {
            person.set_active(ask.active);
            store::update(work.txn(), &person).await?;
            let what = if ask.active { "person-admitted" } else { "person-barred" };
            let change = (what, person.id());
            history::note(work, &caller.actor.subject, None, change, &person.state()).await?;
        }
        Ok(person.view())
    }
}
