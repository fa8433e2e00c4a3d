//! An organisation and what may become of it.

use chrono::{DateTime, Utc};
use customs_kernel::{Eori, Problem};
use customs_web_broker_contract::{
    CloseOrganisation, NationalNumber, Organisation as View, PartyKind, RegisterOrganisation, bus,
    problems::ALREADY_ENDED,
};
use uuid::Uuid;

use crate::{
    form::{Form, stale, within},
    national_number,
};

/// A participant in the register.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Organisation {
    pub(super) id: Uuid,
    pub(super) eori: Eori,
    pub(super) name: String,
    pub(super) address_lines: Vec<String>,
    pub(super) country: String,
    pub(super) national_number: NationalNumber,
    pub(super) kinds: Vec<PartyKind>,
    pub(super) active_from: DateTime<Utc>,
    pub(super) active_to: Option<DateTime<Utc>>,
    pub(super) version: i32,
}

impl Organisation {
    /// A new organisation as `ask` describes it, or everything that is wrong with the description.
    pub(crate) fn register(id: Uuid, ask: RegisterOrganisation, now: DateTime<Utc>) -> Result<Self, Problem> {
        let mut form = Form::default();
        let eori = form.number::<Eori>(&ask.eori, "/eori");
        form.text(&ask.name, 200, "/name");
        form.require(ask.address_lines.len() <= 5, "/addressLines", "must have at most 5 lines");
        for (at, line) in ask.address_lines.iter().enumerate() {
            form.text(line, 70, &format!("/addressLines/{at}"));
        }
        let number = national_number::check(&ask.national_number);
        if let Err(error) = number {
            form.require(false, "/nationalNumber/number", &error.to_string());
        }
        let seat = national_number::country(ask.national_number.scheme);
        form.require(ask.country == seat, "/country", "must be the country of the national number");
        form.require(!ask.kinds.is_empty(), "/kinds", "must name at least one kind");
        let mut kinds = Vec::new();
        for (at, kind) in ask.kinds.iter().enumerate() {
            form.require(!kinds.contains(kind), &format!("/kinds/{at}"), "stands twice");
            kinds.push(*kind);
        }
        let (active_from, active_to) =
            form.period((ask.active_from, "/activeFrom"), (ask.active_to, "/activeTo"), now);
        let eori = form.done(eori)?;
        Ok(Self {
            id,
            eori,
            name: ask.name,
            address_lines: ask.address_lines,
            country: ask.country,
            national_number: ask.national_number,
            kinds,
            active_from,
            active_to,
            version: 1,
        })
    }

    /// Ends the period in which the organisation may act; never in the past.
    pub(crate) fn close(&mut self, ask: &CloseOrganisation, now: DateTime<Utc>) -> Result<(), Problem> {
        if ask.expected_version != self.version {
            return Err(stale(ask.expected_version, self.version));
        }
        if self.active_to.is_some_and(|end| end <= now) {
            return Err(ALREADY_ENDED.because("the organisation was closed before"));
        }
        let mut form = Form::default();
        let at = ask.at.map_or(now, |at| form.instant(at, "/at"));
        form.require(at >= now, "/at", "must not lie in the past");
        form.require(at >= self.active_from, "/at", "must not lie before the beginning");
        self.active_to = Some(form.done(Some(at))?);
        self.version = self.version.saturating_add(1);
        Ok(())
    }

    /// Which organisation.
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// The number it is known by at customs.
    pub(crate) const fn eori(&self) -> &Eori {
        &self.eori
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Country of its seat.
    pub(crate) fn country(&self) -> &str {
        &self.country
    }

    /// What it does before customs.
    pub(crate) fn kinds(&self) -> &[PartyKind] {
        &self.kinds
    }

    /// Whether its state knows it by `number`.
    pub(crate) fn is_known_by(&self, number: &NationalNumber) -> bool {
        self.national_number == *number
    }

    /// Whether `digits` are the number under which its state knows it.
    pub(crate) fn has_number(&self, digits: &str) -> bool {
        self.national_number.number == digits
    }

    /// Whether it may act at `at`.
    pub(crate) fn is_active(&self, at: DateTime<Utc>) -> bool {
        within(at, self.active_from, self.active_to)
    }

    /// The organisation as it is shown.
    pub(crate) fn view(&self) -> View {
        View {
            id: self.id,
            eori: self.eori.to_string(),
            name: self.name.clone(),
            address_lines: self.address_lines.clone(),
            country: self.country.clone(),
            national_number: self.national_number.clone(),
            kinds: self.kinds.clone(),
            active_from: self.active_from,
            active_to: self.active_to,
            version: self.version,
        }
    }

    /// The organisation as it is told of.
    pub(crate) fn fact(&self) -> bus::OrganisationChanged {
        bus::OrganisationChanged {
            organisation: self.id,
            eori: self.eori.clone(),
            kinds: self.kinds.clone(),
            active_from: self.active_from,
            active_to: self.active_to,
            version: self.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use customs_kernel::problem;
    use customs_web_broker_contract::NumberScheme;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn ask() -> RegisterOrganisation {
        RegisterOrganisation {
            eori: "KZ150640012341".to_owned(),
            name: "Altyn Zhol Trade LLP".to_owned(),
            address_lines: vec!["Raiymbek 1".to_owned(), "Almaty".to_owned()],
            country: "KZ".to_owned(),
            national_number: NationalNumber {
                scheme: NumberScheme::KzBin,
                number: "150640012341".to_owned(),
            },
            kinds: vec![PartyKind::Declarant],
            active_from: None,
            active_to: None,
        }
    }

    #[test]
    fn a_sound_description_makes_an_active_organisation() {
        let made = Organisation::register(Uuid::nil(), ask(), now()).unwrap();
        assert!(made.is_active(now()));
        assert!(!made.is_active(now() - TimeDelta::seconds(1)));
        assert_eq!(made.view().version, 1);
    }

    #[test]
    fn everything_wrong_in_a_description_is_named() {
        let mut ask = ask();
        ask.eori = "x".to_owned();
        ask.name = String::new();
        ask.address_lines = vec![String::new()];
        ask.country = "KG".to_owned();
        ask.national_number.number = "150640012342".to_owned();
        ask.kinds = vec![PartyKind::Broker, PartyKind::Broker];
        ask.active_to = Some(now());
        let problem = Organisation::register(Uuid::nil(), ask, now()).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        let want = [
            "/eori",
            "/name",
            "/addressLines/0",
            "/nationalNumber/number",
            "/country",
            "/kinds/1",
            "/activeTo",
        ];
        assert_eq!(pointers, want);
    }

    #[test]
    fn a_closed_organisation_may_not_act_from_that_second() {
        let mut made = Organisation::register(Uuid::nil(), ask(), now()).unwrap();
        let close =
            |expected_version, at| CloseOrganisation { organisation_id: Uuid::nil(), expected_version, at };
        let later = now() + TimeDelta::days(1);
        made.close(&close(1, Some(later)), now()).unwrap();
        assert!(made.is_active(later - TimeDelta::microseconds(1)) && !made.is_active(later));
        assert!(made.close(&close(1, None), now()).unwrap_err().is(problem::VERSION_STALE));
        assert!(made.close(&close(2, None), later).unwrap_err().is(ALREADY_ENDED));
        let past = Some(now() - TimeDelta::days(1));
        assert!(made.close(&close(2, past), now()).unwrap_err().is(problem::INPUT_INVALID));
    }
}
