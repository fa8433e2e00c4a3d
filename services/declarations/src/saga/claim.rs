//! The saga of a claim: the guarantors are called for the debt that the holder has not paid.

use async_trait::async_trait;
use customs_guarantees_contract::bus::{self as guarantees, CallRefused, Called};
use customs_kernel::{
    Money,
    saga::{Answer, Command, Saga, Step, Then, Undo},
};
use customs_platform::{Failure, Message, Orchestrates, Work};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    store,
    transit::{Decision, Movement, MovementEvent},
};

/// What the saga knows.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Claim {
    movement: Uuid,
    mrn: String,
    debt: Money,
    /// For how much the guarantors are called, once they are.
    called: Option<Money>,
    /// Why nobody can be called.
    refused: Option<String>,
}

impl Claim {
    /// A claim of `debt` for `movement`.
    pub(crate) fn of(movement: &Movement, debt: Money) -> Self {
        let mrn = movement.mrn.clone().unwrap_or_default();
        Self { movement: movement.id, mrn, debt, called: None, refused: None }
    }
}

static SAGA: Saga<Claim> = Saga {
    name: "transit-claim",
    version: 1,
    steps: &[
        Step::ask(
            "call-guarantors",
            ask_call,
            &[Answer::new(guarantees::CALLED, Then::Next), Answer::new(guarantees::CALL_REFUSED, Then::Next)],
            Undo::Nothing("a claim that was raised is paid or contested, not undone"),
        ),
        Step::decide("note-claim", Undo::NeverAgain),
    ],
};

const _: () = SAGA.check();

fn ask_call(facts: &Claim) -> Command {
    let call = guarantees::Call { movement: facts.movement, mrn: facts.mrn.clone(), debt: facts.debt };
    Command::new(guarantees::CALL, &call)
}

/// What declarations does at the steps.
pub(crate) struct ClaimSteps;

#[async_trait]
impl Orchestrates for ClaimSteps {
    type Facts = Claim;

    fn saga(&self) -> &'static Saga<Claim> {
        &SAGA
    }

    async fn hear(
        &self,
        _: &mut Work,
        _: &'static str,
        answer: &Message,
        facts: &mut Claim,
    ) -> Result<(), Failure> {
        if answer.name == guarantees::CALLED {
            facts.called = Some(answer.read::<Called>()?.called);
        } else {
            facts.refused = Some(answer.read::<CallRefused>()?.reason);
        }
        Ok(())
    }

    /// The guarantors owe the debt, or nobody can be called and the holder goes on owing it.
    async fn decide(&self, work: &mut Work, _: &'static str, facts: &mut Claim) -> Result<Then, Failure> {
        let mut movement = store::load(work, facts.movement).await?;
        let (event, why) = match (&facts.called, &facts.refused) {
            (Some(called), _) => {
                (MovementEvent::CallGuarantor, format!("called for {} {}", called.decimal(), called.currency))
            }
            (None, refused) => (MovementEvent::RefuseCall, refused.clone().unwrap_or_default()),
        };
        movement.happen(event, Decision::system(why), work.now())?;
        store::save(work, &mut movement)?;
        Ok(Then::Next)
    }
}

#[cfg(test)]
mod tests {
    use customs_kernel::{Currency, saga::rehearse};

    use super::*;

    #[test]
    fn the_saga_reads_like_the_procedure() {
        let facts = Claim {
            movement: Uuid::nil(),
            mrn: "26KZ".to_owned(),
            debt: Money::new(100, Currency::EUR),
            called: None,
            refused: None,
        };
        assert_eq!(rehearse(&SAGA, &facts, None), "call-guarantors: ask guarantees.call\nnote-claim: decide");
    }
}
