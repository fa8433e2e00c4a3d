//! Use cases: read a message box from any place on, and one of its entries.

use customs_kernel::{Caller, problem};
use customs_notifications_contract::{Notification, NotificationPage, PullNotifications, ReadNotification};
use customs_platform::{Answers, Failure};

use super::{owner::own_box, store};
use crate::{App, page};

impl Answers<PullNotifications> for App {
    async fn answer(&self, caller: &Caller, ask: PullNotifications) -> Result<NotificationPage, Failure> {
        let mut findings = Vec::new();
        let first = page::first(ask.first, &mut findings);
        let after = page::after(ask.after.as_deref(), &mut findings, number);
        if ask.after_number.is_some_and(|number| number < 0) {
            findings.push(page::invalid("/afterNumber", "a number is not negative"));
        }
        if ask.after.is_some() && ask.after_number.is_some() {
            findings.push(page::invalid("/afterNumber", "send either afterNumber or after"));
        }
        page::refuse(findings)?;
        let owner = own_box(caller, ask.office.as_deref())?;
        let behind = after.or(ask.after_number).unwrap_or_default();
        let open_only = ask.unacknowledged_only.unwrap_or_default();
        let reader = self.store.reader();
        let mut items = store::behind(reader, &owner, behind, open_only, first + 1).await?;
        // Read after the entries, so that no entry has a higher number than the newest.
        let totals = store::totals(reader, &owner).await?;
        let more = items.len() > first;
        items.truncate(first);
        let next = items.last().filter(|_| more).map(|last| last.cursor.clone());
        let (last_number, unacknowledged) = (totals.last_number, totals.unacknowledged);
        Ok(NotificationPage { owner, items, next, last_number, unacknowledged })
    }
}

impl Answers<ReadNotification> for App {
    async fn answer(&self, caller: &Caller, ask: ReadNotification) -> Result<Notification, Failure> {
        let owner = own_box(caller, ask.office.as_deref())?;
        let found = store::find(self.store.reader(), &owner, ask.id).await?;
        found.ok_or_else(|| problem::NOT_FOUND.because("there is no such notification").at("/id").into())
    }
}

fn number(key: &str) -> Option<i64> {
    key.parse().ok().filter(|number| *number >= 0)
}
