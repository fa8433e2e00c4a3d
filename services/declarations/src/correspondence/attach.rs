//! Use case: attach a file to a movement; its octets are kept once, by what they are.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use customs_declarations_contract::{
    AttachFile, FILE_OCTETS_MAX, FILES_MAX, MovementFile,
    problems::{FILE_KIND, FILES_MANY},
};
use customs_kernel::{Caller, Finding, Problem, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};
use sha2::{Digest as _, Sha256};

use super::{
    Side,
    kind::{media_type, plain_name},
};
use crate::{
    App,
    store::{self, NewFile},
    transit::FOR_PARTIES,
};

/// The most characters of a name.
const NAME_MAX: usize = 120;

impl Acts<AttachFile> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: AttachFile) -> Result<MovementFile, Failure> {
        let actor = &caller.actor;
        let movement = store::load(work, ask.movement).await?;
        let side = Side::of(work, actor, &movement, ask.office.as_deref()).await?;
        let (name, octets) = read(&ask)?;
        let kind = media_type(&octets);
        let media_type =
            kind.ok_or_else(|| FILE_KIND.because("PDF, JPEG, PNG and WebP are taken").at("/base64"))?;
        if store::count_files(work.txn(), movement.id, side.as_str()).await? >= FILES_MAX {
            return Err(FILES_MANY.because(format!("{FILES_MAX} files are the most")).into());
        }
        let shown = shown_to(work, &side, &movement, ask.act).await?;
        let file = MovementFile {
            id: uuid_at(work.now()),
            movement: movement.id,
            name,
            media_type: media_type.to_owned(),
            octets: i64::try_from(octets.len()).unwrap_or(i64::MAX),
            sha256: hex::encode(Sha256::digest(&octets)),
            by: side.as_str().to_owned(),
            office: side.office().map(str::to_owned),
            act: ask.act,
            note: None,
            at: work.now(),
        };
        store::keep_file(work, &NewFile { file: &file, octets, subject: &actor.subject, shown }).await?;
        Ok(file)
    }
}

/// The name and the octets of the file, or everything that is wrong with them.
fn read(ask: &AttachFile) -> Result<(String, Vec<u8>), Problem> {
    if ask.base64.len() > FILE_OCTETS_MAX.div_ceil(3) * 4 {
        let detail = format!("a file has at most {FILE_OCTETS_MAX} octets");
        return Err(problem::TOO_LARGE.because(detail).at("/base64"));
    }
    let mut findings = Vec::new();
    let mut wrong = |pointer: &str, what: &str| findings.push(Finding::new("input-invalid", pointer, what));
    let name = plain_name(&ask.name);
    if name.is_empty() || name.chars().count() > NAME_MAX {
        wrong("/name", "a name has 1 to 120 characters that a name may have");
    }
    let octets = STANDARD.decode(&ask.base64).unwrap_or_default();
    if octets.is_empty() {
        wrong("/base64", "the octets cannot be read, or there are none");
    }
    if findings.is_empty() {
        return Ok((name, octets));
    }
    Err(problem::INPUT_INVALID.because("the file is not told in full").with_errors(findings))
}

/// Which party sees the file: the declarant its own, and what belongs to an act that it sees.
async fn shown_to(
    work: &Work,
    side: &Side,
    movement: &crate::transit::Movement,
    act: Option<i64>,
) -> Result<Option<String>, Failure> {
    let party = Some(movement.declarant.to_string());
    let Some(number) = act else {
        return Ok(if *side == Side::Participant { party } else { None });
    };
    let unknown = || problem::NOT_FOUND.because("there is no such act of your office").at("/act");
    let act = store::act(work.txn(), movement.id, number).await?.ok_or_else(unknown)?;
    if side.office() != Some(act.office.as_str()) {
        return Err(unknown().into());
    }
    Ok(party.filter(|_| FOR_PARTIES.contains(&act.kind.as_str())))
}
