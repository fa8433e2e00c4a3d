//! The saga from acceptance to release: hold the guarantees, decide the risk, release the goods.

use std::sync::Arc;

use async_trait::async_trait;
use customs_declarations_contract::bus::{MOVEMENT_RELEASED, MovementFact};
use customs_guarantees_contract::bus::{self as guarantees, Held, HeldShare, HoldPart, HoldRefused};
use customs_kernel::{
    Eori,
    saga::{Answer, Command, Saga, Step, Then, Undo},
};
use customs_platform::{Failure, Message, Orchestrates, Work, metrics};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    config::Settings,
    deadline,
    risk::{self, Channel, cover},
    shared::Shared,
    store,
    transit::{Decision, DeclarationFacts, Movement, MovementEvent, RecordState, Stop, day, instant, issue},
};

/// What the saga knows.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransitRelease {
    movement: Uuid,
    mrn: String,
    holder: Eori,
    countries: Vec<String>,
    attempt: u32,
    guarantees: Vec<HoldPart>,
    /// What is held of each, and what that leaves.
    #[serde(default)]
    shares: Vec<HeldShare>,
    /// Who released the goods and where, once somebody has.
    released_by: Option<(String, String)>,
}

impl TransitRelease {
    /// What the saga knows of a movement that was accepted.
    pub(crate) fn of(movement: &Movement, facts: &DeclarationFacts) -> Self {
        Self {
            movement: movement.id,
            mrn: movement.mrn.clone().unwrap_or_default(),
            holder: movement.holder.clone(),
            countries: facts.guarantee_countries(),
            attempt: u32::try_from(movement.attempt).unwrap_or(1),
            guarantees: facts.guarantees.clone(),
            shares: Vec::new(),
            released_by: None,
        }
    }

    /// The declaration was amended: its guarantees are to be held anew.
    pub(crate) fn ask_again(&mut self, attempt: i32, facts: &DeclarationFacts) {
        self.attempt = u32::try_from(attempt).unwrap_or(u32::MAX);
        self.countries = facts.guarantee_countries();
        self.guarantees.clone_from(&facts.guarantees);
    }

    /// The officer `subject` at `office` releases the goods.
    pub(crate) fn release_by(&mut self, subject: &str, office: &str) {
        self.released_by = Some((subject.to_owned(), office.to_owned()));
    }
}

/// The step that holds the guarantees: an amendment leads back to it.
pub(crate) const HOLD: &str = "hold-guarantees";
const RISK: &str = "decide-risk";
const RELEASE: &str = "release-goods";
const OFFICES: &str = "expect-at-offices";

static SAGA: Saga<TransitRelease> = Saga {
    name: "transit-release",
    version: 1,
    steps: &[
        Step::ask(
            HOLD,
            ask_hold,
            &[Answer::new(guarantees::HELD, Then::Next), Answer::new(guarantees::HOLD_REFUSED, Then::Wait)],
            Undo::Ask(ask_free),
        ),
        Step::decide(RISK, Undo::Nothing("a decision on risk binds nobody outside")),
        Step::decide(RELEASE, Undo::NeverAgain),
        Step::decide(OFFICES, Undo::Nothing("goods are already released")),
    ],
};

const _: () = SAGA.check();

fn ask_hold(facts: &TransitRelease) -> Command {
    let hold = guarantees::Hold {
        movement: facts.movement,
        mrn: facts.mrn.clone(),
        holder: facts.holder.clone(),
        countries: facts.countries.clone(),
        attempt: facts.attempt,
        guarantees: facts.guarantees.clone(),
    };
    Command::new(guarantees::HOLD, &hold)
}

fn ask_free(facts: &TransitRelease) -> Command {
    let free = guarantees::Free {
        movement: facts.movement,
        mrn: facts.mrn.clone(),
        reason: "not-released".to_owned(),
    };
    Command::new(guarantees::FREE, &free)
}

/// What declarations does at the steps.
pub(crate) struct ReleaseSteps(pub(crate) Arc<Shared>);

#[async_trait]
impl Orchestrates for ReleaseSteps {
    type Facts = TransitRelease;

    fn saga(&self) -> &'static Saga<TransitRelease> {
        &SAGA
    }

    fn counts(&self, answer: &Message, facts: &TransitRelease) -> Result<bool, Failure> {
        let attempt = if answer.name == guarantees::HELD {
            answer.read::<Held>()?.attempt
        } else {
            answer.read::<HoldRefused>()?.attempt
        };
        Ok(attempt == facts.attempt)
    }

    async fn hear(
        &self,
        work: &mut Work,
        _step: &'static str,
        answer: &Message,
        facts: &mut TransitRelease,
    ) -> Result<(), Failure> {
        if answer.name == guarantees::HELD {
            facts.shares = answer.read::<Held>()?.shares;
            return Ok(());
        }
        self.under_amendment(work, &answer.read()?).await
    }

    async fn decide(
        &self,
        work: &mut Work,
        step: &'static str,
        facts: &mut TransitRelease,
    ) -> Result<Then, Failure> {
        match step {
            RISK => self.decide_risk(work, facts).await,
            RELEASE => self.release(work, facts).await,
            _ => self.expect(work, facts).await,
        }
    }
}

