//! The door of declarations: movements by GraphQL, by REST, and in the shape of the CTC Traders API.

mod ctc;
mod document;
mod graphql;
mod rest;

pub(crate) use graphql::{
    DeclarationsMutation, DeclarationsQuery, DeclarationsSubscription, DocumentMutation,
};

use crate::rest::Operation;

/// The operations of declarations.
pub(crate) fn operations() -> Vec<Operation> {
    [ctc::operations(), rest::operations()].concat()
}
