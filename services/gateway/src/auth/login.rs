//! Log-in: a signed challenge becomes a token; a token becomes a fresh one for a while, then another log-in is due.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use customs_gateway_contract::{Challenge, OpenSession, Session, SessionClosed, problems};
use customs_kernel::{Actor, Caller, Clock, Eori, Finding, Problem, Role, problem};
use customs_platform::Desk;
use customs_signatures::{Fault, Identity as Named, Level};
use customs_web_broker_contract::{
    IdentifyPerson, Identity, IdentityMembership, NationalNumber, NumberScheme, SpendChallenge,
    problems as people,
};
use serde::{Deserialize, Serialize};

use super::{Challenges, Claims, Shown, Tokens, Visit, Way, oidc::Oidc};
use crate::signature::{Sent, Signatures};

/// Who was named at log-in, as it is kept inside a token.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Who {
    person: NationalNumber,
    organisation: Option<NationalNumber>,
    eori: Option<String>,
}

/// The ways from a certificate, or from an outside provider, to a token.
pub(crate) struct Login {
    pub(crate) challenges: Challenges,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) signatures: Arc<Signatures>,
    pub(crate) desk: Desk,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) renewable: TimeDelta,
    /// The outside provider, where there is one.
    pub(crate) oidc: Option<Oidc>,
}

impl Login {
    /// A fresh challenge.
    pub(crate) fn challenge(&self) -> Result<Challenge, Problem> {
        self.challenges.make(self.clock.now()).map_err(|error| {
            tracing::error!(%error, "no challenge could be made");
            problem::INTERNAL.because("no challenge could be made")
        })
    }

    /// The token for a signed challenge; each challenge is accepted once.
    pub(crate) async fn open(&self, visit: &Visit, ask: OpenSession) -> Result<Session, Problem> {
        let now = self.clock.now();
        let (named, until) = self.prove(&ask.challenge, &ask.signature).await?;
        let person = number(named.iin.as_deref(), named.country.as_deref(), PERSON).ok_or_else(nobody)?;
        let organisation = number(named.bin.as_deref(), named.country.as_deref(), ORGANISATION);
        let mut who = Who { person, organisation, eori: ask.organisation };
        let known = self.identify(visit, &mut who).await.map_err(stranger)?;
        self.spend(visit, &ask.challenge, until).await?;
        self.session(&known, &who, Shown { way: Way::Certificate, at: now }, now)
    }

    /// The session of `person`, for whom the provider has vouched; `ticket`, good until `until`, is used up with it.
    pub(super) async fn admit(
        &self,
        visit: &Visit,
        (person, eori): (NationalNumber, Option<String>),
        (ticket, until): (&str, DateTime<Utc>),
    ) -> Result<Session, Problem> {
        let now = self.clock.now();
        let mut who = Who { person, organisation: None, eori };
        let known = self.identify(visit, &mut who).await.map_err(|problem| {
            if problem.is(people::PERSON_UNKNOWN) {
                return problems::PROVIDER_PERSON
                    .because("the provider knows you, but nobody has registered you here");
            }
            stranger(problem)
        })?;
        if !self.first(visit, ticket, until).await? {
            return Err(problems::PROVIDER_TICKET.because("the ticket was used before").at("/ticket"));
        }
        self.session(&known, &who, Shown { way: Way::Provider, at: now }, now)
    }

    /// Whom the certificate names that signed `challenge`, and until when the challenge is good.
    pub(super) async fn prove(
        &self,
        challenge: &str,
        signature: &str,
    ) -> Result<(Named, DateTime<Utc>), Problem> {
        let until = self.challenges.check(challenge, self.clock.now())?;
        let signature = STANDARD
            .decode(signature.as_bytes())
            .map_err(|_| unsigned(Fault::Malformed.refuse("the signature is not Base64", "/signature")))?;
        // A challenge lives for minutes: its signature needs no timestamp, whatever documents need.
        let content = challenge.as_bytes();
        let verified = self.signatures.verify(content, Sent::Cms(signature), Level::B).await;
        let document = verified.map_err(unsigned)?;
        let named = document.signers().next().cloned().ok_or_else(nobody)?;
        Ok((named, until))
    }

    /// Uses up `challenge`, which is good until `until`; refused where it was used before.
    pub(super) async fn spend(
        &self,
        visit: &Visit,
        challenge: &str,
        until: DateTime<Utc>,
    ) -> Result<(), Problem> {
        if self.first(visit, challenge, until).await? {
            return Ok(());
        }
        Err(problems::CHALLENGE.because("the challenge was used before").at("/challenge"))
    }

