//! A draft, its lock and what may become of it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::{Finding, Problem};
use customs_web_broker_contract::{DraftHead, DraftKind, DraftLock, problems::DRAFT_LOCKED};
use serde::Serialize;
use uuid::Uuid;

use crate::form::stale;

/// How long a draft lives after it was saved last.
const LIFE: TimeDelta = TimeDelta::days(30);
/// How long a lock holds unless it is renewed.
const HOLD: TimeDelta = TimeDelta::minutes(1);

/// That somebody is at work on a draft.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Lock {
    pub(super) holder: String,
    pub(super) until: DateTime<Utc>,
}

/// A declaration before it is sent; its content is kept beside it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Draft {
    pub(super) id: Uuid,
    pub(super) organisation_id: Uuid,
    pub(super) kind: DraftKind,
    pub(super) title: String,
    pub(super) version: i32,
    pub(super) keeper: String,
    pub(super) lock: Option<Lock>,
    pub(super) copied_from: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) saved_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

/// What the history keeps of a draft.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DraftState<'a> {
    version: i32,
    keeper: &'a str,
    copied_from: Option<Uuid>,
}

impl Draft {
    /// A new draft of an organisation, begun and kept by `who`.
    pub(crate) fn begin(
        id: Uuid,
        organisation_id: Uuid,
        (kind, title): (DraftKind, String),
        who: &str,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            organisation_id,
            kind,
            title,
            version: 1,
            keeper: who.to_owned(),
            lock: None,
            copied_from: None,
            created_at: now,
            saved_at: now,
            expires_at: now + LIFE,
        }
    }

    /// A new draft like this one, begun and kept by `who`.
    pub(crate) fn copy(&self, id: Uuid, title: Option<String>, who: &str, now: DateTime<Utc>) -> Self {
        let title = title.unwrap_or_else(|| self.title.clone());
        let copy = Self::begin(id, self.organisation_id, (self.kind, title), who, now);
        Self { copied_from: Some(self.id), ..copy }
    }

    /// Saves the draft under a new `title`; it lives on from now, and so does the lock of `who`.
    pub(crate) fn save(
        &mut self,
        expected: i32,
        title: String,
        who: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        self.change(expected, who, now)?;
        self.title = title;
        self.saved_at = now;
        self.expires_at = now + LIFE;
        if self.held(now).is_some() {
            self.lock(who, now)?;
        }
        Ok(())
    }

    /// Locks the draft for `who`, or renews their lock.
    pub(crate) fn lock(&mut self, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
        self.require_free(who, now)?;
        self.lock = Some(Lock { holder: who.to_owned(), until: now + HOLD });
        Ok(())
    }

    /// Gives the lock of `who` back, if there is one.
    pub(crate) fn unlock(&mut self, who: &str) {
        self.lock = self.lock.take().filter(|lock| lock.holder != who);
    }

    /// Makes `to` the keeper; a lock of `who` ends.
    pub(crate) fn hand_over(
        &mut self,
        expected: i32,
        to: &str,
        who: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        self.change(expected, who, now)?;
        to.clone_into(&mut self.keeper);
        self.lock = None;
        Ok(())
    }

    /// Whether `who` may throw the draft away.
    pub(crate) fn require_deletable(
        &self,
        expected: i32,
        who: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        self.require_version(expected)?;
        self.require_free(who, now)
    }

    /// Whether it has served its time.
    pub(crate) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at <= now
    }

    fn change(&mut self, expected: i32, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
        self.require_version(expected)?;
        self.require_free(who, now)?;
        self.version = self.version.saturating_add(1);
        Ok(())
    }

    fn require_version(&self, expected: i32) -> Result<(), Problem> {
        if expected == self.version { Ok(()) } else { Err(stale(expected, self.version)) }
    }

    fn require_free(&self, who: &str, now: DateTime<Utc>) -> Result<(), Problem> {
        let Some(lock) = self.held(now).filter(|lock| lock.holder != who) else { return Ok(()) };
        let seconds = (lock.until - now).num_seconds().saturating_add(1);
        let finding = Finding::new(DRAFT_LOCKED.code, "/id", "a colleague is at work on the draft")
            .with_value(lock.holder.clone());
        Err(DRAFT_LOCKED
            .because(format!("a colleague is at work on the draft until {}", lock.until))
            .with_errors(vec![finding])
            .retry_after(u32::try_from(seconds).unwrap_or(1)))
    }

    fn held(&self, now: DateTime<Utc>) -> Option<&Lock> {
        self.lock.as_ref().filter(|lock| lock.until > now)
    }

    /// Which draft.
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// Whose draft.
    pub(crate) const fn organisation_id(&self) -> Uuid {
        self.organisation_id
    }

    /// Raised by every save.
    pub(crate) const fn version(&self) -> i32 {
        self.version
    }

    /// When it will be thrown away.
    pub(crate) const fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// The opaque ids of those who have to do with it.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &str> {
        self.lock.iter().map(|lock| lock.holder.as_str()).chain([self.keeper.as_str()])
    }

    /// What the history keeps.
    pub(crate) fn state(&self) -> DraftState<'_> {
        DraftState { version: self.version, keeper: &self.keeper, copied_from: self.copied_from }
    }

    /// The draft as it is shown at `now`, with the `names` of people.
    pub(crate) fn head(&self, names: &HashMap<String, String>, now: DateTime<Utc>) -> DraftHead {
        DraftHead {
            id: self.id,
            version: self.version,
            kind: self.kind,
            title: self.title.clone(),
            keeper: self.keeper.clone(),
            keeper_name: names.get(&self.keeper).cloned(),
            lock: self.held(now).map(|lock| DraftLock {
                holder: lock.holder.clone(),
                holder_name: names.get(&lock.holder).cloned(),
                until: lock.until,
            }),
            copied_from: self.copied_from,
            created_at: self.created_at,
            saved_at: self.saved_at,
            expires_at: self.expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use customs_kernel::problem;
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn draft() -> Draft {
        Draft::begin(Uuid::nil(), Uuid::nil(), (DraftKind::Transit, "T1".to_owned()), "anna", at(0))
    }

    #[test]
    fn a_save_of_an_old_version_is_refused_with_the_present_one() {
        let mut draft = draft();
        draft.save(1, "T2".to_owned(), "anna", at(1)).unwrap();
        let problem = draft.save(1, "T3".to_owned(), "anna", at(2)).unwrap_err();
        assert!(problem.is(problem::VERSION_STALE));
        assert_eq!(problem.errors[0].value.as_deref(), Some("2"));
        assert_eq!(draft.expires_at, at(1) + TimeDelta::days(30));
    }

    #[test]
    fn a_lock_keeps_colleagues_out_for_a_minute() {
        let mut draft = draft();
        draft.lock("anna", at(0)).unwrap();
        let refused = draft.lock("boris", at(59)).unwrap_err();
        assert!(refused.is(DRAFT_LOCKED));
        assert_eq!(refused.retry_after_s, Some(2));
        assert!(draft.save(1, "T2".to_owned(), "boris", at(59)).unwrap_err().is(DRAFT_LOCKED));
        assert!(draft.hand_over(1, "carla", "boris", at(59)).unwrap_err().is(DRAFT_LOCKED));
        assert!(draft.require_deletable(1, "boris", at(59)).unwrap_err().is(DRAFT_LOCKED));
        draft.lock("boris", at(60)).unwrap();
        assert!(draft.head(&HashMap::new(), at(61)).lock.is_some());
        assert!(draft.head(&HashMap::new(), at(121)).lock.is_none());
    }

    #[test]
    fn a_lock_is_renewed_by_saving_and_given_back_by_its_holder_only() {
        let mut draft = draft();
        draft.lock("anna", at(0)).unwrap();
        draft.save(1, "T2".to_owned(), "anna", at(50)).unwrap();
        assert!(draft.lock("boris", at(100)).unwrap_err().is(DRAFT_LOCKED));
        draft.unlock("boris");
        assert!(draft.lock("boris", at(100)).is_err());
        draft.unlock("anna");
        assert!(draft.lock("boris", at(100)).is_ok());
    }

    #[test]
    fn a_draft_that_is_handed_over_is_free() {
        let mut draft = draft();
        draft.lock("anna", at(0)).unwrap();
        draft.hand_over(1, "boris", "anna", at(1)).unwrap();
        assert_eq!(draft.keeper, "boris");
        assert!(draft.lock("boris", at(2)).is_ok());
        assert_eq!(draft.version, 2);
    }

    #[test]
    fn a_copy_is_a_draft_of_its_own() {
        let copy = draft().copy(Uuid::from_u128(1), None, "boris", at(5));
        assert_eq!((copy.version, copy.title.as_str(), copy.copied_from), (1, "T1", Some(Uuid::nil())));
        assert_eq!(copy.keeper, "boris");
    }

    proptest! {
        #[test]
        fn at_no_instant_do_two_people_hold_the_lock(
            steps in proptest::collection::vec((0_i64..90, 0_usize..3, 0_usize..4), 1..40),
        ) {
            let people = ["anna", "boris", "carla"];
            let mut draft = draft();
            let mut now = 0;
            let mut holder: Option<(usize, i64)> = None;
            for (wait, who, what) in steps {
                now += wait;
                let free = holder.is_none_or(|(owner, until)| until <= now || owner == who);
                let held = holder.is_some_and(|(_, until)| until > now);
                match what {
                    0 => {
                        prop_assert_eq!(draft.lock(people[who], at(now)).is_ok(), free);
                        if free { holder = Some((who, now + 60)); }
                    }
                    1 => {
                        let version = draft.version;
                        let saved = draft.save(version, "T".to_owned(), people[who], at(now)).is_ok();
                        prop_assert_eq!(saved, free);
                        if free && held { holder = Some((who, now + 60)); }
                    }
                    2 => {
                        draft.unlock(people[who]);
                        if holder.is_some_and(|(owner, _)| owner == who) { holder = None; }
                    }
                    _ => {
                        let version = draft.version;
                        let done = draft.hand_over(version, "anna", people[who], at(now)).is_ok();
                        prop_assert_eq!(done, free);
                        if free { holder = None; }
                    }
                }
            }
        }
    }
}
