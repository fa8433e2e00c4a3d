//! The failure twin: a guarantee that is too small, amended in time by one movement and by the other not.

use customs_kernel::Money;
use customs_messages::Phase;
use serde_json::Value;

use super::{
    books::Books,
    client::Form,
    deviation::expect,
    documents::{self, Pledge},
    movement::{Movement, Way},
    stage::{Stage, Who},
    story::ample,
    timeline::Timeline,
};

/// By how much the clock of the sandbox is moved: beyond the hour in which guarantees may be amended.
const BEYOND_THE_DEADLINE_S: i64 = 3_700;

/// Plays the failure twin; tells how many movements were discharged.
pub(super) async fn play(stage: &mut Stage, before: &Books) -> anyhow::Result<i64> {
    Timeline::heading("A guarantee that is too small, amended to another one");
    let mut first = refused(stage, before).await?;
    amend(stage, before, &mut first).await?;
    first.release(stage).await?;
    too_late_to_withdraw(stage, &first).await?;
    first.onward(stage).await?;

    Timeline::heading("A guarantee that is too small, and nothing is done about it");
    let mut second = refused(stage, before).await?;
    expire(stage, &mut second).await?;
    second.holds_nothing(stage).await?;
    before.held(stage, Money::new(0, before.ample.currency)).await?;
    Ok(1)
}

/// A declaration with the small guarantee: accepted, but the guarantee is not sufficient (IE055, G09).
async fn refused(stage: &mut Stage, before: &Books) -> anyhow::Result<Movement> {
    let guarantees = stage.guarantees();
    let pledge = Pledge {
        grn: guarantees.small_grn.clone(),
        access_code: guarantees.small_access_code.clone(),
        amount: before.small.plus(Money::new(1, before.small.currency))?,
    };
    let way = Way::Rest(Form::Xml);
    let mut movement = Movement::lodge(stage, Who::Declarant, Phase::P6, way, pledge).await?;
    movement.accepted(stage).await?;
    movement.changed(stage, "guarantee-under-amendment").await?;
    let refusal = movement.told(stage, "IE055").await?;
    let (_, refusal) = movement.read(stage, refusal).await?;
    let reason = refusal.text("GuaranteeReference/InvalidGuaranteeReason/code");
    expect("the reason in IE055", Some("G09"), reason)?;
    stage.timeline.say("customs", "the amount of the guarantee is not sufficient (G09)", &movement.mrn);
    Ok(movement)
}

/// The declarant names the ample guarantee instead (IE013 with flag 1): accepted by IE004, and held.
async fn amend(stage: &mut Stage, before: &Books, movement: &mut Movement) -> anyhow::Result<()> {
    let other = ample(stage, before);
    let identification = stage.identification();
    let head = stage.head(Who::Declarant, movement.phase(), &identification);
    let amendment = documents::guarantee_amendment(&head, &movement.document, &movement.mrn, &other)?;
    stage.say(Who::Declarant, &format!("-> IE013 signed, flag 1, {}", other.amount), &movement.mrn);
    movement.pledge = other;
    movement.send(stage, &amendment).await?.read::<Value>()?;
    movement.changed(stage, "guarantee-under-registration").await?;
    movement.told(stage, "IE004").await?;
    movement.held(stage).await
}

/// After the release a request for invalidation is out of sequence (IE056, error 92).
async fn too_late_to_withdraw(stage: &mut Stage, movement: &Movement) -> anyhow::Result<()> {
    let identification = stage.identification();
    let head = stage.head(Who::Declarant, movement.phase(), &identification);
    let request = documents::invalidation(&head, stage.who(Who::Declarant).eori(), &movement.mrn)?;
    stage.say(Who::Declarant, "-> IE014 signed, after the release", &movement.mrn);
    movement.send(stage, &request).await?.read::<Value>()?;
    let rejection = movement.told(stage, "IE056").await?;
    let (_, rejection) = movement.read(stage, rejection).await?;
    expect("the error in IE056", Some("92"), rejection.text("FunctionalError/errorCode"))?;
    Ok(())
}

/// The hour passes while every live stream is cut: not released (IE051), told when the streams are resumed.
async fn expire(stage: &mut Stage, movement: &mut Movement) -> anyhow::Result<()> {
    stage.interrupt();
    stage.timeline.say("everybody", "loses the live stream", "");
    stage.say(Who::Administrator, &format!("moves the clock by {BEYOND_THE_DEADLINE_S} s"), "");
    stage.move_clock(BEYOND_THE_DEADLINE_S).await?;
    stage.come_back().await?;
    movement.changed(stage, "not-released").await?;
    movement.told(stage, "IE051").await?;
    Ok(())
}