impl ReleaseSteps {
    /// A guarantee is not valid: the holder may amend it until the deadline (IE055).
    async fn under_amendment(&self, work: &mut Work, refused: &HoldRefused) -> Result<(), Failure> {
        let at = work.now();
        let mut movement = store::load(work, refused.movement).await?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let reasons =
            refused.reasons.iter().map(|reason| format!("{} {}", reason.code, reason.text)).collect();
        let why = Decision { by: "system", reasons, ..Decision::default() };
        movement.happen(MovementEvent::RefuseGuarantee, why, at)?;
        let (mrn, accepted) = (movement.mrn.clone(), movement.submitted_at);
        issue(&self.0, &mut movement, "CC055C", &declaration, at, |facts| {
            let facts = facts
                .with_some("TransitOperation/MRN", mrn)
                .with("TransitOperation/declarationAcceptanceDate", day(accepted));
            invalid_guarantees(facts, refused)
        })?;
        let due = at + Settings::seconds(self.0.settings.guarantee_amendment_s);
        deadline::set(work, &mut movement, deadline::GUARANTEE_AMENDMENT, due);
        store::save(work, &mut movement)
    }

    /// Guarantees are held: the channel is decided, and a red one is controlled (IE060).
    async fn decide_risk(&self, work: &mut Work, facts: &TransitRelease) -> Result<Then, Failure> {
        let at = work.now();
        let mut movement = store::load(work, facts.movement).await?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let lookup = self.0.reference.on(&self.0.desk, at.date_naive()).await?;
        let known = DeclarationFacts::of(&declaration);
        let decision = risk::decide(&known, &lookup);
        let covered = cover::explained(&facts.shares);
        let reasons = [decision.reasons, risk::simplifications(&known, &lookup), covered].concat();
        let why = Decision { by: "system", reasons, ..Decision::default() };
        movement.channel = Some(decision.channel.as_str().to_owned());
        movement.happen(MovementEvent::RegisterGuarantee, why.under(lookup.version()), at)?;
        if decision.channel == Channel::Red {
            let reason = Decision::system("the risk decision asks for a control");
            movement.happen(MovementEvent::OrderControl, reason, at)?;
            let mrn = movement.mrn.clone();
            let control_type = risk::control_type(&known, &lookup);
            issue(&self.0, &mut movement, "CC060C", &declaration, at, |facts| {
                facts
                    .with_some("TransitOperation/MRN", mrn)
                    .with("TransitOperation/controlNotificationDateAndTime", instant(at))
                    .with("TransitOperation/notificationType", "0")
                    .with("TypeOfControls/sequenceNumber", "1")
                    .with("TypeOfControls/type", control_type)
            })?;
            store::save(work, &mut movement)?;
            return Ok(Then::Wait);
        }
        if movement.simplified && self.0.settings.simplified_release_s == 0 {
            store::save(work, &mut movement)?;
            return Ok(Then::Next);
        }
        deadline::await_release(&self.0, work, &mut movement);
        store::save(work, &mut movement)?;
        Ok(Then::Wait)
    }

    /// The point of no return: the goods may go (IE029).
    async fn release(&self, work: &mut Work, facts: &TransitRelease) -> Result<Then, Failure> {
        let at = work.now();
        let mut movement = store::load(work, facts.movement).await?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let why = match &facts.released_by {
            Some((subject, office)) => {
                Decision::officer(subject, office, "released by the office of departure")
            }
            None => Decision::system("authorised consignor, no control in time"),
        };
        movement.happen(MovementEvent::Release, why, at)?;
        movement.released_at = Some(at);
        let (mrn, accepted) = (movement.mrn.clone(), movement.submitted_at);
        issue(&self.0, &mut movement, "CC029C", &declaration, at, |facts| {
            facts
                .with_some("TransitOperation/MRN", mrn)
                .with("TransitOperation/declarationAcceptanceDate", day(accepted))
                .with("TransitOperation/releaseDate", day(at))
        })?;
        let lookup = self.0.reference.on(&self.0.desk, at.date_naive()).await?;
        let limit = declaration.text("TransitOperation/limitDate");
        let due = deadline::time_limit(&self.0.settings, &lookup, limit, &movement.destination_office, at);
        deadline::set(work, &mut movement, deadline::TRANSIT, due);
        store::save(work, &mut movement)?;
        let fact = movement_fact(&self.0, work, &movement, &movement.departure_office).await?;
        work.tell(MOVEMENT_RELEASED, &movement.id.to_string(), &fact)?;
        metrics::released((at - movement.submitted_at).to_std().unwrap_or_default());
        Ok(Then::Next)
    }

