//! Reference data over GraphQL.

use async_graphql::{Context, Object, Result};
use chrono::NaiveDate;
use customs_references_contract as contract;
use uuid::Uuid;

use crate::graphql::{
    ask::{mutations, question},
    page::{Page, listed, page},
};

listed! {
    contract::CodeListPage => contract::CodeListSummary,
    contract::CodeEntryPage => contract::CodeEntry,
    contract::CustomsOfficePage => contract::CustomsOffice,
    contract::ReferenceVersionPage => contract::ReferenceVersion,
    contract::ReferenceChangePage => contract::ReferenceChange,
    contract::RestrictedGoodsPage => contract::RestrictedGoods,
    contract::RouteCountryPage => contract::RouteCountry,
    contract::PartyPage => contract::RegisteredParty,
    contract::PublicationPage => contract::Publication,
    contract::ImportProposalPage => contract::ImportProposal,
    contract::ProposedChangePage => contract::ProposedChange,
}

/// Questions about reference data.
#[derive(Default)]
pub(crate) struct ReferencesQuery;

#[Object]
impl ReferencesQuery {
    /// Which code lists there are.
    async fn code_lists(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::CodeListSummary>> {
        page(ctx, first, after, |first, after| contract::ListCodeLists { first, after }).await
    }

    /// The codes of one list.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name of the list.")] list: String,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
        #[graphql(desc = "Only names in this language.")] language: Option<String>,
        #[graphql(desc = "Only codes that begin with this or whose name contains it.")] search: Option<
            String,
        >,
    ) -> Result<Page<contract::CodeEntry>> {
        page(ctx, first, after, |first, after| contract::ListCodes {
            list,
            at,
            language,
            search,
            first,
            after,
        })
        .await
    }

    /// One code of a list.
    async fn code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name of the list.")] list: String,
        #[graphql(desc = "The code.")] code: String,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<contract::CodeEntry> {
        question(ctx, contract::FindCode { list, code, at }).await
    }

    /// Several codes of one list.
    async fn selected_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name of the list.")] list: String,
        #[graphql(desc = "The codes, at most 100.")] codes: Vec<String>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<Vec<contract::CodeEntry>> {
        Ok(question(ctx, contract::FindCodes { list, codes, at }).await?.items)
    }

    /// Customs offices by country, role and name.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn offices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only of this country.")] country: Option<String>,
        #[graphql(desc = "Only with this role, such as TRA.")] role: Option<String>,
        #[graphql(desc = "Only whose number begins with this or whose name contains it.")] search: Option<
            String,
        >,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<Page<contract::CustomsOffice>> {
        page(ctx, first, after, |first, after| contract::ListOffices {
            country,
            role,
            search,
            at,
            first,
            after,
        })
        .await
    }

    /// One customs office.
    async fn office(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Reference number.")] id: String,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<contract::CustomsOffice> {
        question(ctx, contract::FindOffice { id, at }).await
    }

    /// Several customs offices.
    async fn selected_offices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Reference numbers, at most 100.")] ids: Vec<String>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<Vec<contract::CustomsOffice>> {
        Ok(question(ctx, contract::FindOffices { ids, at }).await?.items)
    }

    /// Which version of the reference data counts.
    async fn reference_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<contract::SnapshotVersion> {
        question(ctx, contract::TellSnapshotVersion { at }).await
    }

    /// The versions of the reference data, newest first.
    async fn reference_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only of this dataset.")] dataset: Option<String>,
    ) -> Result<Page<contract::ReferenceVersion>> {
        page(ctx, first, after, |first, after| contract::ListVersions { dataset, first, after }).await
    }

    /// What changed in code lists and offices since a version.
    async fn reference_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After the version of this number.")] since: i64,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only of this list.")] list: Option<String>,
    ) -> Result<Page<contract::ReferenceChange>> {
        page(ctx, first, after, |first, after| contract::ListChanges { since, list, first, after }).await
    }

    /// Goods under a restriction.
    async fn restrictions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only measures that concern this commodity code.")] commodity_code: Option<String>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<Page<contract::RestrictedGoods>> {
        page(ctx, first, after, |first, after| contract::ListRestrictions {
            at,
            commodity_code,
            first,
            after,
        })
        .await
    }

    /// Countries through which transit may pass.
    async fn route_countries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<Page<contract::RouteCountry>> {
        page(ctx, first, after, |first, after| contract::ListRouteCountries { at, first, after }).await
    }

    /// Regulations and notices that count, newest first.
    async fn publications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only what is this.")] kind: Option<contract::PublicationKind>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<Page<contract::Publication>> {
        page(ctx, first, after, |first, after| contract::ListPublications { kind, at, first, after }).await
    }

    /// Imports that were proposed, newest first.
    async fn import_proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only those that stand there.")] state: Option<contract::ProposalState>,
    ) -> Result<Page<contract::ImportProposal>> {
        page(ctx, first, after, |first, after| contract::ListProposals { state, first, after }).await
    }

    /// One import that was proposed.
    async fn import_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import.")] import: Uuid,
    ) -> Result<contract::ImportProposal> {
        question(ctx, contract::FindProposal { import }).await
    }

    /// What a proposed import would change.
    async fn proposed_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The import.")] import: Uuid,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::ProposedChange>> {
        page(ctx, first, after, |first, after| contract::ListProposedChanges { import, first, after }).await
    }

    /// The rates of currencies that count on a day.
    async fn exchange_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which day; today unless named.")] at: Option<NaiveDate>,
    ) -> Result<contract::DayRates> {
        question(ctx, contract::ListRates { at }).await
    }

    /// Economic operators by role and name.
    async fn parties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only with this role.")] role: Option<String>,
        #[graphql(desc = "Only whose identification begins with this or whose name contains it.")]
        search: Option<String>,
    ) -> Result<Page<contract::RegisteredParty>> {
        page(ctx, first, after, |first, after| contract::ListParties { role, search, first, after }).await
    }

    /// One economic operator.
    async fn party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Identification.")] eori: String,
    ) -> Result<contract::RegisteredParty> {
        question(ctx, contract::FindParty { eori }).await
    }
}

