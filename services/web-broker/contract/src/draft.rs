//! Drafts: declarations before they are sent, and checks that leave no trace at customs.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::DraftKind;

/// Keep a draft as it stands; a new one where no id is named.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveDraft {
    /// The draft; a new one where absent.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The version that was changed; needed with an id.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub expected_version: Option<i32>,
    /// What it will become.
    pub kind: DraftKind,
    /// The message in its public JSON form, complete or not; a JSON object of at most 512 KiB.
    #[schema(min_length = 2, max_length = 524_288)]
    pub content: String,
    /// How the people of the organisation call it.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
}

impl UseCase for SaveDraft {
    type Output = DraftHead;
    const NAME: &'static str = "web-broker.save-draft";
    const NEEDS: &'static str = "draft:write";
}

/// Tell colleagues that one is at work on a draft, for a minute; asked again, for another minute.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LockDraft {
    /// The draft.
    pub id: Uuid,
}

impl UseCase for LockDraft {
    type Output = DraftHead;
    const NAME: &'static str = "web-broker.lock-draft";
    const NEEDS: &'static str = "draft:write";
}

/// Give one's own lock of a draft back; nothing happens where there is none.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnlockDraft {
    /// The draft.
    pub id: Uuid,
}

impl UseCase for UnlockDraft {
    type Output = DraftHead;
    const NAME: &'static str = "web-broker.unlock-draft";
    const NEEDS: &'static str = "draft:write";
}

/// Read a draft with its content.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenDraft {
    /// The draft.
    pub id: Uuid,
}

impl UseCase for OpenDraft {
    type Output = Draft;
    const NAME: &'static str = "web-broker.open-draft";
    const NEEDS: &'static str = "draft:write";
}

/// See the drafts of one's own organisation, newest first.
#[derive(Clone, Debug, Default, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListDrafts {
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListDrafts {
    type Output = DraftPage;
    const NAME: &'static str = "web-broker.list-drafts";
    const NEEDS: &'static str = "draft:write";
}

/// Make a colleague the keeper of a draft.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandOverDraft {
    /// The draft.
    pub id: Uuid,
    /// The version that was seen.
    #[schema(minimum = 1)]
    pub expected_version: i32,
    /// The colleague, who must be able to write drafts of the same organisation.
    pub to_person_id: Uuid,
}

impl UseCase for HandOverDraft {
    type Output = DraftHead;
    const NAME: &'static str = "web-broker.hand-over-draft";
    const NEEDS: &'static str = "draft:write";
}

/// Throw a draft away.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteDraft {
    /// The draft.
    pub id: Uuid,
    /// The version that was seen.
    #[schema(minimum = 1)]
    pub expected_version: i32,
}

impl UseCase for DeleteDraft {
    type Output = DraftDeleted;
    const NAME: &'static str = "web-broker.delete-draft";
    const NEEDS: &'static str = "draft:write";
}

/// Begin a new draft from an earlier one; the LRN is left out, because it is good for one declaration.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopyDraft {
    /// The draft to copy.
    pub id: Uuid,
    /// How the copy is called; like the original where nothing is said.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    pub title: Option<String>,
}

impl UseCase for CopyDraft {
    type Output = DraftHead;
    const NAME: &'static str = "web-broker.copy-draft";
    const NEEDS: &'static str = "draft:write";
}

/// Check a draft by the rules of customs without sending it.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckDraft {
    /// The draft.
    pub id: Uuid,
}

impl UseCase for CheckDraft {
    type Output = DraftCheck;
    const NAME: &'static str = "web-broker.check-draft";
    const NEEDS: &'static str = "draft:write";
}

/// Tell whether a pre-check receipt was given for a content, a ruleset and an organisation, without errors.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmPreCheck {
    /// The receipt.
    pub receipt_id: Uuid,
    /// EORI of the organisation that sends the declaration.
    #[schema(min_length = 3, max_length = 17)]
    pub organisation: String,
    /// The ruleset in force.
    #[schema(max_length = 128)]
    pub ruleset_hash: String,
    /// SHA-256 of the content that was sent, in hexadecimal.
    #[schema(min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub content_sha256: String,
}

impl UseCase for ConfirmPreCheck {
    type Output = PreCheckConfirmed;
    const NAME: &'static str = "web-broker.confirm-pre-check";
    const NEEDS: &'static str = "identity:resolve";
}

/// A draft without its content.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftHead {
    /// The draft.
    pub id: Uuid,
    /// Raised by every save, from 1.
    pub version: i32,
    /// What it will become.
    pub kind: DraftKind,
    /// How the people of the organisation call it.
    pub title: String,
    /// Who keeps it: the opaque id of a person, or of software that acts for the organisation.
    pub keeper: String,
    /// Name of the person who keeps it; absent for software.
    pub keeper_name: Option<String>,
    /// Who is at work on it, if somebody is.
    pub lock: Option<DraftLock>,
    /// The draft it was copied from.
    pub copied_from: Option<Uuid>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was saved last.
    pub saved_at: DateTime<Utc>,
    /// When it will be thrown away unless it is saved again.
    pub expires_at: DateTime<Utc>,
}

/// That somebody is at work on a draft.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftLock {
    /// The opaque id of the person or software.
    pub holder: String,
    /// Name of the person; absent for software.
    pub holder_name: Option<String>,
    /// Until when, unless renewed.
    pub until: DateTime<Utc>,
}

/// A draft with its content.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// Everything but the content.
    pub head: DraftHead,
    /// The message in its public JSON form, complete or not.
    pub content: String,
}

/// A part of the drafts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftPage {
    /// The drafts.
    pub items: Vec<DraftHead>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}

/// That a draft is gone.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftDeleted {
    /// The draft that was.
    pub id: Uuid,
}

/// What a check found.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftCheck {
    /// The draft.
    pub draft_id: Uuid,
    /// The version that was checked.
    pub draft_version: i32,
    /// Type of the message, such as `CC015C`, where it could be told.
    pub message_type: Option<String>,
    /// Phase of NCTS whose rules were applied, where it could be told.
    pub phase: Option<String>,
    /// Whether it could be sent as it stands.
    pub valid: bool,
    /// Everything that is wrong.
    pub errors: Vec<DraftFinding>,
    /// What proves the check at submission.
    pub receipt: PreCheckReceipt,
}

/// What would mend a finding, so that a program can do it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftCorrection {
    /// What to do at the pointer: `replace`, `remove` or `add`.
    pub op: String,
    /// The value to put there, for `replace`.
    pub value: Option<String>,
}

/// One broken rule in a draft.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftFinding {
    /// What kind of error: a functional error code of NCTS or a slug.
    pub code: String,
    /// The rule that is broken, such as `C0030`.
    pub rule: Option<String>,
    /// Where, as element path.
    pub pointer: String,
    /// The value found there, shortened.
    pub value: Option<String>,
    /// What is wrong, for a person.
    pub message: String,
    /// What would mend it, where that is known.
    pub fix: Option<String>,
    /// The same for a program.
    pub correction: Option<DraftCorrection>,
}

/// The proof that a content was checked by a ruleset.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreCheckReceipt {
    /// The receipt.
    pub id: Uuid,
    /// Hash of the rules and reference data that were applied.
    pub ruleset_hash: String,
    /// SHA-256 of the content that was checked, in hexadecimal.
    pub content_sha256: String,
    /// When it was checked.
    pub at: DateTime<Utc>,
}

/// Whether a receipt holds.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreCheckConfirmed {
    /// Whether exactly this content was found valid by exactly this ruleset for this organisation.
    pub holds: bool,
}
