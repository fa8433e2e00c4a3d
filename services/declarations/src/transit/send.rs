//! Use case: send a further message about a departure (IE013, IE014, IE054, IE141, IE170).

use customs_declarations_contract::{SendDepartureMessage, Submitted};
use customs_kernel::{Caller, Finding, UseCase, problem};
use customs_messages::Context;
use customs_platform::{Failure, Plans, Work};
use uuid::Uuid;

use super::{
    Intake, MovementState, Nack, Received, amend::amend, cancel::cancel, intake::receive, present::present,
    request::release_request, state::FURTHER_MESSAGES, submit::duplicate,
};
use crate::{
    App,
    enquiry::answer_enquiry,
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
    type Plan = Result<Further, (Uuid, Box<Nack>)>;

    async fn plan(&self, caller: &Caller, ask: SendDepartureMessage) -> Result<Self::Plan, Failure> {
        let shared = &self.shared;
        let (content, format, evidence) = (ask.content, ask.format, ask.evidence);
        let intake = Intake { content, format, evidence, purpose: SendDepartureMessage::NAME };
        let received = match receive(shared, caller, intake, &FURTHER_MESSAGES).await? {
            Ok(received) => received,
            Err(nack) => return Ok(Err((ask.movement, nack))),
        };
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
        Ok(Ok(Further { movement, seen, ruleset: ruleset(&lookup), received, findings }))
    }

    async fn carry_out(&self, work: &mut Work, _: &Caller, plan: Self::Plan) -> Result<Submitted, Failure> {
        let Further { movement, seen, received, mut findings, ruleset } = match plan {
            Ok(further) => further,
            Err((movement, nack)) => return nack.refuse_about(work, &self.shared, movement).await,
        };
        received.claim(work).await?;
        let mut movement = store::load(work, movement).await?;
        if movement.version != seen {
            return Err(problem::UNAVAILABLE.because("the movement has just changed; send again").into());
        }
        findings.extend(duplicate(work, &received).await?);
        findings.extend(other_movement(&received, &movement));
        let message = match received.document.message_type() {
            "CC013C" => amend(self, work, &mut movement, &received, findings, &ruleset).await?,
            "CC014C" => cancel(self, work, &mut movement, &received, findings, &ruleset).await?,
            "CC054C" => release_request(self, work, &mut movement, &received, findings, &ruleset).await?,
            "CC141C" => answer_enquiry(self, work, &mut movement, &received, findings, &ruleset).await?,
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
