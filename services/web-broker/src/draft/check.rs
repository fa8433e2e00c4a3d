//! Use case: check a draft by the rules of customs without sending it.

use customs_declarations_contract::{CheckMessage, MessageCheck, MessageFinding, MessageFormat};
use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Failure, Plans, Work};
use customs_web_broker_contract::{CheckDraft, DraftCheck, DraftCorrection, DraftFinding, PreCheckReceipt};
use uuid::Uuid;

use super::{FORGET, Receipt, content, receipt, store};
use crate::{App, organisation};

/// What the rules said about one version of a draft.
pub struct Checked {
    draft_id: Uuid,
    draft_version: i32,
    organisation: String,
    content_sha256: String,
    check: MessageCheck,
}

impl Plans<CheckDraft> for App {
    type Plan = Checked;

    async fn plan(&self, caller: &Caller, ask: CheckDraft) -> Result<Checked, Failure> {
        let organisation = organisation::own(self.reader(), caller).await?;
        let (draft, content) = store::find_whole(self.reader(), organisation.id(), ask.id).await?;
        let content_sha256 = content::sha256(&content);
        // The check is the caller's own question: it has no idempotency key, because nothing comes of it.
        let caller = Caller { once: None, ..caller.clone() };
        let ask = CheckMessage { content, format: MessageFormat::Json };
        let check = self.desk.ask(&caller, ask).await?;
        Ok(Checked {
            draft_id: draft.id(),
            draft_version: draft.version(),
            organisation: organisation.eori().to_string(),
            content_sha256,
            check,
        })
    }

    async fn carry_out(&self, work: &mut Work, _: &Caller, plan: Checked) -> Result<DraftCheck, Failure> {
        let Checked { draft_id, draft_version, organisation, content_sha256, check } = plan;
        let given = PreCheckReceipt {
            id: uuid_at(work.now()),
            ruleset_hash: check.ruleset,
            content_sha256,
            at: work.now(),
        };
        if check.valid {
            let kept = Receipt {
                id: given.id,
                organisation,
                ruleset_hash: given.ruleset_hash.clone(),
                content_sha256: given.content_sha256.clone(),
                checked_at: given.at,
            };
            work.set_timer(FORGET, &given.id.to_string(), kept.expires_at());
            receipt::insert(work.txn(), kept).await?;
        }
        Ok(DraftCheck {
            draft_id,
            draft_version,
            message_type: check.message_type,
            phase: check.phase,
            valid: check.valid,
            errors: check.errors.into_iter().map(finding).collect(),
            receipt: given,
        })
    }
}

fn finding(found: MessageFinding) -> DraftFinding {
    DraftFinding {
        code: found.code,
        rule: found.rule,
        pointer: found.pointer,
        value: found.value,
        message: found.message,
        fix: found.fix,
        correction: found.correction.map(|one| DraftCorrection { op: one.op, value: one.value }),
    }
}
