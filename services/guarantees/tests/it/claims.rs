//! Claims by the bus: the guarantors of a movement are called for its debt, once, and for no more than is held.

use customs_guarantees_contract::{
    RecordGuaranteePayment,
    bus::{CALL, CALL_REFUSED, CALLED, Call, CallRefused, Called, USE_CHANGED, UseChanged},
};
use customs_kernel::{Currency, Money, id::uuid_at};
use uuid::Uuid;

use crate::world::{World, euro, everywhere, mrn, of, officer, order};

async fn call(world: &World, number: u32, debt: Money) -> Vec<(String, String)> {
    let ask = Call { movement: Uuid::from_u128(u128::from(number)), mrn: mrn(number), debt };
    let body = serde_json::to_string(&ask).unwrap();
    world.deliver(uuid_at(world.now()), CALL, &ask.mrn, body, world.now()).await;
    world.tick();
    world.told().await
}

#[tokio::test]
async fn a_debt_is_called_from_the_guarantees_in_their_order_and_the_rest_is_freed() {
    everywhere("called", async |world| {
        let (one, first) = world.approved("1", "1000.00").await;
        let (two, second) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&one, &first, 60_000), (&two, &second, 30_000)])).await.unwrap().unwrap();
        world.told().await;
        let told = call(&world, 1, Money::new(70_000, Currency::EUR)).await;
        let called: Vec<Called> = of(&told, CALLED);
        assert_eq!(called[0].called, Money::new(70_000, Currency::EUR));
        let uses: Vec<UseChanged> = of(&told, USE_CHANGED);
        assert_eq!(uses.iter().filter(|each| each.state == "called").count(), 2, "{uses:?}");
        assert_eq!(uses.iter().map(|each| each.amount.minor).sum::<i64>(), 70_000);
        let again: Vec<Called> = of(&call(&world, 1, Money::new(70_000, Currency::EUR)).await, CALLED);
        assert_eq!(again[0].called, called[0].called, "asked twice, called once");
        world.free(&mrn(1), "discharged").await;
        for grn in [&one, &two] {
            world.assert_reconciled(grn).await;
        }
        world.assert_nothing_parked().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_is_called_for_more_than_is_held_or_in_another_currency() {
    everywhere("refused-call", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        world.hold(&order(1, &[(&grn, &access, 60_000)])).await.unwrap().unwrap();
        let other: Vec<CallRefused> = of(&call(&world, 1, Money::new(1, Currency::KZT)).await, CALL_REFUSED);
        assert_eq!(other.len(), 1);
        let none: Vec<CallRefused> = of(&call(&world, 1, Money::new(0, Currency::EUR)).await, CALL_REFUSED);
        assert_eq!(none.len(), 1, "nothing is owed");
        let unknown: Vec<CallRefused> =
            of(&call(&world, 9, Money::new(5, Currency::EUR)).await, CALL_REFUSED);
        assert_eq!(unknown[0].mrn, mrn(9));
        let all: Vec<Called> = of(&call(&world, 1, Money::new(90_000, Currency::EUR)).await, CALLED);
        assert_eq!(all[0].called.minor, 60_000, "as much as was held");
        assert_eq!(world.balance(&grn).await, ["400.00", "0.00"]);
        world.assert_reconciled(&grn).await;
    })
    .await;
}

#[tokio::test]
async fn a_discharge_takes_back_what_the_guarantors_were_called_for_and_a_payment_does_not() {
    everywhere("recalled", async |world| {
        let (grn, access) = world.approved("1", "1000.00").await;
        for number in [1, 2] {
            world.hold(&order(number, &[(&grn, &access, 30_000)])).await.unwrap().unwrap();
            call(&world, number, Money::new(20_000, Currency::EUR)).await;
            let paid = RecordGuaranteePayment {
                reference: grn.to_string(),
                mrn: mrn(number),
                amount: euro("50.00"),
            };
            world.ask(&officer(), paid).await.unwrap();
        }
        assert_eq!(world.balance(&grn).await, ["600.00", "0.00"]);
        world.told().await;
        world.free(&mrn(2), "paid").await;
        assert_eq!(world.balance(&grn).await, ["600.00", "0.00"], "the guarantor owes it");
        let mut told = world.free(&mrn(1), "discharged").await;
        told.extend(world.free(&mrn(1), "discharged").await);
        assert_eq!(world.balance(&grn).await, ["800.00", "0.00"], "called and paid are free again, once");
        let uses: Vec<UseChanged> = of(&told, USE_CHANGED);
        assert_eq!(uses.len(), 1, "{uses:?}");
        assert_eq!((uses[0].state.as_str(), uses[0].mrn.as_str()), ("freed", mrn(1).as_str()));
        let detail = world.detail(&grn).await;
        assert_eq!((detail.called.amount.as_str(), detail.paid.amount.as_str()), ("150.00", "50.00"));
        let again = RecordGuaranteePayment { reference: grn.to_string(), mrn: mrn(1), amount: euro("1.00") };
        assert!(world.ask(&officer(), again).await.is_err(), "nothing is owed for it any more");
        world.assert_reconciled(&grn).await;
        world.assert_nothing_parked().await;
    })
    .await;
}
