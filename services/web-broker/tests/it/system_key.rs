//! Keys of organisations' systems: registered, admitted once a nonce, revoked.

use chrono::TimeDelta;
use customs_kernel::{Actor, Caller, Problem, Role, problem};
use customs_web_broker_contract::{
    AdmitSystem, CloseOrganisation, FindSystemKey, ListRegistryChanges, ListSystemKeys, MemberRole,
    MyOrganisation, RegisterSystemKey, RevokeSystemKey, System, SystemKey,
    problems::{
        ALREADY_ENDED, PERSON_REQUIRED, REQUEST_REPLAYED, SYSTEM_KEY_EXPIRED, SYSTEM_KEY_IDLE,
        SYSTEM_KEY_KNOWN, SYSTEM_KEY_NOT_YET_VALID, SYSTEM_KEY_REVOKED, SYSTEM_KEY_UNKNOWN, SYSTEM_KEYS_MANY,
    },
};

use crate::{
    authorisation::jwk,
    world::{BROKER, DECLARANT, World, in_every_world, pointers, service, somebody},
};

fn own() -> Caller {
    somebody(Role::Declarant, Some(DECLARANT))
}

fn asked(number: u32) -> RegisterSystemKey {
    RegisterSystemKey {
        name: "Booking".to_owned(),
        key: jwk(number),
        roles: Vec::new(),
        valid_from: None,
        valid_to: None,
    }
}

async fn registered(world: &World, number: u32) -> SystemKey {
    world.ask(&own(), asked(number)).await.unwrap()
}

async fn admitted(world: &World, key: &SystemKey, nonce: &str) -> Result<System, Problem> {
    let ask = AdmitSystem {
        key_id: key.key_id.clone(),
        nonce: nonce.to_owned(),
        expires_at: world.now() + TimeDelta::minutes(5),
    };
    world.ask(&service(), ask).await
}

