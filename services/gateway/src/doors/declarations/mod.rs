//! The door of declarations: movements by GraphQL, by REST, and in the shape of the CTC Traders API.

mod correspondence;
mod ctc;
mod document;
mod graphql;
mod paper;
mod rest;

pub(crate) use correspondence::{CorrespondenceMutation, CorrespondenceQuery};
pub(crate) use graphql::{
    DeclarationsMutation, DeclarationsQuery, DeclarationsSubscription, DocumentMutation, JourneyMutation,
};

use crate::rest::Operation;

/// The operations of declarations.
pub(crate) fn operations() -> Vec<Operation> {
    [ctc::operations(), rest::operations()].concat()
}
