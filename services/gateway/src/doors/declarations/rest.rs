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
        question::<contract::ListArrivals>("/arrivals", "arrivals", MOVEMENTS),
        Operation {
            verb: Verb::Post,
            ..question::<contract::CheckMessage>("/messages/checks", "checkMessage", MOVEMENTS)
        }
        .face(Query("messageCheck")),
        decide::<contract::ReleaseMovement>("/transits/{movement}/release", "releaseMovement"),
        decide::<contract::RefuseRelease>("/transits/{movement}/refusal", "refuseRelease"),
        decide::<contract::OrderControl>("/transits/{movement}/control", "orderControl"),
        decide::<contract::RecordControl>("/transits/{movement}/control-result", "recordControl"),
        question::<contract::OfficeQueue>("/offices/{office}/queue", "officeQueue", OFFICES),
        effect::<contract::RecordCrossing>("/offices/{office}/crossings", "recordCrossing"),
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

/// A decision about the version of a movement that the officer saw.
fn decide<U>(path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    effect::<U>(path, id).by_version("expectedVersion")
}
