//! An economic operator: what is entered, and what may happen to it.

use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::{Eori, Finding, Problem};
use customs_references_contract::{PartyAddress, PartyRole, RegisterParty, RegisteredParty, problems};

use super::state::{PartyEvent, PartyState};
use crate::page::{check_country, check_day, check_text, invalid, require};

/// An economic operator in the register.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Party {
    pub(super) eori: Eori,
    pub(super) name: String,
    pub(super) address: PartyAddress,
    pub(super) roles: Vec<PartyRole>,
    pub(super) valid_from: NaiveDate,
    pub(super) valid_to: Option<NaiveDate>,
    pub(super) state: PartyState,
    pub(super) suspended_at: Option<DateTime<Utc>>,
    pub(super) suspended_because: Option<String>,
    pub(super) number: i64,
}

impl Party {
    /// The operator as entered for the first time.
    pub(super) fn enter(ask: RegisterParty, today: NaiveDate) -> Result<Self, Problem> {
        let eori = check(&ask, ask.valid_from.unwrap_or(today))?;
        Ok(Self {
            eori,
            name: ask.name,
            address: ask.address,
            roles: ask.roles,
            valid_from: ask.valid_from.unwrap_or(today),
            valid_to: ask.valid_to,
            state: PartyState::Registered,
            suspended_at: None,
            suspended_because: None,
            number: 0,
        })
    }

    /// The entry reads as `ask` says from now on; whether the operator is suspended stays.
    pub(super) fn change(&mut self, ask: RegisterParty) -> Result<(), Problem> {
        let from = ask.valid_from.unwrap_or(self.valid_from);
        check(&ask, from)?;
        self.pass(PartyEvent::Change)?;
        self.name = ask.name;
        self.address = ask.address;
        self.roles = ask.roles;
        self.valid_from = from;
        self.valid_to = ask.valid_to;
        Ok(())
    }

    /// Bars the operator from filing from the instant `at` on.
    pub(super) fn suspend(&mut self, reason: &str, at: DateTime<Utc>) -> Result<(), Problem> {
        let mut findings = Vec::new();
        check_text("/reason", reason, 1, 512, &mut findings);
        require(findings)?;
        self.pass(PartyEvent::Suspend)?;
        self.suspended_at = Some(at);
        self.suspended_because = Some(reason.to_owned());
        Ok(())
    }

    /// Lets the operator file again.
    pub(super) fn reinstate(&mut self) -> Result<(), Problem> {
        self.pass(PartyEvent::Reinstate)?;
        self.suspended_at = None;
        self.suspended_because = None;
        Ok(())
    }

    /// Whether validation looks up what it is authorised for.
    pub(super) fn is_looked_up(&self) -> bool {
        self.roles.iter().any(PartyRole::simplifies_transit)
    }

    fn pass(&mut self, event: PartyEvent) -> Result<(), Problem> {
        let Some(next) = self.state.on(event) else {
            let detail =
                format!("{} is {}: {} is not possible", self.eori, self.state.as_str(), event.as_str());
            return Err(problems::PARTY_STATE.because(detail).at("/eori"));
        };
        self.state = next;
        Ok(())
    }

    /// The operator as it is told at the instant `now`.
    pub(super) fn told(self, now: DateTime<Utc>) -> RegisteredParty {
        let today = now.date_naive();
        let within = self.valid_from <= today && self.valid_to.is_none_or(|to| to > today);
        RegisteredParty {
            may_file: within && self.state == PartyState::Registered,
            // The days pass without a new version, so whether they do so now belongs to the tag.
            etag: format!("{}-{}-{within}", self.eori, self.number),
            eori: self.eori.to_string(),
            name: self.name,
            address: self.address,
            roles: self.roles,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            state: self.state.as_str().to_owned(),
            suspended_at: self.suspended_at,
            suspended_because: self.suspended_because,
            number: self.number,
        }
    }
}

