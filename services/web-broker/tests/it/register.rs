//! Organisations, people, memberships and the history of their changes.

use chrono::TimeDelta;
use customs_kernel::{Role, problem};
use customs_web_broker_contract::{
    CloseOrganisation, EndMembership, GrantMembership, IdentifyPerson, ListOrganisations, ListPeople,
    ListRegistryChanges, MemberRole, MyOrganisation, NationalNumber, NumberScheme, PartyKind,
    RegisterOrganisation, RegisterPerson, SetPersonActive,
    bus::ORGANISATION_CHANGED,
    problems::{
        ALREADY_ENDED, ALREADY_REGISTERED, MEMBERSHIP_OVERLAPS, MEMBERSHIP_UNKNOWN, PERSON_BARRED,
        PERSON_UNKNOWN,
    },
};
use uuid::Uuid;

use crate::world::{DECLARANT, World, in_every_world, pointers, service, somebody};

fn uzbek_carrier() -> RegisterOrganisation {
    RegisterOrganisation {
        eori: "UZ301234567".to_owned(),
        name: "Ipak Yuli Trans".to_owned(),
        address_lines: vec!["Tashkent".to_owned()],
        country: "UZ".to_owned(),
        national_number: NationalNumber { scheme: NumberScheme::UzTin, number: "301234567".to_owned() },
        kinds: vec![PartyKind::Carrier],
        active_from: None,
        active_to: None,
    }
}

fn driver() -> RegisterPerson {
    let number = "31203880170011".to_owned();
    RegisterPerson {
        name: "Jasur Rahimov".to_owned(),
        national_number: NationalNumber { scheme: NumberScheme::UzPin, number },
    }
}

fn membership(person_id: Uuid, organisation_id: Uuid) -> GrantMembership {
    GrantMembership {
        person_id,
        organisation_id,
        roles: vec![MemberRole::Carrier],
        offices: Vec::new(),
        valid_from: None,
        valid_to: None,
    }
}