    /// Whether `text`, which is good until `until`, is used for the first time; it is used up with this.
    pub(super) async fn first(
        &self,
        visit: &Visit,
        text: &str,
        until: DateTime<Utc>,
    ) -> Result<bool, Problem> {
        // Kept where the register is, and not in the cache: another gateway, or a cache that was lost, must know of it.
        let sha256 = hex::encode(openssl::sha::sha256(text.as_bytes()));
        let spend = SpendChallenge { sha256, expires_at: until };
        Ok(self.desk.ask(&myself(visit), spend).await?.first)
    }

    /// A fresh token for one that is still good; who the person is and what they may do is asked again.
    pub(crate) async fn renew(&self, visit: &Visit) -> Result<Session, Problem> {
        let now = self.clock.now();
        let claims = visit.claims()?;
        let shown = claims.shown();
        if now >= shown.at + self.renewable {
            return Err(problem::UNAUTHENTICATED.because("the session is over; log in anew"));
        }
        let who = self.tokens.who(claims).and_then(|who| serde_json::from_str::<Who>(&who).ok());
        let mut who = who.ok_or_else(|| problem::UNAUTHENTICATED.because("log in anew"))?;
        let known = self.identify(visit, &mut who).await.map_err(stranger)?;
        let session = self.session(&known, &who, shown, now)?;
        self.tokens.withdraw(claims, now).await;
        Ok(session)
    }

    /// Withdraws the visitor's token.
    pub(crate) async fn close(&self, visit: &Visit) -> Result<SessionClosed, Problem> {
        let claims: &Claims = visit.claims()?;
        self.tokens.withdraw(claims, self.clock.now()).await;
        let by_provider = claims.shown().way == Way::Provider;
        let oidc = self.oidc.as_ref().filter(|_| by_provider);
        Ok(SessionClosed { token: claims.jti, end_session_url: oidc.and_then(Oidc::end_session_url) })
    }

    /// Who the person is now, and for which organisation; the choice is written into `who`.
    async fn identify(&self, visit: &Visit, who: &mut Who) -> Result<(Actor, String), Problem> {
        let ask = IdentifyPerson { person: who.person.clone(), organisation: who.organisation.clone() };
        let identity = self.desk.ask(&myself(visit), ask).await?;
        let membership = chosen(&identity, who.eori.as_deref())?;
        who.eori = Some(membership.eori.clone());
        let party: Eori = membership.eori.parse().map_err(|_| {
            tracing::error!(organisation = %membership.organisation_id, "an organisation has no EORI");
            problem::INTERNAL.because("the organisation has no EORI")
        })?;
        let actor = Actor {
            subject: identity.person_id.to_string(),
            party: Some(party),
            roles: membership.roles.iter().map(|role| Role::from(*role)).collect(),
            offices: membership.offices.iter().filter_map(|office| office.parse().ok()).collect(),
        };
        Ok((actor, identity.name))
    }

    fn session(
        &self,
        (actor, name): &(Actor, String),
        who: &Who,
        shown: Shown,
        now: DateTime<Utc>,
    ) -> Result<Session, Problem> {
        let who = serde_json::to_string(who).unwrap_or_default();
        let access_token = self.tokens.issue(actor, &who, shown, now).map_err(|error| {
            tracing::error!(error = format!("{error:#}"), "no token could be made");
            problem::INTERNAL.because("no token could be made")
        })?;
        let roles = actor.roles.iter().filter_map(|role| serde_json::to_value(role).ok());
        Ok(Session {
            access_token,
            token_type: "Bearer".to_owned(),
            expires_in: self.tokens.life_seconds(),
            renewable_until: shown.at + self.renewable,
            subject: actor.subject.clone(),
            party: actor.party.as_ref().map(ToString::to_string).unwrap_or_default(),
            roles: roles.filter_map(|role| role.as_str().map(str::to_owned)).collect(),
            offices: actor.offices.iter().map(ToString::to_string).collect(),
            name: name.clone(),
            amr: vec![shown.way.word().to_owned()],
        })
    }
}

/// Whoever may not act at present, for the many reasons of the register, is told so in one way.
fn stranger(problem: Problem) -> Problem {
    let kinds = [people::PERSON_UNKNOWN, people::PERSON_BARRED, people::MEMBERSHIP_UNKNOWN];
    if kinds.into_iter().any(|kind| problem.is(kind)) {
        return problem::FORBIDDEN.because(problem.detail);
    }
    problem
}

/// The gateway as a caller of services, within `visit`.
pub(super) fn myself(visit: &Visit) -> Caller {
    let mut caller = Caller::new(Actor::service("gateway"), visit.correlation_id.clone());
    caller.patience_ms = visit.patience_ms;
    caller
}

