//! Use case: lodge a transit declaration (IE015).

use customs_declarations_contract::{SubmitDeclaration, Submitted};
use customs_kernel::{Caller, Finding, Mrn, UseCase, id::uuid_at};
use customs_messages::{Context, Document};
use customs_platform::{Failure, Plans, Work};
use uuid::Uuid;

use super::{
    Decision, DeclarationFacts, Intake, Movement, MovementEvent, Nack, Received,
    control::announce,
    intake::{mandated, receive},
    notice::{day, instant, issue},
};
use crate::{
    App,
    config::Settings,
    deadline,
    reference::{judge, ruleset},
    risk,
    saga::TransitRelease,
    shared::Shared,
    store,
};

/// A declaration that was read and judged.
pub(crate) struct Judged {
    received: Received,
    facts: DeclarationFacts,
    findings: Vec<Finding>,
    ruleset: String,
    /// Why a control is intended, where that is told before the goods are there.
    announced: Option<Vec<String>>,
}

impl Plans<SubmitDeclaration> for App {
    type Plan = Result<Judged, Box<Nack>>;

    async fn plan(&self, caller: &Caller, ask: SubmitDeclaration) -> Result<Self::Plan, Failure> {
        let shared = &self.shared;
        let (content, format, evidence) = (ask.content, ask.format, ask.evidence);
        let intake = Intake { content, format, evidence, purpose: SubmitDeclaration::NAME };
        let received = match receive(shared, caller, intake, &["CC015C"]).await? {
            Ok(received) => received,
            Err(nack) => return Ok(Err(nack)),
        };
        let lookup = shared.reference.on(&shared.desk, shared.now().date_naive()).await?;
        let facts = DeclarationFacts::of(&received.document);
        let mut findings = judge(&received.document, &lookup, &Context::default());
        findings.extend(judge_parties(shared, caller, &received, &facts).await?);
        let announced = risk::announced(&facts, &lookup);
        Ok(Ok(Judged { ruleset: ruleset(&lookup), received, facts, findings, announced }))
    }

    async fn carry_out(&self, work: &mut Work, _: &Caller, plan: Self::Plan) -> Result<Submitted, Failure> {
        let Judged { received, facts, mut findings, ruleset, announced } = match plan {
            Ok(judged) => judged,
            Err(nack) => return nack.refuse(work, &self.shared, "departure"),
        };
        received.claim(work).await?;
        findings.extend(judge_uniqueness(work, &received, &facts.lrn).await?);
        let (shared, at) = (&self.shared, work.now());
        let id = uuid_at(at);
        let mut movement = Movement::submitted(id, received.party.clone(), &facts, at);
        let message = movement.file(received.letter(work, !findings.is_empty()));
        movement.declaration = message;
        let hash = received.signed_hash();
        let why = Decision::participant(&received.subject, format!("signed content {hash}")).under(&ruleset);
        let document = &received.document;
        if findings.is_empty() {
            issue(shared, &mut movement, "CC928C", document, at, |facts| facts)?;
            if movement.additional_type == "D" {
                movement.happen(MovementEvent::PreLodge, why, at)?;
                if let Some(reasons) = announced {
                    let why = Decision { by: "system", reasons, ..Decision::default() }.under(&ruleset);
                    announce(shared, &mut movement, document, why, at)?;
                }
                let due = at + Settings::seconds(shared.settings.presentation_s);
                deadline::set(work, &mut movement, deadline::PRESENTATION, due);
                store::save(work, &mut movement)?;
            } else if !movement.simplified && shared.settings.officers_decide_at(&movement.departure_office) {
                movement.happen(MovementEvent::Lodge, why, at)?;
                store::save(work, &mut movement)?;
            } else {
                let accepted = (MovementEvent::Accept, why);
                begin_procedure(self, work, &mut movement, &facts, document, accepted).await?;
            }
        } else {
            reject(shared, &mut movement, document, &findings, why, at)?;
            store::save(work, &mut movement)?;
        }
        Ok(Submitted {
            movement: id,
            message,
            message_type: document.message_type().to_owned(),
            lrn: Some(movement.lrn),
            mrn: movement.mrn,
        })
    }
}

/// The holder and the representative are who may declare (BR20004, BR20005 of the national rules).
pub(crate) async fn judge_parties(
    shared: &Shared,
    caller: &Caller,
    received: &Received,
    facts: &DeclarationFacts,
) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    let root = received.document.message_type();
    if let Some(holder) = &facts.holder
        && !mandated(shared, caller, holder, &received.party).await?
    {
        let pointer = format!("/{root}/HolderOfTheTransitProcedure/identificationNumber");
        let message = format!("{} may not declare for this holder", received.party);
        let fix = "let the holder grant a delegation, or name yourself as holder";
        findings.push(
            Finding::new("14", pointer, message).by_rule("BR20004").with_value(holder.as_str()).with_fix(fix),
        );
    }
    if let Some(representative) = &facts.representative
        && *representative != received.party
        && !mandated(shared, caller, representative, &received.party).await?
    {
        let pointer = format!("/{root}/Representative/identificationNumber");
        let message = format!("{} does not act for this representative", received.party);
        findings.push(
            Finding::new("14", pointer, message).by_rule("BR20005").with_value(representative.as_str()),
        );
    }
    Ok(findings)
}

