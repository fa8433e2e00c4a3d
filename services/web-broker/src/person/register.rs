//! Use case: enter a person into the register.

use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{Person as View, RegisterPerson, problems::ALREADY_REGISTERED};

use super::{Person, store};
use crate::{App, history};

impl Acts<RegisterPerson> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: RegisterPerson) -> Result<View, Failure> {
        Ok(register(work, &caller.actor.subject, ask).await?.view())
    }
}

/// Enters the person that `ask` describes, on the order of `actor`.
pub(crate) async fn register(work: &mut Work, actor: &str, ask: RegisterPerson) -> Result<Person, Failure> {
    let person = Person::register(uuid_at(work.now()), ask)?;
    if !store::insert(work.txn(), &person).await? {
        return Err(ALREADY_REGISTERED.because("the national number is in the register already").into());
    }
    history::note(work, actor, None, ("person-registered", person.id()), &person.state()).await?;
    Ok(person)
}
