//! From a field to a use case: the one way in which resolvers ask services.

use async_graphql::{Context, Error, Result};
use customs_kernel::{Caller, Once, Problem, UseCase};
use openssl::sha::Sha256;

use crate::{Gateway, auth::Visit, problem, rest::patience_ms};

/// What every resolver of one request is given.
pub(crate) struct Asker {
    /// The gateway.
    pub(crate) gateway: Gateway,
    /// Who asks.
    pub(crate) visit: Visit,
    /// The client's idempotency key; each mutation of a document has its own under it.
    pub(crate) key: Option<String>,
}

impl Asker {
    /// The asker of the request that `ctx` belongs to.
    pub(crate) fn of<'a>(ctx: &Context<'a>) -> Result<&'a Self> {
        ctx.data::<Self>()
    }

    /// The error that tells `problem` to the client.
    pub(crate) fn refuse(&self, problem: &Problem) -> Error {
        problem::error(problem, &self.visit.correlation_id)
    }

    /// Refuses too many attempts to log in from one address.
    pub(crate) async fn login_allowed(&self) -> Result<()> {
        let allowance = self.gateway.limiter().login(&self.visit).await;
        allowance.check().map_err(|problem| self.refuse(&problem))
    }

    async fn ask<U: UseCase>(&self, caller: &Caller, ask: U) -> Result<U::Output> {
        self.visit.require(U::NEEDS).map_err(|problem| self.refuse(&problem))?;
        let answer = self.gateway.desk().ask(caller, ask).await;
        answer.map_err(|problem| self.refuse(&problem))
    }

    fn once(&self, ctx: &Context<'_>, operation: &str, input: &[u8]) -> Option<Once> {
        let path = ctx.path_node.as_ref().map(ToString::to_string).unwrap_or_default();
        let key = format!("{}:{path}", self.key.as_deref()?);
        let mut hash = Sha256::new();
        for part in [b"graphql", operation.as_bytes(), input] {
            hash.update(part);
            hash.update(&[0]);
        }
        Some(Once { key, fingerprint: hex::encode(hash.finish()) })
    }
}

/// Asks a question for a field.
pub(crate) async fn question<U: UseCase>(ctx: &Context<'_>, ask: U) -> Result<U::Output> {
    let asker = Asker::of(ctx)?;
    asker.ask(&asker.visit.caller(), ask).await
}

/// Asks for an effect; it happens once where the client has sent an idempotency key.
pub(crate) async fn effect<U: UseCase>(ctx: &Context<'_>, ask: U) -> Result<U::Output> {
    let mark = serde_json::to_vec(&ask).unwrap_or_default();
    effect_of(ctx, ask, &mark).await
}

/// Asks for an effect that is the same as another one if its `mark` is.
pub(crate) async fn effect_of<U: UseCase>(ctx: &Context<'_>, ask: U, mark: &[u8]) -> Result<U::Output> {
    let asker = Asker::of(ctx)?;
    let mut caller = asker.visit.caller();
    caller.patience_ms = patience_ms(U::NAME, caller.patience_ms);
    caller.once = asker.once(ctx, U::NAME, mark);
    asker.ask(&caller, ask).await
}

/// Writes the mutations of a service: one line a use case, its input, and the payload it answers with.
macro_rules! mutations {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$field_doc:meta])* $field:ident($input:ty) -> $payload:ident { $object:ident: $output:ty })*
    }) => {
        $(
            #[doc = concat!("What `", stringify!($field), "` answers.")]
            #[derive(async_graphql::SimpleObject)]
            pub(crate) struct $payload {
                /// What it was done to, as it stands now.
                pub(crate) $object: $output,
            }
        )*

        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $name;

        #[async_graphql::Object]
        impl $name {
            $(
                $(#[$field_doc])*
                async fn $field(
                    &self,
                    ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "What is asked for.")] input: $input,
                ) -> async_graphql::Result<$payload> {
                    Ok($payload { $object: $crate::graphql::ask::effect(ctx, input).await? })
                }
            )*
        }
    };
}

pub(crate) use mutations;
