//! A delegation and what may become of it.

use chrono::{DateTime, Utc};
use customs_kernel::{Currency, Eori, Money, Problem};
use customs_web_broker_contract::{
    Delegation as View, DelegationCap, DelegationScope, GrantDelegation, PartyKind, bus,
    problems::ALREADY_ENDED,
};
use uuid::Uuid;

use crate::{
    form::{Form, overlap},
    organisation::Organisation,
};

/// That an organisation may act for another.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Delegation {
    pub(super) id: Uuid,
    pub(super) principal: Eori,
    pub(super) representative: Eori,
    pub(super) scope: Vec<DelegationScope>,
    pub(super) valid_from: DateTime<Utc>,
    pub(super) valid_to: DateTime<Utc>,
    pub(super) cap: Option<Money>,
    pub(super) granted_at: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
}

/// Whether an organisation of `kinds` may act for others in `scope`.
fn may_represent(kinds: &[PartyKind], scope: DelegationScope) -> bool {
    kinds.iter().any(|kind| match kind {
        PartyKind::Broker | PartyKind::Declarant => true,
        PartyKind::Carrier => scope == DelegationScope::Arrive,
        PartyKind::Guarantor | PartyKind::Customs => false,
    })
}

impl Delegation {
    /// A new delegation from `principal` to `representative`, or everything that is wrong with it.
    pub(crate) fn grant(
        id: Uuid,
        principal: &Organisation,
        representative: &Organisation,
        ask: &GrantDelegation,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let mut form = Form::default();
        let other = principal.id() != representative.id();
        form.require(other, "/representative", "an organisation always acts for itself");
        form.require(representative.is_active(now), "/representative", "is not active");
        form.require(!ask.scope.is_empty(), "/scope", "must name at least one scope");
        let mut scope = Vec::new();
        for (at, part) in ask.scope.iter().enumerate() {
            let pointer = format!("/scope/{at}");
            form.require(!scope.contains(part), &pointer, "stands twice");
            let may = may_represent(representative.kinds(), *part);
            form.require(may, &pointer, "the representative does not do this for others");
            scope.push(*part);
        }
        let (valid_from, valid_to) =
            form.period((ask.valid_from, "/validFrom"), (Some(ask.valid_to), "/validTo"), now);
        form.require(valid_from >= now, "/validFrom", "must not lie in the past");
        let cap = ask.cap.as_ref().and_then(|cap| read_cap(&mut form, cap));
        let needless = cap.is_some() && !scope.contains(&DelegationScope::GuaranteeUse);
        form.require(!needless, "/cap", "is of no use without guarantee-use in the scope");
        let valid_to = form.done(valid_to)?;
        Ok(Self {
            id,
            principal: principal.eori().clone(),
            representative: representative.eori().clone(),
            scope,
            valid_from,
            valid_to,
            cap,
            granted_at: now,
            revoked_at: None,
        })
    }

    /// Takes the delegation back from `now` on.
    pub(crate) fn revoke(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.revoked_at.is_some() {
            return Err(ALREADY_ENDED.because("the delegation was taken back before"));
        }
        if self.valid_to <= now {
            return Err(ALREADY_ENDED.because("the delegation has run out"));
        }
        self.revoked_at = Some(now);
        Ok(())
    }

    /// Whether the representative may act under it at `at`.
    pub(crate) fn is_in_force(&self, at: DateTime<Utc>) -> bool {
        self.valid_from <= at && at < self.end()
    }

    /// Whether it is in force at some instant at which `other` is, too.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let empty = |one: &Self| one.end() <= one.valid_from;
        !empty(self)
            && !empty(other)
            && overlap((self.valid_from, Some(self.end())), (other.valid_from, Some(other.end())))
    }

    fn end(&self) -> DateTime<Utc> {
        self.revoked_at.map_or(self.valid_to, |at| at.min(self.valid_to))
    }

    /// Which delegation.
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// Who is acted for.
    pub(crate) const fn principal(&self) -> &Eori {
        &self.principal
    }

    /// Who acts.
    pub(crate) const fn representative(&self) -> &Eori {
        &self.representative
    }

    /// What is delegated.
    pub(crate) fn scope(&self) -> &[DelegationScope] {
        &self.scope
    }

    /// The most that may be used of guarantees in one declaration.
    pub(crate) fn cap(&self) -> Option<DelegationCap> {
        self.cap.map(|cap| DelegationCap { amount: cap.decimal(), currency: cap.currency.code().to_owned() })
    }

    /// The delegation as both sides see it.
    pub(crate) fn view(&self, principal_name: &str, representative_name: &str) -> View {
        View {
            id: self.id,
            principal: self.principal.to_string(),
            principal_name: principal_name.to_owned(),
            representative: self.representative.to_string(),
            representative_name: representative_name.to_owned(),
            scope: self.scope.clone(),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            cap: self.cap(),
            granted_at: self.granted_at,
            revoked_at: self.revoked_at,
        }
    }

    /// The delegation as it is told of.
    pub(crate) fn fact(&self) -> bus::DelegationChanged {
        bus::DelegationChanged {
            delegation: self.id,
            principal: self.principal.clone(),
            representative: self.representative.clone(),
            scope: self.scope.clone(),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            at: self.revoked_at.unwrap_or(self.granted_at),
        }
    }
}

