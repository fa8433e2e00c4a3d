//! The participant's desk over GraphQL.

use async_graphql::{Context, Object, Result};
use customs_web_broker_contract as contract;
use uuid::Uuid;

use crate::graphql::{
    ask::{mutations, question},
    page::{Page, listed, page},
};

listed! {
    contract::OrganisationPage => contract::Organisation,
    contract::ColleaguePage => contract::Colleague,
    contract::RegistryChangePage => contract::RegistryChange,
    contract::DelegationPage => contract::Delegation,
    contract::SystemKeyPage => contract::SystemKey,
    contract::DraftPage => contract::DraftHead,
    contract::TemplatePage => contract::TemplateHead,
    contract::ApplicationPage => contract::Application,
}

/// Questions about organisations, people and drafts.
#[derive(Default)]
pub(crate) struct WebBrokerQuery;

#[Object]
impl WebBrokerQuery {
    /// The organisation on whose behalf the caller acts.
    async fn organisation(&self, ctx: &Context<'_>) -> Result<contract::Organisation> {
        question(ctx, contract::MyOrganisation {}).await
    }

    /// Every organisation of the register, by EORI.
    async fn organisations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::Organisation>> {
        page(ctx, first, after, |first, after| contract::ListOrganisations { first, after }).await
    }

    /// Who acts, acted or will act for an organisation.
    async fn people(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "The organisation; the caller's own unless named.")] organisation_id: Option<Uuid>,
    ) -> Result<Page<contract::Colleague>> {
        page(ctx, first, after, |first, after| contract::ListPeople { organisation_id, first, after }).await
    }

    /// What was changed in the register, newest first.
    async fn registry_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "The organisation; the caller's own unless named.")] organisation_id: Option<Uuid>,
    ) -> Result<Page<contract::RegistryChange>> {
        page(ctx, first, after, |first, after| contract::ListRegistryChanges {
            organisation_id,
            first,
            after,
        })
        .await
    }

    /// The delegations in which the caller's organisation is principal or representative.
    async fn delegations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::Delegation>> {
        page(ctx, first, after, |first, after| contract::ListDelegations { first, after }).await
    }

    /// The keys with which systems of the caller's organisation sign their requests, newest first.
    async fn system_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::SystemKey>> {
        page(ctx, first, after, |first, after| contract::ListSystemKeys { first, after }).await
    }

    /// The drafts of the caller's organisation, newest first.
    async fn drafts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::DraftHead>> {
        page(ctx, first, after, |first, after| contract::ListDrafts { first, after }).await
    }

    /// A draft with its content.
    async fn draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] id: Uuid,
    ) -> Result<contract::Draft> {
        question(ctx, contract::OpenDraft { id }).await
    }

    /// The templates of the caller's organisation, newest first.
    async fn templates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only of this kind.")] kind: Option<contract::TemplateKind>,
        #[graphql(desc = "Only those whose title contains this, whatever the case.")] search: Option<String>,
    ) -> Result<Page<contract::TemplateHead>> {
        page(ctx, first, after, |first, after| contract::ListTemplates { kind, search, first, after }).await
    }

    /// A template with its content.
    async fn template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The template.")] id: Uuid,
    ) -> Result<contract::Template> {
        question(ctx, contract::OpenTemplate { id }).await
    }

    /// The applications of newcomers, newest first.
    async fn applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only those in this state.")] state: Option<contract::ApplicationState>,
    ) -> Result<Page<contract::Application>> {
        page(ctx, first, after, |first, after| contract::ListApplications { state, first, after }).await
    }
}

mutations! {
    /// Effects on organisations, people and drafts.
    WebBrokerMutation {
        /// Enter an organisation into the register of participants.
        register_organisation(contract::RegisterOrganisation) -> RegisterOrganisationPayload { organisation: contract::Organisation }
        /// End an organisation's right to act.
        close_organisation(contract::CloseOrganisation) -> CloseOrganisationPayload { organisation: contract::Organisation }
        /// Enter a person into the register.
        register_person(contract::RegisterPerson) -> RegisterPersonPayload { person: contract::Person }
        /// Bar a person from acting at all, or let them act again.
        set_person_active(contract::SetPersonActive) -> SetPersonActivePayload { person: contract::Person }
        /// Let a person act for an organisation.
        grant_membership(contract::GrantMembership) -> GrantMembershipPayload { membership: contract::Membership }
        /// End a membership.
        end_membership(contract::EndMembership) -> EndMembershipPayload { membership: contract::Membership }
        /// Let another organisation act for one's own.
        grant_delegation(contract::GrantDelegation) -> GrantDelegationPayload { delegation: contract::Delegation }
        /// Take a delegation of one's own organisation back.
        revoke_delegation(contract::RevokeDelegation) -> RevokeDelegationPayload { delegation: contract::Delegation }
        /// Register a key with which a system of one's own organisation signs its requests.
        register_system_key(contract::RegisterSystemKey) -> RegisterSystemKeyPayload { system_key: contract::SystemKey }
        /// Revoke a key of one's own organisation.
        revoke_system_key(contract::RevokeSystemKey) -> RevokeSystemKeyPayload { system_key: contract::SystemKey }
        /// Keep a draft as it stands; a new one where no id is named.
        save_draft(contract::SaveDraft) -> SaveDraftPayload { draft: contract::DraftHead }
        /// Tell colleagues that one is at work on a draft, for a minute.
        lock_draft(contract::LockDraft) -> LockDraftPayload { draft: contract::DraftHead }
        /// Give one's own lock of a draft back.
        unlock_draft(contract::UnlockDraft) -> UnlockDraftPayload { draft: contract::DraftHead }
        /// Make a colleague the keeper of a draft.
        hand_over_draft(contract::HandOverDraft) -> HandOverDraftPayload { draft: contract::DraftHead }
        /// Throw a draft away.
        delete_draft(contract::DeleteDraft) -> DeleteDraftPayload { deleted: contract::DraftDeleted }
        /// Begin a new draft from an earlier one.
        copy_draft(contract::CopyDraft) -> CopyDraftPayload { draft: contract::DraftHead }
        /// Enter a newcomer who has applied into the register.
        approve_application(contract::ApproveApplication) -> ApproveApplicationPayload { application: contract::Application }
        /// Turn the application of a newcomer down.
        reject_application(contract::RejectApplication) -> RejectApplicationPayload { application: contract::Application }
        /// Keep a declaration, a party or goods as a template.
        save_template(contract::SaveTemplate) -> SaveTemplatePayload { template: contract::TemplateHead }
        /// Throw a template away.
        delete_template(contract::DeleteTemplate) -> DeleteTemplatePayload { deleted: contract::TemplateDeleted }
        /// Check a draft by the rules of customs without sending it.
        check_draft(contract::CheckDraft) -> CheckDraftPayload { check: contract::DraftCheck }
    }
}
