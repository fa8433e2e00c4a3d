//! Use case of any officer: register an incident on the way, told to departure, holder (IE182) and guarantor.

use customs_declarations_contract::{
    IncidentCircumstances, IncidentEquipment, IncidentPlace, IncidentTranshipment, Movement as MovementView,
    RecordIncident,
    bus::{INCIDENT_REGISTERED, IncidentRegistered},
};
use customs_kernel::{Caller, Finding, Problem, problem};
use customs_messages::outgoing::Facts;
use customs_platform::{Acts, Failure, Work};

use super::{Decision, MovementEvent, day, instant, issue};
use crate::{
    App,
    store::{self, Act},
};

/// Codes of incidents after which equipment and seals are told.
const WITH_EQUIPMENT: [&str; 3] = ["2", "4", "7"];
/// Codes of incidents after which the means of transport that carries on is told.
const WITH_TRANSHIPMENT: [&str; 3] = ["3", "6", "8"];

impl Acts<RecordIncident> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordIncident,
    ) -> Result<MovementView, Failure> {
        let (actor, at) = (&caller.actor, work.now());
        if !actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        let circumstances = IncidentCircumstances {
            place: ask.place.clone(),
            equipment: ask.equipment.clone().unwrap_or_default(),
            transhipment: ask.transhipment.clone(),
        };
        judge(&ask.code, &circumstances)?;
        let unknown = || problem::NOT_FOUND.because("no movement with this MRN is known").at("/mrn");
        let mut movement = store::by_mrn(work, &ask.mrn).await?.ok_or_else(unknown)?;
        if let Some(report) = ask.report
            && !store::unanswered_report(work.txn(), movement.id, report).await?
        {
            let why = "there is no such report that nobody has registered";
            return Err(problem::NOT_FOUND.because(why).at("/report").into());
        }
        let endorsed = if ask.endorsed { "endorsed" } else { "not endorsed" };
        let why = format!("code {}, {endorsed}: {}", ask.code, ask.text);
        let why = Decision::officer(&actor.subject, &ask.office, why);
        movement.happen(MovementEvent::RegisterIncident, why, at)?;
        let declaration = store::current_declaration(work.txn(), &movement).await?;
        let mrn = movement.mrn.clone();
        issue(&self.shared, &mut movement, "CC182C", &declaration, at, |facts| {
            let facts = facts
                .with_some("TransitOperation/MRN", mrn)
                .with("TransitOperation/incidentNotificationDateAndTime", instant(at))
                .with("CustomsOfficeOfIncidentRegistration/referenceNumber", ask.office.as_str());
            told(facts, &ask, &circumstances, &day(at))
        })?;
        let act = Act {
            endorsed: Some(ask.endorsed),
            answers: ask.report,
            ..described(&ask.code, &ask.text, circumstances)
        };
        store::keep_act(work, movement.id, "incident", (actor, &ask.office), &act).await?;
        store::save(work, &mut movement)?;
        let fact = IncidentRegistered {
            movement: movement.id,
            mrn: ask.mrn,
            code: ask.code,
            endorsed: ask.endorsed,
            office: ask.office,
            at,
        };
        work.tell(INCIDENT_REGISTERED, &movement.id.to_string(), &fact)?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// What is kept of an incident, whoever tells of it.
pub(super) fn described(code: &str, text: &str, circumstances: IncidentCircumstances) -> Act {
    Act {
        code: Some(code.to_owned()),
        text: Some(text.to_owned()),
        seals: circumstances.equipment.iter().flat_map(|one| one.seals.clone()).collect(),
        circumstances: Some(circumstances),
        ..Act::default()
    }
}

/// Everything that is wrong with the report, at once.
pub(super) fn judge(code: &str, told: &IncidentCircumstances) -> Result<(), Problem> {
    let mut findings = Vec::new();
    let mut wrong = |pointer: &str, what: &str| findings.push(Finding::new("input-invalid", pointer, what));
    let known = code.len() == 1 && code.bytes().all(|digit| (b'1'..=b'8').contains(&digit));
    if !known {
        wrong("/code", "the code of an incident is 1 to 8");
    }
    let equipment = !told.equipment.is_empty();
    if known && WITH_EQUIPMENT.contains(&code) != equipment {
        wrong("/equipment", "equipment and seals are told with the codes 2, 4 and 7, and only with them");
    }
    if known && WITH_TRANSHIPMENT.contains(&code) != told.transhipment.is_some() {
        wrong("/transhipment", "the transhipment is told with the codes 3, 6 and 8, and only with them");
    }
    let place = &told.place;
    let ways = [
        place.un_locode.is_some(),
        place.latitude.is_some() && place.longitude.is_some(),
        place.street_and_number.is_some() && place.city.is_some(),
    ];
    if ways.iter().filter(|way| **way).count() != 1 {
        wrong("/place", "a place is told by UN/LOCODE, by coordinates or by address");
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(problem::INPUT_INVALID.because("the incident is not told in full").with_errors(findings))
}

/// The incident as IE182 tells it.
fn told(facts: Facts, ask: &RecordIncident, circumstances: &IncidentCircumstances, today: &str) -> Facts {
    let at = |name: &str| format!("Consignment/Incident/{name}");
    let mut facts = facts
        .with(at("sequenceNumber"), "1")
        .with(at("code"), ask.code.as_str())
        .with(at("text"), ask.text.as_str());
    if ask.endorsed {
        let authority = ask.authority.as_deref().unwrap_or(&ask.office);
        facts = facts
            .with(at("Endorsement/date"), today)
            .with(at("Endorsement/authority"), authority)
            .with(at("Endorsement/place"), ask.place.city.as_deref().unwrap_or(&ask.office))
            .with(at("Endorsement/country"), ask.office.get(..2).unwrap_or_default());
    }
    facts = location(facts, &circumstances.place);
    for (place, equipment) in circumstances.equipment.iter().enumerate() {
        facts = sealed(facts, place + 1, equipment);
    }
    match &circumstances.transhipment {
        Some(onward) => carried(facts, onward),
        None => facts,
    }
}

fn location(facts: Facts, place: &IncidentPlace) -> Facts {
    let at = |name: &str| format!("Consignment/Incident/Location/{name}");
    let qualifier = match (&place.un_locode, &place.latitude) {
        (Some(_), _) => "U",
        (None, Some(_)) => "W",
        (None, None) => "Z",
    };
    facts
        .with(at("qualifierOfIdentification"), qualifier)
        .with(at("country"), place.country.as_str())
        .with_some(at("UNLocode"), place.un_locode.clone())
        .with_some(at("GNSS/latitude"), place.latitude.clone())
        .with_some(at("GNSS/longitude"), place.longitude.clone())
        .with_some(at("Address/streetAndNumber"), place.street_and_number.clone())
        .with_some(at("Address/city"), place.city.clone().filter(|_| qualifier == "Z"))
}

fn sealed(facts: Facts, number: usize, equipment: &IncidentEquipment) -> Facts {
    let at = |name: &str| format!("Consignment/Incident/TransportEquipment[{number}]/{name}");
    let mut facts = facts
        .with(at("sequenceNumber"), number.to_string())
        .with_some(at("containerIdentificationNumber"), equipment.container.clone())
        .with(at("numberOfSeals"), equipment.seals.len().to_string());
    for (place, seal) in equipment.seals.iter().enumerate() {
        facts = facts
            .with(at(&format!("Seal[{}]/sequenceNumber", place + 1)), (place + 1).to_string())
            .with(at(&format!("Seal[{}]/identifier", place + 1)), seal.as_str());
    }
    facts
}

fn carried(facts: Facts, onward: &IncidentTranshipment) -> Facts {
    let at = |name: &str| format!("Consignment/Incident/Transhipment/{name}");
    facts
        .with(at("containerIndicator"), if onward.in_containers { "1" } else { "0" })
        .with(at("TransportMeans/typeOfIdentification"), onward.type_of_identification.as_str())
        .with(at("TransportMeans/identificationNumber"), onward.identification.as_str())
        .with(at("TransportMeans/nationality"), onward.nationality.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_at_a_place() -> IncidentCircumstances {
        IncidentCircumstances {
            place: IncidentPlace {
                country: "KG".to_owned(),
                un_locode: Some("KGFRU".to_owned()),
                latitude: None,
                longitude: None,
                street_and_number: None,
                city: None,
            },
            equipment: Vec::new(),
            transhipment: None,
        }
    }

    #[test]
    fn each_of_the_eight_codes_asks_for_what_belongs_to_it() {
        let equipment = vec![IncidentEquipment { container: None, seals: vec!["S1".to_owned()] }];
        let onward = IncidentTranshipment {
            in_containers: false,
            type_of_identification: "30".to_owned(),
            identification: "01KG123".to_owned(),
            nationality: "KG".to_owned(),
        };
        for code in ["1", "2", "3", "4", "5", "6", "7", "8"] {
            let sealed = WITH_EQUIPMENT.contains(&code);
            let carried = WITH_TRANSHIPMENT.contains(&code);
            for (told_equipment, told_onward) in [(false, false), (true, false), (false, true)] {
                let mut told = told_at_a_place();
                told.equipment = if told_equipment { equipment.clone() } else { Vec::new() };
                told.transhipment = told_onward.then(|| onward.clone());
                let complete = (told_equipment, told_onward) == (sealed, carried);
                assert_eq!(judge(code, &told).is_ok(), complete, "{code} {told_equipment} {told_onward}");
            }
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut told = told_at_a_place();
        told.place.un_locode = None;
        let refused = judge("9", &told).unwrap_err();
        assert_eq!(refused.errors.len(), 2, "{refused:?}");
    }
}
