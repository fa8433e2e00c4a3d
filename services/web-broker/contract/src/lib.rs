//! What crosses the border of web-broker: use cases, events and problems.

pub mod application;
pub mod bus;
mod challenge;
pub mod delegation;
pub mod draft;
pub mod identity;
pub mod membership;
pub mod organisation;
pub mod person;
pub mod problems;
pub mod system_key;
pub mod template;
pub mod words;

pub use application::{
    Application, ApplicationPage, ApplicationState, ApproveApplication, ListApplications, ReceiveApplication,
    RejectApplication,
};
pub use challenge::{SpendChallenge, SpentChallenge};
pub use delegation::{
    ConfirmMandate, Delegation, DelegationPage, GrantDelegation, ListDelegations, Mandate, RevokeDelegation,
};
pub use draft::{
    CheckDraft, ConfirmPreCheck, CopyDraft, DeleteDraft, Draft, DraftCheck, DraftCorrection, DraftDeleted,
    DraftFinding, DraftHead, DraftLock, DraftPage, HandOverDraft, ListDrafts, LockDraft, OpenDraft,
    PreCheckConfirmed, PreCheckReceipt, SaveDraft, UnlockDraft,
};
pub use identity::{IdentifyPerson, Identity, IdentityMembership};
pub use membership::{EndMembership, GrantMembership, Membership};
pub use organisation::{
    CloseOrganisation, ListOrganisations, MyOrganisation, Organisation, OrganisationPage,
    RegisterOrganisation,
};
pub use person::{
    Colleague, ColleaguePage, ListPeople, ListRegistryChanges, Person, RegisterPerson, RegistryChange,
    RegistryChangePage, SetPersonActive,
};
pub use system_key::{
    AdmitSystem, FindSystemKey, ListSystemKeys, RegisterSystemKey, RevokeSystemKey, System, SystemKey,
    SystemKeyPage, SystemKeyRead,
};
pub use template::{
    DeleteTemplate, ListTemplates, OpenTemplate, SaveTemplate, Template, TemplateDeleted, TemplateHead,
    TemplateKind, TemplatePage,
};
pub use words::{
    DelegationCap, DelegationScope, DraftKind, MemberRole, NationalNumber, NumberScheme, PartyKind,
};
