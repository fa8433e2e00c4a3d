//! Use case: send unloading remarks about an arrival (IE044).

use customs_declarations_contract::{SendArrivalMessage, Submitted};
use customs_kernel::{Caller, Finding, UseCase, problem};
use customs_messages::{Context, Document};
use customs_platform::{Failure, Plans, Work};
use uuid::Uuid;

use super::{
    ArrivalEvent,
    notify::{permit_unloading, refuse},
};
use crate::{
    App,
    config::Settings,
    deadline,
    reference::judge,
    store,
    transit::{Intake, Nack, Received, receive},
};

/// Unloading remarks that were read and judged.
pub(crate) struct Remarks {
    arrival: Uuid,
    received: Received,
    findings: Vec<Finding>,
}

impl Plans<SendArrivalMessage> for App {
    type Plan = Result<Remarks, (Uuid, Box<Nack>)>;

    async fn plan(&self, caller: &Caller, ask: SendArrivalMessage) -> Result<Self::Plan, Failure> {
        let shared = &self.shared;
        let (content, format, evidence) = (ask.content, ask.format, ask.evidence);
        let intake = Intake { content, format, evidence, purpose: SendArrivalMessage::NAME };
        let received = match receive(shared, caller, intake, &["CC044C"]).await? {
            Ok(received) => received,
            Err(nack) => return Ok(Err((ask.arrival, nack))),
        };
        let lookup = shared.reference.on(&shared.desk, shared.now().date_naive()).await?;
        let permission = store::unloading_permission(shared.store.reader(), ask.arrival).await?;
        let context = Context { prior: permission.as_ref(), ..Context::default() };
        let findings = judge(&received.document, &lookup, &context);
        Ok(Ok(Remarks { arrival: ask.arrival, received, findings }))
    }

    async fn carry_out(
        &self,
        work: &mut Work,
        caller: &Caller,
        plan: Self::Plan,
    ) -> Result<Submitted, Failure> {
        let (shared, at) = (&self.shared, work.now());
        let Remarks { arrival, received, mut findings } = match plan {
            Ok(remarks) => remarks,
            Err((arrival, nack)) => return nack.refuse_about_arrival(work, shared, arrival).await,
        };
        received.claim(work).await?;
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
        let message = arrival.file(received.letter(work, !findings.is_empty()));
        if findings.is_empty() {
            arrival.happen(event)?;
            if let (false, Some(movement)) = (complete, arrival.movement) {
                arrival.unloading += 1;
                let movement = store::load(work, movement).await?;
                let declaration = store::current_declaration(work.txn(), &movement).await?;
                permit_unloading(shared, &mut arrival, &movement, &declaration, Some(document), at)?;
            }
            let id = arrival.id.to_string();
            if complete {
                work.cancel_timer(deadline::UNLOADING_REMARKS, &id);
                if arrival.simplified && is_conform(document) {
                    let due = at + Settings::seconds(shared.settings.conform_release_s);
                    work.set_timer(deadline::CONFORM_RELEASE, &id, due);
                }
            } else {
                let due = at + Settings::seconds(shared.settings.unloading_remarks_s);
                work.set_timer(deadline::UNLOADING_REMARKS, &id, due);
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

/// Whether the remarks say that the goods are as declared, with nothing against seals.
fn is_conform(remarks: &Document) -> bool {
    remarks.text("UnloadingRemark/conform") == Some("1")
        && remarks.text("UnloadingRemark/stateOfSeals") != Some("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_against_goods_or_seals_are_not_conform() {
        for (conform, seals, want) in
            [("1", Some("1"), true), ("1", None, true), ("1", Some("0"), false), ("0", Some("1"), false)]
        {
            let mut xml = String::from(REMARKS).replace("CONFORM", conform);
            let seals = seals.map_or(String::new(), |seals| format!("<stateOfSeals>{seals}</stateOfSeals>"));
            xml = xml.replace("SEALS", &seals);
            let document = customs_messages::parse_xml(xml.as_bytes()).unwrap();
            assert_eq!(is_conform(&document), want, "{conform} {seals}");
        }
    }

    const REMARKS: &str = r#"<ncts:CC044C PhaseID="NCTS5.1" xmlns:ncts="http://ncts.dgtaxud.ec">
<messageSender>S</messageSender><messageRecipient>NTA.UZ</messageRecipient>
<preparationDateAndTime>2026-11-29T10:00:00</preparationDateAndTime>
<messageIdentification>R1</messageIdentification><messageType>CC044C</messageType>
<TransitOperation><MRN>26KZABCDEFGHIJKLJ0</MRN></TransitOperation>
<CustomsOfficeOfDestinationActual><referenceNumber>UZTAS001</referenceNumber></CustomsOfficeOfDestinationActual>
<TraderAtDestination><identificationNumber>KZ110240019832</identificationNumber></TraderAtDestination>
<UnloadingRemark><conform>CONFORM</conform><unloadingCompletion>1</unloadingCompletion>
<unloadingDate>2026-11-29</unloadingDate>SEALS</UnloadingRemark></ncts:CC044C>"#;
}
