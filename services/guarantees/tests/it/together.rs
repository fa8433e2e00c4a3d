//! Orders of one batch come to the same as one by one.

use chrono::TimeDelta;
use customs_guarantees_contract::bus::{self, FREE, Free, HOLD};
use customs_kernel::{Grn, id::uuid_at};
use customs_platform::Message;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use crate::world::{World, everywhere, message, mrn, order, part};

const MOVEMENTS: u32 = 3;

#[derive(Clone, Debug)]
enum Step {
    Hold { movement: u32, attempt: u32, minor: i64, second: bool, voucher: bool },
    Free { movement: u32, used: bool },
}

fn step() -> impl Strategy<Value = Step> {
    let hold = (1..=MOVEMENTS, 1_u32..5, 1_i64..800, any::<bool>(), any::<bool>());
    prop_oneof![
        3 => hold.prop_map(|(movement, attempt, minor, second, voucher)| {
            Step::Hold { movement, attempt, minor, second, voucher }
        }),
        1 => (1..=MOVEMENTS, any::<bool>()).prop_map(|(movement, used)| Step::Free { movement, used }),
    ]
}

/// Two comprehensive guarantees and a voucher.
type Guarantees = Vec<(Grn, String)>;

async fn guarantees(world: &World) -> Guarantees {
    vec![
        world.approved("1", "10.00").await,
        world.approved("1", "10.00").await,
        world.approved("4", "5.00").await,
    ]
}

/// The messages of `steps` about movements from `first` on.
fn messages(world: &World, steps: &[Step], of: &Guarantees, first: u32) -> Vec<Message> {
    let said = |position: usize| world.now() + TimeDelta::milliseconds(i64::try_from(position).unwrap());
    let written = |(position, step): (usize, &Step)| {
        let (name, mrn, body) = match step {
            Step::Hold { movement, attempt, minor, second, voucher } => {
                let (grn, code) = &of[usize::from(*second)];
                let mut ask =
                    bus::Hold { attempt: *attempt, ..order(first + movement, &[(grn, code, *minor)]) };
                let (grn, code) = &of[2];
                ask.guarantees.extend(voucher.then(|| part("4", grn, code, None)));
                (HOLD, ask.mrn.clone(), serde_json::to_string(&ask).unwrap())
            }
            Step::Free { movement, used } => {
                let reason = if *used { "discharged" } else { "cancelled" }.to_owned();
                let mrn = mrn(first + movement);
                let ask = Free { movement: uuid::Uuid::nil(), mrn: mrn.clone(), reason };
                (FREE, mrn, serde_json::to_string(&ask).unwrap())
            }
        };
        message(uuid_at(world.now()), name, &mrn, body, said(position))
    };
    steps.iter().enumerate().map(written).collect()
}

/// What was told, without what tells one set of guarantees and movements from another.
async fn told(world: &World, of: &Guarantees, first: u32) -> Vec<(String, String)> {
    let mut told = world.told().await;
    for (_, body) in &mut told {
        let mut value: serde_json::Value = serde_json::from_str(body).unwrap();
        if let Some(object) = value.as_object_mut() {
            object.remove("movement");
        }
        *body = value.to_string();
        for (number, (grn, _)) in of.iter().enumerate() {
            *body = body.replace(grn.as_str(), &format!("grn-{number}"));
        }
        for movement in 1..=MOVEMENTS {
            *body = body.replace(&mrn(first + movement), &format!("mrn-{movement}"));
        }
    }
    told
}

#[tokio::test]
async fn orders_of_one_batch_come_to_the_same_as_one_by_one() {
    everywhere("together", async |world| {
        let mut runner = TestRunner::new(Config::default());
        let steps = proptest::collection::vec(step(), 2..40);
        for round in 0..24_u32 {
            let steps = steps.new_tree(&mut runner).unwrap().current();
            println!("{steps:?}");
            let (apart, together) = (guarantees(&world).await, guarantees(&world).await);
            world.told().await;
            let first = round * 100;
            for message in messages(&world, &steps, &apart, first) {
                world.deliver_all(vec![message]).await;
            }
            let want = told(&world, &apart, first).await;
            let first = first + 50;
            world.deliver_all(messages(&world, &steps, &together, first)).await;
            assert_eq!(told(&world, &together, first).await, want);
            for ((apart, _), (together, _)) in apart.iter().zip(&together) {
                assert_eq!(world.balance(together).await, world.balance(apart).await);
                assert_eq!(world.detail(together).await.state, world.detail(apart).await.state);
                world.assert_reconciled(apart).await;
                world.assert_reconciled(together).await;
            }
        }
        world.assert_nothing_parked().await;
    })
    .await;
}
