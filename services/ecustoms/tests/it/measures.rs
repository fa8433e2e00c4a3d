//! Where transit may pass and what it may carry: lists by country and by day, told with the item that they are about.

use chrono::{Days, NaiveDate};
use customs_kernel::Clock;
use customs_references_contract::{AddRestriction, EndRouteCountry, RestrictionEffect};

use crate::{
    nation::Nation,
    procedure::{ask, lodge, lodging, state},
};

async fn refuse(nation: &Nation, prefix: &str, country: &str, valid_from: Option<NaiveDate>) {
    let measure = AddRestriction {
        prefix: prefix.to_owned(),
        country: Some(country.to_owned()),
        effect: RestrictionEffect::Refuse,
        reason: "not to be carried".to_owned(),
        valid_from,
        valid_to: None,
    };
    ask(nation, "administrator", measure).await.unwrap();
}

/// What IE056 says to a declaration under `lrn`; nothing where it is accepted.
async fn refusal(nation: &Nation, lrn: &str) -> Option<String> {
    let movement = lodge(nation, &lodging(nation, lrn)).await.movement;
    if state(nation, movement).await != "rejected" {
        return None;
    }
    nation.last("declarant", movement, "CC056C").await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn restricted_goods_are_refused_by_the_countries_of_the_journey_from_their_day_on() {
    let nation = Nation::new().await;
    refuse(&nation, "6109", "CN", None).await;
    assert_eq!(refusal(&nation, "G1").await, None, "a country that the journey does not touch");
    let ahead = Clock::now(nation.suite.clock.as_ref()).date_naive() + Days::new(3);
    refuse(&nation, "6109", "UZ", Some(ahead)).await;
    assert_eq!(refusal(&nation, "G2").await, None, "not yet");
    nation.advance(4 * 86_400).await;
    let told = refusal(&nation, "G3").await.unwrap();
    let item =
        "HouseConsignment[1]/ConsignmentItem[2]/Commodity/CommodityCode/harmonizedSystemSubHeadingCode";
    for part in ["<errorReason>NR0019</errorReason>", item, "<originalAttributeValue>610910<"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert_eq!(told.matches("NR0019").count(), 1, "the other goods are free: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn transit_does_not_pass_a_country_that_is_closed() {
    let nation = Nation::new().await;
    assert_eq!(refusal(&nation, "G4").await, None);
    ask(&nation, "administrator", EndRouteCountry { country: "KG".to_owned(), valid_to: None })
        .await
        .unwrap();
    let told = refusal(&nation, "G5").await.unwrap();
    for part in
        ["<errorReason>NR0018</errorReason>", "/CC015C/CustomsOfficeOfTransitDeclared[1]/referenceNumber"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
}
