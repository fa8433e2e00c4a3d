//! Use case: check a message without sending it; nothing is kept and no queue sees it.

use customs_declarations_contract::{
    CheckMessage, MessageCheck, MessageCorrection, MessageFinding, problems::MESSAGE_MALFORMED,
};
use customs_kernel::{Caller, Finding};
use customs_messages::Context;
use customs_platform::{Answers, Failure};

use super::read;
use crate::{
    App,
    reference::{judge, ruleset},
};

impl Answers<CheckMessage> for App {
    async fn answer(&self, _: &Caller, ask: CheckMessage) -> Result<MessageCheck, Failure> {
        let shared = &self.shared;
        let lookup = shared.reference.on(&shared.desk, shared.now().date_naive()).await?;
        let (message_type, phase, findings) = match read(&ask.content, ask.format).await {
            Ok(document) => {
                let findings = judge(&document, &lookup, &Context::default());
                (Some(document.message_type().to_owned()), Some(document.phase().id().to_owned()), findings)
            }
            Err(problem) if problem.is(MESSAGE_MALFORMED) => (None, None, problem.errors),
            Err(problem) => return Err(problem.into()),
        };
        Ok(MessageCheck {
            message_type,
            phase,
            valid: findings.is_empty(),
            ruleset: ruleset(&lookup),
            errors: findings.into_iter().map(view).collect(),
        })
    }
}

fn view(finding: Finding) -> MessageFinding {
    let number = |number: Option<u32>| number.and_then(|number| i32::try_from(number).ok());
    MessageFinding {
        code: finding.code,
        rule: finding.rule,
        pointer: finding.pointer,
        value: finding.value,
        message: finding.message,
        fix: finding.fix,
        correction: finding
            .correction
            .map(|one| MessageCorrection { op: one.op().to_owned(), value: one.value().map(str::to_owned) }),
        line: number(finding.line),
        column: number(finding.column),
    }
}