/// The local reference number and the message identification are new (BR20006; error 26).
async fn judge_uniqueness(work: &Work, received: &Received, lrn: &str) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    let root = received.document.message_type();
    let identification = received.identification();
    let (lrn_in_use, message_in_use) =
        store::in_use(work.txn(), &received.party, lrn, identification.as_deref()).await?;
    if lrn_in_use {
        let pointer = format!("/{root}/TransitOperation/LRN");
        let message = "the local reference number is already in use";
        findings.push(
            Finding::new("14", pointer, message)
                .by_rule("BR20006")
                .with_value(lrn)
                .with_fix("choose a new local reference number"),
        );
    }
    findings.extend(message_in_use.then(|| sent_before(received)));
    Ok(findings)
}

/// Error 26 if the participant has already sent a message with this identification.
pub(crate) async fn duplicate(work: &Work, received: &Received) -> Result<Option<Finding>, Failure> {
    let Some(identification) = received.identification() else { return Ok(None) };
    if !store::message_in_use(work.txn(), &identification).await? {
        return Ok(None);
    }
    Ok(Some(sent_before(received)))
}

fn sent_before(received: &Received) -> Finding {
    let pointer = format!("/{}/messageIdentification", received.document.message_type());
    Finding::new("26", pointer, "a message with this identification was sent before")
        .by_rule("R0031")
        .with_fix("give every message its own identification")
}

/// Accepts the declaration: MRN, IE028, and the saga towards release begins.
pub(crate) async fn begin_procedure(
    app: &App,
    work: &mut Work,
    movement: &mut Movement,
    facts: &DeclarationFacts,
    document: &Document,
    (event, why): (MovementEvent, Decision),
) -> Result<(), Failure> {
    let at = work.now();
    let mrn = allocate(movement, at)?;
    movement.mrn = Some(mrn.clone());
    movement.attempt = 1;
    movement.happen(event, why, at)?;
    deadline::clear(work, movement);
    issue(&app.shared, movement, "CC028C", document, at, |facts| {
        facts
            .with("TransitOperation/MRN", mrn.as_str())
            .with("TransitOperation/declarationAcceptanceDate", day(at))
    })?;
    let saga = TransitRelease::of(movement, facts);
    store::save(work, movement)?;
    let saga = app.transit_release.start(work, &movement.id.to_string(), saga).await?;
    store::remember_saga(work, movement, saga);
    Ok(())
}

/// The MRN of a movement: the national part is drawn from the movement's own identity.
fn allocate(movement: &Movement, at: chrono::DateTime<chrono::Utc>) -> Result<String, Failure> {
    use chrono::Datelike;
    let country = movement.departure_office.get(..2).unwrap_or_default();
    let mrn = Mrn::compose(at.year(), country, &national(movement.id), 'J');
    Ok(mrn.map_err(|error| Failure::Broken(anyhow::anyhow!("no MRN for {country}: {error}")))?.to_string())
}

/// Twelve characters of base 36 from the random half of `id`.
fn national(id: Uuid) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let (_, mut rest) = id.as_u64_pair();
    let mut text = String::with_capacity(12);
    for _ in 0..12 {
        let digit = usize::try_from(rest % 36).unwrap_or_default();
        text.push(DIGITS.get(digit).copied().map_or('0', char::from));
        rest /= 36;
    }
    text
}

/// Refuses the declaration with everything that is wrong (IE056).
pub(crate) fn reject(
    shared: &Shared,
    movement: &mut Movement,
    document: &Document,
    findings: &[Finding],
    why: Decision,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Failure> {
    movement.happen(MovementEvent::Reject, why, at)?;
    refuse(shared, movement, document, findings, at)
}

/// Issues IE056 about `document`, naming everything that is wrong.
pub(crate) fn refuse(
    shared: &Shared,
    movement: &mut Movement,
    document: &Document,
    findings: &[Finding],
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Failure> {
    let rejected = document.message_type().get(2..5).unwrap_or("015").to_owned();
    let (mrn, office) = (movement.mrn.clone(), movement.departure_office.clone());
    issue(shared, movement, "CC056C", document, at, |facts| {
        // An answer to an enquiry (IE141) does not name the office of departure.
        let facts = facts
            .with_some("TransitOperation/MRN", mrn)
            .with("CustomsOfficeOfDeparture/referenceNumber", office)
            .with("TransitOperation/businessRejectionType", rejected)
            .with("TransitOperation/rejectionDateAndTime", instant(at))
            .with("TransitOperation/rejectionCode", "12");
        crate::reference::functional_errors(facts, findings)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_movement_has_always_the_same_national_number() {
        let id = Uuid::from_u128(0x0193_5f3e_7f00_7abc_89ab_cdef_0123_4567);
        assert_eq!(national(id).len(), 12);
        assert_eq!(national(id), national(id));
        assert!(Mrn::compose(2026, "KZ", &national(id), 'J').is_ok());
    }
}
