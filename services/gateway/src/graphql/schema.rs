//! The GraphQL schema: the doors of all services in one.

use async_graphql::{MergedObject, MergedSubscription};

use crate::doors::{
    administration::{AdministrationMutation, AdministrationQuery},
    declarations::{DeclarationsMutation, DeclarationsQuery, DeclarationsSubscription},
    definitions::DefinitionsQuery,
    guarantees::{GuaranteesMutation, GuaranteesQuery},
    nodes::NodesQuery,
    notifications::{NotificationsMutation, NotificationsQuery, NotificationsSubscription},
    problems::ProblemsQuery,
    references::{ReferencesMutation, ReferencesQuery},
    session::{SessionMutation, SessionQuery},
    statistics::StatisticsQuery,
    web_broker::{RegistrationMutation, WebBrokerMutation, WebBrokerQuery},
};

/// What can be asked.
#[derive(Default, MergedObject)]
pub(crate) struct Query(
    SessionQuery,
    DeclarationsQuery,
    crate::doors::declarations::CorrespondenceQuery,
    GuaranteesQuery,
    ReferencesQuery,
    WebBrokerQuery,
    NotificationsQuery,
    StatisticsQuery,
    AdministrationQuery,
    DefinitionsQuery,
    ProblemsQuery,
    NodesQuery,
);

/// What can be done.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    SessionMutation,
    crate::doors::declarations::DocumentMutation,
    DeclarationsMutation,
    crate::doors::declarations::JourneyMutation,
    crate::doors::declarations::CorrespondenceMutation,
    GuaranteesMutation,
    ReferencesMutation,
    RegistrationMutation,
    WebBrokerMutation,
    NotificationsMutation,
    AdministrationMutation,
);

/// What can be followed.
#[derive(Default, MergedSubscription)]
pub(crate) struct Subscription(NotificationsSubscription, DeclarationsSubscription);

/// The schema over the doors of all services.
pub(crate) type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Builds the schema; `introspection` says whether clients may ask for it.
pub(crate) fn build(introspection: bool) -> Schema {
    let schema = async_graphql::Schema::build(Query::default(), Mutation::default(), Subscription::default());
    // Depth and cost are judged before; this is for what the library does by itself.
    let schema = schema.limit_recursive_depth(64);
    if introspection {
        schema.finish()
    } else {
        schema.disable_introspection().disable_suggestions().finish()
    }
}
