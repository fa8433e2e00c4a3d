//! Dead letters as operators see them, asked of the service that parked them.

use customs_gateway_contract::{
    DeadLetter, DeadLetterPage, ListDeadLetters, ReadDeadLetter, ReplayDeadLetter,
};
use customs_kernel::{Caller, Problem, problem};
use customs_platform::dead_letter;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::Gateway;

/// Permission to see and replay dead letters.
pub(crate) const OPERATE: &str = "bus:operate";

/// A page of the dead letters of a service.
pub(crate) async fn list(
    gateway: &Gateway,
    caller: &Caller,
    ask: ListDeadLetters,
) -> Result<DeadLetterPage, Problem> {
    let first = ask.first.map(|first| u32::try_from(first).unwrap_or_default());
    let input = dead_letter::ListDeadLetters { first, after: ask.after };
    let page: dead_letter::DeadLetterPage = call(gateway, caller, ask.service.list(), &input).await?;
    Ok(DeadLetterPage {
        items: page.items.into_iter().map(shown).collect(),
        next: page.next.map(|next| next.to_string()),
    })
}

/// One dead letter.
pub(crate) async fn read(
    gateway: &Gateway,
    caller: &Caller,
    ask: ReadDeadLetter,
) -> Result<DeadLetter, Problem> {
    one(gateway, caller, ask.service.read(), ask.id).await
}

/// Tries one dead letter again.
pub(crate) async fn replay(
    gateway: &Gateway,
    caller: &Caller,
    ask: ReplayDeadLetter,
) -> Result<DeadLetter, Problem> {
    one(gateway, caller, ask.service.replay(), ask.id).await
}

async fn one(gateway: &Gateway, caller: &Caller, use_case: &str, id: Uuid) -> Result<DeadLetter, Problem> {
    let letter = call(gateway, caller, use_case, &dead_letter::NameDeadLetter { id }).await?;
    Ok(shown(letter))
}

async fn call<T: DeserializeOwned>(
    gateway: &Gateway,
    caller: &Caller,
    use_case: &str,
    input: &impl Serialize,
) -> Result<T, Problem> {
    let input = serde_json::to_value(input).unwrap_or_default();
    let output = gateway.desk().call(caller, use_case, input).await?;
    serde_json::from_value(output).map_err(|error| {
        tracing::error!(use_case, %error, "a service has answered in another form");
        problem::INTERNAL.because("the service has answered in another form")
    })
}

fn shown(letter: dead_letter::DeadLetter) -> DeadLetter {
    let dead_letter::DeadLetter { message, reason, attempts, parked_at } = letter;
    DeadLetter {
        id: message.id,
        name: message.name,
        kind: message.kind.as_str().to_owned(),
        aggregate: message.aggregate,
        saga: message.saga,
        correlation_id: message.correlation_id,
        occurred_at: message.occurred_at,
        reason,
        attempts,
        parked_at,
        body: message.body,
    }
}