    /// Every office on the way expects the movement (IE050, IE160, IE001).
    async fn expect(&self, work: &Work, facts: &TransitRelease) -> Result<Then, Failure> {
        let movement = store::load(work, facts.movement).await?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let known = DeclarationFacts::of(&declaration);
        let mut stops = stops(&known);
        self.validate(work, &movement, &known, &mut stops).await?;
        store::open_stops(work, movement.id, &stops);
        Ok(Then::Next)
    }
}

/// The offices on the way in the order of the journey: an exit before the entry that follows it.
fn stops(facts: &DeclarationFacts) -> Vec<Stop> {
    let stop = |position: usize, office: &String, role| Stop {
        position: i32::try_from(position).unwrap_or(i32::MAX),
        office: office.clone(),
        role,
        state: RecordState::Expected,
    };
    let exits = facts.exits.iter().enumerate().map(|(number, office)| stop(2 * number, office, "exit"));
    let entries =
        facts.transits.iter().enumerate().map(|(number, office)| stop(2 * number + 1, office, "transit"));
    exits.chain(entries).chain([stop(1_000, &facts.destination_office, "destination")]).collect()
}

/// What statistics and guarantors learn of a movement; the day is that of the calendar at `office`.
pub(crate) async fn movement_fact(
    shared: &Shared,
    work: &Work,
    movement: &Movement,
    office: &str,
) -> Result<MovementFact, Failure> {
    let at = work.now();
    let lookup = shared.reference.on(&shared.desk, at.date_naive()).await?;
    let broken = |_| Failure::Broken(anyhow::anyhow!("movement {} names no office", movement.id));
    Ok(MovementFact {
        movement: movement.id,
        mrn: movement.mrn.clone().unwrap_or_default(),
        declaration_type: movement.declaration_type.clone(),
        departure_office: movement.departure_office.parse().map_err(broken)?,
        destination_office: movement.destination_office.parse().map_err(broken)?,
        transit_countries: movement.transit_countries.clone(),
        items: u32::try_from(movement.items).unwrap_or_default(),
        gross_mass_micro: movement.gross_mass_micro,
        day: crate::reference::office_day(&lookup, office, at),
        at,
    })
}

/// The refused guarantees as IE055 names them; one without a number is named by a zero number.
fn invalid_guarantees(
    mut facts: customs_messages::outgoing::Facts,
    refused: &HoldRefused,
) -> customs_messages::outgoing::Facts {
    let mut numbers: Vec<&str> = Vec::new();
    for reason in &refused.reasons {
        let grn = reason.grn.as_deref().unwrap_or("00ZZ0000000000000");
        let place = numbers.iter().position(|known| *known == grn).unwrap_or_else(|| {
            numbers.push(grn);
            numbers.len() - 1
        });
        let group = format!("GuaranteeReference[{}]", place + 1);
        let same = refused.reasons.iter().take_while(|other| !std::ptr::eq(*other, reason));
        let before = same.filter(|other| other.grn == reason.grn).count();
        let inner = format!("{group}/InvalidGuaranteeReason[{}]", before + 1);
        facts = facts
            .with(format!("{group}/sequenceNumber"), (place + 1).to_string())
            .with(format!("{group}/GRN"), grn)
            .with(format!("{inner}/sequenceNumber"), (before + 1).to_string())
            .with(format!("{inner}/code"), reason.code.as_str())
            .with(format!("{inner}/text"), reason.text.as_str());
    }
    facts
}

#[cfg(test)]
mod tests {
    use customs_kernel::saga::rehearse;

    use super::*;

    fn facts() -> TransitRelease {
        TransitRelease {
            movement: Uuid::nil(),
            mrn: "26KZ".to_owned(),
            holder: "KZ1".parse().unwrap(),
            countries: Vec::new(),
            attempt: 1,
            shares: Vec::new(),
            guarantees: Vec::new(),
            released_by: None,
        }
    }

    #[test]
    fn the_saga_reads_like_the_procedure() {
        let transcript = rehearse(&SAGA, &facts(), None);
        assert_eq!(
            transcript,
            "hold-guarantees: ask guarantees.hold\ndecide-risk: decide\nrelease-goods: decide\nexpect-at-offices: decide"
        );
    }

    #[test]
    fn whatever_is_refused_before_release_frees_the_guarantees() {
        assert!(rehearse(&SAGA, &facts(), Some(2)).ends_with("undo guarantees.free"));
        assert!(!rehearse(&SAGA, &facts(), Some(3)).contains("undo"));
    }

    #[test]
    fn an_exit_comes_before_the_entry_that_follows_it() {
        let facts = DeclarationFacts {
            exits: vec!["KZKRD001".to_owned()],
            transits: vec!["KGAKZ001".to_owned(), "UZDST001".to_owned()],
            destination_office: "UZTAS001".to_owned(),
            ..DeclarationFacts::default()
        };
        let mut stops = stops(&facts);
        stops.sort_by_key(|stop| stop.position);
        let offices: Vec<_> = stops.iter().map(|stop| stop.office.as_str()).collect();
        assert_eq!(offices, ["KZKRD001", "KGAKZ001", "UZDST001", "UZTAS001"]);
    }
}
