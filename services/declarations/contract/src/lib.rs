//! What crosses the border of declarations: use cases, events and problems.

mod asks;
pub mod bus;
mod officer;
pub mod problems;
mod views;

pub use asks::{
    CheckMessage, FindMessage, FindMovement, ListArrivals, ListMessages, ListMovements, MessageFormat,
    MovementTimeline, NotifyArrival, SendArrivalMessage, SendDepartureMessage, SubmitDeclaration,
};
pub use officer::{
    ControlResult, CrossingKind, OfficeQueue, OrderControl, QueueEntry, QueuePage, RecordControl,
    RecordCrossing, RecordDestinationControl, RefuseRelease, ReleaseMovement,
};
pub use views::{
    Arrival, ArrivalPage, MessageCheck, MessageFinding, Movement, MovementMessage, MovementMessagePage,
    MovementPage, OfficeRecord, Submitted, TimelineEntry, TimelinePage,
};
