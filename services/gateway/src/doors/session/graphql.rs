//! Log-in over GraphQL.

use async_graphql::{Context, Object, Result, SimpleObject};
use customs_gateway_contract::{
    Challenge, OpenProviderSession, OpenSession, Session, SessionClosed, SignInWays,
};

use super::rest::{Viewer, vouched, ways_of};
use crate::graphql::ask::Asker;

/// What `requestChallenge` answers.
#[derive(SimpleObject)]
pub(crate) struct RequestChallengePayload {
    /// The challenge.
    challenge: Challenge,
}

/// What `openSession` answers.
#[derive(SimpleObject)]
pub(crate) struct OpenSessionPayload {
    /// The session.
    session: Session,
}

/// What `openProviderSession` answers.
#[derive(SimpleObject)]
pub(crate) struct OpenProviderSessionPayload {
    /// The session.
    session: Session,
}

/// What `renewSession` answers.
#[derive(SimpleObject)]
pub(crate) struct RenewSessionPayload {
    /// The session.
    session: Session,
}

/// What `closeSession` answers.
#[derive(SimpleObject)]
pub(crate) struct CloseSessionPayload {
    /// The session that was.
    session: SessionClosed,
}

/// Questions about log-in.
#[derive(Default)]
pub(crate) struct SessionQuery;

#[expect(clippy::unused_async, reason = "fields are asynchronous")]
#[Object]
impl SessionQuery {
    /// Who is logged in.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Viewer> {
        Ok(Viewer::of(&Asker::of(ctx)?.visit))
    }

    /// In which ways people can sign in here, beside the certificate.
    async fn sign_in_ways(&self, ctx: &Context<'_>) -> Result<SignInWays> {
        Ok(ways_of(&Asker::of(ctx)?.gateway))
    }
}

/// Log-in.
#[derive(Default)]
pub(crate) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ask for a challenge to be signed.
    async fn request_challenge(&self, ctx: &Context<'_>) -> Result<RequestChallengePayload> {
        let asker = Asker::of(ctx)?;
        asker.login_allowed().await?;
        let challenge = asker.gateway.login().challenge().map_err(|problem| asker.refuse(&problem))?;
        Ok(RequestChallengePayload { challenge })
    }

    /// Exchange a signed challenge for an access token.
    async fn open_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: OpenSession,
    ) -> Result<OpenSessionPayload> {
        let asker = Asker::of(ctx)?;
        asker.login_allowed().await?;
        let session = asker.gateway.login().open(&asker.visit, input).await;
        Ok(OpenSessionPayload { session: session.map_err(|problem| asker.refuse(&problem))? })
    }

    /// Exchange the ticket of a sign-in by the outside provider for an access token.
    async fn open_provider_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: OpenProviderSession,
    ) -> Result<OpenProviderSessionPayload> {
        let asker = Asker::of(ctx)?;
        asker.login_allowed().await?;
        let session = vouched(&asker.gateway, &asker.visit, input).await;
        Ok(OpenProviderSessionPayload { session: session.map_err(|problem| asker.refuse(&problem))? })
    }

    /// Exchange a token that is still good for a fresh one.
    async fn renew_session(&self, ctx: &Context<'_>) -> Result<RenewSessionPayload> {
        let asker = Asker::of(ctx)?;
        let session = asker.gateway.login().renew(&asker.visit).await;
        Ok(RenewSessionPayload { session: session.map_err(|problem| asker.refuse(&problem))? })
    }

    /// Make the token that is sent worthless from now on.
    async fn close_session(&self, ctx: &Context<'_>) -> Result<CloseSessionPayload> {
        let asker = Asker::of(ctx)?;
        let session = asker.gateway.login().close(&asker.visit).await;
        Ok(CloseSessionPayload { session: session.map_err(|problem| asker.refuse(&problem))? })
    }
}
