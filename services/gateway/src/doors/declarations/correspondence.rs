//! Notes and files about movements, and the versions of a declaration, over GraphQL.

use async_graphql::{Context, Object, Result};
use customs_declarations_contract as contract;
use uuid::Uuid;

use crate::graphql::{
    ask::{mutations, question},
    page::{Page, listed, page},
};

listed! {
    contract::MovementNotePage => contract::MovementNote,
    contract::MovementFilePage => contract::MovementFile,
}

/// Questions about what an office and a declarant tell each other.
#[derive(Default)]
pub(crate) struct CorrespondenceQuery;

#[Object]
impl CorrespondenceQuery {
    /// A version of the declaration of a movement: as lodged, or as amended or presented.
    async fn movement_declaration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] movement: Uuid,
        #[graphql(desc = "Which version, from 1; the one in force unless said.")] version: Option<i32>,
        #[graphql(desc = "In which form; XML unless said.")] format: Option<contract::MessageFormat>,
    ) -> Result<contract::DeclarationVersion> {
        question(ctx, contract::FindDeclaration { movement, version, format }).await
    }

    /// The notes about a movement that are the caller's to see, in their order.
    async fn movement_notes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] movement: Uuid,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::MovementNote>> {
        page(ctx, first, after, |first, after| contract::ListNotes { movement, first, after }).await
    }

    /// The files about a movement that are the caller's to see, oldest first.
    async fn movement_files(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] movement: Uuid,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::MovementFile>> {
        page(ctx, first, after, |first, after| contract::ListFiles { movement, first, after }).await
    }

    /// One file about a movement with its octets.
    async fn movement_file(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file.")] id: Uuid,
    ) -> Result<contract::MovementFileContent> {
        question(ctx, contract::ReadFile { file: id }).await
    }
}

mutations! {
    /// What an office and a declarant tell each other.
    CorrespondenceMutation {
        /// Write a note about a movement, or answer one.
        write_note(contract::WriteNote) -> WriteNotePayload { note: contract::MovementNote }
        /// Attach a file to a movement.
        attach_file(contract::AttachFile) -> AttachFilePayload { file: contract::MovementFile }
    }
}
