//! Use case: see one's own organisation; and which organisation is a caller's to see at all.

use customs_kernel::{Caller, Role, problem};
use customs_platform::{Answers, Failure};
use customs_web_broker_contract::{MyOrganisation, Organisation as View, problems::ORGANISATION_REQUIRED};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Organisation, store};
use crate::App;

impl Answers<MyOrganisation> for App {
    async fn answer(&self, caller: &Caller, _: MyOrganisation) -> Result<View, Failure> {
        Ok(own(self.reader(), caller).await?.view())
    }
}

/// The organisation on whose behalf `caller` acts.
pub(crate) async fn own(connection: &impl ConnectionTrait, caller: &Caller) -> Result<Organisation, Failure> {
    let none = || ORGANISATION_REQUIRED.because("this is done on behalf of a registered organisation");
    let party = caller.actor.party.as_ref().ok_or_else(none)?;
    Ok(store::by_eori(connection, party).await?.ok_or_else(none)?)
}

/// The organisation `wanted`, if it is the caller's own or the caller an administrator; else the own one.
pub(crate) async fn visible(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    wanted: Option<Uuid>,
) -> Result<Organisation, Failure> {
    let missing = || problem::NOT_FOUND.because("no such organisation of yours").at("/organisationId");
    let Some(wanted) = wanted else { return own(connection, caller).await };
    if caller.actor.is(Role::Administrator) {
        return Ok(store::by_id(connection, wanted).await?.ok_or_else(missing)?);
    }
    let own = own(connection, caller).await?;
    if own.id() == wanted { Ok(own) } else { Err(missing().into()) }
}
