//! The participant's desk over REST.

use customs_kernel::UseCase;
use customs_web_broker_contract as contract;
use utoipa::ToSchema;

use super::registration;
use crate::rest::{
    Face::{Mutation, Query},
    Operation,
    Verb::{self, Delete, Post, Put},
};

const PEOPLE: &str = "Organisations";
const DRAFTS: &str = "Drafts";

/// The operations of the participant's desk.
pub(crate) fn operations() -> Vec<Operation> {
    [people(), systems(), applications(), drafts(), templates()].concat()
}

fn people() -> Vec<Operation> {
    let tag = PEOPLE;
    vec![
        question::<contract::MyOrganisation>("/organisation", "organisation", tag),
        question::<contract::ListOrganisations>("/organisations", "organisations", tag),
        effect::<contract::RegisterOrganisation>(Post, "/organisations", "registerOrganisation", tag),
        effect::<contract::CloseOrganisation>(
            Post,
            "/organisations/{organisationId}/closure",
            "closeOrganisation",
            tag,
        )
        .by_version("expectedVersion"),
        question::<contract::ListPeople>("/people", "people", tag),
        effect::<contract::RegisterPerson>(Post, "/people", "registerPerson", tag),
        effect::<contract::SetPersonActive>(Put, "/people/{personId}/active", "setPersonActive", tag),
        effect::<contract::GrantMembership>(Post, "/memberships", "grantMembership", tag),
        effect::<contract::EndMembership>(Post, "/memberships/{membershipId}/end", "endMembership", tag),
        question::<contract::ListRegistryChanges>("/registry-changes", "registryChanges", tag),
        question::<contract::ListDelegations>("/delegations", "delegations", tag),
        effect::<contract::GrantDelegation>(Post, "/delegations", "grantDelegation", tag),
        effect::<contract::RevokeDelegation>(
            Post,
            "/delegations/{delegationId}/revocation",
            "revokeDelegation",
            tag,
        ),
    ]
}

fn systems() -> Vec<Operation> {
    let tag = PEOPLE;
    vec![
        question::<contract::ListSystemKeys>("/system-keys", "systemKeys", tag),
        effect::<contract::RegisterSystemKey>(Post, "/system-keys", "registerSystemKey", tag),
        effect::<contract::RevokeSystemKey>(
            Post,
            "/system-keys/{systemKeyId}/revocation",
            "revokeSystemKey",
            tag,
        ),
    ]
}

fn applications() -> Vec<Operation> {
    let tag = PEOPLE;
    vec![
        registration::operation(tag),
        question::<contract::ListApplications>("/applications", "applications", tag),
        effect::<contract::ApproveApplication>(
            Post,
            "/applications/{applicationId}/approval",
            "approveApplication",
            tag,
        ),
        effect::<contract::RejectApplication>(
            Post,
            "/applications/{applicationId}/rejection",
            "rejectApplication",
            tag,
        ),
    ]
}

fn templates() -> Vec<Operation> {
    let tag = DRAFTS;
    vec![
        question::<contract::ListTemplates>("/templates", "templates", tag),
        effect::<contract::SaveTemplate>(Post, "/templates", "saveTemplate", tag).created("/templates/{id}"),
        question::<contract::OpenTemplate>("/templates/{id}", "template", tag),
        effect::<contract::DeleteTemplate>(Delete, "/templates/{id}", "deleteTemplate", tag),
    ]
}

fn drafts() -> Vec<Operation> {
    let tag = DRAFTS;
    vec![
        question::<contract::ListDrafts>("/drafts", "drafts", tag),
        effect::<contract::SaveDraft>(Post, "/drafts", "createDraft", tag)
            .face(Mutation("saveDraft"))
            .hides(&["id", "expectedVersion"])
            .created("/drafts/{id}")
            .words("Begin a draft."),
        question::<contract::OpenDraft>("/drafts/{id}", "draft", tag),
        effect::<contract::SaveDraft>(Put, "/drafts/{id}", "saveDraft", tag)
            .by_version("expectedVersion")
            .words("Keep a draft as it stands."),
        effect::<contract::DeleteDraft>(Delete, "/drafts/{id}", "deleteDraft", tag)
            .by_version("expectedVersion"),
        effect::<contract::LockDraft>(Put, "/drafts/{id}/lock", "lockDraft", tag),
        effect::<contract::UnlockDraft>(Delete, "/drafts/{id}/lock", "unlockDraft", tag),
        effect::<contract::CopyDraft>(Post, "/drafts/{id}/copies", "copyDraft", tag).created("/drafts/{id}"),
        effect::<contract::HandOverDraft>(Post, "/drafts/{id}/hand-over", "handOverDraft", tag)
            .by_version("expectedVersion"),
        effect::<contract::CheckDraft>(Post, "/drafts/{id}/checks", "checkDraft", tag),
    ]
}

fn question<U>(path: &'static str, id: &'static str, tag: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::question::<U>(path, id, tag).face(Query(id))
}

fn effect<U>(verb: Verb, path: &'static str, id: &'static str, tag: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::effect::<U>(verb, path, id, tag).face(Mutation(id))
}
