//! Use case: hand out everything by which the signature of a message can be judged again, today or in many years.

use customs_declarations_contract::{FindEvidence, MessageEvidence};
use customs_kernel::{Caller, problem};
use customs_platform::{Answers, Failure, sql};
use customs_signatures::SealedEvidence;

use super::{materials, store as trees};
use crate::{App, store};

impl Answers<FindEvidence> for App {
    async fn answer(&self, caller: &Caller, ask: FindEvidence) -> Result<MessageEvidence, Failure> {
        let reader = self.shared.store.reader();
        let unknown = || problem::NOT_FOUND.because("there is no such signed message");
        let message = store::message(reader, ask.message).await?.ok_or_else(unknown)?;
        let sight = store::visible(reader, &caller.actor, message.movement).await?.ok_or_else(unknown)?;
        if !sight.sees(&message.party) {
            return Err(unknown().into());
        }
        let select =
            "SELECT body, format, evidence FROM movement_messages WHERE id = $1 AND evidence IS NOT NULL";
        let row = sql::row(reader, select, vec![ask.message.into()]).await?.ok_or_else(unknown)?;
        let evidence: String = row.try_get("", "evidence")?;
        let sealed: SealedEvidence = serde_json::from_str(&evidence)?;
        let at_hand = materials::at(reader, sealed.report().received_at).await?;
        let proof = trees::proof(reader, ask.message).await?;
        Ok(MessageEvidence {
            message: ask.message,
            content: row.try_get("", "body")?,
            format: row.try_get("", "format")?,
            evidence,
            archive: proof.map(|proof| serde_json::to_string(&proof)).transpose()?,
            authorities: at_hand.authorities,
            lists: at_hand.lists,
        })
    }
}
