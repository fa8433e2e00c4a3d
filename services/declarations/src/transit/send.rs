//! Use case: send a further message about a departure (IE013, IE014, IE170).

use customs_declarations_contract::{SendDepartureMessage, Submitted};
use customs_kernel::{Caller, Finding, problem};
use customs_messages::Context;
use customs_platform::{Failure, Plans, Work};
use uuid::Uuid;

use super::{
    Intake, MovementState, Received, amend::amend, cancel::cancel, intake::receive, present::present,
    submit::duplicate,
};
use crate::{
    App,
    reference::{judge, ruleset},
    store,
};

/// A further message that was read and judged.
pub(crate) struct Further {
    movement: Uuid,
    /// The version of the movement against which the message was judged.
    seen: i64,
    received: Received,
    findings: Vec<Finding>,
    ruleset: String,
}

impl Plans<SendDepartureMessage> for App {
    type Plan = Further;

    async fn plan(&self, caller: &Caller, ask: SendDepartureMessage) -> Result<Further, Failure> {
        let shared = &self.shared;
        let intake = Intake { content: ask.content, format: ask.format, evidence: ask.evidence };
        let received = receive(shared, caller, intake, &["CC013C", "CC014C", "CC170C"]).await?;
        let lookup = shared.reference.on(&shared.desk, shared.now().date_naive()).await?;
        let movement = store::peek(shared.store.reader(), ask.movement).await?;
        let owner = movement.filter(|movement| movement.declarant == received.party);
        let movement = owner.ok_or_else(|| problem::NOT_FOUND.because("there is no such movement"))?;
        let declaration = store::current_declaration(shared.store.reader(), &movement).await?;
        let context = Context {
            prior: Some(&declaration),
            accepted: Some(movement.mrn.is_some()),
            guarantee_under_amendment: Some(movement.state == MovementState::GuaranteeUnderAmendment),
            ..Context::default()
        };
        let findings = judge(&received.document, &lookup, &context);
        let (movement, seen) = (movement.id, movement.version);
        Ok(Further { movement, seen, ruleset: ruleset(&lookup), received, findings })
    }

    async fn carry_out(&self, work: &mut Work, _: &Caller, plan: Further) -> Result<Submitted, Failure> {
        let Further { movement, seen, received, mut findings, ruleset } = plan;
        let mut movement = store::load(work, movement).await?;
        if movement.version != seen {
            return Err(problem::UNAVAILABLE.because("the movement has just changed; send again").into());
        }
        findings.extend(duplicate(work, &received).await?);
        findings.extend(other_movement(&received, &movement));
        let message = match received.document.message_type() {
            "CC013C" => amend(self, work, &mut movement, &received, findings, &ruleset).await?,
            "CC014C" => cancel(self, work, &mut movement, &received, findings, &ruleset).await?,
            _ => present(self, work, &mut movement, &received, findings, &ruleset).await?,
        };
        Ok(Submitted {
            movement: movement.id,
            message,
            message_type: received.document.message_type().to_owned(),
            lrn: Some(movement.lrn),
            mrn: movement.mrn,
        })
    }
}

/// The numbers in the message are those of the movement it was sent about.
fn other_movement(received: &Received, movement: &super::Movement) -> Vec<Finding> {
    let root = received.document.message_type();
    let own = [("LRN", Some(movement.lrn.as_str())), ("MRN", movement.mrn.as_deref())];
    own.into_iter()
        .filter_map(|(name, own)| {
            let path = format!("TransitOperation/{name}");
            let named = received.document.text(&path)?;
            (Some(named) != own).then(|| {
                let code = if name == "MRN" { "90" } else { "14" };
                Finding::new(code, format!("/{root}/{path}"), format!("the movement has another {name}"))
                    .by_rule("BR20007")
                    .with_value(named)
            })
        })
        .collect()
}
