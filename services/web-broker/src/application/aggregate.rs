//! A newcomer's application and what may become of it.

use chrono::{DateTime, Utc};
use customs_kernel::{Finding, Problem, problem};
use customs_web_broker_contract::{
    Application as View, ApplicationState, MemberRole, NationalNumber, PartyKind, ReceiveApplication,
    RegisterOrganisation, RegisterPerson, problems::ALREADY_DECIDED,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{form::Form, national_number, organisation::Organisation, person::Person};

/// A newcomer's application.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Application {
    pub(super) id: Uuid,
    pub(super) state: ApplicationState,
    pub(super) person: NationalNumber,
    pub(super) person_name: String,
    pub(super) organisation: NationalNumber,
    pub(super) organisation_name: String,
    pub(super) eori: String,
    pub(super) address_lines: Vec<String>,
    pub(super) kinds: Vec<PartyKind>,
    pub(super) received_at: DateTime<Utc>,
    pub(super) decided_at: Option<DateTime<Utc>>,
    pub(super) reason: Option<String>,
}

/// What the history keeps of an application: nothing that names a person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationFact {
    state: ApplicationState,
    kinds: Vec<PartyKind>,
}

impl Application {
    /// A new application as `ask` tells it, or everything that would keep it from being approved.
    pub(crate) fn receive(id: Uuid, ask: ReceiveApplication, now: DateTime<Utc>) -> Result<Self, Problem> {
        let application = Self {
            id,
            state: ApplicationState::Submitted,
            person: ask.person,
            person_name: ask.person_name,
            organisation: ask.organisation,
            organisation_name: ask.organisation_name,
            eori: ask.eori,
            address_lines: ask.address_lines,
            kinds: ask.kinds,
            received_at: now,
            decided_at: None,
            reason: None,
        };
        let mut errors = Vec::new();
        if let Err(problem) = Organisation::register(id, application.organisation(), now) {
            errors.extend(
                problem.errors.into_iter().map(|finding| renamed(finding, "/name", "/organisationName")),
            );
        }
        if let Err(problem) = Person::register(id, application.newcomer()) {
            errors.extend(problem.errors.into_iter().map(|finding| renamed(finding, "/name", "/personName")));
        }
        if application.kinds.contains(&PartyKind::Customs) {
            errors.push(Finding::new(problem::INPUT_INVALID.code, "/kinds", "customs is not applied for"));
        }
        if errors.is_empty() {
            return Ok(application);
        }
        let detail = format!("{} thing(s) to mend", errors.len());
        Err(problem::INPUT_INVALID.because(detail).with_errors(errors))
    }

    /// Approves it.
    pub(crate) fn approve(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        self.decide(ApplicationState::Approved, now)
    }

    /// Turns it down for `reason`.
    pub(crate) fn reject(&mut self, reason: String, now: DateTime<Utc>) -> Result<(), Problem> {
        let mut form = Form::default();
        form.text(&reason, 500, "/reason");
        let reason = form.done(Some(reason))?;
        self.decide(ApplicationState::Rejected, now)?;
        self.reason = Some(reason);
        Ok(())
    }

    fn decide(&mut self, state: ApplicationState, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.state != ApplicationState::Submitted {
            return Err(ALREADY_DECIDED.because("the application was decided before"));
        }
        self.state = state;
        self.decided_at = Some(now);
        Ok(())
    }

    /// Which application.
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// The organisation as it would be registered.
    pub(crate) fn organisation(&self) -> RegisterOrganisation {
        RegisterOrganisation {
            eori: self.eori.clone(),
            name: self.organisation_name.clone(),
            address_lines: self.address_lines.clone(),
            country: national_number::country(self.organisation.scheme).to_owned(),
            national_number: self.organisation.clone(),
            kinds: self.kinds.clone(),
            active_from: None,
            active_to: None,
        }
    }

    /// The person as they would be registered.
    pub(crate) fn newcomer(&self) -> RegisterPerson {
        RegisterPerson { name: self.person_name.clone(), national_number: self.person.clone() }
    }

