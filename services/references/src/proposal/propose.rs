//! Use case: tell what an announced file would change, and keep it for somebody else to decide on.

use std::collections::HashMap;

use chrono::TimeDelta;
use customs_kernel::Caller;
use customs_platform::{Failure, Plans, Work};
use customs_references_contract::{
    ChangeKind, ImportProposal, ProposalState, ProposeImport, ProposedChange, ReferenceChange,
    ReferenceLabel, proposals::SHOWN_MAX,
};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::{
    KEPT_DAYS, awaits,
    store::{Proposal, base_of},
};
use crate::{
    App,
    entry::Tally,
    import::{ABANDONED, Import, Whole, take_in, unknown},
    label, sql,
    version::Sequence,
};

/// How many codes one question for their names holds.
const CODES: usize = 500;

/// What a file would change.
pub struct Difference {
    proposal: Proposal,
    changes: Vec<ProposedChange>,
}

impl Plans<ProposeImport> for App {
    type Plan = Difference;

    async fn plan(&self, caller: &Caller, ask: ProposeImport) -> Result<Difference, Failure> {
        let reader = self.store().reader();
        let import = Import::find(reader, ask.import, caller, "").await?;
        let Whole { import, file, dataset } = self.whole(caller, import).await?;
        // Taken in and let go: the difference is what the import itself would write, by the same code.
        let work = self.store().begin("references.propose-import", &caller.correlation_id).await?;
        let sequence = Sequence::take(&work).await?;
        let base = base_of(work.txn(), dataset).await?;
        let tally = take_in(&work, sequence, dataset, file, SHOWN_MAX).await?;
        let proposed_at = work.now();
        drop(work);
        let Tally { added, changed, removed, unchanged, lists, first_changes, .. } = tally;
        let changes = beside_what_stands(reader, dataset, first_changes).await?;
        let proposal = Proposal {
            import: import.id,
            state: ProposalState::Awaiting,
            dataset: dataset.to_owned(),
            file_name: import.file_name,
            sha256: import.sha256,
            base,
            added,
            changed,
            removed,
            unchanged,
            lists,
            proposed_at,
            proposed_by: import.begun_by,
            decided_at: None,
            decided_by: None,
            reason: None,
            number: None,
        };
        Ok(Difference { proposal, changes })
    }

    async fn carry_out(
        &self,
        work: &mut Work,
        caller: &Caller,
        plan: Difference,
    ) -> Result<ImportProposal, Failure> {
        let Difference { proposal, changes } = plan;
        let id = proposal.import;
        // Whoever decides meanwhile holds the import, and leaves none behind.
        let hold = sql::for_update(work.txn());
        Import::find(work.txn(), id, caller, hold).await.map_err(|_| unknown(id))?;
        if let Some(earlier) = Proposal::find(work.txn(), id).await? {
            awaits(&earlier)?;
        }
        proposal.keep(work.txn(), &changes).await?;
        let due = proposal.proposed_at + TimeDelta::days(KEPT_DAYS);
        work.set_timer(ABANDONED, &id.to_string(), due);
        Ok(proposal.told(caller))
    }
}

/// The changes, each beside the names that stand now.
async fn beside_what_stands(
    connection: &impl ConnectionTrait,
    dataset: &str,
    changes: Vec<ReferenceChange>,
) -> Result<Vec<ProposedChange>, DbErr> {
    let mut known: HashMap<&str, Vec<&str>> = HashMap::new();
    for change in changes.iter().filter(|change| change.kind != ChangeKind::Added) {
        known.entry(&change.list).or_default().push(&change.code);
    }
    let mut names: HashMap<(String, String), Vec<ReferenceLabel>> = HashMap::new();
    for (list, codes) in known {
        for codes in codes.chunks(CODES) {
            let statement = format!(
                "SELECT code, labels FROM entries WHERE list = $1 AND dataset = $2 AND until IS NULL \
                 AND code IN ({}) ORDER BY code, valid_from",
                sql::places(3, codes.len())
            );
            let mut values: Vec<Value> = vec![list.into(), dataset.into()];
            values.extend(codes.iter().map(|code| Value::from(*code)));
            for row in sql::all(connection, &statement, values).await? {
                let (code, labels): (String, String) = (row.try_get("", "code")?, row.try_get("", "labels")?);
                // The newest comes last and stays.
                names.insert((list.to_owned(), code), label::read(&labels));
            }
        }
    }
    let beside = |change: ReferenceChange| {
        let key = (change.list, change.code);
        let before = names.remove(&key).unwrap_or_default();
        ProposedChange {
            kind: change.kind,
            list: key.0,
            code: key.1,
            before,
            after: change.labels,
            valid_from: change.valid_from,
            valid_to: change.valid_to,
        }
    };
    Ok(changes.into_iter().map(beside).collect())
}
