//! Use case: write a note about a movement, or answer one; who is to read it is told.

use std::collections::BTreeSet;

use customs_declarations_contract::{
    MovementNote, NOTE_FILES_MAX, NOTE_LENGTH_MAX, WriteNote,
    bus::{NOTE_WRITTEN, NoteWritten},
    problems::NOTE_CLOSED,
};
use customs_kernel::{Caller, Finding, Problem, problem};
use customs_platform::{Acts, Failure, Work};

use super::{Side, side::offices};
use crate::{App, store, transit::Movement};

impl Acts<WriteNote> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: WriteNote) -> Result<MovementNote, Failure> {
        let actor = &caller.actor;
        let movement = store::load(work, ask.movement).await?;
        // A declarant who names an office writes to it; an officer acts there.
        let acting = ask.office.as_deref();
        let side = Side::of(work, actor, &movement, acting).await?;
        judge(&ask, &side, work.now())?;
        let answered = answered(work, &ask, &side).await?;
        let office = office(work, &ask, (&side, &movement), answered.as_ref()).await?;
        let mut note = MovementNote {
            number: store::next_note(work.txn(), movement.id).await?,
            by: side.as_str().to_owned(),
            office,
            party: movement.declarant.to_string(),
            text: ask.text.trim().to_owned(),
            language: ask.language,
            answers: ask.answers,
            asks_answer: ask.asks_answer.unwrap_or_default(),
            answer_by: ask.answer_by,
            answered_by: None,
            files: Vec::new(),
            at: work.now(),
        };
        store::keep_note(work, movement.id, &note, &actor.subject).await?;
        let wanted: BTreeSet<_> = ask.files.into_iter().flatten().collect();
        let bound = store::bind_files(work, (movement.id, side.as_str(), &note), &wanted).await?;
        if bound.len() < wanted.len() {
            let why = "a file was not attached to this movement by you, or belongs to something already";
            return Err(problem::NOT_FOUND.because(why).at("/files").into());
        }
        note.files = bound;
        tell(work, &movement, &note)?;
        Ok(note)
    }
}

/// Everything that is wrong with the note itself, at once.
fn judge(ask: &WriteNote, side: &Side, now: chrono::DateTime<chrono::Utc>) -> Result<(), Problem> {
    let mut findings = Vec::new();
    let mut wrong = |pointer: &str, what: &str| findings.push(Finding::new("input-invalid", pointer, what));
    let text = ask.text.trim();
    if text.is_empty() || text.chars().count() > NOTE_LENGTH_MAX {
        wrong("/text", "a note has 1 to 4000 characters");
    }
    if ask.files.as_ref().is_some_and(|files| files.len() > NOTE_FILES_MAX) {
        wrong("/files", "a note brings at most 10 files");
    }
    let asks = ask.asks_answer.unwrap_or_default();
    if asks && *side == Side::Participant {
        wrong("/asksAnswer", "an office asks for answers, a declarant does not");
    }
    if ask.answer_by.is_some() && !asks {
        wrong("/answerBy", "no answer is asked for");
    }
    if ask.answer_by.is_some_and(|by| by <= now) {
        wrong("/answerBy", "this has passed already");
    }
    if findings.is_empty() {
        return Ok(());
    }
    Err(problem::INPUT_INVALID.because("the note cannot be taken").with_errors(findings))
}

/// The note that is answered: it is of the other side, and nobody has answered it.
async fn answered(work: &Work, ask: &WriteNote, side: &Side) -> Result<Option<MovementNote>, Failure> {
    let Some(number) = ask.answers else { return Ok(None) };
    let found = store::note(work.txn(), ask.movement, number).await?;
    let found = found.ok_or_else(|| problem::NOT_FOUND.because("there is no such note").at("/answers"))?;
    if found.by == side.as_str() || found.answered_by.is_some() {
        return Err(NOTE_CLOSED.because("it is your own, or was answered before").at("/answers").into());
    }
    Ok(Some(found))
}

/// The office that writes, or that is written to.
async fn office(
    work: &Work,
    ask: &WriteNote,
    (side, movement): (&Side, &Movement),
    answered: Option<&MovementNote>,
) -> Result<String, Failure> {
    if let Side::Officer(office) = side {
        return Ok(office.clone());
    }
    let Some(named) = &ask.office else {
        return Ok(answered.map_or_else(|| movement.departure_office.clone(), |note| note.office.clone()));
    };
    if offices(work, movement).await?.contains(named) {
        return Ok(named.clone());
    }
    Err(problem::INPUT_INVALID.because("the movement does not pass this office").at("/office").into())
}

fn tell(work: &mut Work, movement: &Movement, note: &MovementNote) -> Result<(), Failure> {
    let office = note.office.parse();
    let fact = NoteWritten {
        movement: movement.id,
        lrn: movement.lrn.clone(),
        mrn: movement.mrn.clone(),
        number: note.number,
        by: note.by.clone(),
        office: office.map_err(|_| Failure::Broken(anyhow::anyhow!("{} is no office", note.office)))?,
        party: movement.declarant.clone(),
        asks_answer: note.asks_answer,
        at: note.at,
    };
    work.tell(NOTE_WRITTEN, &movement.id.to_string(), &fact)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    use super::*;

    fn ask(text: &str) -> WriteNote {
        WriteNote {
            movement: Uuid::nil(),
            office: None,
            text: text.to_owned(),
            language: None,
            answers: None,
            asks_answer: None,
            answer_by: None,
            files: None,
        }
    }

    fn pointers(ask: &WriteNote, side: &Side) -> Vec<String> {
        let judged = judge(ask, side, DateTime::UNIX_EPOCH);
        let errors = judged.err().map(|problem| problem.errors).unwrap_or_default();
        errors.into_iter().map(|finding| finding.pointer).collect()
    }

    #[test]
    fn everything_that_is_wrong_with_a_note_is_told_at_once() {
        let officer = Side::Officer("KZALA001".to_owned());
        assert!(pointers(&ask("Where is the invoice?"), &officer).is_empty());
        let by = Some(DateTime::UNIX_EPOCH + TimeDelta::hours(4));
        let asking = WriteNote { asks_answer: Some(true), answer_by: by, ..ask("Which seals?") };
        assert!(pointers(&asking, &officer).is_empty());
        assert_eq!(pointers(&asking, &Side::Participant), ["/asksAnswer"]);
        let wrong = WriteNote {
            answer_by: Some(DateTime::UNIX_EPOCH),
            files: Some(vec![Uuid::nil(); 11]),
            ..ask(" \n ")
        };
        assert_eq!(pointers(&wrong, &officer), ["/text", "/files", "/answerBy", "/answerBy"]);
        assert_eq!(pointers(&ask(&"x".repeat(4_001)), &officer), ["/text"]);
    }
}
