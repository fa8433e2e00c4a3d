//! Making the messages that customs sends: facts, and what the target has of the message that is answered.

pub(crate) mod closure;

pub use closure::Gap;

use thiserror::Error;

use crate::code::ErrorCode;
use crate::definition::definition;
use crate::document::{Document, Draft, DraftError, Rejection};
use crate::finding::Finding;
use crate::phase::Phase;

/// Why a message could not be made.
#[derive(Debug, Error)]
pub enum BuildError {
    /// There is no such message in the phase.
    #[error("no message {0} in this phase")]
    UnknownMessage(String),
    /// A fact names a place that the message does not have.
    #[error(transparent)]
    Fact(#[from] DraftError),
    /// The facts are not enough for a message of that structure.
    #[error("the facts do not make a valid message: {}", first(.0))]
    Invalid(Rejection),
}

fn first(rejection: &Rejection) -> String {
    let shown = rejection.findings.iter().take(3);
    shown.map(|one| format!("{} {}", one.code.number(), one.pointer)).collect::<Vec<_>>().join(", ")
}

/// The values at the head of every message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Header {
    /// `messageSender`, such as `NTA.KZ`.
    pub sender: String,
    /// `messageRecipient`.
    pub recipient: String,
    /// `preparationDateAndTime` in UTC, `YYYY-MM-DDThh:mm:ss`.
    pub prepared_at: String,
    /// `messageIdentification`, unique with the sender.
    pub identification: String,
    /// `correlationIdentifier`: the identification of the message that is answered.
    pub correlation: Option<String>,
}

/// Values to set in a message, each at its path; what is set later stands.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    values: Vec<(String, String)>,
}

impl Facts {
    /// The facts of the head.
    pub fn new(header: &Header) -> Self {
        let facts = Self::default()
            .with("messageSender", &header.sender)
            .with("messageRecipient", &header.recipient)
            .with("preparationDateAndTime", &header.prepared_at)
            .with("messageIdentification", &header.identification);
        match &header.correlation {
            Some(correlation) => facts.with("correlationIdentifier", correlation),
            None => facts,
        }
    }

    /// The same and a value at a path such as `TransitOperation/MRN` or `TypeOfControls[2]/type`.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.push((path.into(), value.into()));
        self
    }

    /// The same and a value, where there is one.
    #[must_use]
    pub fn with_some(self, path: impl Into<String>, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(path, value),
            None => self,
        }
    }

    /// The same and the broken rules as `FunctionalError` groups (IE056, IE057, IE906).
    #[must_use]
    pub fn with_functional_errors(mut self, findings: &[Finding]) -> Self {
        for (place, finding) in findings.iter().take(9_999).enumerate() {
            let at = |name: &str| format!("FunctionalError[{}]/{name}", place + 1);
            self = self
                .with(at("errorPointer"), clipped(&finding.pointer, 512))
                .with(at("errorCode"), functional(finding.code))
                .with(at("errorReason"), clipped(finding.rule.unwrap_or("XML"), 7))
                .with_some(at("originalAttributeValue"), finding.value.as_deref().and_then(visible));
        }
        self
    }

    /// The same and the errors of structure as `XMLError` groups (IE917).
    #[must_use]
    pub fn with_xml_errors(mut self, findings: &[Finding]) -> Self {
        for (place, finding) in findings.iter().take(9_999).enumerate() {
            let at = |name: &str| format!("XMLError[{}]/{name}", place + 1);
            self = self
                .with(at("errorLineNumber"), finding.line.unwrap_or(0).to_string())
                .with(at("errorColumnNumber"), finding.column.unwrap_or(0).to_string())
                .with(at("errorPointer"), clipped(&finding.pointer, 512))
                .with(at("errorCode"), finding.code.number())
                .with(at("errorText"), clipped(&finding.message.en, 512))
                .with_some(at("originalAttributeValue"), finding.value.as_deref().and_then(visible));
        }
        self
    }
}

/// Make a message: what its definition shares with `source`, then the facts.
///
/// Of the source come the groups, each with what the target has of it; groups that would be incomplete are left out unless a
/// fact stands in them. Where LRN and MRN exclude each other, a known MRN takes the place of the LRN (C0467).
///
/// # Errors
/// A message that is not known, a fact without a place, or facts that are not enough.
pub fn build(
    message_type: &str,
    phase: Phase,
    source: Option<&Document>,
    facts: &Facts,
) -> Result<Document, BuildError> {
    let unknown = || BuildError::UnknownMessage(message_type.to_owned());
    let definition = definition(message_type, phase).ok_or_else(unknown)?;
    let mut draft = Draft::new(definition);
    draft.set("messageType", message_type)?;
    for node in source.into_iter().flat_map(|source| source.root().children()) {
        let target = definition.root().child(node.name());
        if node.element().is_group() && target.is_some_and(crate::Element::is_group) {
            draft.copy("", node)?;
        }
    }
    if definition.element("Header").is_some() {
        head(&mut draft, source)?;
    }
    for (path, value) in &facts.values {
        draft.set(path, value)?;
    }
    for group in ["TransitOperation", "Header"] {
        let (lrn, mrn) = (format!("{group}/LRN"), format!("{group}/MRN"));
        let either = definition.element(&lrn).is_some_and(|lrn| lrn.min() == 0);
        if either && draft.has(&mrn) {
            draft.remove(&lrn);
        }
    }
    container_indicator(&mut draft)?;
    draft.drop_incomplete();
    draft.finish().map_err(BuildError::Invalid)
}

/// The group that only says which movement a refused message was about.
fn head(draft: &mut Draft, source: Option<&Document>) -> Result<(), DraftError> {
    let known = |name: &str| source.and_then(|source| source.text(&format!("TransitOperation/{name}")));
    for name in ["MRN", "LRN"] {
        let path = format!("Header/{name}");
        let format = draft.definition().element(&path).and_then(crate::Element::format);
        let fits = |value: &&str| format.is_some_and(|format| format.fault(value).is_none());
        if let Some(value) = known(name).filter(fits) {
            return draft.set(&path, value);
        }
    }
    draft.ensure("Header")
}

/// Say whether containers are used where the message must say it and a pre-lodged declaration did not.
fn container_indicator(draft: &mut Draft) -> Result<(), DraftError> {
    let path = "Consignment/containerIndicator";
    let required = draft.definition().element(path).is_some_and(|one| one.min() > 0);
    if required && draft.has("Consignment") && !draft.has(path) {
        let container = draft.has("Consignment/TransportEquipment/containerIdentificationNumber");
        draft.set(path, if container { "1" } else { "0" })?;
    }
    Ok(())
}

/// A code of structure as the functional list has it.
fn functional(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::CodeList => "12",
        ErrorCode::Missing => "13",
        ErrorCode::NotAllowed | ErrorCode::TooMany => "15",
        ErrorCode::Rule
        | ErrorCode::TooLong
        | ErrorCode::TooShort
        | ErrorCode::Type
        | ErrorCode::Pattern
        | ErrorCode::Malformed
        | ErrorCode::Characters
        | ErrorCode::BelowMinimum
        | ErrorCode::AboveMaximum => "14",
    }
}

fn clipped(text: &str, most: usize) -> String {
    let legible = |one| if crate::xml::is_xml_character(one) { one } else { char::REPLACEMENT_CHARACTER };
    let text: String = text.chars().map(legible).take(most).collect();
    text.trim().to_owned()
}

/// A value that can be repeated in an answer; spaces at the ends cannot.
fn visible(value: &str) -> Option<String> {
    let text = clipped(value, 512);
    (!text.is_empty()).then_some(text)
}
