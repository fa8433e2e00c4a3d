//! Bringing a dataset in under four eyes: one person proposes it, another looks at the difference and activates it.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{ChangeKind, ImportReport, ImportedList, ReferenceLabel};

/// How many changes of a proposal are kept to be looked at; the counts are of all.
pub const SHOWN_MAX: usize = 2_000;

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProposalState {
    /// Somebody else must decide.
    Awaiting,
    /// It is a version.
    Activated,
    /// Somebody decided against it, or its proposer took it back.
    Refused,
    /// Nobody decided in time.
    Expired,
}

/// Proposes the announced file whose bytes have all arrived: tells what it would change, and changes nothing yet.
/// Proposing it again tells the difference from what counts then.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposeImport {
    /// The import.
    pub import: Uuid,
}

/// A file that somebody has proposed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportProposal {
    /// The import.
    pub import: Uuid,
    /// Where it stands.
    pub state: ProposalState,
    /// The dataset, found out or as named.
    #[schema(max_length = 40)]
    pub dataset: String,
    /// Name of the file.
    #[schema(max_length = 255)]
    pub file_name: String,
    /// SHA-256 of the file as sent, in hexadecimal.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// Number of the dataset's version from which the difference is told; 0 where there is none.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub base: i64,
    /// How many entries would be new.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub added: i64,
    /// How many entries would read differently.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub changed: i64,
    /// How many entries would end because the file does not name them any more.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub removed: i64,
    /// How many entries would stay as they are.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unchanged: i64,
    /// The lists of the file, in its order.
    #[schema(max_items = 1000)]
    pub lists: Vec<ImportedList>,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// Whether the caller has proposed it, and so cannot activate it.
    pub own: bool,
    /// Until when it can be decided on.
    pub decide_by: DateTime<Utc>,
    /// When it was decided on.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// Number of the version that it became.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub number: Option<i64>,
}

impl UseCase for ProposeImport {
    type Output = ImportProposal;
    const NAME: &'static str = "references.propose-import";
    const NEEDS: &'static str = "reference:write";
}

/// Asks for the proposals, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListProposals {
    /// Only those that stand there.
    pub state: Option<ProposalState>,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// A page of proposals.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportProposalPage {
    /// The proposals, newest first.
    #[schema(max_items = 100)]
    pub items: Vec<ImportProposal>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
}

impl UseCase for ListProposals {
    type Output = ImportProposalPage;
    const NAME: &'static str = "references.list-proposals";
    const NEEDS: &'static str = "reference:write";
}

/// Asks for one proposal.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindProposal {
    /// The import.
    pub import: Uuid,
}

impl UseCase for FindProposal {
    type Output = ImportProposal;
    const NAME: &'static str = "references.find-proposal";
    const NEEDS: &'static str = "reference:write";
}

/// Asks what a proposal would change, in the order of the file.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListProposedChanges {
    /// The import.
    pub import: Uuid,
    /// How many, 50 unless named.
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// After the cursor of an earlier page.
    #[schema(max_length = 400)]
    pub after: Option<String>,
}

/// One entry that a proposal would change.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposedChange {
    /// What would become of the entry.
    pub kind: ChangeKind,
    /// Name of the list; `CustomsOffices` for offices.
    #[schema(max_length = 80)]
    pub list: String,
    /// The code, or the reference number of the office.
    #[schema(max_length = 80)]
    pub code: String,
    /// Names as they are, one a language; none where the entry is new.
    #[schema(max_items = 30)]
    pub before: Vec<ReferenceLabel>,
    /// Names as they would be, one a language; none where the entry ends.
    #[schema(max_items = 30)]
    pub after: Vec<ReferenceLabel>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day after; open if absent.
    pub valid_to: Option<NaiveDate>,
}

/// A page of proposed changes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposedChangePage {
    /// The changes; of very many only the first 2,000 are kept.
    #[schema(max_items = 100)]
    pub items: Vec<ProposedChange>,
    /// Cursor of the next page, if there is one.
    #[schema(max_length = 400)]
    pub next: Option<String>,
}

impl UseCase for ListProposedChanges {
    type Output = ProposedChangePage;
    const NAME: &'static str = "references.list-proposed-changes";
    const NEEDS: &'static str = "reference:write";
}

/// Makes what somebody else has proposed a new version, whole or not at all.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivateImport {
    /// The import.
    pub import: Uuid,
    /// The `base` of the difference that was looked at.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub base: i64,
}

impl UseCase for ActivateImport {
    type Output = ImportReport;
    const NAME: &'static str = "references.activate-import";
    const NEEDS: &'static str = "reference:write";
}

/// Decides against a proposal; its proposer takes it back the same way.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefuseImport {
    /// The import.
    pub import: Uuid,
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

impl UseCase for RefuseImport {
    type Output = ImportProposal;
    const NAME: &'static str = "references.refuse-import";
    const NEEDS: &'static str = "reference:write";
}
