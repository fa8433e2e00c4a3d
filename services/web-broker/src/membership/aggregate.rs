//! A membership and what may become of it.

use chrono::{DateTime, Utc};
use customs_kernel::{OfficeCode, Problem};
use customs_web_broker_contract::{
    GrantMembership, MemberRole, Membership as View, PartyKind, problems::ALREADY_ENDED,
};
use uuid::Uuid;

use crate::{
    form::{Form, overlap, within},
    national_number,
    organisation::Organisation,
};

/// That a person acts for an organisation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Membership {
    pub(super) id: Uuid,
    pub(super) person_id: Uuid,
    pub(super) organisation_id: Uuid,
    pub(super) roles: Vec<MemberRole>,
    pub(super) offices: Vec<OfficeCode>,
    pub(super) valid_from: DateTime<Utc>,
    pub(super) valid_to: Option<DateTime<Utc>>,
}

/// The kind an organisation must be of so that its people may have `role`.
const fn kind_of(role: MemberRole) -> PartyKind {
    match role {
        MemberRole::Declarant => PartyKind::Declarant,
        MemberRole::Broker => PartyKind::Broker,
        MemberRole::Carrier => PartyKind::Carrier,
        MemberRole::Guarantor => PartyKind::Guarantor,
        MemberRole::OfficerOfDeparture
        | MemberRole::OfficerOfTransit
        | MemberRole::OfficerOfDestination
        | MemberRole::Administrator => PartyKind::Customs,
    }
}

impl Membership {
    /// A new membership in `organisation`, or everything that is wrong with it.
    pub(crate) fn grant(
        id: Uuid,
        organisation: &Organisation,
        ask: &GrantMembership,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let mut form = Form::default();
        form.require(!ask.roles.is_empty(), "/roles", "must name at least one role");
        let mut roles = Vec::new();
        for (at, role) in ask.roles.iter().enumerate() {
            let pointer = format!("/roles/{at}");
            form.require(!roles.contains(role), &pointer, "stands twice");
            let fits = organisation.kinds().contains(&kind_of(*role));
            form.require(fits, &pointer, "does not fit what the organisation does");
            roles.push(*role);
        }
        let officer = roles.iter().any(|role| role.role().is_officer());
        form.require(officer != ask.offices.is_empty(), "/offices", "are named for officers and nobody else");
        form.require(ask.offices.len() <= 50, "/offices", "must be at most 50");
        let mut offices = Vec::new();
        for (at, office) in ask.offices.iter().enumerate().take(50) {
            let pointer = format!("/offices/{at}");
            if let Some(office) = form.number::<OfficeCode>(office, &pointer) {
                // Offices of countries whose customs is not here are for training: any administration may man them.
                let own =
                    office.country() == organisation.country() || !national_number::is_kept(office.country());
                form.require(own, &pointer, "lies in another country");
                form.require(!offices.contains(&office), &pointer, "stands twice");
                offices.push(office);
            }
        }
        let (valid_from, valid_to) =
            form.period((ask.valid_from, "/validFrom"), (ask.valid_to, "/validTo"), now);
        form.done(Some(Self {
            id,
            person_id: ask.person_id,
            organisation_id: organisation.id(),
            roles,
            offices,
            valid_from,
            valid_to,
        }))
    }

    /// Ends the membership at `at` or now; one that has not begun ends with its beginning.
    pub(crate) fn end(&mut self, at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.valid_to.is_some_and(|end| end <= now || end <= self.valid_from) {
            return Err(ALREADY_ENDED.because("the membership was ended before"));
        }
        let mut form = Form::default();
        let at = at.map_or(now, |at| form.instant(at, "/at"));
        form.require(at >= now, "/at", "must not lie in the past");
        self.valid_to = Some(form.done(Some(at))?.max(self.valid_from));
        Ok(())
    }

