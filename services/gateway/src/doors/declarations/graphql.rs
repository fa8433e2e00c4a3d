//! Declarations over GraphQL.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject, Subscription};
use chrono::{DateTime, Utc};
use customs_declarations_contract as contract;
use customs_kernel::{Problem, UseCase};
use futures_util::{Stream, StreamExt as _};
use uuid::Uuid;

use super::{
    document::Document,
    paper::{self, AccompanyingDocument},
};
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
    contract::MovementActPage => contract::MovementAct,
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

    /// Everything by which the signature of a message can be judged again, offline: `ecustoms verify evidence` does.
    async fn message_evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message.")] id: Uuid,
    ) -> Result<contract::MessageEvidence> {
        question(ctx, contract::FindEvidence { message: id }).await
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

    /// Where the goods of a movement are, for anybody who knows its number.
    async fn followed_movement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Movement reference number.")] mrn: String,
    ) -> Result<contract::FollowedMovement> {
        question(ctx, contract::FollowMovement { mrn }).await
    }

    /// Where the accompanying document of a released movement is found, and its sealed code.
    async fn accompanying_document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] movement: Uuid,
    ) -> Result<AccompanyingDocument> {
        let asker = Asker::of(ctx)?;
        let linked = match asker.visit.require(contract::FindRelease::NEEDS) {
            Ok(()) => paper::linked(&asker.gateway, &asker.visit.caller(), movement).await,
            Err(problem) => Err(problem),
        };
        linked.map_err(|problem| asker.refuse(&problem))
    }

    /// Check a message against structure, code lists and rules, without sending it.
    async fn message_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message.")] input: contract::CheckMessage,
    ) -> Result<contract::MessageCheck> {
        question(ctx, input).await
    }

    /// Ask about guarantees by IE034: IE037, or IE906 or IE917 with everything that is wrong.
    async fn guarantee_query(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message.")] input: contract::QueryGuarantees,
    ) -> Result<contract::GuaranteeAnswer> {
        question(ctx, input).await
    }

    /// What officers have done about a movement and what was reported about it, in order.
    async fn movement_acts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The movement.")] movement: Uuid,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::MovementAct>> {
        page(ctx, first, after, |first, after| contract::ListActs { movement, first, after }).await
    }

    /// The movements that wait for an officer at one office, longest waiting first unless asked otherwise.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    async fn office_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The officer's office.")] office: String,
        #[graphql(desc = "Only movements of this channel: green or red.")] channel: Option<String>,
        #[graphql(desc = "Only those for which the office is departure, exit, transit or destination.")]
        role: Option<String>,
        #[graphql(desc = "Only movements whose deadline passes before this instant.")] due_before: Option<
            DateTime<Utc>,
        >,
        #[graphql(desc = "In which order.")] order: Option<contract::QueueOrder>,
        #[graphql(desc = "How many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Behind which cursor.")] after: Option<String>,
    ) -> Result<Page<contract::QueueEntry>> {
        page(ctx, first, after, |first, after| contract::OfficeQueue {
            office,
            channel,
            role,
            due_before,
            order,
            first,
            after,
        })
        .await
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
        /// Accept a declaration of the normal procedure (IE028).
        accept_declaration(contract::AcceptDeclaration) -> AcceptDeclarationPayload { movement: contract::Movement }
        /// Do not accept a declaration (IE056).
        reject_declaration(contract::RejectDeclaration) -> RejectDeclarationPayload { movement: contract::Movement }
        /// Tell the holder of a pre-lodged declaration that a control is intended (IE060).
        announce_control(contract::AnnounceControl) -> AnnounceControlPayload { movement: contract::Movement }
        /// Ask the declarant to amend the declaration (IE022).
        request_amendment(contract::RequestAmendment) -> RequestAmendmentPayload { movement: contract::Movement }
        /// Answer a withdrawal that the declarant has asked for (IE009).
        answer_withdrawal(contract::AnswerWithdrawal) -> AnswerWithdrawalPayload { movement: contract::Movement }
        /// Invalidate a declaration by decision of customs (IE009).
        invalidate_movement(contract::InvalidateMovement) -> InvalidateMovementPayload { movement: contract::Movement }
    }
}

mutations! {
    /// Decisions of officers about journeys that do not go as they should.
    JourneyMutation {
        /// Record that major discrepancies at destination are solved (IE025, IE045).
        solve_discrepancies(contract::SolveDiscrepancies) -> SolveDiscrepanciesPayload { movement: contract::Movement }
        /// Ask the holder where the goods are (IE140).
        open_enquiry(contract::OpenEnquiry) -> OpenEnquiryPayload { movement: contract::Movement }
        /// Accept another proof that the procedure has ended.
        accept_proof(contract::AcceptProof) -> AcceptProofPayload { movement: contract::Movement }
        /// Find that the holder's answer proves nothing (IE140 again).
        reject_answer(contract::RejectAnswer) -> RejectAnswerPayload { movement: contract::Movement }
        /// Begin to recover the debt from the holder (IE035).
        begin_recovery(contract::BeginRecovery) -> BeginRecoveryPayload { movement: contract::Movement }
        /// Record that the debt is paid (IE045).
        record_recovery_payment(contract::RecordRecoveryPayment) -> RecordRecoveryPaymentPayload { movement: contract::Movement }
        /// Claim the unpaid debt from the guarantor.
        claim_guarantor(contract::ClaimGuarantor) -> ClaimGuarantorPayload { movement: contract::Movement }
        /// Choose goods for a control at the officer's office.
        order_office_control(contract::OrderOfficeControl) -> OrderOfficeControlPayload { movement: contract::Movement }
        /// Record the result of a control at an office of exit or transit.
        record_office_control(contract::RecordOfficeControl) -> RecordOfficeControlPayload { movement: contract::Movement }
        /// Report an incident on the way to an office of the movement.
        report_incident(contract::ReportIncident) -> ReportIncidentPayload { movement: contract::Movement }
        /// Register an incident on the way (IE182).
        record_incident(contract::RecordIncident) -> RecordIncidentPayload { movement: contract::Movement }
        /// Let the officer's office take the place of a declared one.
        divert_movement(contract::DivertMovement) -> DivertMovementPayload { movement: contract::Movement }
        /// Record that goods have arrived for which nobody has sent a notification.
        record_arrival(contract::RecordArrival) -> RecordArrivalPayload { movement: contract::Movement }
        /// Permit the trader at destination to unload (IE043).
        permit_unloading(contract::PermitUnloading) -> PermitUnloadingPayload { movement: contract::Movement }
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
                /// CMS (DER, detached) over the octets of the content in UTF-8, in Base64, or a detached JWS; none where the
                /// signature stands in the XML itself.
                signature: Option<String>,
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
                    let document = verified::<contract::$ask>(ctx, content, format, signature.as_deref()).await?;
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
    /// Send a further message about a departure: IE013, IE014, IE054, IE141, IE170.
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
    signature: Option<&str>,
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
