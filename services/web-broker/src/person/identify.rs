//! Use case: tell who the bearer of a national number is and for whom they act now.

use customs_kernel::Caller;
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{
    IdentifyPerson, Identity, IdentityMembership,
    problems::{MEMBERSHIP_UNKNOWN, PERSON_BARRED, PERSON_UNKNOWN},
};

use super::store;
use crate::{App, membership, organisation};

impl Answers<IdentifyPerson> for App {
    async fn answer(&self, _: &Caller, ask: IdentifyPerson) -> Result<Identity, Failure> {
        let person = store::by_number(self.reader(), &ask.person).await?;
        let person = person.ok_or_else(|| PERSON_UNKNOWN.because("nobody has this national number"))?;
        if !person.is_active() {
            return Err(PERSON_BARRED.because("the person is barred from acting").into());
        }
        let now = self.now();
        let in_force = membership::store::in_force(self.reader(), person.id(), now).await?;
        let ids = in_force.iter().map(membership::Membership::organisation_id);
        let organisations = organisation::store::by_ids(self.reader(), ids).await?;
        let mut memberships: Vec<IdentityMembership> = Vec::new();
        for membership in &in_force {
            let organisation = organisations
                .iter()
                .find(|organisation| organisation.id() == membership.organisation_id())
                .filter(|organisation| organisation.is_active(now))
                .filter(|organisation| {
                    ask.organisation.as_ref().is_none_or(|number| organisation.is_known_by(number))
                });
            if let Some(organisation) = organisation {
                memberships.push(IdentityMembership {
                    organisation_id: organisation.id(),
                    organisation: organisation.name().to_owned(),
                    eori: organisation.eori().to_string(),
                    roles: membership.roles().to_vec(),
                    offices: membership.offices().iter().map(ToString::to_string).collect(),
                });
            }
        }
        if memberships.is_empty() {
            return Err(MEMBERSHIP_UNKNOWN.because("no membership is in force").into());
        }
        memberships.sort_by(|one, other| one.organisation.cmp(&other.organisation));
        Ok(Identity { person_id: person.id(), name: person.name().to_owned(), memberships })
    }
}
