//! A system key and what may become of it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Months, NaiveDate, Utc};
use customs_kernel::{Actor, Problem, Role};
use customs_signatures::{IdentityScheme, http::PresentedKey};
use customs_web_broker_contract::{
    MemberRole, RegisterSystemKey, SystemKey as View,
    problems::{
        ALREADY_ENDED, PERSON_REQUIRED, SYSTEM_KEY_EXPIRED, SYSTEM_KEY_NOT_YET_VALID, SYSTEM_KEY_REVOKED,
    },
};
use uuid::Uuid;

use crate::{form::Form, organisation::Organisation};

/// How many months a key is valid where nothing is said, and at most.
const MONTHS: Months = Months::new(12);
const MONTHS_MAX: Months = Months::new(36);

/// A key with which a system of an organisation signs its requests.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct SystemKey {
    pub(super) id: Uuid,
    pub(super) organisation_id: Uuid,
    pub(super) name: String,
    pub(super) key_id: String,
    pub(super) kind: String,
    pub(super) spki: String,
    pub(super) roles: Vec<MemberRole>,
    pub(super) valid_from: DateTime<Utc>,
    pub(super) valid_to: DateTime<Utc>,
    pub(super) registered_by: String,
    pub(super) registered_at: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
    pub(super) last_used_on: Option<NaiveDate>,
}

/// Refuses a system: a key that could register others, or revoke them, would outlive its own revocation.
pub(super) fn require_person(actor: &Actor) -> Result<(), Problem> {
    if actor.is_system() {
        return Err(PERSON_REQUIRED.because("keys are registered and revoked by people, not by systems"));
    }
    Ok(())
}

impl SystemKey {
    /// A new key of `organisation` registered by `actor`, or everything that is wrong with it.
    pub(super) fn register(
        id: Uuid,
        organisation: &Organisation,
        ask: RegisterSystemKey,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        require_person(actor)?;
        let mut form = Form::default();
        form.text(&ask.name, 100, "/name");
        let roles = roles(&mut form, &ask.roles, actor);
        let presented = presented(&mut form, &ask.key, organisation);
        let certificate = presented.as_ref().and_then(PresentedKey::certificate).map(|(facts, _)| facts);
        let (valid_from, wanted_to) =
            form.period((ask.valid_from, "/validFrom"), (ask.valid_to, "/validTo"), now);
        let after = |months| valid_from.checked_add_months(months).unwrap_or(valid_from);
        let ends = certificate.map(|facts| facts.not_after);
        let usual = ends.map_or(after(MONTHS), |end| end.min(after(MONTHS)));
        let valid_to = wanted_to.unwrap_or(usual);
        form.require(valid_from >= now, "/validFrom", "must not lie in the past");
        form.require(
            ends.is_none_or(|end| end > valid_from),
            "/key",
            "is a certificate that has run out by then",
        );
        form.require(
            valid_to <= after(MONTHS_MAX),
            "/validTo",
            "must lie at most three years after the beginning",
        );
        let within = ends.is_none_or(|end| wanted_to.is_none_or(|to| to <= end));
        form.require(within, "/validTo", "is later than the end of the certificate");
        let presented = form.done(presented)?;
        Ok(Self {
            id,
            organisation_id: organisation.id(),
            name: ask.name,
            key_id: presented.key_id().to_owned(),
            kind: presented.kind().to_owned(),
            spki: STANDARD.encode(presented.spki()),
            roles,
            valid_from,
            valid_to,
            registered_by: actor.subject.clone(),
            registered_at: now,
            revoked_at: None,
            last_used_on: None,
        })
    }

    /// Revokes the key from `now` on.
    pub(super) fn revoke(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.revoked_at.is_some() {
            return Err(ALREADY_ENDED.because("the key was revoked before"));
        }
        if self.valid_to <= now {
            return Err(ALREADY_ENDED.because("the key has run out"));
        }
        self.revoked_at = Some(now);
        Ok(())
    }

