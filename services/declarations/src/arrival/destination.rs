//! Use case of the officer of destination: the control result (IE018); goods released or withheld (IE025).

use customs_declarations_contract::{
    Movement as MovementView, RecordDestinationControl, SolveDiscrepancies, problems::OUT_OF_SEQUENCE,
};
use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Failure, Work};

use super::{
    Arrival, ArrivalEvent,
    goods::{self, Goods},
};
use crate::{
    App,
    config::Settings,
    deadline,
    store::{self, Act},
    transit::{Decision, Movement, MovementEvent, Notice, day, finish, issue, load_for_officer},
};

/// What a control at destination leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Outcome {
    /// Satisfactory, considered satisfactory, or with minor discrepancies: the movement is discharged.
    Discharge,
    /// Major discrepancies: the goods are withheld until they are solved.
    Withhold,
}

impl Outcome {
    /// The outcome of a control result by code list CL196.
    fn of(code: &str) -> Option<Self> {
        match code {
            "A1" | "A2" | "A5" => Some(Self::Discharge),
            "B1" => Some(Self::Withhold),
            _ => None,
        }
    }
}

impl Acts<RecordDestinationControl> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: RecordDestinationControl,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let unknown =
            || problem::NOT_FOUND.because("no arrival with this MRN is known at the office").at("/mrn");
        if !actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        let outcome = Outcome::of(&ask.code).ok_or_else(|| {
            problem::INPUT_INVALID.because("the control result is one of A1, A2, A5, B1").at("/code")
        })?;
        let mut movement = store::by_mrn(work, &ask.mrn).await?.ok_or_else(unknown)?;
        let mut arrival = store::arrival_of(work, movement.id).await?.ok_or_else(unknown)?;
        if arrival.office != ask.office {
            return Err(unknown().into());
        }
        if movement.possible(MovementEvent::Discharge).is_err() {
            let state = movement.state.as_str();
            return Err(OUT_OF_SEQUENCE.because(format!("the movement is {state}")).at("/mrn").into());
        }
        let goods = released(work, &movement, outcome, ask.released_items.as_deref()).await?;
        let mut remarks = ask.remarks.unwrap_or_else(|| "no remarks".to_owned());
        if let Goods::Part(items) = &goods {
            remarks = format!("{remarks}; {} goods items are released", items.len());
        }
        let why = Decision::officer(&actor.subject, &ask.office, format!("{} {remarks}", ask.code));
        let seals = ask.seals_intact.map(|intact| if intact { "seals intact" } else { "seals not intact" });
        let text = seals.map_or_else(|| remarks.clone(), |seals| format!("{remarks}; {seals}"));
        let documents = ask.documents.unwrap_or_default();
        let act = Act { code: Some(ask.code), text: Some(text), documents, ..Act::default() };
        store::keep_act(work, movement.id, "control", (actor, &ask.office), &act).await?;
        conclude(self, work, &mut arrival, &mut movement, goods, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}

/// The goods that `outcome` releases, with those that are `chosen` although others are withheld.
async fn released(
    work: &Work,
    movement: &Movement,
    outcome: Outcome,
    chosen: Option<&[i32]>,
) -> Result<Goods, Failure> {
    match (outcome, chosen.filter(|chosen| !chosen.is_empty())) {
        (Outcome::Discharge, None) => Ok(Goods::All),
        (Outcome::Withhold, None) => Ok(Goods::None),
        (Outcome::Discharge, Some(_)) => {
            let why = "goods are released in part only where others are withheld (B1)";
            Err(problem::INPUT_INVALID.because(why).at("/releasedItems").into())
        }
        (Outcome::Withhold, Some(chosen)) => {
            let declaration = store::current_declaration(work.txn(), movement).await?;
            Ok(Goods::Part(goods::chosen(chosen, &declaration)?))
        }
    }
}

