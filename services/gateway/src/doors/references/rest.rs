//! Reference data over REST.

use customs_kernel::UseCase;
use customs_references_contract as contract;
use utoipa::ToSchema;

use crate::rest::{
    Face::{Mutation, Query},
    Operation, Verb,
};

const TAG: &str = "References";

/// The operations of references.
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        question::<contract::ListCodeLists>("/references/code-lists", "codeLists"),
        question::<contract::ListCodes>("/references/code-lists/{list}/codes", "codes"),
        question::<contract::FindCode>("/references/code-lists/{list}/codes/{code}", "code"),
        question::<contract::FindCodes>("/references/code-lists/{list}/selection", "selectedCodes"),
        question::<contract::ListOffices>("/references/offices", "offices"),
        question::<contract::FindOffice>("/references/offices/{id}", "office"),
        question::<contract::FindOffices>("/references/office-selection", "selectedOffices"),
        question::<contract::TellSnapshotVersion>("/references/version", "referenceVersion"),
        question::<contract::ListVersions>("/references/versions", "referenceVersions"),
        question::<contract::ListChanges>("/references/changes", "referenceChanges"),
        question::<contract::ListRestrictions>("/references/restrictions", "restrictions"),
        effect::<contract::AddRestriction>(Verb::Post, "/references/restrictions", "addRestriction"),
        effect::<contract::EndRestriction>(Verb::Post, "/references/restrictions/{id}/end", "endRestriction"),
        question::<contract::ListRouteCountries>("/references/route-countries", "routeCountries"),
        effect::<contract::AddRouteCountry>(Verb::Post, "/references/route-countries", "addRouteCountry"),
        effect::<contract::EndRouteCountry>(
            Verb::Post,
            "/references/route-countries/{country}/end",
            "endRouteCountry",
        ),
        question::<contract::ListPublications>("/references/publications", "publications"),
        effect::<contract::Publish>(Verb::Post, "/references/publications", "publish"),
        effect::<contract::EndPublication>(Verb::Post, "/references/publications/{id}/end", "endPublication"),
        question::<contract::ListRates>("/references/rates", "exchangeRates"),
        effect::<contract::SetRates>(Verb::Post, "/references/rates", "setRates"),
        question::<contract::ListParties>("/references/parties", "parties"),
        question::<contract::FindParty>("/references/parties/{eori}", "party"),
        effect::<contract::RegisterParty>(Verb::Put, "/references/parties/{eori}", "registerParty"),
        effect::<contract::SuspendParty>(Verb::Post, "/references/parties/{eori}/suspension", "suspendParty"),
        effect::<contract::ReinstateParty>(
            Verb::Post,
            "/references/parties/{eori}/reinstatement",
            "reinstateParty",
        ),
        effect::<contract::BeginImport>(Verb::Post, "/references/imports", "beginImport"),
        effect::<contract::AddImportChunk>(
            Verb::Put,
            "/references/imports/{import}/chunks/{position}",
            "addImportChunk",
        ),
        effect::<contract::FinishImport>(
            Verb::Post,
            "/references/imports/{import}/completion",
            "finishImport",
        ),
        effect::<contract::ProposeImport>(
            Verb::Post,
            "/references/imports/{import}/proposal",
            "proposeImport",
        ),
        question::<contract::ListProposals>("/references/imports", "importProposals"),
        question::<contract::FindProposal>("/references/imports/{import}", "importProposal"),
        question::<contract::ListProposedChanges>("/references/imports/{import}/changes", "proposedChanges"),
        effect::<contract::ActivateImport>(
            Verb::Post,
            "/references/imports/{import}/activation",
            "activateImport",
        ),
        effect::<contract::RefuseImport>(Verb::Post, "/references/imports/{import}/refusal", "refuseImport"),
    ]
}

fn question<U>(path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::question::<U>(path, id, TAG).face(Query(id))
}

fn effect<U>(verb: Verb, path: &'static str, id: &'static str) -> Operation
where
    U: UseCase + ToSchema,
    U::Output: ToSchema,
{
    Operation::effect::<U>(verb, path, id, TAG).face(Mutation(id))
}
