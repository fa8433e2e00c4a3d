//! Taking in a message of a participant: evidence, form, who signed for whom.

use customs_declarations_contract::{
    MessageFormat,
    problems::{EVIDENCE_MISSING, MESSAGE_MALFORMED, MESSAGE_TYPE, SIGNER_NOT_AUTHORISED},
};
use customs_kernel::{Caller, Eori, Finding, Problem, id::uuid_at, problem};
use customs_messages::{Document, parse_json, parse_xml};
use customs_platform::Failure;
use customs_signatures::{SealedEvidence, VerifiedDocument};
use customs_web_broker_contract::{ConfirmMandate, IdentifyPerson, NationalNumber, NumberScheme};

use super::Letter;
use crate::{reference::kernel_finding, shared::Shared};

/// The largest message that is taken in, in bytes.
pub(crate) const SIZE_MAX: usize = 5_000_000;

/// A message as it comes from the edge.
pub(crate) struct Intake {
    /// Exactly what was sent and signed.
    pub(crate) content: String,
    /// How it is written.
    pub(crate) format: MessageFormat,
    /// Sealed evidence of the verified signature.
    pub(crate) evidence: serde_json::Value,
}

/// A message that was read, with the proof of who signed it.
pub(crate) struct Received {
    /// The message as a tree.
    pub(crate) document: Document,
    /// The participant on whose behalf it was sent.
    pub(crate) party: Eori,
    /// The person who sent it.
    pub(crate) subject: String,
    /// Exactly what was sent and signed.
    content: String,
    format: MessageFormat,
    /// That it was verified; nothing else can make a message received.
    proof: VerifiedDocument,
    sealed: String,
}

impl Received {
    /// The message as a letter of a dossier; a refused one is filed as failed.
    pub(crate) fn letter(&self, at: chrono::DateTime<chrono::Utc>, refused: bool) -> Letter {
        // A refused message was never accepted: its identification may be used again.
        let identification = self.identification().filter(|_| !refused);
        Letter {
            id: uuid_at(at),
            sequence: 0,
            direction: "received",
            message_type: self.document.message_type().to_owned(),
            identification,
            party: self.party.clone(),
            status: if refused { "failed" } else { "success" },
            answers: None,
            format: format_name(self.format),
            body: self.content.clone(),
            evidence: Some(self.sealed.clone()),
            at,
        }
    }

    /// The sender's identification of the message, made unique per participant.
    pub(crate) fn identification(&self) -> Option<String> {
        self.document.text("messageIdentification").map(|text| format!("{}/{text}", self.party))
    }

    /// The hash of what was signed, for the record of decisions.
    pub(crate) fn signed_hash(&self) -> String {
        hex::encode(self.proof.payload_sha256())
    }
}

/// The form as text.
pub(crate) const fn format_name(format: MessageFormat) -> &'static str {
    match format {
        MessageFormat::Xml => "xml",
        MessageFormat::Json => "json",
    }
}

/// Reads a message of one of `types`, or says everything that is wrong with its form.
pub(crate) async fn read(content: &str, format: MessageFormat) -> Result<Document, Problem> {
    if content.len() > SIZE_MAX {
        return Err(problem::TOO_LARGE.because(format!("a message has at most {SIZE_MAX} bytes")));
    }
    let text = content.to_owned();
    let parse = move || match format {
        MessageFormat::Xml => parse_xml(text.as_bytes()),
        MessageFormat::Json => parse_json(text.as_bytes()),
    };
    // A large message takes long to read and must not hold up others.
    let parsed = if content.len() > 65_536 {
        tokio::task::spawn_blocking(parse)
            .await
            .map_err(|_| problem::INTERNAL.because("the reader of messages broke off"))?
    } else {
        parse()
    };
    parsed.map_err(|rejection| {
        let errors: Vec<Finding> = rejection.findings.iter().map(kernel_finding).collect();
        MESSAGE_MALFORMED.because(format!("{} errors of structure", errors.len())).with_errors(errors)
    })
}

/// Takes in a message: the evidence belongs to it, it can be read, its signer acts for the caller's party.
pub(crate) async fn receive(
    shared: &Shared,
    caller: &Caller,
    intake: Intake,
    types: &[&str],
) -> Result<Received, Failure> {
    let party =
        caller.actor.party.clone().ok_or_else(|| problem::FORBIDDEN.because("act for an organisation"))?;
    let sealed: SealedEvidence = serde_json::from_value(intake.evidence)
        .map_err(|error| EVIDENCE_MISSING.because(error.to_string()))?;
    let proof = VerifiedDocument::reopen(&sealed, intake.content.as_bytes(), &shared.evidence_key)
        .map_err(|error| EVIDENCE_MISSING.because(error.to_string()))?;
    let document = read(&intake.content, intake.format).await?;
    if !types.contains(&document.message_type()) {
        let (found, wanted) = (document.message_type(), types.join(", "));
        return Err(MESSAGE_TYPE
            .because(format!("{found} does not belong here, but {wanted}"))
            .at("/")
            .into());
    }
    confirm_signer(shared, caller, &proof, &party).await?;
    Ok(Received {
        document,
        party,
        subject: caller.actor.subject.clone(),
        content: intake.content,
        format: intake.format,
        proof,
        sealed: serde_json::to_string(&sealed)?,
    })
}

/// Whether one of those who signed is the caller and belongs to `party` at this instant.
async fn confirm_signer(
    shared: &Shared,
    caller: &Caller,
    proof: &VerifiedDocument,
    party: &Eori,
) -> Result<(), Failure> {
    let myself = Shared::myself(caller);
    for signer in proof.signers() {
        let country = signer.country.as_deref().unwrap_or("KZ");
        let Some((person, organisation)) = schemes(country) else { continue };
        let Some(number) = signer.iin.clone() else { continue };
        let ask = IdentifyPerson {
            person: NationalNumber { scheme: person, number },
            organisation: signer.bin.clone().map(|number| NationalNumber { scheme: organisation, number }),
        };
        match shared.desk.ask(&myself, ask).await {
            Ok(identity) => {
                let same = identity.person_id.to_string() == caller.actor.subject;
                if same && identity.memberships.iter().any(|member| member.eori == party.as_str()) {
                    return Ok(());
                }
            }
            Err(problem) if problem.again || problem.status >= 500 => return Err(problem.into()),
            Err(_) => {}
        }
    }
    Err(SIGNER_NOT_AUTHORISED
        .because(format!("the signer is not the caller or does not act for {party}"))
        .into())
}

/// In which registers a country keeps people and organisations.
fn schemes(country: &str) -> Option<(NumberScheme, NumberScheme)> {
    match country {
        "KZ" => Some((NumberScheme::KzIin, NumberScheme::KzBin)),
        "KG" => Some((NumberScheme::KgPin, NumberScheme::KgTin)),
        "UZ" => Some((NumberScheme::UzPin, NumberScheme::UzTin)),
        _ => None,
    }
}

/// Whether `representative` may act for `principal` now.
pub(crate) async fn mandated(
    shared: &Shared,
    caller: &Caller,
    principal: &Eori,
    representative: &Eori,
) -> Result<bool, Failure> {
    if principal == representative {
        return Ok(true);
    }
    let ask = ConfirmMandate {
        principal: principal.to_string(),
        representative: representative.to_string(),
        at: shared.now(),
    };
    Ok(shared.desk.ask(&Shared::myself(caller), ask).await?.granted)
}
