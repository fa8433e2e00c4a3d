//! Use cases that read: movements, their messages, their timeline, an office's queue.

use customs_declarations_contract::{
    ArrivalPage, DeclarationVersion, FindDeclaration, FindMessage, FindMovement, ListActs, ListArrivals,
    ListMessages, ListMovements, MessageFormat, Movement as MovementView, MovementActPage, MovementMessage,
    MovementMessagePage, MovementPage, MovementTimeline, OfficeQueue, QueuePage, TimelinePage,
    problems::MESSAGE_MALFORMED,
};
use customs_kernel::{Caller, Problem, Role, problem};
use customs_platform::{Answers, Failure};

use super::read;
use crate::{App, risk::cover, store};

fn missing() -> Problem {
    problem::NOT_FOUND.because("there is no such movement")
}

/// How many a page has: what was asked for within 1 to 100, or 20.
pub(crate) fn page_size(first: Option<i32>) -> Result<u64, Problem> {
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
        let size = page_size(ask.first)?;
        store::movements_page(self.shared.store.reader(), &caller.actor, &ask, size).await
    }
}

impl Answers<ListArrivals> for App {
    async fn answer(&self, caller: &Caller, ask: ListArrivals) -> Result<ArrivalPage, Failure> {
        let size = page_size(ask.first)?;
        store::arrivals_page(self.shared.store.reader(), &caller.actor, &ask, size).await
    }
}

impl Answers<ListMessages> for App {
    async fn answer(&self, caller: &Caller, ask: ListMessages) -> Result<MovementMessagePage, Failure> {
        let size = page_size(ask.first)?;
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

impl Answers<FindDeclaration> for App {
    async fn answer(&self, caller: &Caller, ask: FindDeclaration) -> Result<DeclarationVersion, Failure> {
        let reader = self.shared.store.reader();
        let sight = store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        let movement = store::peek(reader, ask.movement).await?.ok_or_else(missing)?;
        // Who carries or receives the goods follows them, but has not been told what was declared.
        if !sight.sees(movement.declarant.as_str()) {
            return Err(missing().into());
        }
        let in_force = movement.declaration_version;
        let version = ask.version.unwrap_or(in_force);
        if !(1..=in_force).contains(&version) {
            return Err(problem::NOT_FOUND.because("there is no such version").at("/version").into());
        }
        let document = store::declaration_version(reader, &movement, version).await?;
        let (format, body) = match ask.format {
            Some(MessageFormat::Json) => ("json", customs_messages::write_json(&document)),
            Some(MessageFormat::Xml) | None => ("xml", customs_messages::write_xml(&document)),
        };
        Ok(DeclarationVersion { movement: movement.id, version, in_force, format: format.to_owned(), body })
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
    let document = match read(body, kept).await {
        Ok(document) => document,
        // What was refused because it could not be read is shown as it was sent.
        Err(problem) if problem.is(MESSAGE_MALFORMED) => return Ok(()),
        Err(problem) => return Err(problem.into()),
    };
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
        let size = page_size(ask.first)?;
        let reader = self.shared.store.reader();
        let seen = store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        let after = ask.after_sequence.unwrap_or_default();
        let mut page = store::events_page(reader, ask.movement, after, size).await?;
        if let store::Visibility::Party(party) = seen
            && store::holder(reader, ask.movement).await?.is_none_or(|holder| holder != party)
        {
            let only_carries = only_carries(caller);
            for entry in &mut page.items {
                entry.reasons.retain(|reason| {
                    !(cover::is_headroom(reason) || only_carries && cover::is_cover(reason))
                });
            }
        }
        Ok(page)
    }
}

impl Answers<OfficeQueue> for App {
    async fn answer(&self, caller: &Caller, ask: OfficeQueue) -> Result<QueuePage, Failure> {
        let size = page_size(ask.first)?;
        if !caller.actor.serves_at(&ask.office) {
            return Err(problem::NOT_FOUND.because("you do not serve at this office").at("/office").into());
        }
        store::queue_page(self.shared.store.reader(), &ask, size).await
    }
}

/// What a party to the movement sees of the acts of officers.
pub(crate) const FOR_PARTIES: [&str; 3] = ["incident-report", "incident", "recovery"];
/// What of these concerns who carries the goods and neither declares them nor answers for the debt.
const FOR_CARRIERS: [&str; 2] = ["incident-report", "incident"];

/// Whether somebody sees movements for no other reason than to carry their goods.
fn only_carries(caller: &Caller) -> bool {
    !(caller.actor.is(Role::Declarant) || caller.actor.is(Role::Broker))
}

impl Answers<ListActs> for App {
    async fn answer(&self, caller: &Caller, ask: ListActs) -> Result<MovementActPage, Failure> {
        let size = page_size(ask.first)?;
        let bad = || problem::INPUT_INVALID.because("the cursor is not one that a page gave").at("/after");
        let after = ask.after.as_deref().map(str::parse::<i64>).transpose().map_err(|_| bad())?;
        let reader = self.shared.store.reader();
        let sight = store::visible(reader, &caller.actor, ask.movement).await?.ok_or_else(missing)?;
        let kinds = match sight {
            store::Visibility::All => None,
            store::Visibility::Party(_) if only_carries(caller) => Some(FOR_CARRIERS.as_slice()),
            store::Visibility::Party(_) => Some(FOR_PARTIES.as_slice()),
        };
        store::acts_page(reader, ask.movement, after.unwrap_or_default(), kinds, size).await
    }
}
