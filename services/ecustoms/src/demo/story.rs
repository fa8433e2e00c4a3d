//! The main job: three declarations by three doors, one of them withdrawn before its release.

use anyhow::Context as _;
use customs_kernel::Money;
use customs_messages::{Phase, write_xml};
use serde_json::Value;

use super::{
    books::Books,
    client::Form,
    deviation::expect,
    documents::{self, Lodging, Pledge},
    movement::{Movement, Way},
    stage::{Stage, Who},
    timeline::Timeline,
};

/// How much a movement of the main job asks to be covered, in hundredths.
const AMOUNT_MINOR: i64 = 1_250_000;

/// Plays the main job; tells how many movements were discharged.
pub(super) async fn play(stage: &mut Stage, before: &Books) -> anyhow::Result<i64> {
    let pledge = ample(stage, before);
    Timeline::heading("A signature that does not belong to the document is refused");
    forged(stage, &pledge).await?;

    Timeline::heading("A declaration in XML, from lodging to discharge");
    let mut first = lodge(stage, Who::Declarant, Phase::P6, Way::Rest(Form::Xml), &pledge).await?;
    before.held(stage, pledge.amount).await?;
    first.travel(stage).await?;
    before.held(stage, Money::new(0, pledge.amount.currency)).await?;

    Timeline::heading("The same in JSON, by the broker under the declarant's delegation");
    let mut second = lodge(stage, Who::Broker, Phase::P6, Way::Rest(Form::Json), &pledge).await?;
    second.travel(stage).await?;

    Timeline::heading("The same as a GraphQL mutation, withdrawn before its release");
    let mut third = lodge(stage, Who::Declarant, Phase::P5, Way::GraphQl, &pledge).await?;
    withdraw(stage, &mut third).await?;
    before.held(stage, Money::new(0, pledge.amount.currency)).await?;
    Ok(2)
}

/// A part of the ample guarantee.
pub(super) fn ample(stage: &Stage, before: &Books) -> Pledge {
    let guarantees = stage.guarantees();
    Pledge {
        grn: guarantees.grn.clone(),
        access_code: guarantees.access_code.clone(),
        amount: Money::new(AMOUNT_MINOR, before.ample.currency),
    }
}

async fn lodge(
    stage: &mut Stage,
    by: Who,
    phase: Phase,
    way: Way,
    pledge: &Pledge,
) -> anyhow::Result<Movement> {
    let mut movement = Movement::lodge(stage, by, phase, way, pledge.clone()).await?;
    movement.accepted(stage).await?;
    movement.held(stage).await?;
    Ok(movement)
}

/// Sends a declaration with the signature of another text: the edge refuses it, nothing is lodged.
async fn forged(stage: &mut Stage, pledge: &Pledge) -> anyhow::Result<()> {
    let (lrn, identification) = (stage.next_lrn(), stage.identification());
    let holder = stage.who(Who::Declarant).eori();
    let lodging = Lodging { lrn: &lrn, holder, representative: None, pledge };
    let document = documents::declaration(&stage.head(Who::Declarant, Phase::P6, &identification), &lodging)?;
    let (content, declarant) = (write_xml(&document), stage.who(Who::Declarant));
    let signed = content.replace("870830", "401120");
    stage.say(Who::Declarant, "-> IE015 with the signature of another text", &lrn);
    let answer = declarant.send("/movements/departures", Form::Xml, &content, &signed).await?;
    let detail = answer.refused(422, "signature-content-altered")?;
    stage.timeline.say("gateway", format!("refuses it: {detail}"), &lrn);
    let lodged: Value = declarant.get(&format!("/movements?lrn={lrn}")).await?.read()?;
    let lodged = lodged["items"].as_array().context("movements are listed")?;
    expect("how many movements there are with this LRN", 0, lodged.len())?;
    Ok(())
}

/// The holder withdraws (IE014): invalidated by IE009, and the guarantee is free.
async fn withdraw(stage: &mut Stage, movement: &mut Movement) -> anyhow::Result<()> {
    let identification = stage.identification();
    let head = stage.head(Who::Declarant, movement.phase(), &identification);
    let request = documents::invalidation(&head, stage.who(Who::Declarant).eori(), &movement.mrn)?;
    stage.say(Who::Declarant, "-> IE014 signed, asks for invalidation", &movement.mrn);
    movement.send(stage, &request).await?.read::<Value>()?;
    movement.changed(stage, "cancelled").await?;
    let decision = movement.told(stage, "IE009").await?;
    let (_, decision) = movement.read(stage, decision).await?;
    expect("the decision in IE009", Some("1"), decision.text("Invalidation/decision"))?;
    movement.used(stage, "freed").await?;
    movement.holds_nothing(stage).await
}
