//! Everything of references that crosses its border: use cases, bus messages, problems, read models.

pub mod bus;
pub mod code_set;
pub mod codes;
pub mod imports;
pub mod lookup;
pub mod measures;
pub mod offices;
pub mod parties;
pub mod problems;
pub mod proposals;
pub mod publications;
pub mod snapshot;
pub mod versions;

pub use code_set::CodeSet;
pub use codes::{
    CodeEntry, CodeEntryPage, CodeListPage, CodeListSummary, CodeProperty, FindCode, FindCodes, FoundCodes,
    ListCodeLists, ListCodes, ReferenceLabel,
};
pub use imports::{
    AddImportChunk, BeginImport, FinishImport, ImportBegun, ImportChunkAdded, ImportReport, ImportedList,
};
pub use lookup::{Authorised, Lookup, OfficeFacts};
pub use measures::{
    AddRestriction, AddRouteCountry, EndRestriction, EndRouteCountry, ListRestrictions, ListRouteCountries,
    RestrictedGoods, RestrictedGoodsPage, RestrictionEffect, RouteCountry, RouteCountryPage,
};
pub use offices::{
    CustomsOffice, CustomsOfficePage, FindOffice, FindOffices, FoundOffices, ListOffices, OfficeHours,
};
pub use parties::{
    AEO, FindParties, FindParty, FoundParties, ListParties, PartyAddress, PartyPage, PartyRole,
    RegisterParty, RegisteredParty, ReinstateParty, SuspendParty,
};
pub use proposals::{
    ActivateImport, FindProposal, ImportProposal, ImportProposalPage, ListProposals, ListProposedChanges,
    ProposalState, ProposeImport, ProposedChange, ProposedChangePage, RefuseImport,
};
pub use publications::{
    DayRates, EndPublication, ExchangeRate, ListPublications, ListRates, Publication, PublicationKind,
    PublicationPage, PublicationText, Publish, SetRates,
};
pub use snapshot::{
    AuthorisedParty, ReferenceSnapshot, SnapshotList, SnapshotOffice, SnapshotVersion, TakeSnapshot,
    TellSnapshotVersion,
};
pub use versions::{
    ChangeKind, ListChanges, ListVersions, ReferenceChange, ReferenceChangePage, ReferenceVersion,
    ReferenceVersionPage,
};

/// How many things a list answers with unless asked for fewer or more.
pub const PAGE_DEFAULT: u64 = 50;
/// How many things a list answers with at most.
pub const PAGE_MAX: u64 = 100;
