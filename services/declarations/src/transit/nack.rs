//! Messages that cannot be taken at all: refused at once and, on record, by IE917 (form) or IE906 (type).

use chrono::{DateTime, Utc};
use customs_declarations_contract::problems::{MESSAGE_MALFORMED, MESSAGE_TYPE};
use customs_kernel::{Eori, Finding, Problem, id::uuid_at};
use customs_messages::{
    Document, Element, Phase, Rejection, definition,
    outgoing::{self, Facts, Header},
};
use customs_platform::{Failure, Work};
use uuid::Uuid;

use super::{Letter, instant};
use crate::{reference::functional_errors, shared::Shared, store};

/// The most errors that one IE917 repeats; the answer to the request has them all.
const ERRORS_MAX: usize = 999;

/// A message of a known sender that cannot be taken.
pub(crate) struct Nack {
    party: Eori,
    /// The message as it was sent, refused.
    letter: Letter,
    /// What the sender is told at once.
    problem: Problem,
    reason: Reason,
    phase: Phase,
    /// As much of the message as could be read.
    partial: Option<Document>,
}

enum Reason {
    /// It breaks its structure.
    Structure(Vec<customs_messages::Finding>),
    /// It is of a type that does not belong here.
    Type(Finding),
}

impl Nack {
    /// The refusal of `letter`, a message that breaks its structure.
    pub(super) fn malformed(party: Eori, letter: Letter, rejection: Rejection) -> Self {
        let problem = malformed(&rejection);
        let Rejection { phase, findings, partial, .. } = rejection;
        let partial = partial.map(|partial| *partial);
        Self { party, letter, problem, reason: Reason::Structure(findings), phase, partial }
    }

    /// The refusal of `letter` with `document`, which is none of the messages `wanted`.
    pub(super) fn misplaced(party: Eori, letter: Letter, document: Document, wanted: &[&str]) -> Self {
        let found = document.message_type();
        let detail = format!("{found} does not belong here, but {}", wanted.join(", "));
        let finding = Finding::new("92", format!("/{found}/messageType"), detail.as_str())
            .by_rule("SEQ")
            .with_value(found);
        let problem = MESSAGE_TYPE.because(detail).at("/");
        let phase = document.phase();
        Self { party, letter, problem, reason: Reason::Type(finding), phase, partial: Some(document) }
    }

    /// Puts message and answer on record in a dossier of their own, and refuses the request.
    pub(crate) fn refuse<T>(
        self,
        work: &mut Work,
        shared: &Shared,
        side: &'static str,
    ) -> Result<T, Failure> {
        let answer = self.answer(shared, work.now())?;
        let letters = [Letter { sequence: 1, ..self.letter }, Letter { sequence: 2, ..answer }];
        store::save_letters(work, uuid_at(work.now()), side, &letters)?;
        work.stand();
        Err(self.problem.into())
    }

    /// Puts message and answer on record in the dossier of the sender's own movement `id`, and refuses the request.
    pub(crate) async fn refuse_about<T>(
        self,
        work: &mut Work,
        shared: &Shared,
        id: Uuid,
    ) -> Result<T, Failure> {
        let mut movement = match store::load(work, id).await {
            Ok(movement) if movement.declarant == self.party => movement,
            Ok(_) | Err(Failure::Refused(_)) => return self.refuse(work, shared, "departure"),
            Err(failure) => return Err(failure),
        };
        let answer = self.answer(shared, work.now())?;
        movement.file(self.letter);
        movement.file(answer);
        store::save(work, &mut movement)?;
        work.stand();
        Err(self.problem.into())
    }

    /// Puts message and answer on record in the dossier of the sender's own arrival `id`, and refuses the request.
    pub(crate) async fn refuse_about_arrival<T>(
        self,
        work: &mut Work,
        shared: &Shared,
        id: Uuid,
    ) -> Result<T, Failure> {
        let mut arrival = match store::load_arrival(work, id).await {
            Ok(arrival) if arrival.trader == self.party => arrival,
            Ok(_) | Err(Failure::Refused(_)) => return self.refuse(work, shared, "arrival"),
            Err(failure) => return Err(failure),
        };
        let answer = self.answer(shared, work.now())?;
        arrival.file(self.letter);
        arrival.file(answer);
        store::save_arrival(work, &mut arrival).await?;
        work.stand();
        Err(self.problem.into())
    }

    /// IE917 or IE906 to the sender.
    fn answer(&self, shared: &Shared, at: DateTime<Utc>) -> Result<Letter, Failure> {
        let message_type = match &self.reason {
            Reason::Structure(_) => "CC917C",
            Reason::Type(_) => "CC906C",
        };
        let id = uuid_at(at);
        let facts = Facts::new(&Header {
            sender: format!("NTA.{}", shared.settings.country),
            recipient: self.party.to_string(),
            prepared_at: instant(at),
            identification: id.simple().to_string(),
            correlation: self.correlation(message_type),
        });
        let facts = match &self.reason {
            Reason::Structure(findings) => {
                facts.with_xml_errors(findings.get(..ERRORS_MAX).unwrap_or(findings))
            }
            Reason::Type(finding) => functional_errors(facts, std::slice::from_ref(finding)),
        };
        let document = outgoing::build(message_type, self.phase, self.partial.as_ref(), &facts)
            .map_err(|error| Failure::Broken(anyhow::anyhow!("cannot make {message_type}: {error}")))?;
        let body = customs_messages::write_xml(&document);
        let answer = Letter::issued(message_type, &self.party, body, Some(self.letter.id), at);
        Ok(Letter { id, ..answer })
    }

    /// The identification of the message, as far as it is one.
    fn correlation(&self, message_type: &str) -> Option<String> {
        let own = self.partial.as_ref()?.text("messageIdentification")?;
        let answer = definition(message_type, self.phase)?;
        let format = answer.element("correlationIdentifier").and_then(Element::format)?;
        format.fault(own).is_none().then(|| own.to_owned())
    }
}

/// Everything that is wrong with the structure of a message, as a problem.
pub(super) fn malformed(rejection: &Rejection) -> Problem {
    let errors: Vec<Finding> = rejection.findings.iter().map(Finding::from).collect();
    MESSAGE_MALFORMED.because(format!("{} errors of structure", errors.len())).with_errors(errors)
}
