//! The carrier that a declaration names: what it sees, what it reports, and which office registers it.

use customs_declarations_contract::{
    FindDeclaration, IncidentPlace, IncidentTranshipment, ListActs, ListMovements, MessageFormat,
    MovementTimeline, OfficeQueue, RecordIncident, ReleaseMovement, ReportIncident, SendDepartureMessage,
    SubmitDeclaration, TimelinePage,
};
use customs_notifications_contract::{PullNotifications, event::INCIDENT_REPORTED};
use uuid::Uuid;

use crate::{
    documents,
    nation::Nation,
    procedure::{ask, lodging, state, version},
};

const CARRIER: &str = "KZ110240019832";

/// `content` with a carrier named in the consignment.
fn carried_by(content: &str, carrier: &str) -> String {
    let named = format!(
        "<grossMass>1200.5</grossMass><referenceNumberUCR>UCR-2026-1</referenceNumberUCR><Carrier>\
         <identificationNumber>{carrier}</identificationNumber></Carrier>"
    );
    let bare = "<grossMass>1200.5</grossMass><referenceNumberUCR>UCR-2026-1</referenceNumberUCR>";
    let changed = content.replacen(bare, &named, 1);
    assert_ne!(changed, content);
    changed
}

async fn lodged(nation: &Nation, lrn: &str) -> (Uuid, String) {
    let content = documents::declaration(&lodging(nation, lrn), &Uuid::now_v7().simple().to_string());
    let content = carried_by(&content, CARRIER);
    let evidence = nation.evidence("declarant", &content);
    let submit = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
    let submitted = ask(nation, "declarant", submit).await.unwrap();
    (submitted.movement, submitted.mrn.unwrap())
}

fn place() -> IncidentPlace {
    IncidentPlace {
        country: "KG".to_owned(),
        un_locode: None,
        latitude: None,
        longitude: None,
        street_and_number: Some("A365, km 12".to_owned()),
        city: Some("Kara-Balta".to_owned()),
    }
}

fn report(movement: Uuid) -> ReportIncident {
    ReportIncident {
        movement,
        office: "KGAKZ001".to_owned(),
        code: "3".to_owned(),
        text: "the tractor has broken down".to_owned(),
        place: place(),
        equipment: None,
        transhipment: Some(IncidentTranshipment {
            in_containers: false,
            type_of_identification: "30".to_owned(),
            identification: "01KG418ABC".to_owned(),
            nationality: "KG".to_owned(),
        }),
    }
}

