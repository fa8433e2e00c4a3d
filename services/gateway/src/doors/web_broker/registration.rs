//! The door through which newcomers come: an application that a certificate proves, without log-in.

use actix_web::HttpResponse;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use customs_kernel::{Problem, role::ANYONE};
use customs_web_broker_contract::{Application, PartyKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::Told,
    graphql::ask::Asker,
    input::Schemas,
    rest::{Call, Face, Operation, Output, Verb, json, negotiate, read},
};

/// Apply for an entry in the register, proven by a certificate that names person and organisation.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ApplyForRegistration {
    /// The challenge as it was given.
    #[schema(min_length = 1, max_length = 200)]
    challenge: String,
    /// CMS (DER, detached) over the bytes of the challenge, in Base64.
    #[schema(min_length = 4, max_length = 90_000, pattern = "^[A-Za-z0-9+/]+={0,2}$")]
    signature: String,
    /// EORI of the organisation.
    #[schema(min_length = 3, max_length = 17)]
    eori: String,
    /// Name of the organisation as registered.
    #[schema(min_length = 1, max_length = 200)]
    organisation_name: String,
    /// Its address, from street to town; at most 5 lines.
    #[schema(max_items = 5)]
    address_lines: Vec<String>,
    /// What it does before customs; never customs itself.
    #[schema(min_items = 1, max_items = 4)]
    kinds: Vec<PartyKind>,
}

/// What `applyForRegistration` answers.
#[derive(SimpleObject)]
pub(crate) struct ApplyForRegistrationPayload {
    /// The application as it was received.
    application: Application,
}

/// What newcomers can do.
#[derive(Default)]
pub(crate) struct RegistrationMutation;

#[Object]
impl RegistrationMutation {
    /// Apply for an entry in the register, proven by a certificate that names person and organisation.
    async fn apply_for_registration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is asked for.")] input: ApplyForRegistration,
    ) -> Result<ApplyForRegistrationPayload> {
        let asker = Asker::of(ctx)?;
        asker.login_allowed().await?;
        let (challenge, signature, told) = input.parts();
        let received = asker.gateway.login().apply(&asker.visit, &challenge, &signature, told).await;
        Ok(ApplyForRegistrationPayload { application: received.map_err(|problem| asker.refuse(&problem))? })
    }
}

impl ApplyForRegistration {
    fn parts(self) -> (String, String, Told) {
        let Self { challenge, signature, eori, organisation_name, address_lines, kinds } = self;
        (challenge, signature, Told { eori, organisation_name, address_lines, kinds })
    }
}

/// The operation of newcomers.
pub(super) fn operation(tag: &'static str) -> Operation {
    Operation::own::<ApplyForRegistration>(
        Verb::Post,
        "/applications",
        "applyForRegistration",
        tag,
        ("gateway.apply-for-registration", ANYONE),
        Output::Json(Schemas::named::<Application>),
        |call| Box::pin(apply(call)),
    )
    .face(Face::Mutation("applyForRegistration"))
}

async fn apply(mut call: Call) -> Result<HttpResponse, Problem> {
    negotiate(&call.request)?;
    let ask: ApplyForRegistration = read(call.input().await?)?;
    call.gateway.limiter().login(&call.visit).await.check()?;
    let (challenge, signature, told) = ask.parts();
    let received = call.gateway.login().apply(&call.visit, &challenge, &signature, told).await?;
    Ok(json(&call, &serde_json::to_value(received).unwrap_or_default()))
}
