//! Declarations over GraphQL.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use customs_declarations_contract as contract;
use customs_kernel::{Problem, UseCase};
use futures_util::{Stream, StreamExt as _};
use uuid::Uuid;

use super::document::Document;
use crate::{
    graphql::{
        ask::{Asker, mutations, question},
        page::{Page, listed, page},
    },
    live, problem,
};

listed! {
    contract::MovementPage => contract::Movement,
    contract::ArrivalPage => contract::Arrival,
    contract::MovementMessagePage => contract::MovementMessage,
    contract::QueuePage => contract::QueueEntry,
}

/// Questions about movements.
#[derive(Default)]
pub(crate) struct DeclarationsQuery;

#[Object]
impl DeclarationsQuery {
    /// One movement, seen by a party to it or by an office concerned.
    async fn movement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] id: Uuid,
    ) -> Result<contract::Movement> {
        question(ctx, contract::FindMovement { movement: id }).await
    }

    /// The caller's movements, latest change first.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn movements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only with this local reference number.")] lrn: Option<String>,
        #[graphql(desc = "Only with this movement reference number.")] mrn: Option<String>,
        #[graphql(desc = "Only in this state.")] state: Option<String>,
        #[graphql(desc = "Only changed since.")] changed_since: Option<DateTime<Utc>>,
    ) -> Result<Page<contract::Movement>> {
        page(ctx, first, after, |first, after| contract::ListMovements {
            lrn,
            mrn,
            state,
            changed_since,
            first,
            after,
        })
        .await
    }

    /// The arrivals that the caller has notified, latest first.
    async fn arrivals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only this one.")] arrival: Option<Uuid>,
        #[graphql(desc = "Only with this movement reference number.")] mrn: Option<String>,
    ) -> Result<Page<contract::Arrival>> {
        page(ctx, first, after, |first, after| contract::ListArrivals { arrival, mrn, first, after }).await
    }

    /// The messages of a movement or arrival that are the caller's to see, in their order.
    async fn movement_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement, or an arrival.")] movement: Uuid,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
        #[graphql(desc = "Only received or issued since.")] received_since: Option<DateTime<Utc>>,
    ) -> Result<Page<contract::MovementMessage>> {
        page(ctx, first, after, |first, after| contract::ListMessages {
            movement,
            received_since,
            first,
            after,
        })
        .await
    }

    /// One message with its body and, for a signed one, its signature report.
    async fn movement_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message.")] id: Uuid,
        #[graphql(desc = "In which form; as it was sent or issued unless said.")] format: Option<
            contract::MessageFormat,
        >,
    ) -> Result<contract::MovementMessage> {
        question(ctx, contract::FindMessage { message: id, format }).await
    }

    /// What has happened to a movement, in order, with the reasons of every decision.
    async fn movement_timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] movement: Uuid,
        #[graphql(desc = "Only entries after this number.")] after_sequence: Option<i64>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
    ) -> Result<contract::TimelinePage> {
        question(ctx, contract::MovementTimeline { movement, after_sequence, first }).await
    }

    /// Check a message against structure, code lists and rules, without sending it.
    async fn message_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message.")] input: contract::CheckMessage,
    ) -> Result<contract::MessageCheck> {
        question(ctx, input).await
    }

    /// The movements that wait for an officer at one office, longest waiting first.
    async fn office_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The officer's office.")] office: String,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::QueueEntry>> {
        page(ctx, first, after, |first, after| contract::OfficeQueue { office, first, after }).await
    }
}

mutations! {
    /// Decisions of officers.
    DeclarationsMutation {
        /// Release goods for transit (IE029) at the office of departure.
        release_movement(contract::ReleaseMovement) -> ReleaseMovementPayload { movement: contract::Movement }
        /// Refuse the release for transit (IE051).
        refuse_release(contract::RefuseRelease) -> RefuseReleasePayload { movement: contract::Movement }
        /// Order a control of the goods before release (IE060).
        order_control(contract::OrderControl) -> OrderControlPayload { movement: contract::Movement }
        /// Record the result of a control at departure.
        record_control(contract::RecordControl) -> RecordControlPayload { movement: contract::Movement }
        /// Record that goods have crossed a frontier at the officer's office (IE118).
        record_crossing(contract::RecordCrossing) -> RecordCrossingPayload { movement: contract::Movement }
        /// Record the control result at destination (IE018).
        record_destination_control(contract::RecordDestinationControl) -> RecordDestinationControlPayload { movement: contract::Movement }
    }
}