fn registration(mrn: &str, number: i64) -> RecordIncident {
    let ReportIncident { office, code, text, place, transhipment, .. } = report(Uuid::nil());
    RecordIncident {
        mrn: mrn.to_owned(),
        office,
        code,
        text,
        endorsed: true,
        authority: None,
        place,
        equipment: None,
        transhipment,
        report: Some(number),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_carrier_reports_an_incident_and_the_office_registers_it_once() {
    let nation = Nation::new().await;
    let (movement, mrn) = lodged(&nation, "C1").await;
    let early = ask(&nation, "carrier", report(movement)).await.unwrap_err();
    assert_eq!(early.code, "out-of-sequence", "the goods have not left");
    let expected_version = version(&nation, movement).await;
    ask(&nation, "officer-departure", ReleaseMovement { movement, expected_version }).await.unwrap();

    for (login, code) in [
        ("insurer", "forbidden"),
        ("broker", "forbidden"),
        ("officer-transit-kg", "forbidden"),
        ("administrator", "forbidden"),
    ] {
        assert_eq!(ask(&nation, login, report(movement)).await.unwrap_err().code, code, "{login}");
    }
    let elsewhere = ReportIncident { office: "KZATY001".to_owned(), ..report(movement) };
    assert_eq!(ask(&nation, "carrier", elsewhere).await.unwrap_err().code, "input-invalid");
    let incomplete = ReportIncident { transhipment: None, ..report(movement) };
    assert_eq!(ask(&nation, "carrier", incomplete).await.unwrap_err().code, "input-invalid");
    ask(&nation, "carrier", report(movement)).await.unwrap();
    assert_eq!(state(&nation, movement).await, "released", "a report alone changes no state");

    let acts = ListActs { movement, first: None, after: None };
    for login in ["carrier", "declarant", "officer-transit-kg"] {
        let seen = ask(&nation, login, acts.clone()).await.unwrap().items;
        assert_eq!((seen.len(), seen[0].kind.as_str()), (1, "incident-report"), "{login}");
        let told = seen[0].circumstances.as_ref().unwrap();
        assert_eq!(told.place, place(), "{login}");
    }

    ask(&nation, "officer-transit-kg", registration(&mrn, 1)).await.unwrap();
    let seen = ask(&nation, "carrier", acts).await.unwrap().items;
    assert_eq!((seen[1].kind.as_str(), seen[1].answers), ("incident", Some(1)));
    let twice = ask(&nation, "officer-transit-kg", registration(&mrn, 1)).await.unwrap_err();
    assert_eq!(twice.code, "not-found", "a report is registered once");
    let other = ask(&nation, "officer-transit-kg", registration(&mrn, 2)).await.unwrap_err();
    assert_eq!(other.code, "not-found", "an incident is no report");
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_carrier_follows_what_it_carries_and_reads_nothing_of_what_was_declared() {
    let nation = Nation::new().await;
    let (movement, mrn) = lodged(&nation, "C2").await;
    let list = ask(&nation, "carrier", ListMovements::default()).await.unwrap().items;
    assert_eq!(list.iter().map(|one| one.id).collect::<Vec<_>>(), [movement]);
    assert_eq!(list[0].carrier.as_deref(), Some(CARRIER));
    let timeline = MovementTimeline { movement, first: None, after_sequence: None };
    let reasons = |page: TimelinePage| page.items.into_iter().flat_map(|one| one.reasons).collect::<Vec<_>>();
    let covers = |told: &[String]| told.iter().any(|reason| reason.contains("guarantee"));
    let told = ask(&nation, "carrier", timeline.clone()).await.unwrap();
    assert!(!told.items.is_empty());
    assert!(!covers(&reasons(told)), "the guarantee is the holder's matter");
    assert!(covers(&reasons(ask(&nation, "declarant", timeline).await.unwrap())));
    let declared = FindDeclaration { movement, version: None, format: None };
    assert_eq!(ask(&nation, "carrier", declared).await.unwrap_err().code, "not-found");

    let queue = OfficeQueue {
        office: "KZALA001".to_owned(),
        channel: None,
        role: None,
        due_before: None,
        order: None,
        first: None,
        after: None,
    };
    let waiting = ask(&nation, "officer-departure", queue).await.unwrap().items;
    let entry = waiting.iter().find(|entry| entry.movement == movement).unwrap();
    assert_eq!(entry.goods.as_deref(), Some("Goods of item 1"));
    assert_eq!((entry.vehicle.as_deref(), entry.items), (Some("123ABC02"), 2));

    // An amendment that names nobody takes the movement from the carrier.
    let content = documents::amendment(&lodging(&nation, "C2"), &mrn, "AM1");
    let evidence = nation.evidence("declarant", &content);
    let amend = SendDepartureMessage { movement, content, format: MessageFormat::Xml, evidence };
    ask(&nation, "declarant", amend).await.unwrap();
    assert!(ask(&nation, "carrier", ListMovements::default()).await.unwrap().items.is_empty());
    assert_eq!(ask(&nation, "carrier", report(movement)).await.unwrap_err().code, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_is_told_of_a_report_in_its_box() {
    let nation = Nation::new().await;
    let (movement, _) = lodged(&nation, "C3").await;
    let expected_version = version(&nation, movement).await;
    ask(&nation, "officer-departure", ReleaseMovement { movement, expected_version }).await.unwrap();
    let near = ReportIncident { office: "KZALA001".to_owned(), ..report(movement) };
    ask(&nation, "carrier", near).await.unwrap();
    let office = Some("KZALA001".to_owned());
    let pull = PullNotifications { office, first: Some(100), ..PullNotifications::default() };
    let told = ask(&nation, "officer-departure", pull).await.unwrap().items;
    assert_eq!(told.iter().filter(|entry| entry.event.kind == INCIDENT_REPORTED).count(), 1);
}