mutations! {
    /// Effects on reference data.
    ReferencesMutation {
        /// Put goods under a restriction.
        add_restriction(contract::AddRestriction) -> AddRestrictionPayload { restriction: contract::RestrictedGoods }
        /// End a restriction.
        end_restriction(contract::EndRestriction) -> EndRestrictionPayload { restriction: contract::RestrictedGoods }
        /// Let transit pass through a country.
        add_route_country(contract::AddRouteCountry) -> AddRouteCountryPayload { route_country: contract::RouteCountry }
        /// End the passage of transit through a country.
        end_route_country(contract::EndRouteCountry) -> EndRouteCountryPayload { route_country: contract::RouteCountry }
        /// Publish a regulation or a notice.
        publish(contract::Publish) -> PublishPayload { publication: contract::Publication }
        /// End a publication.
        end_publication(contract::EndPublication) -> EndPublicationPayload { publication: contract::Publication }
        /// Set the rates of currencies of a day.
        set_rates(contract::SetRates) -> SetRatesPayload { rates: contract::DayRates }
        /// Enter an economic operator into the register, or change its entry.
        register_party(contract::RegisterParty) -> RegisterPartyPayload { party: contract::RegisteredParty }
        /// Bar an economic operator from filing.
        suspend_party(contract::SuspendParty) -> SuspendPartyPayload { party: contract::RegisteredParty }
        /// Let a suspended economic operator file again.
        reinstate_party(contract::ReinstateParty) -> ReinstatePartyPayload { party: contract::RegisteredParty }
        /// Announce a file with reference data.
        begin_import(contract::BeginImport) -> BeginImportPayload { begun: contract::ImportBegun }
        /// Send the next chunk of an announced file.
        add_import_chunk(contract::AddImportChunk) -> AddImportChunkPayload { added: contract::ImportChunkAdded }
        /// Make the announced file a new version, whole or not at all.
        finish_import(contract::FinishImport) -> FinishImportPayload { report: contract::ImportReport }
        /// Propose the announced file: tell what it would change, and let somebody else decide.
        propose_import(contract::ProposeImport) -> ProposeImportPayload { proposal: contract::ImportProposal }
        /// Make what somebody else has proposed a new version, whole or not at all.
        activate_import(contract::ActivateImport) -> ActivateImportPayload { report: contract::ImportReport }
        /// Decide against a proposed import.
        refuse_import(contract::RefuseImport) -> RefuseImportPayload { proposal: contract::ImportProposal }
    }
}
