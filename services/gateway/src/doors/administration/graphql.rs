//! Administration over GraphQL.

use async_graphql::{Context, Object, Result, SimpleObject};
use customs_gateway_contract as contract;
use customs_kernel::Problem;
use uuid::Uuid;

use super::{letters, trust};
use crate::graphql::ask::{Asker, effect};

/// What `replayDeadLetter` answers.
#[derive(SimpleObject)]
pub(crate) struct ReplayDeadLetterPayload {
    /// The message that was tried again.
    dead_letter: contract::DeadLetter,
}

/// What `advanceClock` answers.
#[derive(SimpleObject)]
pub(crate) struct AdvanceClockPayload {
    /// What the clock shows now.
    clock: contract::SandboxClock,
}

fn operator<'a>(ctx: &Context<'a>) -> Result<&'a Asker> {
    let asker = Asker::of(ctx)?;
    asker.visit.require(letters::OPERATE).map_err(|problem| asker.refuse(&problem))?;
    Ok(asker)
}

fn told<T>(asker: &Asker, answer: Result<T, Problem>) -> Result<T> {
    answer.map_err(|problem| asker.refuse(&problem))
}

/// Questions of administrators.
#[derive(Default)]
pub(crate) struct AdministrationQuery;

#[Object]
impl AdministrationQuery {
    /// The messages that a service could not act on, oldest first.
    async fn dead_letters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service.")] service: contract::SuiteService,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "The last one of the page before.")] after: Option<Uuid>,
    ) -> Result<contract::DeadLetterPage> {
        let asker = operator(ctx)?;
        let ask = contract::ListDeadLetters { service, first, after };
        told(asker, letters::list(&asker.gateway, &asker.visit.caller(), ask).await)
    }

    #[expect(clippy::unused_async, reason = "fields are asynchronous")]
    /// What signatures are held against: authorities with their validity, and their lists of revoked certificates.
    async fn trust_in_use(&self, ctx: &Context<'_>) -> Result<trust::TrustInUse> {
        let asker = Asker::of(ctx)?;
        asker.visit.require(trust::READ).map_err(|problem| asker.refuse(&problem))?;
        Ok(asker.gateway.signatures().trust().into())
    }

    /// One message that a service could not act on.
    async fn dead_letter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service.")] service: contract::SuiteService,
        #[graphql(desc = "The message.")] id: Uuid,
    ) -> Result<contract::DeadLetter> {
        let asker = operator(ctx)?;
        let ask = contract::ReadDeadLetter { service, id };
        told(asker, letters::read(&asker.gateway, &asker.visit.caller(), ask).await)
    }
}

/// Effects of administrators.
#[derive(Default)]
pub(crate) struct AdministrationMutation;

#[Object]
impl AdministrationMutation {
    /// Try a message again that a service could not act on.
    async fn replay_dead_letter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: contract::ReplayDeadLetter,
    ) -> Result<ReplayDeadLetterPayload> {
        let asker = operator(ctx)?;
        let replayed = letters::replay(&asker.gateway, &asker.visit.caller(), input).await;
        Ok(ReplayDeadLetterPayload { dead_letter: told(asker, replayed)? })
    }

    /// Move the clock of a sandbox forward.
    async fn advance_clock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: contract::AdvanceClock,
    ) -> Result<AdvanceClockPayload> {
        Ok(AdvanceClockPayload { clock: effect(ctx, input).await? })
    }
}
