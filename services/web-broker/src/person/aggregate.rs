//! A person in the register.

use customs_kernel::Problem;
use customs_web_broker_contract::{NationalNumber, Person as View, RegisterPerson};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    form::Form,
    national_number::{self, Bearer},
};

/// A person in the register.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Person {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) national_number: NationalNumber,
    pub(super) active: bool,
}

/// What the history keeps of a person: nothing that names them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonState {
    active: bool,
}

impl Person {
    /// A new person as `ask` describes them, or everything that is wrong with the description.
    pub(crate) fn register(id: Uuid, ask: RegisterPerson) -> Result<Self, Problem> {
        let mut form = Form::default();
        form.text(&ask.name, 200, "/name");
        if let Err(error) = national_number::check(&ask.national_number) {
            form.require(false, "/nationalNumber/number", &error.to_string());
        }
        let person = national_number::bearer(ask.national_number.scheme) == Bearer::Person;
        form.require(person, "/nationalNumber/scheme", "must be a register of people");
        form.done(Some(Self { id, name: ask.name, national_number: ask.national_number, active: true }))
    }

    /// Bars the person, or lets them act again.
    pub(crate) const fn set_active(&mut self, active: bool) {
        self.active = active;
    }

    /// Which person.
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// Name as registered.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether the person may act at all.
    pub(crate) const fn is_active(&self) -> bool {
        self.active
    }

    /// What the history keeps.
    pub(crate) const fn state(&self) -> PersonState {
        PersonState { active: self.active }
    }

    /// The person as an administrator sees them.
    pub(crate) fn view(&self) -> View {
        View {
            id: self.id,
            name: self.name.clone(),
            national_number: self.national_number.clone(),
            active: self.active,
        }
    }
}

#[cfg(test)]
mod tests {
    use customs_web_broker_contract::NumberScheme;

    use super::*;

    fn ask(scheme: NumberScheme, number: &str) -> RegisterPerson {
        let national_number = NationalNumber { scheme, number: number.to_owned() };
        RegisterPerson { name: "Aliya Serik".to_owned(), national_number }
    }

    #[test]
    fn a_person_is_known_by_a_number_of_people() {
        assert!(Person::register(Uuid::nil(), ask(NumberScheme::KzIin, "850314300211")).is_ok());
        let problem = Person::register(Uuid::nil(), ask(NumberScheme::KzBin, "150640012341")).unwrap_err();
        assert_eq!(problem.errors[0].pointer, "/nationalNumber/scheme");
    }

    #[test]
    fn the_history_keeps_no_name() {
        let person = Person::register(Uuid::nil(), ask(NumberScheme::KzIin, "850314300211")).unwrap();
        assert_eq!(serde_json::to_string(&person.state()).unwrap(), r#"{"active":true}"#);
    }
}
