//! Registration: a newcomer whom nobody knows yet proves by a certificate who applies.

use customs_kernel::Problem;
use customs_web_broker_contract::{Application, PartyKind, ReceiveApplication};

use super::{
    Login, Visit,
    login::{ORGANISATION, PERSON, myself, nobody, number},
};

/// What a newcomer tells of the organisation, beside what the certificate proves.
pub(crate) struct Told {
    pub(crate) eori: String,
    pub(crate) organisation_name: String,
    pub(crate) address_lines: Vec<String>,
    pub(crate) kinds: Vec<PartyKind>,
}

impl Login {
    /// Takes in the application of whoever signed `challenge`; each challenge is accepted once.
    ///
    /// Names and numbers come from the certificate: nobody applies in another's name. A certificate without an
    /// organisation is that of a sole trader.
    pub(crate) async fn apply(
        &self,
        visit: &Visit,
        challenge: &str,
        signature: &str,
        told: Told,
    ) -> Result<Application, Problem> {
        let (named, until) = self.prove(challenge, signature).await?;
        self.spend(visit, challenge, until).await?;
        let country = named.country.as_deref();
        let person = number(named.iin.as_deref(), country, PERSON).ok_or_else(nobody)?;
        let organisation = number(named.bin.as_deref(), country, ORGANISATION);
        let ask = ReceiveApplication {
            organisation: organisation.unwrap_or_else(|| person.clone()),
            person,
            person_name: named.common_name.unwrap_or_default(),
            eori: told.eori,
            organisation_name: told.organisation_name,
            address_lines: told.address_lines,
            kinds: told.kinds,
        };
        self.desk.ask(&myself(visit), ask).await
    }
}
