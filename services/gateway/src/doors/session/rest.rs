//! Log-in over REST.

use actix_web::HttpResponse;
use customs_gateway_contract::{
    Challenge, OpenProviderSession, OpenSession, RequestChallenge, Session, SessionClosed, SignInWays,
};
use customs_kernel::{Problem, role::ANYONE};
use customs_platform::metrics;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Gateway,
    auth::{Visit, oidc::Oidc},
    input::Schemas,
    rest::{Call, Face, Operation, Output, Verb, json, negotiate, read},
};

const TAG: &str = "Session";

/// Who is logged in.
#[derive(Clone, Debug, Serialize, ToSchema, async_graphql::SimpleObject)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Viewer {
    /// The person, an opaque id; `anonymous` without log-in.
    #[schema(max_length = 100)]
    pub(crate) subject: String,
    /// EORI of the organisation that the person acts for.
    #[schema(max_length = 17)]
    pub(crate) party: Option<String>,
    /// What the person is there.
    #[schema(max_items = 20)]
    pub(crate) roles: Vec<String>,
    /// Customs offices where the person serves.
    #[schema(max_items = 100)]
    pub(crate) offices: Vec<String>,
    /// How a person has shown who they are (RFC 8176): `pop`, by the key of a certificate; `fed`, by an outside provider.
    #[schema(max_items = 5)]
    pub(crate) amr: Vec<String>,
}

/// The public keys that tokens are verified with (RFC 7517).
#[derive(ToSchema)]
#[schema(as = PublicKeys)]
#[expect(dead_code, reason = "describes JSON that is made elsewhere")]
struct PublicKeys {
    /// The keys.
    #[schema(max_items = 10)]
    keys: Vec<serde_json::Value>,
}

impl Viewer {
    /// Who has sent the request of `visit`.
    pub(crate) fn of(visit: &Visit) -> Self {
        let actor = &visit.actor;
        let roles = actor.roles.iter().filter_map(|role| serde_json::to_value(role).ok());
        Self {
            subject: actor.subject.clone(),
            party: actor.party.as_ref().map(ToString::to_string),
            roles: roles.filter_map(|role| role.as_str().map(str::to_owned)).collect(),
            offices: actor.offices.iter().map(ToString::to_string).collect(),
            amr: visit.claims.iter().map(|claims| claims.shown().way.word().to_owned()).collect(),
        }
    }
}

/// The operations of log-in.
pub(crate) fn operations() -> Vec<Operation> {
    let own = |verb, path, id, name, output, handler| {
        Operation::own::<RequestChallenge>(verb, path, id, TAG, (name, ANYONE), output, handler)
    };
    let mut operations = vec![
        own(
            Verb::Post,
            "/auth/challenge",
            "requestChallenge",
            "gateway.request-challenge",
            Output::Json(Schemas::named::<Challenge>),
            |call| Box::pin(challenge(call)),
        )
        .face(Face::Mutation("requestChallenge")),
        Operation::own::<OpenSession>(
            Verb::Post,
            "/auth/token",
            "openSession",
            TAG,
            ("gateway.open-session", ANYONE),
            Output::Json(Schemas::named::<Session>),
            |call| Box::pin(open(call)),
        )
        .face(Face::Mutation("openSession")),
        own(
            Verb::Post,
            "/auth/refresh",
            "renewSession",
            "gateway.renew-session",
            Output::Json(Schemas::named::<Session>),
            |call| Box::pin(renew(call)),
        )
        .face(Face::Mutation("renewSession"))
        .words("Exchange a token that is still good for a fresh one; the old one is worth nothing then."),
        own(
            Verb::Post,
            "/auth/logout",
            "closeSession",
            "gateway.close-session",
            Output::Json(Schemas::named::<SessionClosed>),
            |call| Box::pin(close(call)),
        )
        .face(Face::Mutation("closeSession"))
        .words("Make the token that is sent worthless from now on."),
        own(
            Verb::Get,
            "/auth/session",
            "viewer",
            "gateway.viewer",
            Output::Json(Schemas::named::<Viewer>),
            |call| Box::pin(async move { viewer(&call) }),
        )
        .face(Face::Query("viewer"))
        .words("See who is logged in."),
        own(
            Verb::Get,
            "/auth/jwks",
            "publicKeys",
            "gateway.public-keys",
            Output::Json(Schemas::named::<PublicKeys>),
            |call| Box::pin(async move { keys(&call) }),
        )
        .words("The public keys that access tokens are verified with (RFC 7517)."),
    ];
    operations.extend(of_provider());
    operations
}