    /// Whether it is in force at some instant at which `other` is, too.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        overlap((self.valid_from, self.valid_to), (other.valid_from, other.valid_to))
    }

    /// Whether it is in force at `at`.
    pub(crate) fn is_in_force(&self, at: DateTime<Utc>) -> bool {
        within(at, self.valid_from, self.valid_to)
    }

    /// Whether its person may do what needs `permission`.
    pub(crate) fn may(&self, permission: &str) -> bool {
        self.roles.iter().any(|role| role.role().may(permission))
    }

    /// Who acts.
    pub(crate) const fn person_id(&self) -> Uuid {
        self.person_id
    }

    /// For whom.
    pub(crate) const fn organisation_id(&self) -> Uuid {
        self.organisation_id
    }

    /// As what.
    pub(crate) fn roles(&self) -> &[MemberRole] {
        &self.roles
    }

    /// Where, for officers.
    pub(crate) fn offices(&self) -> &[OfficeCode] {
        &self.offices
    }

    /// The membership as it is shown and kept in the history.
    pub(crate) fn view(&self) -> View {
        View {
            id: self.id,
            person_id: self.person_id,
            organisation_id: self.organisation_id,
            roles: self.roles.clone(),
            offices: self.offices.iter().map(ToString::to_string).collect(),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use customs_kernel::problem;
    use customs_web_broker_contract::{NationalNumber, NumberScheme, RegisterOrganisation};

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn customs() -> Organisation {
        let ask = RegisterOrganisation {
            eori: "KZ040440007612".to_owned(),
            name: "Customs".to_owned(),
            address_lines: Vec::new(),
            country: "KZ".to_owned(),
            national_number: NationalNumber {
                scheme: NumberScheme::KzBin,
                number: "040440007612".to_owned(),
            },
            kinds: vec![PartyKind::Customs],
            active_from: None,
            active_to: None,
        };
        Organisation::register(Uuid::nil(), ask, now()).unwrap()
    }

    fn grant(roles: &[MemberRole], offices: &[&str]) -> Result<Membership, Problem> {
        let ask = GrantMembership {
            person_id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            roles: roles.to_vec(),
            offices: offices.iter().map(ToString::to_string).collect(),
            valid_from: None,
            valid_to: None,
        };
        Membership::grant(Uuid::nil(), &customs(), &ask, now())
    }

    fn pointers(result: Result<Membership, Problem>) -> Vec<String> {
        result.map_or_else(
            |problem| problem.errors.into_iter().map(|finding| finding.pointer).collect(),
            |_| Vec::new(),
        )
    }

    #[test]
    fn a_role_must_fit_the_organisation_and_offices_the_role() {
        use MemberRole::{Administrator, Broker, OfficerOfDeparture};
        let officer = [OfficerOfDeparture];
        for (roles, offices, want) in [
            (&officer[..], &["KZALA001", "KZKRG001"][..], &[][..]),
            (&[Administrator][..], &[][..], &[][..]),
            (&officer[..], &[][..], &["/offices"][..]),
            (&[Administrator][..], &["KZALA001"][..], &["/offices"][..]),
            (&officer[..], &["UZTAS001"][..], &["/offices/0"][..]),
            (&officer[..], &["Almaty"][..], &["/offices/0"][..]),
            (&officer[..], &["KZALA001", "KZALA001"][..], &["/offices/1"][..]),
            (&[Broker][..], &[][..], &["/roles/0"][..]),
            (&[Administrator, Administrator][..], &[][..], &["/roles/1"][..]),
            (&[][..], &[][..], &["/roles"][..]),
        ] {
            assert_eq!(pointers(grant(roles, offices)), want, "{roles:?} {offices:?}");
        }
    }

    #[test]
    fn an_ended_membership_is_not_ended_again() {
        let mut membership = grant(&[MemberRole::Administrator], &[]).unwrap();
        let later = now() + TimeDelta::days(1);
        let past = Some(now() - TimeDelta::days(1));
        assert!(membership.end(past, now()).unwrap_err().is(problem::INPUT_INVALID));
        membership.end(None, later).unwrap();
        assert!(membership.is_in_force(now()) && !membership.is_in_force(later));
        assert!(membership.end(None, later).unwrap_err().is(ALREADY_ENDED));
    }
}
