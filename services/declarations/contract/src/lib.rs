//! What crosses the border of declarations: use cases, events and problems.

mod asks;
pub mod bus;
mod carriage;
mod departure;
mod evidence;
mod files;
mod follow;
mod notes;
mod officer;
mod offices;
mod paper;
pub mod problems;
mod query;
mod versions;
mod views;

pub use asks::{
    CheckMessage, FindMessage, FindMovement, ListArrivals, ListMessages, ListMovements, MessageFormat,
    MovementTimeline, NotifyArrival, SendArrivalMessage, SendDepartureMessage, SubmitDeclaration,
};
pub use carriage::{IncidentCircumstances, ReportIncident};
pub use departure::{
    AcceptDeclaration, AcceptProof, AnnounceControl, AnswerWithdrawal, BeginRecovery, ClaimGuarantor,
    InvalidateMovement, OpenEnquiry, RecordRecoveryPayment, RejectAnswer, RejectDeclaration,
    RequestAmendment, SolveDiscrepancies,
};
pub use evidence::{FindEvidence, MessageEvidence};
pub use files::{
    AttachFile, FILE_OCTETS_MAX, FILES_MAX, ListFiles, MovementFile, MovementFileContent, MovementFilePage,
    ReadFile,
};
pub use follow::{FollowMovement, FollowedMovement, JourneyStage};
pub use notes::{
    ListNotes, MovementNote, MovementNotePage, NOTE_FILES_MAX, NOTE_LENGTH_MAX, NoteLanguage, WriteNote,
};
pub use officer::{
    ControlResult, CrossingKind, OfficeQueue, OrderControl, QueueEntry, QueueOrder, QueuePage, RecordControl,
    RecordCrossing, RecordDestinationControl, RefuseRelease, ReleaseMovement,
};
pub use offices::{
    ControlDocument, DivertMovement, DivertedRole, IncidentEquipment, IncidentPlace, IncidentTranshipment,
    ListActs, MovementAct, MovementActPage, OfficeControlResult, OrderOfficeControl, PermitUnloading,
    RecordArrival, RecordIncident, RecordOfficeControl,
};
pub use paper::{FindRelease, Release};
pub use query::{GuaranteeAnswer, QueryGuarantees};
pub use versions::{DeclarationVersion, FindDeclaration};
pub use views::{
    Arrival, ArrivalPage, MessageCheck, MessageCorrection, MessageFinding, Movement, MovementMessage,
    MovementMessagePage, MovementPage, OfficeRecord, Submitted, TimelineEntry, TimelinePage,
};