/// Checks an entry and tells everything that is wrong at once.
fn check(ask: &RegisterParty, from: NaiveDate) -> Result<Eori, Problem> {
    let mut findings = Vec::new();
    let eori = eori(&ask.eori, &mut findings);
    check_text("/name", &ask.name, 1, 70, &mut findings);
    check_text("/address/streetAndNumber", &ask.address.street_and_number, 1, 70, &mut findings);
    check_text("/address/city", &ask.address.city, 1, 35, &mut findings);
    check_country("/address/country", &ask.address.country, &mut findings);
    if let Some(postcode) = &ask.address.postcode {
        check_text("/address/postcode", postcode, 1, 17, &mut findings);
    }
    if ask.roles.len() > 20 {
        findings.push(invalid("/roles", "roles are at most 20"));
    }
    for (place, role) in ask.roles.iter().enumerate() {
        let word = role.role.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !word || !(1..=10).contains(&role.role.len()) {
            findings.push(invalid(format!("/roles/{place}/role"), "a role is a word such as AEO or C521"));
        }
        if let Some(reference) = &role.reference {
            check_text(&format!("/roles/{place}/reference"), reference, 1, 35, &mut findings);
        }
    }
    check_day("/validFrom", Some(from), &mut findings);
    check_day("/validTo", ask.valid_to, &mut findings);
    if ask.valid_to.is_some_and(|to| to <= from) {
        findings.push(invalid("/validTo", "validTo is a day after validFrom"));
    }
    match eori {
        Some(eori) if findings.is_empty() => Ok(eori),
        _ => Err(require(findings)
            .err()
            .unwrap_or_else(|| customs_kernel::problem::INPUT_INVALID.because("eori"))),
    }
}

/// The identification in `text`; what is wrong with it is added to `findings`.
pub(super) fn eori(text: &str, findings: &mut Vec<Finding>) -> Option<Eori> {
    let eori = text.parse().ok();
    if eori.is_none() {
        findings.push(invalid("/eori", "eori is a country and up to 15 characters"));
    }
    eori
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask() -> RegisterParty {
        RegisterParty {
            eori: "KZ123456789012".to_owned(),
            name: "Steppe Trade LLP".to_owned(),
            address: PartyAddress {
                street_and_number: "Abay 1".to_owned(),
                postcode: None,
                city: "Almaty".to_owned(),
                country: "KZ".to_owned(),
            },
            roles: vec![PartyRole { role: "C521".to_owned(), reference: None }],
            valid_from: None,
            valid_to: None,
        }
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn a_suspended_party_may_not_file_from_that_second() {
        let mut party = Party::enter(ask(), at(0).date_naive()).unwrap();
        assert!(party.clone().told(at(0)).may_file);
        party.suspend("debts", at(1)).unwrap();
        let told = party.clone().told(at(1));
        assert!(!told.may_file);
        assert_eq!(told.suspended_at, Some(at(1)));
        assert!(party.suspend("debts", at(2)).unwrap_err().is(problems::PARTY_STATE));
        party.reinstate().unwrap();
        assert!(party.told(at(3)).may_file);
    }

    #[test]
    fn a_change_of_the_entry_does_not_lift_a_suspension() {
        let mut party = Party::enter(ask(), at(0).date_naive()).unwrap();
        party.suspend("debts", at(1)).unwrap();
        party.change(RegisterParty { name: "Steppe Trade JSC".to_owned(), ..ask() }).unwrap();
        assert!(!party.clone().told(at(2)).may_file);
        assert_eq!(party.name, "Steppe Trade JSC");
    }

    #[test]
    fn everything_wrong_with_an_entry_is_told_at_once() {
        let bad = RegisterParty {
            eori: "1".to_owned(),
            name: String::new(),
            valid_from: at(0).date_naive().into(),
            valid_to: at(0).date_naive().into(),
            ..ask()
        };
        let problem = Party::enter(bad, at(0).date_naive()).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/eori", "/name", "/validTo"]);
    }
}