/// Whoever cannot sign the challenge is not logged in: the same refusal, said as such.
fn unsigned(problem: Problem) -> Problem {
    if !problem.again && Fault::PROBLEMS.iter().any(|kind| problem.is(*kind)) {
        let status = problem::UNAUTHENTICATED.status;
        return Problem { status, ..problem };
    }
    problem
}

pub(super) fn nobody() -> Problem {
    problems::IDENTITY.because("the certificate names no person by a national number")
}

/// The membership for the organisation that was asked for, or the only one.
fn chosen<'a>(identity: &'a Identity, eori: Option<&str>) -> Result<&'a IdentityMembership, Problem> {
    let memberships = &identity.memberships;
    match (eori, memberships.as_slice()) {
        (Some(eori), _) => memberships.iter().find(|membership| membership.eori == eori).ok_or_else(|| {
            problem::FORBIDDEN.because("the person does not act for this organisation").at("/organisation")
        }),
        (None, [only]) => Ok(only),
        (None, several) => {
            let choice = |membership: &IdentityMembership| {
                Finding::new("choice", "/organisation", membership.organisation.clone())
                    .with_value(membership.eori.clone())
            };
            let detail = "the person acts for several organisations; name one by its EORI";
            Err(problems::ORGANISATION_UNCLEAR
                .because(detail)
                .with_errors(several.iter().map(choice).collect()))
        }
    }
}

/// The register of a number by its length and the country of the certificate: Kazakhstan, Kyrgyzstan, Uzbekistan.
pub(super) type Registers = [(usize, &'static str, NumberScheme); 3];

pub(super) const PERSON: Registers =
    [(12, "KZ", NumberScheme::KzIin), (14, "KG", NumberScheme::KgPin), (14, "UZ", NumberScheme::UzPin)];
pub(super) const ORGANISATION: Registers =
    [(12, "KZ", NumberScheme::KzBin), (14, "KG", NumberScheme::KgTin), (9, "UZ", NumberScheme::UzTin)];

/// The number that `digits` are in one of `registers`, if they fit it.
pub(super) fn number(
    digits: Option<&str>,
    country: Option<&str>,
    registers: Registers,
) -> Option<NationalNumber> {
    let digits = digits?;
    let fits = |register: &&(usize, &str, NumberScheme)| {
        register.0 == digits.len() && country.is_none_or(|country| country == register.1)
    };
    let (.., scheme) = registers.iter().find(fits)?;
    Some(NationalNumber { scheme: *scheme, number: digits.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn membership(eori: &str) -> IdentityMembership {
        IdentityMembership {
            organisation_id: uuid::Uuid::nil(),
            organisation: format!("Firm {eori}"),
            eori: eori.to_owned(),
            roles: Vec::new(),
            offices: Vec::new(),
        }
    }

    fn identity(eoris: &[&str]) -> Identity {
        let memberships = eoris.iter().map(|eori| membership(eori)).collect();
        Identity { person_id: uuid::Uuid::nil(), name: "N".to_owned(), memberships }
    }

    #[test]
    fn the_only_organisation_needs_no_choice() {
        assert_eq!(chosen(&identity(&["KZ1"]), None).unwrap().eori, "KZ1");
        assert_eq!(chosen(&identity(&["KZ1", "KZ2"]), Some("KZ2")).unwrap().eori, "KZ2");
    }

    #[test]
    fn an_unclear_or_foreign_organisation_is_refused() {
        let unclear = chosen(&identity(&["KZ1", "KZ2"]), None).unwrap_err();
        let choices: Vec<_> = unclear.errors.iter().filter_map(|finding| finding.value.as_deref()).collect();
        assert_eq!((unclear.status, choices), (409, vec!["KZ1", "KZ2"]));
        assert_eq!(chosen(&identity(&["KZ1"]), Some("KZ3")).unwrap_err().code, "forbidden");
    }

    #[test]
    fn a_number_belongs_to_the_register_of_its_country() {
        let scheme = |digits, country| number(Some(digits), country, PERSON).map(|number| number.scheme);
        assert_eq!(scheme("990101300123", Some("KZ")), Some(NumberScheme::KzIin));
        assert_eq!(scheme("12345678901234", Some("UZ")), Some(NumberScheme::UzPin));
        assert_eq!(scheme("12345678901234", None), Some(NumberScheme::KgPin));
        assert_eq!(scheme("123", Some("KZ")), None);
        assert_eq!(number(None, Some("KZ"), PERSON), None);
    }
}