    /// What the person would be in the organisation.
    pub(crate) fn roles(&self) -> Vec<MemberRole> {
        let role = |kind: &PartyKind| match kind {
            PartyKind::Declarant => Some(MemberRole::Declarant),
            PartyKind::Broker => Some(MemberRole::Broker),
            PartyKind::Carrier => Some(MemberRole::Carrier),
            PartyKind::Guarantor => Some(MemberRole::Guarantor),
            PartyKind::Customs => None,
        };
        self.kinds.iter().filter_map(role).collect()
    }

    /// The application as it is shown.
    pub(crate) fn view(&self) -> View {
        View {
            id: self.id,
            state: self.state,
            person: self.person.clone(),
            person_name: self.person_name.clone(),
            organisation: self.organisation.clone(),
            organisation_name: self.organisation_name.clone(),
            eori: self.eori.clone(),
            address_lines: self.address_lines.clone(),
            country: national_number::country(self.organisation.scheme).to_owned(),
            kinds: self.kinds.clone(),
            received_at: self.received_at,
            decided_at: self.decided_at,
            reason: self.reason.clone(),
        }
    }

    /// The application as the history keeps it.
    pub(crate) fn fact(&self) -> ApplicationFact {
        ApplicationFact { state: self.state, kinds: self.kinds.clone() }
    }
}

fn renamed(mut finding: Finding, from: &str, to: &str) -> Finding {
    if finding.pointer == from {
        to.clone_into(&mut finding.pointer);
    }
    finding
}

#[cfg(test)]
mod tests {
    use customs_web_broker_contract::NumberScheme;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn ask(eori: &str, kinds: &[PartyKind]) -> ReceiveApplication {
        ReceiveApplication {
            person: NationalNumber { scheme: NumberScheme::KzIin, number: "901122401178".to_owned() },
            person_name: "Aigerim Sadykova".to_owned(),
            organisation: NationalNumber { scheme: NumberScheme::KzBin, number: "150640012341".to_owned() },
            eori: eori.to_owned(),
            organisation_name: "Altyn Zhol Trade LLP".to_owned(),
            address_lines: vec!["Almaty".to_owned()],
            kinds: kinds.to_vec(),
        }
    }

    #[test]
    fn a_newcomer_will_be_what_the_organisation_does() {
        let kinds = [PartyKind::Broker, PartyKind::Declarant];
        let application = Application::receive(Uuid::nil(), ask("KZ150640012341", &kinds), now()).unwrap();
        assert_eq!(application.roles(), [MemberRole::Broker, MemberRole::Declarant]);
        assert_eq!(application.view().country, "KZ");
    }

    #[test]
    fn everything_wrong_with_an_application_is_told_at_once() {
        let mut wrong = ask("kz", &[PartyKind::Customs]);
        wrong.organisation_name = String::new();
        wrong.person.number = "901122401179".to_owned();
        let problem = Application::receive(Uuid::nil(), wrong, now()).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/eori", "/organisationName", "/nationalNumber/number", "/kinds"]);
    }

    #[test]
    fn an_application_is_decided_once() {
        let kinds = [PartyKind::Carrier];
        let fresh = || Application::receive(Uuid::nil(), ask("KZ150640012341", &kinds), now()).unwrap();
        let mut approved = fresh();
        approved.approve(now()).unwrap();
        assert!(approved.reject("late".to_owned(), now()).unwrap_err().is(ALREADY_DECIDED));
        let mut rejected = fresh();
        assert!(rejected.reject(" ".to_owned(), now()).unwrap_err().is(problem::INPUT_INVALID));
        rejected.reject("no such firm".to_owned(), now()).unwrap();
        assert_eq!(
            (rejected.state, rejected.reason.as_deref()),
            (ApplicationState::Rejected, Some("no such firm"))
        );
        assert!(rejected.approve(now()).is_err());
    }
}