    /// Refuses requests at `at` that the key may not sign.
    pub(super) fn admits(&self, at: DateTime<Utc>) -> Result<(), Problem> {
        if let Some(revoked_at) = self.revoked_at.filter(|revoked_at| *revoked_at <= at) {
            return Err(SYSTEM_KEY_REVOKED.because(format!("the key was revoked at {revoked_at}")));
        }
        if at < self.valid_from {
            return Err(
                SYSTEM_KEY_NOT_YET_VALID.because(format!("the key is valid from {}", self.valid_from))
            );
        }
        if at >= self.valid_to {
            return Err(SYSTEM_KEY_EXPIRED.because(format!("the key was valid until {}", self.valid_to)));
        }
        Ok(())
    }

    /// The key as its organisation sees it.
    pub(super) fn view(&self) -> View {
        View {
            id: self.id,
            name: self.name.clone(),
            key_id: self.key_id.clone(),
            kind: self.kind.clone(),
            roles: self.roles.clone(),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            registered_by: self.registered_by.clone(),
            registered_at: self.registered_at,
            revoked_at: self.revoked_at,
            last_used_on: self.last_used_on,
        }
    }
}

/// The roles that `asked` for, or all that `actor` can give: those of a participant, and no more than its own.
fn roles(form: &mut Form, asked: &[MemberRole], actor: &Actor) -> Vec<MemberRole> {
    let given = |role: &MemberRole| {
        let role = Role::from(*role);
        actor.is(role) && role.may("system-key:write")
    };
    if asked.is_empty() {
        return MemberRole::ALL.iter().copied().filter(given).collect();
    }
    let mut roles = Vec::new();
    for (at, role) in asked.iter().enumerate() {
        let pointer = format!("/roles/{at}");
        form.require(!roles.contains(role), &pointer, "stands twice");
        form.require(given(role), &pointer, "is not one of your own roles that a system can have");
        roles.push(*role);
    }
    roles
}

