//! What crosses the border of web-broker: use cases, events and problems.

pub mod bus;
pub mod delegation;
pub mod draft;
pub mod identity;
pub mod membership;
pub mod organisation;
pub mod person;
pub mod problems;
pub mod words;

pub use delegation::{
    ConfirmMandate, Delegation, DelegationPage, GrantDelegation, ListDelegations, Mandate, RevokeDelegation,
};
pub use draft::{
    CheckDraft, ConfirmPreCheck, CopyDraft, DeleteDraft, Draft, DraftCheck, DraftDeleted, DraftFinding,
    DraftHead, DraftLock, DraftPage, HandOverDraft, ListDrafts, LockDraft, OpenDraft, PreCheckConfirmed,
    PreCheckReceipt, SaveDraft, UnlockDraft,
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
pub use words::{
    DelegationCap, DelegationScope, DraftKind, MemberRole, NationalNumber, NumberScheme, PartyKind,
};