macro_rules! documents {
    ($($(#[$doc:meta])* $field:ident($input:ident { $($(#[$kdoc:meta])* $key:ident)? })
        -> $payload:ident by $ask:ident;)*) => {
        $(
            #[doc = concat!("The input of `", stringify!($field), "`.")]
            #[derive(InputObject)]
            pub(crate) struct $input {
                $($(#[$kdoc])* $key: Uuid,)?
                /// The message, exactly as it was signed.
                content: String,
                /// How it is written.
                format: contract::MessageFormat,
                /// CMS (DER, detached) over the octets of the content in UTF-8, in Base64.
                signature: String,
            }

            #[doc = concat!("What `", stringify!($field), "` answers.")]
            #[derive(SimpleObject)]
            pub(crate) struct $payload {
                /// What was taken in.
                submitted: contract::Submitted,
            }
        )*

        /// Signed messages of participants.
        #[derive(Default)]
        pub(crate) struct DocumentMutation;

        #[Object]
        impl DocumentMutation {
            $(
                $(#[$doc])*
                async fn $field(
                    &self,
                    ctx: &Context<'_>,
                    #[graphql(desc = "The signed message.")] input: $input,
                ) -> Result<$payload> {
                    let $input { $($key,)? content, format, signature } = input;
                    let document = verified::<contract::$ask>(ctx, content, format, &signature).await?;
                    let Document { content, format, evidence } = document;
                    let mark = content.clone();
                    let ask = contract::$ask { $($key,)? content, format, evidence };
                    let submitted = crate::graphql::ask::effect_of(ctx, ask, mark.as_bytes()).await?;
                    Ok($payload { submitted })
                }
            )*
        }
    };
}

documents! {
    /// Lodge a transit declaration (IE015); the answer of customs comes as a message.
    submit_declaration(SubmitDeclarationInput {}) -> SubmitDeclarationPayload by SubmitDeclaration;
    /// Send a further message about a departure: IE013, IE014, IE170.
    send_departure_message(SendDepartureMessageInput {
        /// The movement.
        movement
    }) -> SendDepartureMessagePayload by SendDepartureMessage;
    /// Notify an arrival (IE007).
    notify_arrival(NotifyArrivalInput {}) -> NotifyArrivalPayload by NotifyArrival;
    /// Send a further message about an arrival: IE044.
    send_arrival_message(SendArrivalMessageInput {
        /// The arrival.
        arrival
    }) -> SendArrivalMessagePayload by SendArrivalMessage;
}

/// The document with evidence of its signature, for somebody who may ask for `U`.
async fn verified<U: UseCase>(
    ctx: &Context<'_>,
    content: String,
    format: contract::MessageFormat,
    signature: &str,
) -> Result<Document> {
    let asker = Asker::of(ctx)?;
    let refuse = |problem: Problem| asker.refuse(&problem);
    asker.visit.require(U::NEEDS).map_err(refuse)?;
    Document::verify(&asker.gateway, content, format, signature).await.map_err(refuse)
}

/// What can be followed of movements.
#[derive(Default)]
pub(crate) struct DeclarationsSubscription;

#[Subscription]
impl DeclarationsSubscription {
    /// What happens to a movement, each entry of its timeline once and in order, from the number named on.
    async fn movement_timeline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] movement: Uuid,
        #[graphql(desc = "Only entries after this number; from the beginning unless named.")]
        after_sequence: Option<i64>,
    ) -> Result<impl Stream<Item = Result<contract::TimelineEntry>> + 'static> {
        let asker = Asker::of(ctx)?;
        let correlation_id = asker.visit.correlation_id.clone();
        let after = after_sequence.unwrap_or_default();
        let stream = live::timeline(asker.gateway.clone(), asker.visit.clone(), movement, after).await;
        let stream = stream.map_err(|refusal| asker.refuse(&refusal))?;
        Ok(stream.map(move |next| next.map_err(|refusal| problem::error(&refusal, &correlation_id))))
    }
}
