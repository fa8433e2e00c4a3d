//! Use cases that read: movements, their messages, their timeline, an office's queue.

use customs_declarations_contract::{
    ArrivalPage, FindMessage, FindMovement, ListArrivals, ListMessages, ListMovements, MessageFormat,
    Movement as MovementView, MovementMessage, MovementMessagePage, MovementPage, MovementTimeline,
    OfficeQueue, QueuePage, TimelinePage,
};
use customs_kernel::{Caller, Problem, problem};
use customs_platform::{Answers, Failure};

use super::read;
use crate::{App, store};

fn missing() -> Problem {
    problem::NOT_FOUND.because("there is no such movement")
}

/// How many a page has: what was asked for within 1 to 100, or 20.
fn size(first: Option<i32>) -> Result<u64, Problem> {
    match first {
        None => Ok(20),
        Some(first) => u64::try_from(first)
            .ok()
            .filter(|first| (1..=100).contains(first))
            .ok_or_else(|| problem::INPUT_INVALID.because("a page has 1 to 100 entries").at("/first")),
    }
}

impl Answers<FindMovement> for App {
    async fn answer(&self, caller: &Caller, ask: FindMovement) -> Result<MovementView, Failure> {
        let reader = self.shared.store.reader();
        store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        store::movement_view(reader, ask.movement).await
    }
}

impl Answers<ListMovements> for App {
    async fn answer(&self, caller: &Caller, ask: ListMovements) -> Result<MovementPage, Failure> {
        let size = size(ask.first)?;
        store::movements_page(self.shared.store.reader(), &caller.actor, &ask, size).await
    }
}

impl Answers<ListArrivals> for App {
    async fn answer(&self, caller: &Caller, ask: ListArrivals) -> Result<ArrivalPage, Failure> {
        let size = size(ask.first)?;
        store::arrivals_page(self.shared.store.reader(), &caller.actor, &ask, size).await
    }
}

impl Answers<ListMessages> for App {
    async fn answer(&self, caller: &Caller, ask: ListMessages) -> Result<MovementMessagePage, Failure> {
        let size = size(ask.first)?;
        let reader = self.shared.store.reader();
        let sight = store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        store::messages_page(reader, &sight, &ask, size).await
    }
}

impl Answers<FindMessage> for App {
    async fn answer(&self, caller: &Caller, ask: FindMessage) -> Result<MovementMessage, Failure> {
        let reader = self.shared.store.reader();
        let unknown = || problem::NOT_FOUND.because("there is no such message");
        let mut message = store::message(reader, ask.message).await?.ok_or_else(unknown)?;
        let sight = store::visible(reader, &caller.actor, message.movement).await?.ok_or_else(unknown)?;
        if !sight.sees(&message.party) {
            return Err(unknown().into());
        }
        convert(&mut message.view, ask.format).await?;
        Ok(message.view)
    }
}

/// Turns the body into the form that is wanted.
async fn convert(message: &mut MovementMessage, wanted: Option<MessageFormat>) -> Result<(), Failure> {
    let (Some(wanted), Some(body)) = (wanted, message.body.as_deref()) else { return Ok(()) };
    let kept = match message.format.as_deref() {
        Some("json") => MessageFormat::Json,
        _ => MessageFormat::Xml,
    };
    if wanted == kept {
        return Ok(());
    }
    let document = read(body, kept).await?;
    let (format, body) = match wanted {
        MessageFormat::Xml => ("xml", customs_messages::write_xml(&document)),
        MessageFormat::Json => ("json", customs_messages::write_json(&document)),
    };
    message.format = Some(format.to_owned());
    message.body = Some(body);
    Ok(())
}

impl Answers<MovementTimeline> for App {
    async fn answer(&self, caller: &Caller, ask: MovementTimeline) -> Result<TimelinePage, Failure> {
        let size = size(ask.first)?;
        let reader = self.shared.store.reader();
        store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        store::events_page(reader, ask.movement, ask.after_sequence.unwrap_or_default(), size).await
    }
}

impl Answers<OfficeQueue> for App {
    async fn answer(&self, caller: &Caller, ask: OfficeQueue) -> Result<QueuePage, Failure> {
        let size = size(ask.first)?;
        if !caller.actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        store::queue_page(self.shared.store.reader(), &ask.office, ask.after.as_deref(), size).await
    }
}
