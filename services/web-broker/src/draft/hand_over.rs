//! Use case: make a colleague the keeper of a draft.

use customs_kernel::{Caller, UseCase, problem};
use customs_platform::{Acts, Failure, Work};
use customs_web_broker_contract::{DraftHead, HandOverDraft};

use super::{save::head, store};
use crate::{App, history, membership, organisation, person};

impl Acts<HandOverDraft> for App {
    async fn act(&self, work: &mut Work, caller: &Caller, ask: HandOverDraft) -> Result<DraftHead, Failure> {
        let organisation = organisation::own(work.txn(), caller).await?;
        let mut draft = store::locked(work.txn(), organisation.id(), ask.id).await?;
        let now = work.now();
        let theirs =
            membership::store::not_ended(work.txn(), ask.to_person_id, organisation.id(), now).await?;
        let able = theirs
            .iter()
            .any(|membership| membership.is_in_force(now) && membership.may(HandOverDraft::NEEDS));
        let people = person::store::by_ids(work.txn(), [ask.to_person_id]).await?;
        if !able || !people.values().any(person::Person::is_active) {
            let detail = "no colleague of this id may write drafts";
            return Err(problem::NOT_FOUND.because(detail).at("/toPersonId").into());
        }
        let who = caller.actor.subject.as_str();
        draft.hand_over(ask.expected_version, &ask.to_person_id.to_string(), who, now)?;
        store::update(work.txn(), &draft).await?;
        let change = ("draft-handed-over", draft.id());
        history::note(work, who, Some(organisation.id()), change, &draft.state()).await?;
        head(work, &draft).await
    }
}
