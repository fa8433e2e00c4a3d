//! The demo nation is entered once, however often the suite starts.

use chrono::TimeDelta;
use customs_kernel::{OfficeCode, Role};
use customs_web_broker::seed::{DEMO, ORGANISATIONS, seed};
use customs_web_broker_contract::{ConfirmMandate, ListDelegations, RevokeDelegation};

use crate::world::{BROKER, DECLARANT, World, in_every_world, service};

in_every_world! {
    async fn seeding_again_changes_nothing(world: &World) {
        let tables = ["organisations", "people", "memberships", "delegations", "changes", "outbox"];
        let mut before = Vec::new();
        for table in tables { before.push(world.count(table).await); }
        assert_eq!(before[..4], [7, 12, 12, 1]);
        world.clock.advance(TimeDelta::days(3));
        seed(&world.store).await.unwrap();
        for (table, rows) in tables.into_iter().zip(before) {
            assert_eq!(world.count(table).await, rows, "{table}");
        }
        assert_eq!((ORGANISATIONS.len(), DEMO.len()), (7, 12));
    }

    async fn everybody_in_the_nation_can_log_in_with_their_role(world: &World) {
        for demo in DEMO {
            let caller = world.caller(demo.login).await;
            let want: Vec<Role> = demo.roles.iter().map(|role| Role::from(*role)).collect();
            assert_eq!(caller.actor.roles, want, "{}", demo.login);
            let offices: Vec<_> = caller.actor.offices.iter().map(OfficeCode::as_str).collect();
            assert_eq!(offices, demo.offices, "{}", demo.login);
            assert_eq!(caller.actor.party.unwrap().as_str(), demo.eori);
        }
    }

    async fn a_delegation_taken_back_is_granted_anew_by_the_next_start(world: &World) {
        let declarant = world.caller("declarant").await;
        let seen = world.ask(&declarant, ListDelegations::default()).await.unwrap();
        let revoke = RevokeDelegation { delegation_id: seen.items[0].id };
        world.ask(&declarant, revoke).await.unwrap();
        seed(&world.store).await.unwrap();
        let ask = ConfirmMandate {
            principal: DECLARANT.to_owned(),
            representative: BROKER.to_owned(),
            at: world.now(),
        };
        assert!(world.ask(&service(), ask).await.unwrap().granted);
    }
}
