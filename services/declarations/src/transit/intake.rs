//! Taking in a message of a participant: evidence, form, who signed for whom.

use customs_declarations_contract::{MessageFormat, problems::EVIDENCE_MISSING};
use customs_kernel::{Caller, Eori, Problem, id::uuid_at, problem};
use customs_messages::{Document, Rejection, parse_json, parse_signed_xml};
use customs_platform::{Failure, Work};
use customs_signatures::{Fault, Identity as Named, ReplayKey, SealedEvidence, VerifiedDocument};
use customs_web_broker_contract::{ConfirmMandate, IdentifyPerson, Identity, NationalNumber, NumberScheme};

use super::{
    Letter,
    nack::{Nack, malformed},
    signing::{Signer, all_enough, wanted},
};
use crate::{shared::Shared, store};

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
    /// What it is sent for: the name of the use case.
    pub(crate) purpose: &'static str,
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
    /// What it is accepted for, once.
    claim: ReplayKey,
    /// That it was verified; nothing else can make a message received.
    proof: VerifiedDocument,
    sealed: String,
}

impl Received {
    /// Takes the message for what it was sent for, together with everything else that `work` does; refuses one that
    /// was accepted before.
    pub(crate) async fn claim(&self, work: &Work) -> Result<(), Failure> {
        if store::claim(work, self.claim).await? {
            return Ok(());
        }
        let why = "exactly this signed document was accepted for the same purpose before";
        Err(Fault::Replayed.refuse(why, "").into())
    }

    /// The message as a letter of a dossier; a refused one is filed as failed.
    pub(crate) fn letter(&self, work: &Work, refused: bool) -> Letter {
        // A refused message was never accepted: it may come again, and its identification may be used again.
        if refused {
            store::give_back(work, self.claim);
        }
        self.filed(work.now(), refused)
    }