fn read_cap(form: &mut Form, cap: &DelegationCap) -> Option<Money> {
    let currency = cap.currency.parse::<Currency>();
    if let Err(error) = currency {
        form.require(false, "/cap/currency", &error.to_string());
    }
    let amount = Money::parse(&cap.amount, currency.unwrap_or(Currency::EUR));
    match amount {
        Ok(money) => {
            form.require(money.minor > 0, "/cap/amount", "must be more than nothing");
            Some(money)
        }
        Err(error) => {
            form.require(false, "/cap/amount", &error.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use customs_web_broker_contract::{NationalNumber, NumberScheme, RegisterOrganisation};

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn organisation(id: u128, number: &str, kind: PartyKind) -> Organisation {
        let ask = RegisterOrganisation {
            eori: format!("KZ{number}"),
            name: "Name".to_owned(),
            address_lines: Vec::new(),
            country: "KZ".to_owned(),
            national_number: NationalNumber { scheme: NumberScheme::KzBin, number: number.to_owned() },
            kinds: vec![kind],
            active_from: None,
            active_to: None,
        };
        Organisation::register(Uuid::from_u128(id), ask, now()).unwrap()
    }

    fn ask(scope: &[DelegationScope]) -> GrantDelegation {
        GrantDelegation {
            representative: String::new(),
            scope: scope.to_vec(),
            valid_from: None,
            valid_to: now() + TimeDelta::days(10),
            cap: None,
        }
    }

    fn grant(kind: PartyKind, ask: &GrantDelegation) -> Result<Delegation, Problem> {
        let principal = organisation(1, "150640012341", PartyKind::Declarant);
        let representative = organisation(2, "090340005176", kind);
        Delegation::grant(Uuid::nil(), &principal, &representative, ask, now())
    }

    #[test]
    fn only_who_does_it_for_others_can_represent() {
        use DelegationScope::{Arrive, Declare};
        use PartyKind::{Broker, Carrier, Customs, Declarant, Guarantor};
        for (kind, scope, may) in [
            (Broker, Declare, true),
            (Declarant, Declare, true),
            (Carrier, Declare, false),
            (Carrier, Arrive, true),
            (Guarantor, Arrive, false),
            (Customs, Declare, false),
        ] {
            assert_eq!(grant(kind, &ask(&[scope])).is_ok(), may, "{kind:?} {scope:?}");
        }
    }

    #[test]
    fn everything_wrong_in_a_delegation_is_named() {
        let mut ask = ask(&[DelegationScope::Declare, DelegationScope::Declare]);
        ask.valid_from = Some(now() - TimeDelta::days(1));
        ask.valid_to = now() - TimeDelta::days(2);
        ask.cap = Some(DelegationCap { amount: "1.234".to_owned(), currency: "eur".to_owned() });
        let problem = grant(PartyKind::Broker, &ask).unwrap_err();
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/scope/1", "/validTo", "/validFrom", "/cap/currency", "/cap/amount"]);
    }

    #[test]
    fn a_cap_needs_the_scope_it_bounds() {
        let mut ask = ask(&[DelegationScope::Declare]);
        ask.cap = Some(DelegationCap { amount: "10000".to_owned(), currency: "EUR".to_owned() });
        assert_eq!(grant(PartyKind::Broker, &ask).unwrap_err().errors[0].pointer, "/cap");
        ask.scope.push(DelegationScope::GuaranteeUse);
        let cap = grant(PartyKind::Broker, &ask).unwrap().cap().unwrap();
        assert_eq!((cap.amount.as_str(), cap.currency.as_str()), ("10000.00", "EUR"));
    }

    #[test]
    fn a_delegation_taken_back_ends_at_that_second() {
        let mut delegation = grant(PartyKind::Broker, &ask(&[DelegationScope::Declare])).unwrap();
        let later = now() + TimeDelta::days(1);
        delegation.revoke(later).unwrap();
        assert!(delegation.is_in_force(later - TimeDelta::microseconds(1)));
        assert!(!delegation.is_in_force(later));
        assert!(delegation.revoke(later).unwrap_err().is(ALREADY_ENDED));
    }

    #[test]
    fn a_delegation_that_ran_out_cannot_be_taken_back() {
        let mut delegation = grant(PartyKind::Broker, &ask(&[DelegationScope::Declare])).unwrap();
        let end = now() + TimeDelta::days(10);
        assert!(!delegation.is_in_force(end));
        assert!(delegation.revoke(end).unwrap_err().is(ALREADY_ENDED));
    }
}
