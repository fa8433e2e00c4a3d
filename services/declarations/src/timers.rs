//! What happens when a deadline of declarations has passed: timer name to use case.

use async_trait::async_trait;
use customs_kernel::Finding;
use customs_platform::{Failure, Rings, Timer, Work};
use uuid::Uuid;

use crate::{
    App, store,
    transit::{Decision, MovementEvent, MovementState, instant, issue, refuse},
};

/// The guarantees may be amended no longer.
pub(crate) const GUARANTEE_AMENDMENT: &str = "guarantee-amendment";
/// The goods of a pre-lodged declaration were not presented.
pub(crate) const PRESENTATION: &str = "presentation";
/// The goods of an authorised consignor were not controlled.
pub(crate) const SIMPLIFIED_RELEASE: &str = "simplified-release";

#[async_trait]
impl Rings for App {
    async fn ring(&self, work: &mut Work, timer: &Timer) -> Result<(), Failure> {
        let movement = Uuid::parse_str(&timer.aggregate).map_err(|error| Failure::Broken(error.into()))?;
        match timer.name.as_str() {
            GUARANTEE_AMENDMENT => not_amended(self, work, movement).await,
            PRESENTATION => not_presented(self, work, movement).await,
            SIMPLIFIED_RELEASE => not_controlled(self, work, movement).await,
            other => Err(Failure::Broken(anyhow::anyhow!("there is no deadline {other}"))),
        }
    }
}

/// The movement is not released and holds nothing (IE051).
async fn not_amended(app: &App, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
    let mut movement = store::load(work, movement).await?;
    if movement.state != MovementState::GuaranteeUnderAmendment {
        return Ok(());
    }
    movement.happen(
        MovementEvent::Expire,
        Decision::system("the guarantees were not amended in time"),
        work.now(),
    )?;
    not_released(app, work, &mut movement, "the guarantees were not amended in time").await
}

/// Issues IE051 with `reason`, keeps the movement and frees what is held.
pub(crate) async fn not_released(
    app: &App,
    work: &mut Work,
    movement: &mut crate::transit::Movement,
    reason: &str,
) -> Result<(), Failure> {
    let at = work.now();
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let (mrn, submitted) = (movement.mrn.clone(), movement.submitted_at);
    issue(&app.shared, movement, "CC051C", &declaration, at, |facts| {
        facts
            .with_some("TransitOperation/MRN", mrn)
            .with("TransitOperation/declarationSubmissionDateAndTime", instant(submitted))
            .with("TransitOperation/noReleaseMotivationCode", "G1")
            .with("TransitOperation/noReleaseMotivationText", reason)
    })?;
    let saga = movement.saga;
    store::save(work, movement).await?;
    match saga {
        Some(saga) => app.transit_release.unwind(work, saga).await,
        None => Ok(()),
    }
}

/// The declaration is refused; nothing was held (IE056).
async fn not_presented(app: &App, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
    let mut movement = store::load(work, movement).await?;
    if movement.state != MovementState::PreLodged {
        return Ok(());
    }
    let at = work.now();
    let declaration = store::current_declaration(work.txn(), &movement).await?;
    movement.happen(MovementEvent::Expire, Decision::system("the goods were not presented in time"), at)?;
    let finding = Finding::new("14", "/CC015C", "the goods were not presented in time").by_rule("TIMER");
    refuse(&app.shared, &mut movement, &declaration, &[finding], at)?;
    store::save(work, &mut movement).await
}

/// The goods of an authorised consignor go without a control.
async fn not_controlled(app: &App, work: &mut Work, movement: Uuid) -> Result<(), Failure> {
    let movement = store::load(work, movement).await?;
    match movement.saga {
        Some(saga) if movement.state == MovementState::AwaitingRelease => {
            app.transit_release.proceed(work, saga, |_| ()).await
        }
        _ => Ok(()),
    }
}