/// The key that `text` presents, if it is one; a certificate must not name another organisation.
fn presented(form: &mut Form, text: &str, organisation: &Organisation) -> Option<PresentedKey> {
    let schemes = [IdentityScheme::kazakhstan(), IdentityScheme::pin_tin()];
    match PresentedKey::read(text, &schemes) {
        Ok(presented) => {
            let named = presented.certificate().and_then(|(_, identity)| identity.bin.as_deref());
            let own = named.is_none_or(|number| organisation.has_number(number));
            form.require(own, "/key", "is a certificate of another organisation");
            Some(presented)
        }
        Err(error) => {
            form.require(false, "/key", &error.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use customs_kernel::problem;
    use customs_signatures::issue::{Authority, KeyKind, Subject, Usage, Validity};
    use customs_web_broker_contract::{NationalNumber, NumberScheme, PartyKind, RegisterOrganisation};

    use super::*;

    const KEY: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn organisation() -> Organisation {
        let number = NationalNumber { scheme: NumberScheme::KzBin, number: "150640012341".to_owned() };
        let ask = RegisterOrganisation {
            eori: "KZ150640012341".to_owned(),
            name: "Name".to_owned(),
            address_lines: Vec::new(),
            country: "KZ".to_owned(),
            national_number: number,
            kinds: vec![PartyKind::Declarant],
            active_from: None,
            active_to: None,
        };
        Organisation::register(Uuid::from_u128(1), ask, now()).unwrap()
    }

    fn actor(roles: &[Role]) -> Actor {
        let party = Some("KZ150640012341".parse().unwrap());
        Actor { subject: "person".to_owned(), party, roles: roles.to_vec(), offices: Vec::new() }
    }

    fn ask() -> RegisterSystemKey {
        RegisterSystemKey {
            name: "Booking".to_owned(),
            key: KEY.to_owned(),
            roles: Vec::new(),
            valid_from: None,
            valid_to: None,
        }
    }

    fn register(ask: RegisterSystemKey, roles: &[Role]) -> Result<SystemKey, Problem> {
        SystemKey::register(Uuid::nil(), &organisation(), ask, &actor(roles), now())
    }

    fn pointers(result: Result<SystemKey, Problem>) -> Vec<String> {
        let problem = result.unwrap_err();
        assert!(problem.is(problem::INPUT_INVALID), "{problem}");
        problem.errors.into_iter().map(|finding| finding.pointer).collect()
    }

    #[test]
    fn a_system_has_roles_of_its_registrar_and_no_others() {
        let both = [Role::Declarant, Role::Broker];
        assert_eq!(register(ask(), &both).unwrap().roles, [MemberRole::Declarant, MemberRole::Broker]);
        let asked = |roles: &[MemberRole]| RegisterSystemKey { roles: roles.to_vec(), ..ask() };
        assert_eq!(register(asked(&[MemberRole::Broker]), &both).unwrap().roles, [MemberRole::Broker]);
        assert_eq!(pointers(register(asked(&[MemberRole::Carrier]), &both)), ["/roles/0"]);
        assert_eq!(pointers(register(asked(&[MemberRole::Broker; 2]), &both)), ["/roles/1"]);
        let officer = [Role::Declarant, Role::Administrator];
        assert_eq!(pointers(register(asked(&[MemberRole::Administrator]), &officer)), ["/roles/0"]);
        assert_eq!(register(ask(), &officer).unwrap().roles, [MemberRole::Declarant]);
    }

    #[test]
    fn everything_wrong_with_a_key_is_named() {
        let wrong = RegisterSystemKey {
            name: String::new(),
            key: "ssh-ed25519 AAAA".to_owned(),
            valid_from: Some(now() - TimeDelta::days(1)),
            valid_to: Some(now() + TimeDelta::days(4_000)),
            ..ask()
        };
        let found = pointers(register(wrong, &[Role::Declarant]));
        assert_eq!(found, ["/name", "/key", "/validFrom", "/validTo"]);
    }

    #[test]
    fn a_system_registers_no_keys() {
        let system = Actor::system("1", "KZ150640012341".parse().unwrap(), vec![Role::Declarant]);
        let refused = SystemKey::register(Uuid::nil(), &organisation(), ask(), &system, now()).unwrap_err();
        assert!(refused.is(PERSON_REQUIRED));
    }

    #[test]
    fn a_key_is_valid_in_its_period_until_it_is_revoked() {
        let mut key = register(ask(), &[Role::Declarant]).unwrap();
        assert_eq!(key.valid_to, now() + MONTHS);
        assert!(key.admits(now()).is_ok());
        assert!(key.admits(now() - TimeDelta::seconds(1)).unwrap_err().is(SYSTEM_KEY_NOT_YET_VALID));
        assert!(key.admits(key.valid_to).unwrap_err().is(SYSTEM_KEY_EXPIRED));
        let later = now() + TimeDelta::days(1);
        key.revoke(later).unwrap();
        assert!(key.admits(later - TimeDelta::microseconds(1)).is_ok());
        assert!(key.admits(later).unwrap_err().is(SYSTEM_KEY_REVOKED));
        assert!(key.revoke(later).unwrap_err().is(ALREADY_ENDED));
    }

    #[test]
    fn a_certificate_bounds_the_period_and_must_be_the_organisations_own() {
        let validity = Validity { not_before: now(), not_after: now() + TimeDelta::days(30) };
        let root = Authority::root("Root", KeyKind::P256, validity).unwrap();
        let certified = |bin: &str| {
            let subject = Subject {
                common_name: "Gateway of Somebody".to_owned(),
                country: Some("KZ".to_owned()),
                organisation_id: Some(format!("BIN{bin}")),
                ..Subject::default()
            };
            let credential = root.issue(&subject, Usage::Authentication, KeyKind::P256, validity).unwrap();
            let body = STANDARD.encode(credential.certificate());
            let key = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
            RegisterSystemKey { key, ..ask() }
        };
        let key = register(certified("150640012341"), &[Role::Declarant]).unwrap();
        assert_eq!((key.valid_to, key.key_id.len()), (validity.not_after, 64));
        let longer =
            RegisterSystemKey { valid_to: Some(now() + TimeDelta::days(31)), ..certified("150640012341") };
        assert_eq!(pointers(register(longer, &[Role::Declarant])), ["/validTo"]);
        assert_eq!(pointers(register(certified("090340005176"), &[Role::Declarant])), ["/key"]);
    }
}