/// The control at destination is over: the trader learns of the goods (IE025), departure discharges or asks (IE019).
pub(crate) async fn conclude(
    app: &App,
    work: &mut Work,
    arrival: &mut Arrival,
    movement: &mut Movement,
    released: Goods,
    why: Decision,
) -> Result<(), Failure> {
    let discharged = released == Goods::All;
    arrival.happen(if discharged { ArrivalEvent::ReleaseGoods } else { ArrivalEvent::Withhold })?;
    tell_trader(app, work, arrival, movement, &released).await?;
    work.cancel_timer(deadline::CONFORM_RELEASE, &arrival.id.to_string());
    store::save_arrival(work, arrival).await?;
    if discharged {
        finish(app, work, movement, MovementEvent::Discharge, why).await
    } else {
        withhold(app, work, movement, why).await
    }
}

/// The declarant learns of major discrepancies (IE019), which are to be solved in time.
async fn withhold(app: &App, work: &mut Work, movement: &mut Movement, why: Decision) -> Result<(), Failure> {
    let at = work.now();
    let text = why.reasons.join("; ");
    movement.happen(MovementEvent::FindDiscrepancies, why, at)?;
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let mrn = movement.mrn.clone();
    issue(&app.shared, movement, "CC019C", &declaration, at, |facts| {
        facts
            .with_some("TransitOperation/MRN", mrn)
            .with("TransitOperation/discrepanciesNotificationDate", day(at))
            .with("TransitOperation/discrepanciesNotificationText", text)
    })?;
    let due = at + Settings::seconds(app.shared.settings.discrepancies_s);
    deadline::set(work, movement, deadline::DISCREPANCIES, due);
    store::save(work, movement)
}

/// Issues IE025 to the trader at destination, if one has notified the arrival.
async fn tell_trader(
    app: &App,
    work: &Work,
    arrival: &mut Arrival,
    movement: &Movement,
    released: &Goods,
) -> Result<(), Failure> {
    if arrival.by_officer {
        return Ok(());
    }
    let at = work.now();
    let declaration = store::current_declaration(work.txn(), movement).await?;
    let cut = released.cut(&declaration);
    let source = cut.as_ref().unwrap_or(&declaration);
    let recipient = arrival.trader.clone();
    let answers = Some(arrival.notification);
    let notice = Notice { message_type: "CC025C", source, recipient: &recipient, answers, at };
    let letter = notice.letter(&app.shared, |facts| {
        let facts = facts
            .with("TransitOperation/MRN", arrival.mrn.as_str())
            .with("TransitOperation/releaseDate", day(at))
            .with("TransitOperation/releaseIndicator", released.indicator())
            .with("CustomsOfficeOfDestinationActual/referenceNumber", arrival.office.as_str())
            .with("TraderAtDestination/identificationNumber", recipient.as_str());
        cut.iter().fold(facts, goods::types)
    })?;
    arrival.file(letter);
    Ok(())
}

/// The goods that are released when the discrepancies are solved: all, or what an earlier release has left.
async fn the_rest(work: &Work, arrival: &Arrival, movement: &Movement) -> Result<Goods, Failure> {
    let Some((body, _)) = store::last_body(work.txn(), arrival.id, "CC025C").await? else {
        return Ok(Goods::All);
    };
    let declaration = store::current_declaration(work.txn(), movement).await?;
    Ok(goods::released_in_part(&body, &declaration).map_or(Goods::All, Goods::AllBut))
}

impl Acts<SolveDiscrepancies> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: SolveDiscrepancies,
    ) -> Result<MovementView, Failure> {
        let actor = &caller.actor;
        let mut movement = load_for_officer(work, actor, ask.movement, ask.expected_version).await?;
        let remarks = ask.remarks.unwrap_or_else(|| "no remarks".to_owned());
        let why = Decision::officer(&actor.subject, &movement.departure_office, remarks);
        movement.possible(MovementEvent::SolveDiscrepancies)?;
        if let Some(mut arrival) = store::arrival_of(work, movement.id).await? {
            arrival.happen(ArrivalEvent::ReleaseGoods)?;
            let rest = the_rest(work, &arrival, &movement).await?;
            tell_trader(self, work, &mut arrival, &movement, &rest).await?;
            store::save_arrival(work, &mut arrival).await?;
        }
        finish(self, work, &mut movement, MovementEvent::SolveDiscrepancies, why).await?;
        store::movement_view(work.settled().await?, movement.id).await
    }
}
