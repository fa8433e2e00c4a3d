//! What officers of departure decide about a movement, besides release and control.

use async_graphql::InputObject;
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::views::Movement;

macro_rules! decisions {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }
        = $wire:literal needs $permission:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            /// The movement.
            pub movement: Uuid,
            /// The version of the movement that the officer saw.
            pub expected_version: i64,
            $($(#[$fdoc])* pub $field: $type,)*
        }

        impl UseCase for $name {
            type Output = Movement;
            const NAME: &'static str = $wire;
            const NEEDS: &'static str = $permission;
        }
    )*};
}

decisions! {
    /// Accept a declaration of the normal procedure (IE028); its guarantees are held then.
    AcceptDeclaration {} = "declarations.accept-declaration" needs "movement:release";

    /// Do not accept a declaration (IE056 with the officer's reason).
    RejectDeclaration {
        /// Why, for the declarant.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
    } = "declarations.reject-declaration" needs "movement:release";

    /// Tell the holder of a pre-lodged declaration that a control is intended (IE060 of type 2).
    AnnounceControl {
        /// Why, for the record.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
    } = "declarations.announce-control" needs "movement:control";

    /// Ask the declarant to amend the declaration (IE022) before the goods are released.
    RequestAmendment {
        /// What is to be amended, for the declarant.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
        /// The elements that are wrong, such as `/CC015C/Consignment/grossMass`.
        #[serde(default)]
        #[schema(max_items = 100)]
        pointers: Option<Vec<String>>,
    } = "declarations.request-amendment" needs "movement:release";

    /// Answer a withdrawal that the declarant has asked for (IE009).
    AnswerWithdrawal {
        /// Whether the declaration is withdrawn.
        granted: bool,
        /// Why, for the declarant.
        #[serde(default)]
        #[schema(max_length = 512)]
        reason: Option<String>,
    } = "declarations.answer-withdrawal" needs "movement:release";

    /// Invalidate a declaration by decision of customs, before or after release (IE009); whatever is held is freed.
    InvalidateMovement {
        /// Why, for the declarant.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
    } = "declarations.invalidate-movement" needs "movement:release";

    /// Record that major discrepancies at destination are solved (IE025, IE045).
    SolveDiscrepancies {
        /// How they were solved, for the record.
        #[serde(default)]
        #[schema(max_length = 512)]
        remarks: Option<String>,
    } = "declarations.solve-discrepancies" needs "movement:recover";

    /// Ask the holder where the goods of an overdue movement are (IE140), before the deadline does.
    OpenEnquiry {
        /// Why, for the record.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
    } = "declarations.open-enquiry" needs "movement:recover";

    /// Accept another proof that the procedure has ended: the movement is discharged.
    AcceptProof {
        /// What proves it, for the record.
        #[schema(min_length = 1, max_length = 512)]
        remarks: String,
    } = "declarations.accept-proof" needs "movement:recover";

    /// Find that the holder's answer proves nothing: the holder is asked again (IE140).
    RejectAnswer {
        /// Why, for the record.
        #[schema(min_length = 1, max_length = 512)]
        reason: String,
    } = "declarations.reject-answer" needs "movement:recover";

    /// Begin to recover the debt from the holder (IE035).
    BeginRecovery {
        /// The debt as a decimal number; what the guarantees cover unless said.
        #[serde(default)]
        #[schema(pattern = r"^\d{1,16}(\.\d{1,2})?$")]
        amount: Option<String>,
        /// ISO 4217 letter code of the debt; that of the guarantees unless said.
        #[serde(default)]
        #[schema(pattern = "^[A-Z]{3}$")]
        currency: Option<String>,
        /// What is told to the holder.
        #[schema(min_length = 1, max_length = 512)]
        text: String,
    } = "declarations.begin-recovery" needs "movement:recover";

    /// Record that the debt is paid, by the holder or by the guarantor: the movement is written off (IE045).
    RecordRecoveryPayment {
        /// The payment's own number, for the record.
        #[schema(min_length = 1, max_length = 70)]
        reference: String,
    } = "declarations.record-recovery-payment" needs "movement:recover";

    /// Claim the unpaid debt from the guarantor: what is held is called.
    ClaimGuarantor {} = "declarations.claim-guarantor" needs "movement:recover";
}
