//! Declarations over REST, beside the paths of the CTC Traders API.

use customs_declarations_contract as contract;
use customs_kernel::UseCase;
use utoipa::ToSchema;

use crate::rest::{
    Face::{Mutation, Query},
    Operation, Verb,
};

const MOVEMENTS: &str = "Movements";
const OFFICES: &str = "Offices";

/// The operations of declarations in our own shape.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        question::<contract::ListMovements>("/transits", "movements", MOVEMENTS),
        question::<contract::FindMovement>("/transits/{movement}", "movement", MOVEMENTS),
        question::<contract::MovementTimeline>(
            "/transits/{movement}/timeline",
            "movementTimeline",
            MOVEMENTS,
        ),
        question::<contract::ListMessages>("/transits/{movement}/messages", "movementMessages", MOVEMENTS),
        question::<contract::FindMessage>("/messages/{message}", "movementMessage", MOVEMENTS),
        question::<contract::FindEvidence>("/messages/{message}/evidence", "messageEvidence", MOVEMENTS),
        question::<contract::ListArrivals>("/arrivals", "arrivals", MOVEMENTS),
        Operation {
            verb: Verb::Post,
            ..question::<contract::CheckMessage>("/messages/checks", "checkMessage", MOVEMENTS)
        }
        .face(Query("messageCheck")),
        Operation {
            verb: Verb::Post,
            ..question::<contract::QueryGuarantees>(
                "/messages/guarantee-queries",
                "queryGuarantees",
                MOVEMENTS,
            )
        }
        .face(Query("guaranteeQuery")),
        decide::<contract::ReleaseMovement>("/transits/{movement}/release", "releaseMovement"),
        decide::<contract::RefuseRelease>("/transits/{movement}/refusal", "refuseRelease"),
        decide::<contract::OrderControl>("/transits/{movement}/control", "orderControl"),
        decide::<contract::RecordControl>("/transits/{movement}/control-result", "recordControl"),
        question::<contract::FollowMovement>("/journeys/{mrn}", "followedMovement", MOVEMENTS),
        question::<contract::ListActs>("/transits/{movement}/acts", "movementActs", MOVEMENTS),
        question::<contract::FindDeclaration>(
            "/transits/{movement}/declaration",
            "movementDeclaration",
            MOVEMENTS,
        ),
        question::<contract::ListNotes>("/transits/{movement}/notes", "movementNotes", MOVEMENTS),
        correspond::<contract::WriteNote>("/transits/{movement}/notes", "writeNote"),
        question::<contract::ListFiles>("/transits/{movement}/files", "movementFiles", MOVEMENTS),
        correspond::<contract::AttachFile>("/transits/{movement}/files", "attachFile").created("/files/{id}"),
        question::<contract::ReadFile>("/files/{file}", "movementFile", MOVEMENTS),
        correspond::<contract::ReportIncident>("/transits/{movement}/incident-reports", "reportIncident"),
        decide::<contract::AcceptDeclaration>("/transits/{movement}/acceptance", "acceptDeclaration"),
        decide::<contract::RejectDeclaration>("/transits/{movement}/rejection", "rejectDeclaration"),
        decide::<contract::AnnounceControl>("/transits/{movement}/control-notice", "announceControl"),
        decide::<contract::RequestAmendment>("/transits/{movement}/amendment-request", "requestAmendment"),
        decide::<contract::AnswerWithdrawal>("/transits/{movement}/withdrawal-answer", "answerWithdrawal"),
        decide::<contract::InvalidateMovement>("/transits/{movement}/invalidation", "invalidateMovement"),
        decide::<contract::SolveDiscrepancies>("/transits/{movement}/discrepancies", "solveDiscrepancies"),
        decide::<contract::OpenEnquiry>("/transits/{movement}/enquiry", "openEnquiry"),
        decide::<contract::AcceptProof>("/transits/{movement}/proof", "acceptProof"),
        decide::<contract::RejectAnswer>("/transits/{movement}/answer-rejection", "rejectAnswer"),
        decide::<contract::BeginRecovery>("/transits/{movement}/recovery", "beginRecovery"),
        decide::<contract::RecordRecoveryPayment>(
            "/transits/{movement}/recovery-payment",
            "recordRecoveryPayment",
        ),
        decide::<contract::ClaimGuarantor>("/transits/{movement}/claim", "claimGuarantor"),
        question::<contract::OfficeQueue>("/offices/{office}/queue", "officeQueue", OFFICES),
        effect::<contract::RecordCrossing>("/offices/{office}/crossings", "recordCrossing"),
        effect::<contract::OrderOfficeControl>("/offices/{office}/controls", "orderOfficeControl"),
        effect::<contract::RecordOfficeControl>("/offices/{office}/control-acts", "recordOfficeControl"),
        effect::<contract::RecordIncident>("/offices/{office}/incidents", "recordIncident"),
        effect::<contract::DivertMovement>("/offices/{office}/diversions", "divertMovement"),
        effect::<contract::RecordArrival>("/offices/{office}/arrivals", "recordArrival"),
        effect::<contract::PermitUnloading>("/offices/{office}/unloading-permissions", "permitUnloading"),
        effect::<contract::RecordDestinationControl>(
            "/offices/{office}/control-results",
            "recordDestinationControl",
        ),
    ]
}

fn question<U>(path: &'static str, id: &'static str, tag: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::question::<U>(path, id, tag).face(Query(id))
}

fn effect<U>(path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::effect::<U>(Verb::Post, path, id, OFFICES).face(Mutation(id))
}

fn correspond<U>(path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::effect::<U>(Verb::Post, path, id, MOVEMENTS).face(Mutation(id))
}

/// A decision about the version of a movement that the officer saw.
fn decide<U>(path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    effect::<U>(path, id).by_version("expectedVersion")
}