in_every_world! {
    async fn a_request_is_admitted_once_in_the_name_of_the_organisation(world: &World) {
        let key = registered(world, 1).await;
        let read = world.ask(&service(), FindSystemKey { key_id: key.key_id.clone() }).await.unwrap();
        assert!(read.spki.len() > 40, "{read:?}");
        let system = admitted(world, &key, "n1").await.unwrap();
        assert_eq!((system.id, system.eori.as_str()), (key.id, DECLARANT));
        assert_eq!(system.roles, [MemberRole::Declarant]);
        assert!(admitted(world, &key, "n1").await.unwrap_err().is(REQUEST_REPLAYED));
        let other = registered(world, 2).await;
        assert!(admitted(world, &other, "n1").await.is_ok(), "a nonce belongs to its key");
    }

    async fn of_many_who_come_with_one_nonce_one_is_admitted(world: &World) {
        let key = registered(world, 1).await;
        let answers = tokio::join!(
            admitted(world, &key, "n"), admitted(world, &key, "n"),
            admitted(world, &key, "n"), admitted(world, &key, "n"),
        );
        let answers = [answers.0, answers.1, answers.2, answers.3];
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert!(answers.iter().filter_map(|answer| answer.as_ref().err()).all(|refused| refused.is(REQUEST_REPLAYED)));
    }

    async fn a_key_admits_nobody_outside_its_period_or_once_revoked(world: &World) {
        let day = TimeDelta::days(1);
        let period = RegisterSystemKey {
            valid_from: Some(world.now() + day),
            valid_to: Some(world.now() + day * 3),
            ..asked(1)
        };
        let key = world.ask(&own(), period).await.unwrap();
        assert!(admitted(world, &key, "a").await.unwrap_err().is(SYSTEM_KEY_NOT_YET_VALID));
        world.clock.advance(day);
        assert!(admitted(world, &key, "a").await.is_ok(), "what was refused did not use the nonce up");
        let revoked = world.ask(&own(), RevokeSystemKey { system_key_id: key.id }).await.unwrap();
        assert_eq!(revoked.revoked_at, Some(world.now()));
        assert!(admitted(world, &key, "b").await.unwrap_err().is(SYSTEM_KEY_REVOKED));
        let again = world.ask(&own(), RevokeSystemKey { system_key_id: key.id }).await.unwrap_err();
        assert!(again.is(ALREADY_ENDED));
        let short = RegisterSystemKey { valid_to: Some(world.now() + day), ..asked(2) };
        let other = world.ask(&own(), short).await.unwrap();
        world.clock.advance(day);
        assert!(admitted(world, &other, "a").await.unwrap_err().is(SYSTEM_KEY_EXPIRED));
    }

    async fn a_key_is_registered_once_and_never_again(world: &World) {
        let key = registered(world, 1).await;
        world.ask(&own(), RevokeSystemKey { system_key_id: key.id }).await.unwrap();
        let stranger = somebody(Role::Broker, Some(BROKER));
        for caller in [&own(), &stranger] {
            let refused = world.ask(caller, asked(1)).await.unwrap_err();
            assert!(refused.is(SYSTEM_KEY_KNOWN), "{refused}");
            assert_eq!(pointers(&refused), ["/key"]);
        }
        let unknown = world.ask(&service(), FindSystemKey { key_id: "nobody's".to_owned() }).await.unwrap_err();
        assert!(unknown.is(SYSTEM_KEY_UNKNOWN));
    }

    async fn an_organisation_has_a_bounded_number_of_keys_in_force(world: &World) {
        let first = registered(world, 1).await;
        for number in 2..=50 {
            registered(world, number).await;
        }
        assert!(world.ask(&own(), asked(51)).await.unwrap_err().is(SYSTEM_KEYS_MANY));
        world.ask(&own(), RevokeSystemKey { system_key_id: first.id }).await.unwrap();
        registered(world, 51).await;
    }

    async fn a_closed_organisation_has_no_systems(world: &World) {
        let key = registered(world, 1).await;
        let organisation = world.ask(&own(), MyOrganisation {}).await.unwrap();
        let close = CloseOrganisation { organisation_id: organisation.id, expected_version: 1, at: None };
        world.ask(&somebody(Role::Administrator, None), close).await.unwrap();
        assert!(admitted(world, &key, "a").await.unwrap_err().is(SYSTEM_KEY_IDLE));
    }

    async fn keys_are_listed_with_the_last_day_of_use_and_stand_in_the_history(world: &World) {
        let key = registered(world, 1).await;
        world.clock.advance(TimeDelta::seconds(1));
        let other = registered(world, 2).await;
        admitted(world, &key, "a").await.unwrap();
        let page = world.ask(&own(), ListSystemKeys { first: Some(1), after: None }).await.unwrap();
        assert_eq!(page.items, [other]);
        let page = world.ask(&own(), ListSystemKeys { first: Some(1), after: page.next }).await.unwrap();
        assert_eq!(page.items[0].last_used_on, Some(world.now().date_naive()));
        assert_eq!((page.items[0].id, page.next), (key.id, None));
        world.clock.advance(TimeDelta::seconds(1));
        world.ask(&own(), RevokeSystemKey { system_key_id: key.id }).await.unwrap();
        let changes = ListRegistryChanges { organisation_id: None, first: Some(2), after: None };
        let changes = world.ask(&own(), changes).await.unwrap().items;
        let told: Vec<_> = changes.iter().map(|change| change.what.as_str()).collect();
        assert_eq!(told, ["system-key-revoked", "system-key-registered"]);
        let theirs = world.ask(&somebody(Role::Broker, Some(BROKER)), ListSystemKeys::default()).await.unwrap();
        assert_eq!(theirs.items, []);
    }

    async fn a_system_neither_registers_nor_revokes_keys(world: &World) {
        let key = registered(world, 1).await;
        let party = DECLARANT.parse().unwrap();
        let system = Caller::new(Actor::system(&key.id.to_string(), party, vec![Role::Declarant]), "test");
        assert!(world.ask(&system, asked(2)).await.unwrap_err().is(PERSON_REQUIRED));
        let revoke = RevokeSystemKey { system_key_id: key.id };
        assert!(world.ask(&system, revoke).await.unwrap_err().is(PERSON_REQUIRED));
        let stranger = somebody(Role::Broker, Some(BROKER));
        assert!(world.ask(&stranger, revoke).await.unwrap_err().is(problem::NOT_FOUND));
    }
}
