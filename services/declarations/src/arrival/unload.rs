//! Use case: send unloading remarks about an arrival (IE044).

use customs_declarations_contract::{SendArrivalMessage, Submitted};
use customs_kernel::{Caller, Finding, problem};
use customs_messages::Context;
use customs_platform::{Failure, Plans, Work};
use uuid::Uuid;

use super::{
    ArrivalEvent,
    notify::{permit_unloading, refuse},
};
use crate::{
    App,
    reference::judge,
    store,
    transit::{Intake, Received, receive},
};

/// Unloading remarks that were read and judged.
pub(crate) struct Remarks {
    arrival: Uuid,
    received: Received,
    findings: Vec<Finding>,
}

impl Plans<SendArrivalMessage> for App {
    type Plan = Remarks;

    async fn plan(&self, caller: &Caller, ask: SendArrivalMessage) -> Result<Remarks, Failure> {
        let shared = &self.shared;
        let intake = Intake { content: ask.content, format: ask.format, evidence: ask.evidence };
        let received = receive(shared, caller, intake, &["CC044C"]).await?;
        let lookup = shared.reference.on(&shared.desk, shared.now().date_naive()).await?;
        let permission = store::unloading_permission(shared.store.reader(), ask.arrival).await?;
        let context = Context { prior: permission.as_ref(), ..Context::default() };
        let findings = judge(&received.document, &lookup, &context);
        Ok(Remarks { arrival: ask.arrival, received, findings })
    }

    async fn carry_out(&self, work: &mut Work, caller: &Caller, plan: Remarks) -> Result<Submitted, Failure> {
        let Remarks { arrival, received, mut findings } = plan;
        let (shared, at) = (&self.shared, work.now());
        let mut arrival = store::load_arrival(work, arrival).await?;
        if caller.actor.party.as_ref() != Some(&arrival.trader) {
            return Err(problem::NOT_FOUND.because("there is no such arrival").into());
        }
        let document = &received.document;
        let complete = document.text("UnloadingRemark/unloadingCompletion") != Some("0");
        let event = if complete { ArrivalEvent::Remark } else { ArrivalEvent::ContinueUnloading };
        if let Err(refused) = arrival.possible(event) {
            findings.push(Finding::new("92", "/CC044C", refused.detail).by_rule("SEQ"));
        }
        if document.text("TransitOperation/MRN") != Some(arrival.mrn.as_str()) {
            let pointer = "/CC044C/TransitOperation/MRN";
            findings.push(Finding::new("90", pointer, "the arrival has another MRN").by_rule("MRN"));
        }
        let message = arrival.file(received.letter(at, !findings.is_empty()));
        if findings.is_empty() {
            arrival.happen(event)?;
            if let (false, Some(movement)) = (complete, arrival.movement) {
                arrival.unloading += 1;
                let movement = store::load(work, movement).await?;
                let declaration = store::current_declaration(work.txn(), &movement).await?;
                permit_unloading(shared, &mut arrival, &movement, &declaration, document, at)?;
            }
        } else {
            refuse(shared, &mut arrival, document, &findings, at)?;
        }
        store::save_arrival(work, &mut arrival).await?;
        Ok(Submitted {
            movement: arrival.id,
            message,
            message_type: document.message_type().to_owned(),
            lrn: None,
            mrn: Some(arrival.mrn),
        })
    }
}