    fn filed(&self, at: chrono::DateTime<chrono::Utc>, refused: bool) -> Letter {
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

    /// What was received as the letter of a dossier, for a message that is none of those `wanted`.
    fn misplaced(self, at: chrono::DateTime<chrono::Utc>, wanted: &[&str]) -> Nack {
        let letter = self.filed(at, true);
        Nack::misplaced(self.party, letter, self.document, wanted)
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

/// Reads a message, or says everything that is wrong with its form.
pub(crate) async fn read(content: &str, format: MessageFormat) -> Result<Document, Problem> {
    parse(content, format).await?.map_err(|rejection| malformed(&rejection))
}

/// Reads a message: the message, or everything that is wrong with its form.
async fn parse(content: &str, format: MessageFormat) -> Result<Result<Document, Rejection>, Problem> {
    if content.len() > SIZE_MAX {
        return Err(problem::TOO_LARGE.because(format!("a message has at most {SIZE_MAX} bytes")));
    }
    let text = content.to_owned();
    let parse = move || match format {
        MessageFormat::Xml => parse_signed_xml(text.as_bytes()),
        MessageFormat::Json => parse_json(text.as_bytes()),
    };
    // A large message takes long to read and must not hold up others.
    if content.len() > 65_536 {
        let broke_off = |_| problem::INTERNAL.because("the reader of messages broke off");
        return tokio::task::spawn_blocking(parse).await.map_err(broke_off);
    }
    Ok(parse())
}

/// Takes in a message: the evidence belongs to it, its signer acts for the caller's party, it can be read and is of one
/// of `types`. Of a sender who is proven, what cannot be taken is refused on record.
pub(crate) async fn receive(
    shared: &Shared,
    caller: &Caller,
    intake: Intake,
    types: &[&str],
) -> Result<Result<Received, Box<Nack>>, Failure> {
    let party =
        caller.actor.party.clone().ok_or_else(|| problem::FORBIDDEN.because("act for an organisation"))?;
    let sealed: SealedEvidence = serde_json::from_value(intake.evidence)
        .map_err(|error| EVIDENCE_MISSING.because(error.to_string()))?;
    let proof = VerifiedDocument::reopen(&sealed, intake.content.as_bytes(), &shared.evidence_key)
        .map_err(|error| EVIDENCE_MISSING.because(error.to_string()))?;
    let parsed = parse(&intake.content, intake.format).await?;
    // What cannot be read is of no type that would need more than one signer.
    let kind =
        parsed.as_ref().map_or_else(|rejection| rejection.message_type, |one| Some(one.message_type()));
    let guarantees = parsed.as_ref().map(guarantee_types).unwrap_or_default();
    let wanted = wanted(&shared.settings, kind.unwrap_or_default(), &guarantees);
    confirm_signers(shared, caller, &proof, &party, &wanted).await?;
    let sealed = serde_json::to_string(&sealed)?;
    let Intake { content, format, purpose, .. } = intake;
    let document = match parsed {
        Ok(document) => document,
        Err(rejection) => {
            let letter = unread(&rejection, &party, (content, format, sealed), shared.now());
            return Ok(Err(Box::new(Nack::malformed(party, letter, rejection))));
        }
    };
    let belongs = types.contains(&document.message_type());
    let subject = caller.actor.subject.clone();
    let claim = ReplayKey::new(purpose, proof.payload_sha256());
    let received = Received { document, party, subject, content, format, claim, proof, sealed };
    Ok(if belongs { Ok(received) } else { Err(Box::new(received.misplaced(shared.now(), types))) })
}

/// The types of guarantee that a declaration or amendment declares; other messages declare none.
fn guarantee_types(document: &Document) -> Vec<String> {
    let types =
        document.groups("Guarantee").into_iter().filter_map(|guarantee| guarantee.text_at("guaranteeType"));
    types.map(str::to_owned).collect()
}

/// A message that could not be read, as the letter of a dossier.
fn unread(
    rejection: &Rejection,
    party: &Eori,
    (content, format, sealed): (String, MessageFormat, String),
    at: chrono::DateTime<chrono::Utc>,
) -> Letter {
    Letter {
        id: uuid_at(at),
        sequence: 0,
        direction: "received",
        message_type: rejection.message_type.unwrap_or("unknown").to_owned(),
        identification: None,
        party: party.clone(),
        status: "failed",
        answers: None,
        format: format_name(format),
        body: content,
        evidence: Some(sealed),
        at,
    }
}

/// Whether one of those who signed is the caller, and those who signed for `party` are the `wanted` ones at this
/// instant. What a system sends is signed by people of its organisation, whoever they are.
async fn confirm_signers(
    shared: &Shared,
    caller: &Caller,
    proof: &VerifiedDocument,
    party: &Eori,
    wanted: &[&[Signer]],
) -> Result<(), Failure> {
    let myself = Shared::myself(caller);
    let by_system = caller.actor.is_system();
    let (mut is_mine, mut may_act) = (by_system, false);
    let mut members: Vec<&Named> = Vec::new();
    for signer in proof.signers() {
        let Some(identity) = identify(shared, &myself, signer).await? else { continue };
        let sends = by_system || identity.person_id.to_string() == caller.actor.subject;
        is_mine |= sends;
        if identity.memberships.iter().any(|member| member.eori == party.as_str()) {
            may_act |= sends;
            members.push(signer);
        }
        if may_act && all_enough(wanted, &members).is_ok() {
            return Ok(());
        }
    }
    let (fault, why) = match (is_mine, may_act) {
        (false, _) => (Fault::WrongPerson, "none of the signers is the one who sends".to_owned()),
        (true, false) => (Fault::NotAuthorised, format!("the signer does not act for {party}")),
        (true, true) => {
            let fault = all_enough(wanted, &members).err().unwrap_or(Fault::SignersMissing);
            let most = wanted.iter().map(|signers| signers.len()).max().unwrap_or(1);
            (fault, format!("it takes {most} different signers who act for {party}: {wanted:?}"))
        }
    };
    Err(fault.refuse(&why, "/signature").into())
}

/// Whom the register knows by the numbers of a certificate, if anybody.
async fn identify(shared: &Shared, myself: &Caller, signer: &Named) -> Result<Option<Identity>, Failure> {
    let country = signer.country.as_deref().unwrap_or("KZ");
    let (Some((person, organisation)), Some(number)) = (schemes(country), signer.iin.clone()) else {
        return Ok(None);
    };
    let ask = IdentifyPerson {
        person: NationalNumber { scheme: person, number },
        organisation: signer.bin.clone().map(|number| NationalNumber { scheme: organisation, number }),
    };
    match shared.desk.ask(myself, ask).await {
        Ok(identity) => Ok(Some(identity)),
        Err(problem) if problem.again || problem.status >= 500 => Err(problem.into()),
        Err(_) => Ok(None),
    }
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