/// The operations of sign-in by an outside provider.
fn of_provider() -> [Operation; 2] {
    [
        Operation::own::<RequestChallenge>(
            Verb::Get,
            "/auth/ways",
            "signInWays",
            TAG,
            ("gateway.sign-in-ways", ANYONE),
            Output::Json(Schemas::named::<SignInWays>),
            |call| Box::pin(async move { ways(&call) }),
        )
        .face(Face::Query("signInWays"))
        .words("See in which ways people can sign in here, beside the certificate."),
        Operation::own::<OpenProviderSession>(
            Verb::Post,
            "/auth/oidc/token",
            "openProviderSession",
            TAG,
            ("gateway.open-provider-session", ANYONE),
            Output::Json(Schemas::named::<Session>),
            |call| Box::pin(open_vouched(call)),
        )
        .face(Face::Mutation("openProviderSession")),
    ]
}

fn told(call: &Call, output: &impl Serialize) -> HttpResponse {
    json(call, &serde_json::to_value(output).unwrap_or_default())
}

async fn challenge(mut call: Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    call.input().await?;
    call.gateway.limiter().login(&call.visit).await.check()?;
    Ok(told(&call, &call.gateway.login().challenge()?))
}

async fn open(mut call: Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    let ask: OpenSession = read(call.input().await?)?;
    call.gateway.limiter().login(&call.visit).await.check()?;
    let session = call.gateway.login().open(&call.visit, ask).await?;
    Ok(told(&call, &session))
}

/// The ways in which people can sign in at `gateway`.
pub(super) fn ways_of(gateway: &Gateway) -> SignInWays {
    SignInWays { provider: gateway.login().oidc.as_ref().map(Oidc::told) }
}

fn ways(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    call.address::<RequestChallenge>()?;
    Ok(told(call, &ways_of(&call.gateway)))
}

async fn open_vouched(mut call: Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    let ask: OpenProviderSession = read(call.input().await?)?;
    call.gateway.limiter().login(&call.visit).await.check()?;
    let session = vouched(&call.gateway, &call.visit, ask).await?;
    Ok(told(&call, &session))
}

/// The session for a ticket; what becomes of it is counted.
pub(super) async fn vouched(
    gateway: &Gateway,
    visit: &Visit,
    ask: OpenProviderSession,
) -> Result<Session, Problem> {
    let opened = gateway.login().open_vouched(visit, ask).await;
    metrics::provider_sign_in(opened.as_ref().map_or_else(|problem| &*problem.code, |_| "ok"));
    opened
}

async fn renew(mut call: Call) -> Result<HttpResponse, Problem> {
    call.input().await?;
    let session = call.gateway.login().renew(&call.visit).await?;
    Ok(told(&call, &session))
}

async fn close(mut call: Call) -> Result<HttpResponse, Problem> {
    call.input().await?;
    let closed = call.gateway.login().close(&call.visit).await?;
    Ok(told(&call, &closed))
}

fn viewer(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    call.address::<RequestChallenge>()?;
    Ok(told(call, &Viewer::of(&call.visit)))
}

fn keys(call: &Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    call.address::<RequestChallenge>()?;
    Ok(told(call, &call.gateway.tokens().key().public_set()))
}
