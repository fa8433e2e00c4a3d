//! Use cases: publish a regulation or a notice, end it.

use customs_kernel::{Caller, id::uuid_at, problem};
use customs_platform::{Acts, Failure, Work};
use customs_references_contract::{EndPublication, Publication, Publish, problems::MEASURE_ENDED};

use super::store;
use crate::{
    App,
    page::{check_day, check_text, invalid, require},
};

/// In which languages everything is published.
const LANGUAGES: [&str; 3] = ["en", "ru", "kk"];
/// The most characters of a title, and of a text.
const TITLE_MAX: usize = 200;
const TEXT_MAX: usize = 8_000;

impl Acts<Publish> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: Publish) -> Result<Publication, Failure> {
        let publication = Publication {
            id: uuid_at(work.now()),
            kind: ask.kind,
            number: ask.number.filter(|number| !number.trim().is_empty()),
            texts: ask.texts,
            valid_from: ask.valid_from.unwrap_or_else(|| work.now().date_naive()),
            valid_to: ask.valid_to,
            published_at: work.now(),
        };
        check(&publication)?;
        store::insert(work.txn(), &publication, &caller.actor.subject).await?;
        Ok(publication)
    }
}

impl Acts<EndPublication> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: EndPublication,
    ) -> Result<Publication, Failure> {
        let unknown = || problem::NOT_FOUND.because("there is no such publication").at("/id");
        let mut publication = store::find(work.txn(), ask.id).await?.ok_or_else(unknown)?;
        let wanted = ask.valid_to.unwrap_or_else(|| work.now().date_naive());
        let mut findings = Vec::new();
        check_day("/validTo", Some(wanted), &mut findings);
        require(findings)?;
        if publication.valid_to.is_some_and(|to| to <= wanted) {
            return Err(MEASURE_ENDED.because("it ends earlier already").at("/validTo").into());
        }
        let to = wanted.max(publication.valid_from);
        store::end(work.txn(), ask.id, to, &caller.actor.subject).await?;
        publication.valid_to = Some(to);
        Ok(publication)
    }
}

/// Everything that is wrong with a publication, at once.
fn check(publication: &Publication) -> Result<(), Failure> {
    let mut findings = Vec::new();
    if let Some(number) = &publication.number {
        check_text("/number", number, 1, 80, &mut findings);
    }
    for language in LANGUAGES {
        if publication.texts.iter().filter(|text| text.language == language).count() != 1 {
            findings.push(invalid("/texts", format!("there is one text in {language}")));
        }
    }
    for (place, text) in publication.texts.iter().enumerate() {
        if !LANGUAGES.contains(&text.language.as_str()) {
            findings.push(invalid(format!("/texts/{place}/language"), "the languages are en, ru and kk"));
        }
        check_text(&format!("/texts/{place}/title"), text.title.trim(), 1, TITLE_MAX, &mut findings);
        // A text may have several lines.
        let told = text.text.trim();
        if told.is_empty() || told.chars().count() > TEXT_MAX {
            findings.push(invalid(format!("/texts/{place}/text"), "a text has 1 to 8000 characters"));
        }
    }
    check_day("/validFrom", Some(publication.valid_from), &mut findings);
    check_day("/validTo", publication.valid_to, &mut findings);
    if publication.valid_to.is_some_and(|to| to <= publication.valid_from) {
        findings.push(invalid("/validTo", "validTo is a day after validFrom"));
    }
    Ok(require(findings)?)
}
