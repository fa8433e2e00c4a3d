//! What the register of economic operators says: authorisations that are held or not, and what the trusted are told early.

use customs_declarations_contract::{MessageFormat, MovementTimeline, NotifyArrival, SubmitDeclaration};
use customs_guarantees_contract::GrantGuaranteeLevel;
use customs_kernel::Clock;
use customs_references_contract::{FindParty, PartyRole, RegisterParty};
use uuid::Uuid;

use crate::{
    documents::{self, Lodging},
    nation::Nation,
    procedure::{DECLARANT, ask, issued, lodge, lodging, state},
};

const BROKER: &str = "KZ090340005176";

async fn lodge_as_broker(nation: &Nation, lrn: &str) -> Uuid {
    let own = Lodging { holder: BROKER, authorised: true, ..lodging(nation, lrn) };
    let content = documents::declaration(&own, &format!("M{lrn}"));
    let evidence = nation.evidence("broker", &content);
    let submit = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
    ask(nation, "broker", submit).await.unwrap().movement
}

/// Enters the broker anew with an authorisation under `reference`.
async fn authorise(nation: &Nation, reference: &str) {
    let known = ask(nation, "administrator", FindParty { eori: BROKER.to_owned() }).await.unwrap();
    let role = PartyRole { role: "C521".to_owned(), reference: Some(reference.to_owned()) };
    let register = RegisterParty {
        eori: known.eori,
        name: known.name,
        address: known.address,
        roles: vec![role],
        valid_from: None,
        valid_to: None,
    };
    ask(nation, "administrator", register).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authorisation_counts_only_if_its_holder_has_it_in_the_register() {
    let nation = Nation::new().await;
    let refused = async |lrn: &str, pointer: &str| {
        let movement = lodge_as_broker(&nation, lrn).await;
        let ie056 = nation.last("broker", movement, "CC056C").await.body.unwrap();
        for part in ["<errorCode>14</errorCode>", "<errorReason>NR0020</errorReason>", pointer] {
            assert!(ie056.contains(part), "{part} in {ie056}");
        }
    };
    refused("S1", "<errorPointer>/CC015C/Authorisation[1]/type</errorPointer>").await;
    authorise(&nation, "KZ-C521-2").await;
    refused("S2", "<errorPointer>/CC015C/Authorisation[1]/referenceNumber</errorPointer>").await;
    authorise(&nation, "KZ-C521-1").await;
    let movement = lodge_as_broker(&nation, "S3").await;
    let accepted = nation.messages("broker", movement).await;
    assert_eq!(accepted[..3], ["CC015C", "CC928C", "CC028C"], "from the change of the register on");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_authorised_consignee_does_not_unload_as_one() {
    let nation = Nation::new().await;
    for (login, trader, held) in [("declarant", DECLARANT, false), ("carrier", "KZ110240019832", true)] {
        let content = documents::arrival(trader, "26KZABCDEFGHIJKLJ0", &format!("S{login}"));
        let evidence = nation.evidence(login, &content);
        let notify = NotifyArrival { content, format: MessageFormat::Xml, evidence };
        let arrival = ask(&nation, login, notify).await.unwrap().movement;
        let ie057 = nation.last(login, arrival, "CC057C").await.body.unwrap();
        let told = "<errorPointer>/CC007C/Authorisation[1]/type</errorPointer>";
        assert_eq!(ie057.contains("NR0020") && ie057.contains(told), !held, "{ie057}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_holder_learns_of_an_intended_control_before_the_goods_are_there() {
    let nation = Nation::new().await;
    let early = Lodging { additional_type: "D", ..lodging(&nation, "S6") };
    let content = documents::declaration(&early, "SM6").replace("851713", "930200");
    let evidence = nation.evidence("declarant", &content);
    let submit = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
    let movement = ask(&nation, "declarant", submit).await.unwrap().movement;
    assert_eq!(issued(&nation, movement).await, ["CC928C", "CC060C"]);
    let told = nation.last("declarant", movement, "CC060C").await.body.unwrap();
    assert!(told.contains("<notificationType>2</notificationType>"), "{told}");
    assert_eq!(state(&nation, movement).await, "pre-lodged");
    let timeline = MovementTimeline { movement, after_sequence: None, first: None };
    let why = ask(&nation, "declarant", timeline).await.unwrap().items.pop().unwrap();
    assert_eq!((why.event.as_str(), why.by.as_str()), ("control-announced", "system"));
    assert!(why.reasons.iter().any(|reason| reason.contains("930200")), "{:?}", why.reasons);
    let harmless = lodge(&nation, &Lodging { additional_type: "D", ..lodging(&nation, "S7") }).await;
    assert_eq!(issued(&nation, harmless.movement).await, ["CC928C"]);
    nation.replays(movement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_simpler_stands_in_the_timeline_with_the_reason() {
    let nation = Nation::new().await;
    let movement = lodge(&nation, &Lodging { authorised: true, ..lodging(&nation, "S8") }).await.movement;
    let timeline = MovementTimeline { movement, after_sequence: None, first: None };
    let items = ask(&nation, "declarant", timeline).await.unwrap().items;
    let decided = items.iter().find(|entry| entry.event == "guarantee-registered").unwrap();
    for word in ["AEO", "C521"] {
        assert!(decided.reasons.iter().any(|reason| reason.starts_with(word)), "{:?}", decided.reasons);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reduced_guarantee_and_its_headroom_stand_in_the_timeline_of_those_concerned() {
    let nation = Nation::new().await;
    let grn = nation.guarantees().grn.clone();
    let grant = GrantGuaranteeLevel {
        reference: grn.clone(),
        version: None,
        level_percent: 50,
        authorisation: "KZCGU0001".to_owned(),
        effective_on: (Clock::now(nation.suite.clock.as_ref()) + chrono::TimeDelta::hours(5)).date_naive(),
        reason: "sound accounts and no debts".to_owned(),
    };
    let granted = ask(&nation, "officer-departure", grant).await.unwrap();
    assert_eq!(granted.reference_amount.amount, "10000000.00");
    let content = documents::declaration(&Lodging { amount: "8500000.00", ..lodging(&nation, "S9") }, "MS9");
    let evidence = nation.evidence("broker", &content);
    let submit = SubmitDeclaration { content, format: MessageFormat::Xml, evidence };
    let movement = ask(&nation, "broker", submit).await.unwrap().movement;
    let told = async |login: &str| {
        let timeline = MovementTimeline { movement, after_sequence: None, first: None };
        let items = ask(&nation, login, timeline).await.unwrap().items;
        items.into_iter().find(|entry| entry.event == "guarantee-registered").unwrap().reasons
    };
    let level = "50 % of the reference amount is insured by authorisation KZCGU0001";
    for (login, lines) in [("declarant", 2), ("officer-departure", 2), ("broker", 0)] {
        let reasons = told(login).await;
        assert!(reasons.iter().any(|reason| reason.contains(level)), "{login}: {reasons:?}");
        let headroom: Vec<_> = reasons.iter().filter(|reason| reason.starts_with("headroom of")).collect();
        assert_eq!(headroom.len(), lines, "{login}: {headroom:?}");
        assert!(lines == 0 || headroom[0].contains("1500000.00 EUR"), "{headroom:?}");
        assert!(lines == 0 || headroom[1].contains("80 %"), "{headroom:?}");
    }
    nation.replays(movement).await;
}
