//! The messages that customs issues about a movement, made from the declaration and a few facts.

use chrono::{DateTime, Utc};
use customs_kernel::{Eori, id::uuid_at};
use customs_messages::{
    Document,
    outgoing::{self, Facts, Header},
};
use customs_platform::Failure;
use uuid::Uuid;

use super::{Letter, Movement};
use crate::shared::Shared;

/// A message in the making.
pub(crate) struct Notice<'d> {
    /// Type, such as `CC029C`.
    pub(crate) message_type: &'static str,
    /// The message it takes its groups from: the declaration, or what it answers.
    pub(crate) source: &'d Document,
    /// Who gets it.
    pub(crate) recipient: &'d Eori,
    /// The message it answers.
    pub(crate) answers: Option<Uuid>,
    /// When it is issued.
    pub(crate) at: DateTime<Utc>,
}

/// An instant as messages write it: UTC, without a zone.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A day as messages write it.
pub(crate) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

impl Notice<'_> {
    /// Makes the message, adding what `facts` says.
    pub(crate) fn letter(
        &self,
        shared: &Shared,
        facts: impl FnOnce(Facts) -> Facts,
    ) -> Result<Letter, Failure> {
        let id = uuid_at(self.at);
        let header = Header {
            sender: format!("NTA.{}", shared.settings.country),
            recipient: self.recipient.to_string(),
            prepared_at: instant(self.at),
            identification: id.simple().to_string(),
            correlation: self.source.text("messageIdentification").map(str::to_owned),
        };
        let document = outgoing::build(
            self.message_type,
            self.source.phase(),
            Some(self.source),
            &facts(Facts::new(&header)),
        )
        .map_err(|error| Failure::Broken(anyhow::anyhow!("cannot make {}: {error}", self.message_type)))?;
        let body = customs_messages::write_xml(&document);
        let letter = Letter::issued(self.message_type, self.recipient, body, self.answers, self.at);
        Ok(Letter { id, ..letter })
    }
}

/// Issues a message about `movement` to its declarant.
pub(crate) fn issue(
    shared: &Shared,
    movement: &mut Movement,
    message_type: &'static str,
    source: &Document,
    at: DateTime<Utc>,
    facts: impl FnOnce(Facts) -> Facts,
) -> Result<(), Failure> {
    let recipient = movement.declarant.clone();
    let answers = Some(movement.declaration);
    let notice = Notice { message_type, source, recipient: &recipient, answers, at };
    let letter = notice.letter(shared, facts)?;
    movement.file(letter);
    Ok(())
}
