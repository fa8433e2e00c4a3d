//! Delegations and what they allow.

use chrono::TimeDelta;
use customs_kernel::{Role, problem};
use customs_web_broker_contract::{
    CloseOrganisation, ConfirmMandate, DelegationCap, DelegationScope, GrantDelegation, ListDelegations,
    MyOrganisation, RevokeDelegation,
    bus::{DELEGATION_GRANTED, DELEGATION_REVOKED},
    problems::{ALREADY_ENDED, DELEGATION_OVERLAPS},
};

use crate::world::{BROKER, CARRIER, DECLARANT, World, in_every_world, pointers, service, somebody};

fn mandate(world: &World, principal: &str, representative: &str) -> ConfirmMandate {
    let (principal, representative) = (principal.to_owned(), representative.to_owned());
    ConfirmMandate { principal, representative, at: world.now() }
}

fn delegation(world: &World, representative: &str) -> GrantDelegation {
    GrantDelegation {
        representative: representative.to_owned(),
        scope: vec![DelegationScope::Arrive],
        valid_from: None,
        valid_to: world.now() + TimeDelta::days(30),
        cap: None,
    }
}

in_every_world! {
    async fn the_broker_may_act_for_the_declarant_and_not_the_other_way_round(world: &World) {
        let granted = world.ask(&service(), mandate(world, DECLARANT, BROKER)).await.unwrap();
        assert!(granted.granted && granted.delegation_id.is_some());
        assert!(granted.scope.contains(&DelegationScope::Declare));
        let reverse = world.ask(&service(), mandate(world, BROKER, DECLARANT)).await.unwrap();
        assert!(!reverse.granted && reverse.scope.is_empty());
        let stranger = world.ask(&service(), mandate(world, DECLARANT, CARRIER)).await.unwrap();
        assert!(!stranger.granted);
    }

    async fn an_organisation_acts_for_itself_and_an_unknown_one_for_nobody(world: &World) {
        let own = world.ask(&service(), mandate(world, DECLARANT, DECLARANT)).await.unwrap();
        assert!(own.granted && own.scope.len() == 3 && own.delegation_id.is_none());
        let unknown = world.ask(&service(), mandate(world, "DE1234", "DE1234")).await.unwrap();
        assert!(!unknown.granted);
        let bad = world.ask(&service(), mandate(world, "d", "")).await.unwrap_err();
        assert_eq!(pointers(&bad), ["/principal", "/representative"]);
    }

    async fn a_delegation_allows_what_it_names_within_its_time(world: &World) {
        let declarant = world.caller("declarant").await;
        let from = world.now() + TimeDelta::days(1);
        let ask = GrantDelegation {
            valid_from: Some(from),
            scope: vec![DelegationScope::Arrive],
            ..delegation(world, CARRIER)
        };
        world.ask(&declarant, ask).await.unwrap();
        let at = |at| ConfirmMandate { at, ..mandate(world, DECLARANT, CARRIER) };
        for (instant, granted) in [
            (from - TimeDelta::microseconds(1), false),
            (from, true),
            (world.now() + TimeDelta::days(30) - TimeDelta::microseconds(1), true),
            (world.now() + TimeDelta::days(30), false),
        ] {
            assert_eq!(world.ask(&service(), at(instant)).await.unwrap().granted, granted, "{instant}");
        }
        assert_eq!(world.ask(&service(), at(from)).await.unwrap().scope, [DelegationScope::Arrive]);
    }

    async fn a_delegation_taken_back_is_of_no_use_from_then_on(world: &World) {
        let declarant = world.caller("declarant").await;
        let seen = world.ask(&declarant, ListDelegations::default()).await.unwrap();
        let delegation_id = seen.items[0].id;
        world.clock.advance(TimeDelta::hours(1));
        let revoked = world.ask(&declarant, RevokeDelegation { delegation_id }).await.unwrap();
        assert_eq!(revoked.revoked_at, Some(world.now()));
        assert!(!world.ask(&service(), mandate(world, DECLARANT, BROKER)).await.unwrap().granted);
        let before = ConfirmMandate {
            at: world.now() - TimeDelta::minutes(1),
            ..mandate(world, DECLARANT, BROKER)
        };
        assert!(world.ask(&service(), before).await.unwrap().granted);
        let again = world.ask(&declarant, RevokeDelegation { delegation_id }).await.unwrap_err();
        assert!(again.is(ALREADY_ENDED));
        let names: Vec<_> = world.told().await.into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&DELEGATION_GRANTED.to_owned()));
        assert_eq!(names.last().map(String::as_str), Some(DELEGATION_REVOKED));
    }

    async fn both_sides_see_a_delegation_and_nobody_else(world: &World) {
        for (login, count) in [("declarant", 1), ("broker", 1), ("carrier", 0)] {
            let caller = world.caller(login).await;
            let page = world.ask(&caller, ListDelegations::default()).await.unwrap();
            assert_eq!(page.items.len(), count, "{login}");
            for item in page.items {
                assert_eq!(item.principal_name, "Altyn Zhol Trade LLP");
                assert_eq!(item.representative_name, "Korgas Customs Broker LLP");
            }
        }
    }

    async fn only_the_principal_takes_a_delegation_back(world: &World) {
        let broker = world.caller("broker").await;
        let seen = world.ask(&broker, ListDelegations::default()).await.unwrap();
        let ask = RevokeDelegation { delegation_id: seen.items[0].id };
        assert!(world.ask(&broker, ask).await.unwrap_err().is(problem::NOT_FOUND));
        assert!(world.ask(&service(), mandate(world, DECLARANT, BROKER)).await.unwrap().granted);
    }

    async fn delegations_of_one_pair_do_not_overlap(world: &World) {
        let declarant = world.caller("declarant").await;
        let twice = world.ask(&declarant, delegation(world, BROKER)).await.unwrap_err();
        assert!(twice.is(DELEGATION_OVERLAPS));
        world.ask(&declarant, delegation(world, CARRIER)).await.unwrap();
        assert!(world.ask(&declarant, delegation(world, CARRIER)).await.unwrap_err().is(DELEGATION_OVERLAPS));
        let later = GrantDelegation {
            valid_from: Some(world.now() + TimeDelta::days(30)),
            valid_to: world.now() + TimeDelta::days(60),
            ..delegation(world, CARRIER)
        };
        world.ask(&declarant, later).await.unwrap();
    }

    async fn two_delegations_of_one_pair_at_once_make_one(world: &World) {
        let declarant = world.caller("declarant").await;
        let (one, other) = tokio::join!(
            world.ask(&declarant, delegation(world, CARRIER)),
            world.ask(&declarant, delegation(world, CARRIER)),
        );
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert!(one.err().or(other.err()).unwrap().is(DELEGATION_OVERLAPS));
    }

    async fn a_cap_is_told_at_confirmation(world: &World) {
        let principal = somebody(Role::Carrier, Some(CARRIER));
        let cap = DelegationCap { amount: "25000.5".to_owned(), currency: "EUR".to_owned() };
        let ask = GrantDelegation {
            scope: vec![DelegationScope::GuaranteeUse],
            cap: Some(cap),
            ..delegation(world, BROKER)
        };
        world.ask(&principal, ask).await.unwrap();
        let told = world.ask(&service(), mandate(world, CARRIER, BROKER)).await.unwrap().cap.unwrap();
        assert_eq!((told.amount.as_str(), told.currency.as_str()), ("25000.50", "EUR"));
    }

    async fn a_closed_representative_acts_for_nobody(world: &World) {
        let administrator = world.caller("administrator").await;
        let own = world.ask(&world.caller("broker").await, MyOrganisation {}).await.unwrap();
        let close = CloseOrganisation { organisation_id: own.id, expected_version: 1, at: None };
        world.ask(&administrator, close).await.unwrap();
        assert!(!world.ask(&service(), mandate(world, DECLARANT, BROKER)).await.unwrap().granted);
        let declarant = world.caller("declarant").await;
        let refused = world.ask(&declarant, delegation(world, BROKER)).await.unwrap_err();
        assert_eq!(pointers(&refused), ["/representative"]);
    }

    async fn a_delegation_to_nobody_is_refused(world: &World) {
        let declarant = world.caller("declarant").await;
        let unknown = world.ask(&declarant, delegation(world, "KZ1")).await.unwrap_err();
        assert_eq!((unknown.status, pointers(&unknown)), (404, vec!["/representative"]));
        let bad = world.ask(&declarant, delegation(world, "kz")).await.unwrap_err();
        assert!(bad.is(problem::INPUT_INVALID));
        let own = world.ask(&declarant, delegation(world, DECLARANT)).await.unwrap_err();
        assert_eq!(pointers(&own), ["/representative"]);
    }
}
