//! Use cases: of which kinds of event an organisation is told at its desk.

use customs_kernel::Caller;
use customs_notifications_contract::{
    KindPreference, NotificationPreferences, ReadPreferences, SavePreferences, event::FOR_PARTICIPANTS,
};
use customs_platform::{Acts, Answers, Failure, Work};

use super::{owner::own_party, store};
use crate::{App, page, webhook};

impl Answers<ReadPreferences> for App {
    async fn answer(&self, caller: &Caller, _: ReadPreferences) -> Result<NotificationPreferences, Failure> {
        let owner = own_party(caller)?;
        Ok(told(&store::quiet(self.store.reader(), &owner).await?))
    }
}

impl Acts<SavePreferences> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: SavePreferences,
    ) -> Result<NotificationPreferences, Failure> {
        let owner = own_party(caller)?;
        let (quiet, findings) = webhook::named(&ask.quiet, FOR_PARTICIPANTS, "/quiet");
        page::refuse(findings)?;
        store::save_quiet(work.txn(), &owner, &quiet).await?;
        Ok(told(&quiet))
    }
}

fn told(quiet: &[String]) -> NotificationPreferences {
    let kind = |kind: &&str| KindPreference {
        kind: (*kind).to_owned(),
        aloud: !quiet.iter().any(|quiet| quiet == kind),
    };
    NotificationPreferences { kinds: FOR_PARTICIPANTS.iter().map(kind).collect() }
}
