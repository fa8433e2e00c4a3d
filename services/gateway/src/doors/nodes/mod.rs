//! Relay's `node`: anything that has an id, asked of the service that may know it.

use async_graphql::{Context, ID, Interface, Object, Result};
use customs_declarations_contract as declarations;
use customs_guarantees_contract as guarantees;
use customs_kernel::{Problem, UseCase, problem};
use customs_notifications_contract as notifications;
use customs_web_broker_contract as desk;
use uuid::Uuid;

use crate::graphql::ask::Asker;

/// Something with an id of its own.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "&Uuid", desc = "Its identity, the same everywhere."))]
pub(crate) enum Node {
    /// A transit movement.
    Movement(Box<declarations::Movement>),
    /// An arrival.
    Arrival(Box<declarations::Arrival>),
    /// A message of a movement.
    MovementMessage(Box<declarations::MovementMessage>),
    /// A guarantee contract.
    GuaranteeContract(Box<guarantees::GuaranteeContract>),
    /// A draft, without its content.
    DraftHead(Box<desk::DraftHead>),
    /// A notification.
    Notification(Box<notifications::Notification>),
    /// A webhook.
    Webhook(Box<notifications::Webhook>),
}

/// The one question about anything.
#[derive(Default)]
pub(crate) struct NodesQuery;

#[Object]
impl NodesQuery {
    /// Anything that has an id and is the caller's to see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identity.")] id: ID,
    ) -> Result<Option<Node>> {
        let asker = Asker::of(ctx)?;
        let Ok(id) = Uuid::parse_str(&id) else { return Ok(None) };
        find(asker, id).await.map_err(|problem| asker.refuse(&problem))
    }
}

async fn find(asker: &Asker, id: Uuid) -> Result<Option<Node>, Problem> {
    if let Some(found) = ask(asker, declarations::FindMovement { movement: id }).await? {
        return Ok(Some(Node::Movement(Box::new(found))));
    }
    let arrivals = declarations::ListArrivals { arrival: Some(id), ..Default::default() };
    if let Some(found) = ask(asker, arrivals).await?.and_then(|mut page| page.items.pop()) {
        return Ok(Some(Node::Arrival(Box::new(found))));
    }
    if let Some(found) = ask(asker, declarations::FindMessage { message: id, format: None }).await? {
        return Ok(Some(Node::MovementMessage(Box::new(found))));
    }
    if let Some(found) = ask(asker, guarantees::GuaranteeDetail { reference: id.to_string() }).await? {
        return Ok(Some(Node::GuaranteeContract(Box::new(found))));
    }
    if let Some(found) = ask(asker, desk::OpenDraft { id }).await? {
        return Ok(Some(Node::DraftHead(Box::new(found.head))));
    }
    if let Some(found) = ask(asker, notifications::ReadNotification { office: None, id }).await? {
        return Ok(Some(Node::Notification(Box::new(found))));
    }
    let found = ask(asker, notifications::ReadWebhook { id }).await?;
    Ok(found.map(|found| Node::Webhook(Box::new(found))))
}

/// What a service knows of it; nothing where it knows nothing or the caller may not ask.
async fn ask<U: UseCase>(asker: &Asker, ask: U) -> Result<Option<U::Output>, Problem> {
    if asker.visit.require(U::NEEDS).is_err() {
        return Ok(None);
    }
    match asker.gateway.desk().ask(&asker.visit.caller(), ask).await {
        Ok(found) => Ok(Some(found)),
        Err(problem) if problem.status < 500 && !problem.is(problem::TOO_MANY_REQUESTS) => Ok(None),
        Err(problem) => Err(problem),
    }
}
