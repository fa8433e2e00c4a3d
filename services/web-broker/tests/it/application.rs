//! Newcomers: how they get into the register.

use chrono::TimeDelta;
use customs_kernel::problem;
use customs_web_broker_contract::{
    ApplicationState, ApproveApplication, IdentifyPerson, ListApplications, ListOrganisations, MemberRole,
    NationalNumber, NumberScheme, PartyKind, ReceiveApplication, RejectApplication,
    problems::{ALREADY_DECIDED, ALREADY_REGISTERED, APPLICATION_OPEN, PERSON_UNKNOWN},
};

use crate::world::{DECLARANT, World, in_every_world, service};

fn driver() -> NationalNumber {
    NationalNumber { scheme: NumberScheme::UzPin, number: "31203880170011".to_owned() }
}

fn application() -> ReceiveApplication {
    ReceiveApplication {
        person: driver(),
        person_name: "Jasur Rahimov".to_owned(),
        organisation: NationalNumber { scheme: NumberScheme::UzTin, number: "301234567".to_owned() },
        eori: "UZ301234567".to_owned(),
        organisation_name: "Ipak Yuli Trans".to_owned(),
        address_lines: vec!["Tashkent".to_owned()],
        kinds: vec![PartyKind::Carrier, PartyKind::Declarant],
    }
}

fn who(person: NationalNumber) -> IdentifyPerson {
    IdentifyPerson { person, organisation: None }
}

in_every_world! {
    async fn a_newcomer_who_is_approved_can_log_in(world: &World) {
        let administrator = world.caller("administrator").await;
        let received = world.ask(&service(), application()).await.unwrap();
        assert_eq!((received.state, received.country.as_str()), (ApplicationState::Submitted, "UZ"));
        assert!(world.ask(&service(), who(driver())).await.unwrap_err().is(PERSON_UNKNOWN));

        let open = ListApplications { state: Some(ApplicationState::Submitted), ..ListApplications::default() };
        let listed = world.ask(&administrator, open.clone()).await.unwrap().items;
        assert_eq!(listed, std::slice::from_ref(&received));
        let approve = ApproveApplication { application_id: received.id };
        let approved = world.ask(&administrator, approve.clone()).await.unwrap();
        assert_eq!((approved.state, approved.decided_at), (ApplicationState::Approved, Some(world.now())));
        assert_eq!(world.ask(&administrator, open).await.unwrap().items, []);

        let identity = world.ask(&service(), who(driver())).await.unwrap();
        assert_eq!((identity.name.as_str(), identity.memberships.len()), ("Jasur Rahimov", 1));
        assert_eq!(identity.memberships[0].eori, "UZ301234567");
        assert_eq!(identity.memberships[0].roles, [MemberRole::Carrier, MemberRole::Declarant]);
        assert!(world.ask(&administrator, approve).await.unwrap_err().is(ALREADY_DECIDED));
    }

    async fn one_application_at_a_time_and_a_new_one_after_a_refusal(world: &World) {
        let administrator = world.caller("administrator").await;
        let first = world.ask(&service(), application()).await.unwrap();
        assert!(world.ask(&service(), application()).await.unwrap_err().is(APPLICATION_OPEN));
        let reject = |reason: &str| RejectApplication { application_id: first.id, reason: reason.to_owned() };
        assert!(world.ask(&administrator, reject("")).await.unwrap_err().is(problem::INPUT_INVALID));
        let rejected = world.ask(&administrator, reject("the address is wrong")).await.unwrap();
        assert_eq!(rejected.reason.as_deref(), Some("the address is wrong"));
        world.clock.advance(TimeDelta::seconds(1));
        let second = world.ask(&service(), application()).await.unwrap();
        let all = world.ask(&administrator, ListApplications::default()).await.unwrap();
        assert_eq!(all.items.iter().map(|one| one.id).collect::<Vec<_>>(), [second.id, first.id]);
    }

    async fn who_acts_for_the_organisation_already_need_not_apply(world: &World) {
        let mut again = application();
        again.person = NationalNumber { scheme: NumberScheme::KzIin, number: "901122401178".to_owned() };
        again.organisation = NationalNumber { scheme: NumberScheme::KzBin, number: "150640012341".to_owned() };
        again.eori = DECLARANT.to_owned();
        assert!(world.ask(&service(), again).await.unwrap_err().is(ALREADY_REGISTERED));
    }

    async fn a_colleague_joins_the_organisation_that_is_there(world: &World) {
        let administrator = world.caller("administrator").await;
        let organisations = || ListOrganisations { first: Some(100), after: None };
        let before = world.ask(&administrator, organisations()).await.unwrap().items.len();
        let mut joining = application();
        joining.organisation = NationalNumber { scheme: NumberScheme::KzBin, number: "150640012341".to_owned() };
        joining.eori = DECLARANT.to_owned();
        joining.kinds = vec![PartyKind::Declarant];
        let received = world.ask(&service(), joining).await.unwrap();
        world.ask(&administrator, ApproveApplication { application_id: received.id }).await.unwrap();
        assert_eq!(world.ask(&administrator, organisations()).await.unwrap().items.len(), before);
        let identity = world.ask(&service(), who(driver())).await.unwrap();
        assert_eq!(identity.memberships[0].eori, DECLARANT);
    }

    async fn the_eori_of_another_organisation_is_not_taken_over(world: &World) {
        let administrator = world.caller("administrator").await;
        let mut foreign = application();
        foreign.eori = DECLARANT.to_owned();
        let received = world.ask(&service(), foreign).await.unwrap();
        let approve = ApproveApplication { application_id: received.id };
        assert!(world.ask(&administrator, approve).await.unwrap_err().is(ALREADY_REGISTERED));
        assert!(world.ask(&service(), who(driver())).await.unwrap_err().is(PERSON_UNKNOWN));
        let listed = world.ask(&administrator, ListApplications::default()).await.unwrap();
        assert_eq!(listed.items[0].state, ApplicationState::Submitted);
    }
}