in_every_world! {
    async fn somebody_registered_with_a_membership_can_be_identified(world: &World) {
        let administrator = world.caller("administrator").await;
        let organisation = world.ask(&administrator, uzbek_carrier()).await.unwrap();
        let person = world.ask(&administrator, driver()).await.unwrap();
        let who = || IdentifyPerson { person: driver().national_number, organisation: None };

        let refused = world.ask(&service(), who()).await.unwrap_err();
        assert!(refused.is(MEMBERSHIP_UNKNOWN));

        world.ask(&administrator, membership(person.id, organisation.id)).await.unwrap();
        let identity = world.ask(&service(), who()).await.unwrap();
        assert_eq!((identity.person_id, identity.name.as_str()), (person.id, "Jasur Rahimov"));
        assert_eq!(identity.memberships.len(), 1);
        assert_eq!(identity.memberships[0].eori, "UZ301234567");
        assert_eq!(identity.memberships[0].roles, [MemberRole::Carrier]);
    }

    async fn a_certificate_of_another_organisation_identifies_nobody(world: &World) {
        let person = NationalNumber { scheme: NumberScheme::KzIin, number: "901122401178".to_owned() };
        let own = NationalNumber { scheme: NumberScheme::KzBin, number: "150640012341".to_owned() };
        let foreign = NationalNumber { scheme: NumberScheme::KzBin, number: "090340005176".to_owned() };
        let ask = |organisation| IdentifyPerson { person: person.clone(), organisation: Some(organisation) };
        assert!(world.ask(&service(), ask(own)).await.is_ok());
        assert!(world.ask(&service(), ask(foreign)).await.unwrap_err().is(MEMBERSHIP_UNKNOWN));
    }

    async fn who_is_barred_or_unknown_is_refused_as_such(world: &World) {
        let administrator = world.caller("administrator").await;
        let identity = world.identity("broker").await;
        let number = |number: &str| IdentifyPerson {
            person: NationalNumber { scheme: NumberScheme::KzIin, number: number.to_owned() },
            organisation: None,
        };
        let bar = |active| SetPersonActive { person_id: identity.person_id, active };
        assert!(!world.ask(&administrator, bar(false)).await.unwrap().active);
        let refused = world.ask(&service(), number("850314300211")).await.unwrap_err();
        assert!(refused.is(PERSON_BARRED));
        world.ask(&administrator, bar(true)).await.unwrap();
        assert!(world.ask(&service(), number("850314300211")).await.is_ok());
        assert!(world.ask(&service(), number("000000000000")).await.unwrap_err().is(PERSON_UNKNOWN));
    }

    async fn a_number_is_registered_once(world: &World) {
        let administrator = world.caller("administrator").await;
        world.ask(&administrator, uzbek_carrier()).await.unwrap();
        let same_eori = RegisterOrganisation {
            national_number: NationalNumber { scheme: NumberScheme::UzTin, number: "301234568".to_owned() },
            ..uzbek_carrier()
        };
        let same_number = RegisterOrganisation { eori: "UZ301234568".to_owned(), ..uzbek_carrier() };
        for twin in [same_eori, same_number] {
            assert!(world.ask(&administrator, twin).await.unwrap_err().is(ALREADY_REGISTERED));
        }
        world.ask(&administrator, driver()).await.unwrap();
        assert!(world.ask(&administrator, driver()).await.unwrap_err().is(ALREADY_REGISTERED));
    }

    async fn a_description_with_errors_names_each(world: &World) {
        let administrator = world.caller("administrator").await;
        let bad = RegisterOrganisation { name: String::new(), country: "KZ".to_owned(), ..uzbek_carrier() };
        let problem = world.ask(&administrator, bad).await.unwrap_err();
        assert!(problem.is(problem::INPUT_INVALID));
        assert_eq!(pointers(&problem), ["/name", "/country"]);
    }

    async fn a_closed_organisation_is_told_of_and_its_people_cannot_log_in(world: &World) {
        let administrator = world.caller("administrator").await;
        let broker = world.caller("broker").await;
        let own = world.ask(&broker, MyOrganisation {}).await.unwrap();
        let close = CloseOrganisation { organisation_id: own.id, expected_version: 1, at: None };
        let closed = world.ask(&administrator, close.clone()).await.unwrap();
        assert_eq!((closed.version, closed.active_to), (2, Some(world.now())));
        let (name, body) = world.told().await.pop().unwrap();
        assert_eq!((name.as_str(), &body["version"]), (ORGANISATION_CHANGED, &2.into()));
        let stale = world.ask(&administrator, close).await.unwrap_err();
        assert!(stale.is(problem::VERSION_STALE));
        assert_eq!(stale.errors[0].value.as_deref(), Some("2"));
        let person = NationalNumber { scheme: NumberScheme::KzIin, number: "850314300211".to_owned() };
        let log_in = IdentifyPerson { person, organisation: None };
        assert!(world.ask(&service(), log_in).await.unwrap_err().is(MEMBERSHIP_UNKNOWN));
    }

    async fn memberships_of_one_person_do_not_overlap(world: &World) {
        let administrator = world.caller("administrator").await;
        let organisation = world.ask(&administrator, uzbek_carrier()).await.unwrap();
        let person = world.ask(&administrator, driver()).await.unwrap();
        let first = world.ask(&administrator, membership(person.id, organisation.id)).await.unwrap();
        let again = world.ask(&administrator, membership(person.id, organisation.id)).await.unwrap_err();
        assert!(again.is(MEMBERSHIP_OVERLAPS));

        let end = EndMembership { membership_id: first.id, at: None };
        world.clock.advance(TimeDelta::days(1));
        world.ask(&administrator, end.clone()).await.unwrap();
        assert!(world.ask(&administrator, end).await.unwrap_err().is(ALREADY_ENDED));
        world.ask(&administrator, membership(person.id, organisation.id)).await.unwrap();
    }

    async fn a_membership_of_nobody_or_nowhere_is_refused(world: &World) {
        let administrator = world.caller("administrator").await;
        let person = world.ask(&administrator, driver()).await.unwrap();
        let nobody = world.ask(&administrator, membership(Uuid::nil(), Uuid::nil())).await.unwrap_err();
        assert_eq!((nobody.status, pointers(&nobody)), (404, vec!["/personId"]));
        let nowhere = world.ask(&administrator, membership(person.id, Uuid::nil())).await.unwrap_err();
        assert_eq!((nowhere.status, pointers(&nowhere)), (404, vec!["/organisationId"]));
    }

    async fn people_see_their_colleagues_without_national_numbers(world: &World) {
        let officer = world.caller("officer-departure").await;
        let page = world.ask(&officer, ListPeople::default()).await.unwrap();
        let mut names: Vec<_> = page.items.iter().map(|item| item.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Madina Iskakova", "Marat Seitkali", "Nurlan Bekov", "Timur Abenov", "Zhanar Ospanova"]);
        assert!(!serde_json::to_string(&page).unwrap().contains("830111450930"));
    }

    async fn pages_of_the_register_follow_each_other_without_gap_or_twin(world: &World) {
        let administrator = world.caller("administrator").await;
        let whole = world.ask(&administrator, ListOrganisations::default()).await.unwrap();
        assert_eq!((whole.items.len(), whole.next), (7, None));
        let mut walked = Vec::new();
        let mut after = None;
        loop {
            let ask = ListOrganisations { first: Some(3), after };
            let page = world.ask(&administrator, ask).await.unwrap();
            walked.extend(page.items);
            after = page.next;
            if after.is_none() { break; }
        }
        assert_eq!(walked, whole.items);
        let strange = ListOrganisations { first: Some(1000), after: Some("?".to_owned()) };
        let problem = world.ask(&administrator, strange).await.unwrap_err();
        assert_eq!(pointers(&problem), ["/first", "/after"]);
    }

    async fn every_change_is_kept_with_its_actor_and_without_names(world: &World) {
        let administrator = world.caller("administrator").await;
        world.clock.advance(TimeDelta::seconds(1));
        world.ask(&administrator, driver()).await.unwrap();
        let changes = world.ask(&administrator, ListRegistryChanges::default()).await.unwrap();
        let newest = &changes.items[0];
        assert_eq!((newest.what.as_str(), &newest.actor), ("person-registered", &administrator.actor.subject));
        let text = serde_json::to_string(&changes).unwrap();
        assert!(!text.contains("Jasur") && !text.contains("31203880170011"), "{text}");
    }

    async fn the_history_of_one_organisation_is_its_own(world: &World) {
        let declarant = world.caller("declarant").await;
        let changes = world.ask(&declarant, ListRegistryChanges::default()).await.unwrap();
        let mut what: Vec<_> = changes.items.iter().map(|change| change.what.as_str()).collect();
        what.sort_unstable();
        assert_eq!(what, ["delegation-granted", "membership-granted", "organisation-registered"]);
    }

    async fn software_without_a_registered_organisation_is_told_so(world: &World) {
        let stray = somebody(Role::Declarant, Some("KZ999999999999"));
        let problem = world.ask(&stray, MyOrganisation {}).await.unwrap_err();
        assert_eq!(problem.code, "organisation-required");
        let declarant = somebody(Role::Declarant, Some(DECLARANT));
        assert!(world.ask(&declarant, MyOrganisation {}).await.is_ok());
    }
}
