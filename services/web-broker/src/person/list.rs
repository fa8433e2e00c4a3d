//! Use case: see who acts for an organisation.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{Colleague, ColleaguePage, ListPeople};

use super::store;
use crate::{App, membership, organisation, page::Slice};

impl Answers<ListPeople> for App {
    async fn answer(&self, caller: &Caller, ask: ListPeople) -> Result<ColleaguePage, Failure> {
        let slice = Slice::read(ask.first, ask.after.as_deref())?;
        let organisation = organisation::visible(self.reader(), caller, ask.organisation_id).await?;
        let (memberships, next) = membership::store::page(self.reader(), organisation.id(), slice).await?;
        let ids = memberships.iter().map(membership::Membership::person_id);
        let people = store::by_ids(self.reader(), ids).await?;
        let items = memberships.into_iter().filter_map(|membership| {
            let person = people.get(&membership.person_id())?;
            let view = membership.view();
            Some(Colleague {
                person_id: view.person_id,
                name: person.name().to_owned(),
                active: person.is_active(),
                membership_id: view.id,
                roles: view.roles,
                offices: view.offices,
                valid_from: view.valid_from,
                valid_to: view.valid_to,
            })
        });
        Ok(ColleaguePage { items: items.collect(), next })
    }
}
