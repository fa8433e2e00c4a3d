//! The saga of discharge: the goods have arrived in order, so the guarantees are freed and the movement ends.

use std::sync::Arc;

use async_trait::async_trait;
use customs_declarations_contract::bus::MOVEMENT_DISCHARGED;
use customs_guarantees_contract::bus as guarantees;
use customs_kernel::saga::{Answer, Command, Saga, Step, Then, Undo};
use customs_platform::{Failure, Message, Orchestrates, Work};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::transit_release::movement_fact;
use crate::{
    shared::Shared,
    store,
    transit::{Decision, MovementEvent, day, issue},
};

/// What the saga knows.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Discharge {
    /// The movement.
    pub(crate) movement: Uuid,
    /// Its movement reference number.
    pub(crate) mrn: String,
    /// Whether its debt is paid; else nothing is owed, not even by a guarantor who was called.
    #[serde(default)]
    pub(crate) paid: bool,
}

static SAGA: Saga<Discharge> = Saga {
    name: "transit-discharge",
    version: 1,
    steps: &[
        Step::ask(
            "free-guarantees",
            ask_free,
            &[Answer::new(guarantees::FREED, Then::Next)],
            Undo::Nothing("a discharged movement needs no guarantee"),
        ),
        Step::decide("write-off", Undo::NeverAgain),
    ],
};

const _: () = SAGA.check();

fn ask_free(facts: &Discharge) -> Command {
    let free = guarantees::Free {
        movement: facts.movement,
        mrn: facts.mrn.clone(),
        reason: if facts.paid { "paid" } else { "discharged" }.to_owned(),
    };
    Command::new(guarantees::FREE, &free)
}

/// What declarations does at the steps.
pub(crate) struct DischargeSteps(pub(crate) Arc<Shared>);

#[async_trait]
impl Orchestrates for DischargeSteps {
    type Facts = Discharge;

    fn saga(&self) -> &'static Saga<Discharge> {
        &SAGA
    }

    async fn hear(
        &self,
        _: &mut Work,
        _: &'static str,
        _: &Message,
        _: &mut Discharge,
    ) -> Result<(), Failure> {
        Ok(())
    }

    /// Nothing is held any more: the movement is written off (IE045).
    async fn decide(&self, work: &mut Work, _: &'static str, facts: &mut Discharge) -> Result<Then, Failure> {
        let at = work.now();
        let mut movement = store::load(work, facts.movement).await?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        movement.happen(MovementEvent::WriteOff, Decision::system("the guarantees are free"), at)?;
        let mrn = movement.mrn.clone();
        issue(&self.0, &mut movement, "CC045C", &declaration, at, |facts| {
            facts.with_some("TransitOperation/MRN", mrn).with("TransitOperation/writeOffDate", day(at))
        })?;
        store::save(work, &mut movement)?;
        let fact = movement_fact(&self.0, work, &movement, &movement.departure_office).await?;
        work.tell(MOVEMENT_DISCHARGED, &movement.id.to_string(), &fact)?;
        Ok(Then::Next)
    }
}
