//! Movements in the shape of the public CTC Traders API 3.0: clients written for it need another address and token.

mod send;
mod show;
mod views;
mod walk;

use customs_declarations_contract as contract;
use customs_kernel::UseCase;
use utoipa::ToSchema;

use super::{document::MEDIA, paper};
use crate::{
    input::Schemas,
    rest::{
        Face,
        Face::{Mutation, Query},
        Operation, Output,
        Verb::{Get, Post},
    },
};

/// One side of a movement, with the words its clients know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Side {
    /// As the office of departure knows it.
    Departure,
    /// As the office of destination knows it.
    Arrival,
}

impl Side {
    /// The word in links and fields.
    const fn word(self) -> &'static str {
        match self {
            Self::Departure => "departure",
            Self::Arrival => "arrival",
        }
    }
}

/// The paths of departures and arrivals.
pub(super) fn operations() -> Vec<Operation> {
    [departures(), arrivals()].concat()
}

const DEPARTURES: &str = "Departures";
const ARRIVALS: &str = "Arrivals";

fn departures() -> Vec<Operation> {
    use self::{send, show, views};
    vec![
        posts::<views::NewMovement, views::DepartureTaken, contract::SubmitDeclaration>(
            "/movements/departures",
            "submitDeclaration",
            |call| Box::pin(send::submit(call)),
        )
        .accepted("/movements/departures/{departureId}")
        .words("Lodge a transit declaration (IE015): signed, taken in now, answered by messages."),
        reads::<views::MovementsAsked, views::DepartureList, contract::ListMovements>(
            "/movements/departures",
            "listDepartures",
            DEPARTURES,
            Query("movements"),
            |call| Box::pin(show::movements(call, Side::Departure)),
        ),
        reads::<views::DepartureAsked, views::MovementSummary, contract::FindMovement>(
            "/movements/departures/{departureId}",
            "findDeparture",
            DEPARTURES,
            Query("movement"),
            |call| Box::pin(show::departure(call)),
        ),
        posts::<views::DepartureAsked, views::DepartureTaken, contract::SendDepartureMessage>(
            "/movements/departures/{departureId}/messages",
            "sendDepartureMessage",
            |call| Box::pin(send::about_departure(call)),
        )
        .accepted("/movements/departures/{departureId}/messages/{messageId}")
        .words("Send a further signed message about a departure: IE013, IE014, IE054, IE141, IE170."),
        reads::<views::DepartureMessagesAsked, views::MessageList, contract::ListMessages>(
            "/movements/departures/{departureId}/messages",
            "listDepartureMessages",
            DEPARTURES,
            Query("movementMessages"),
            |call| Box::pin(show::departure_messages(call)),
        ),
        reads::<views::DepartureMessageAsked, views::MessageSummary, contract::FindMessage>(
            "/movements/departures/{departureId}/messages/{messageId}",
            "findDepartureMessage",
            DEPARTURES,
            Query("movementMessage"),
            |call| Box::pin(show::departure_message(call)),
        ),
        bodies::<views::DepartureMessageAsked>(
            "/movements/departures/{departureId}/messages/{messageId}/body",
            "readDepartureMessageBody",
            DEPARTURES,
            |call| Box::pin(show::departure_body(call)),
        ),
        Operation::own::<paper::PaperAsked>(
            Get,
            "/movements/departures/{departureId}/accompanying-document",
            "readAccompanyingDocument",
            DEPARTURES,
            (contract::FindRelease::NAME, contract::FindRelease::NEEDS),
            Output::Text(paper::MEDIA),
            |call| Box::pin(paper::pdf(call)),
        )
        .face(Query("accompanyingDocument"))
        .words("The transit accompanying document with its list of items, from the release on, as PDF."),
    ]
}

fn arrivals() -> Vec<Operation> {
    use self::{send, show, views};
    vec![
        posts::<views::NewMovement, views::ArrivalTaken, contract::NotifyArrival>(
            "/movements/arrivals",
            "notifyArrival",
            |call| Box::pin(send::notify(call)),
        )
        .accepted("/movements/arrivals/{arrivalId}")
        .words("Notify an arrival (IE007), signed."),
        reads::<views::MovementsAsked, views::ArrivalList, contract::ListArrivals>(
            "/movements/arrivals",
            "listArrivals",
            ARRIVALS,
            Query("arrivals"),
            |call| Box::pin(show::movements(call, Side::Arrival)),
        ),
        reads::<views::ArrivalAsked, views::MovementSummary, contract::ListArrivals>(
            "/movements/arrivals/{arrivalId}",
            "findArrival",
            ARRIVALS,
            Query("arrivals"),
            |call| Box::pin(show::arrival(call)),
        ),
        posts::<views::ArrivalAsked, views::ArrivalTaken, contract::SendArrivalMessage>(
            "/movements/arrivals/{arrivalId}/messages",
            "sendArrivalMessage",
            |call| Box::pin(send::about_arrival(call)),
        )
        .accepted("/movements/arrivals/{arrivalId}/messages/{messageId}")
        .words("Send a further signed message about an arrival: IE044."),
        reads::<views::ArrivalMessagesAsked, views::MessageList, contract::ListMessages>(
            "/movements/arrivals/{arrivalId}/messages",
            "listArrivalMessages",
            ARRIVALS,
            Query("movementMessages"),
            |call| Box::pin(show::arrival_messages(call)),
        ),
        reads::<views::ArrivalMessageAsked, views::MessageSummary, contract::FindMessage>(
            "/movements/arrivals/{arrivalId}/messages/{messageId}",
            "findArrivalMessage",
            ARRIVALS,
            Query("movementMessage"),
            |call| Box::pin(show::arrival_message(call)),
        ),
        bodies::<views::ArrivalMessageAsked>(
            "/movements/arrivals/{arrivalId}/messages/{messageId}/body",
            "readArrivalMessageBody",
            ARRIVALS,
            |call| Box::pin(show::arrival_body(call)),
        ),
    ]
}

fn reads<I: ToSchema, O: ToSchema, U: UseCase>(
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    face: Face,
    handler: crate::rest::Handler,
) -> Operation {
    let output = Output::Json(Schemas::named::<O>);
    Operation::own::<I>(Get, path, id, tag, (U::NAME, U::NEEDS), output, handler).face(face)
}

fn posts<I: ToSchema, O: ToSchema, U: UseCase>(
    path: &'static str,
    id: &'static str,
    handler: crate::rest::Handler,
) -> Operation {
    let tag = if path.contains("departures") { DEPARTURES } else { ARRIVALS };
    let output = Output::Json(Schemas::named::<O>);
    Operation::own::<I>(Post, path, id, tag, (U::NAME, U::NEEDS), output, handler)
        .face(Mutation(id))
        .effectful()
        .document(MEDIA)
}

fn bodies<I: ToSchema>(
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    handler: crate::rest::Handler,
) -> Operation {
    let serves = (contract::FindMessage::NAME, contract::FindMessage::NEEDS);
    Operation::own::<I>(Get, path, id, tag, serves, Output::Text(MEDIA), handler)
        .face(Query("movementMessage"))
        .words("The body of one message, as XML or as JSON by the header Accept.")
}
