//! Incidents that the trader at destination reports with the arrival (IE007 of phase 5): on record like those of an office.

use customs_declarations_contract::bus::{INCIDENT_REGISTERED, IncidentRegistered};
use customs_kernel::Actor;
use customs_messages::NodeRef;
use customs_platform::{Failure, Work};

use crate::{
    store::{self, Act},
    transit::{Decision, Movement, MovementEvent, Received},
};

const INCIDENT: &str = "Consignment/Incident";

/// Registers the incidents of the notification `received`, if it tells of any: the parties, the offices and the guarantors
/// learn of them before the goods count as arrived. An IE182 is not issued: that forwards what an office has registered.
pub(super) async fn report(
    work: &mut Work,
    movement: &mut Movement,
    received: &Received,
    office: &str,
) -> Result<(), Failure> {
    let incidents = received.document.groups(INCIDENT);
    if incidents.is_empty() {
        return Ok(());
    }
    let at = work.now();
    let reporter = Actor { subject: received.subject.clone(), ..Actor::service(crate::NAME) };
    for incident in incidents {
        let told = Told::of(incident);
        let why = format!("code {}, {}: {}", told.code, told.endorsement(), told.text);
        movement.happen(
            MovementEvent::RegisterIncident,
            Decision::participant(&received.subject, why),
            at,
        )?;
        let act = Act {
            code: Some(told.code.clone()),
            text: Some(told.text),
            seals: told.seals,
            endorsed: Some(told.endorsed),
            ..Act::default()
        };
        store::keep_act(work, movement.id, "incident", (&reporter, office), &act).await?;
        let fact = IncidentRegistered {
            movement: movement.id,
            mrn: movement.mrn.clone().unwrap_or_default(),
            code: told.code,
            endorsed: told.endorsed,
            office: office.to_owned(),
            at,
        };
        work.tell(INCIDENT_REGISTERED, &movement.id.to_string(), &fact)?;
    }
    Ok(())
}

/// What one incident is about.
struct Told {
    code: String,
    text: String,
    seals: Vec<String>,
    endorsed: bool,
}

impl Told {
    fn of(incident: NodeRef<'_>) -> Self {
        let text = |path: &str| incident.text_at(path).unwrap_or_default().to_owned();
        let seals = incident.groups("TransportEquipment/Seal/identifier").into_iter();
        Self {
            code: text("code"),
            text: text("text"),
            seals: seals.filter_map(NodeRef::text).map(str::to_owned).collect(),
            endorsed: incident.group("Endorsement").is_some(),
        }
    }

    const fn endorsement(&self) -> &'static str {
        if self.endorsed { "endorsed on the way" } else { "not endorsed" }
    }
}
