//! Rows of versions: the next number, the chain, the event that tells of it.

use customs_kernel::Caller;
use customs_platform::{Failure, Work};
use customs_references_contract::{
    ReferenceVersion,
    bus::{AGGREGATE, VERSION_ACTIVATED, VersionActivated},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use sha2::{Digest, Sha256};

use crate::{entry::Tally, page::Page, sql};

/// The number and row from which the next version goes on; held until the transaction ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence {
    /// Number of the newest version.
    pub(crate) number: i64,
    /// Number of the last row of entries.
    pub(crate) seq: i64,
}

impl Sequence {
    /// Takes the sequence: whoever else makes a version waits for this transaction, so that numbers come
    /// into sight in their order and a reader of changes misses none.
    pub(crate) async fn take(work: &Work) -> Result<Self, Failure> {
        let statement =
            format!("SELECT number, seq FROM sequence WHERE id = 1{}", sql::for_update(work.txn()));
        let row = sql::one(work.txn(), &statement, Vec::new()).await?;
        let row = row.ok_or_else(|| anyhow::anyhow!("the sequence of versions is missing"))?;
        Ok(Self { number: row.try_get("", "number")?, seq: row.try_get("", "seq")? })
    }

    /// The number of the version that is being made.
    pub(crate) const fn next(self) -> i64 {
        self.number + 1
    }
}

/// Where a version comes from.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    /// The dataset that changes.
    pub(crate) dataset: &'a str,
    /// Name of the file, or what the administrator did.
    pub(crate) name: String,
    /// SHA-256 of the file or of the change, in hexadecimal.
    pub(crate) sha256: String,
    /// Who brought it, an opaque id.
    pub(crate) by: String,
}

impl<'a> Source<'a> {
    /// A change of `dataset` by an administrator, told in a few words.
    pub(crate) fn administrator(dataset: &'a str, caller: &Caller, what: &str) -> Self {
        let name = format!("administrator: {what}");
        let sha256 = hex::encode(Sha256::digest(&name));
        Self { dataset, name, sha256, by: caller.actor.subject.clone() }
    }
}

/// Which readers must take a new snapshot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Activated {
    /// Everybody who looks up.
    Everywhere,
    /// Nobody: no look-up of validation reads differently.
    Quietly,
}

impl Source<'_> {
    /// Records the version that follows `sequence` and tells of it.
    pub(crate) async fn record(
        self,
        work: &mut Work,
        sequence: Sequence,
        tally: &Tally,
        activated: Activated,
    ) -> Result<i64, Failure> {
        let number = sequence.next();
        let before = newest(work.txn()).await?;
        let chain = self.chain(number, &before.chain);
        let statement = "INSERT INTO versions (number, dataset, source, sha256, chain, imported_at, \
             imported_by, added, changed, removed, last_seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let values = vec![
            number.into(),
            self.dataset.into(),
            self.name.as_str().into(),
            self.sha256.as_str().into(),
            chain.as_str().into(),
            work.now().into(),
            self.by.as_str().into(),
            tally.added.into(),
            tally.changed.into(),
            tally.removed.into(),
            tally.last_seq.into(),
        ];
        sql::run(work.txn(), statement, values).await?;
        let statement = "UPDATE sequence SET number = $1, seq = $2 WHERE id = 1";
        sql::run(work.txn(), statement, vec![number.into(), tally.last_seq.into()]).await?;
        if activated == Activated::Everywhere {
            sql::run(work.txn(), "UPDATE sequence SET loud = number WHERE id = 1", Vec::new()).await?;
            let fact = VersionActivated {
                number,
                dataset: self.dataset.to_owned(),
                version: Newest { number, chain }.text(),
                activated_at: work.now(),
            };
            work.tell(VERSION_ACTIVATED, AGGREGATE, &fact)?;
        }
        Ok(number)
    }

    fn chain(&self, number: i64, before: &str) -> String {
        let text = format!("{before}\n{number}\n{}\n{}", self.dataset, self.sha256);
        hex::encode(Sha256::digest(text))
    }
}

/// The newest version: its number and its place in the chain.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Newest {
    pub(crate) number: i64,
    pub(crate) chain: String,
}

impl Newest {
    /// Number and the first characters of the chain: what a receipt cites.
    pub(crate) fn text(&self) -> String {
        format!("{}-{}", self.number, self.chain.get(..16).unwrap_or("0000000000000000"))
    }
}

/// The newest version; number 0 before the first.
pub(crate) async fn newest(connection: &impl ConnectionTrait) -> Result<Newest, DbErr> {
    let statement = "SELECT number, chain FROM versions ORDER BY number DESC LIMIT 1";
    read(sql::one(connection, statement, Vec::new()).await?)
}

/// The newest version of which every reader must know; number 0 before the first.
pub(crate) async fn newest_loud(connection: &impl ConnectionTrait) -> Result<Newest, DbErr> {
    let statement = "SELECT number, chain FROM versions \
                     WHERE number = (SELECT loud FROM sequence WHERE id = 1)";
    read(sql::one(connection, statement, Vec::new()).await?)
}

fn read(row: Option<QueryResult>) -> Result<Newest, DbErr> {
    row.map_or_else(
        || Ok(Newest::default()),
        |row| Ok(Newest { number: row.try_get("", "number")?, chain: row.try_get("", "chain")? }),
    )
}

/// Number of the last row of entries that the version `number` knew; absent if there is no such version.
pub(super) async fn last_seq(connection: &impl ConnectionTrait, number: i64) -> Result<Option<i64>, DbErr> {
    if number == 0 {
        return Ok(Some(0));
    }
    let statement = "SELECT last_seq FROM versions WHERE number = $1";
    let row = sql::one(connection, statement, vec![number.into()]).await?;
    row.map(|row| row.try_get("", "last_seq")).transpose()
}

/// The versions before the number that `page` begins after, newest first, one more than it holds.
pub(super) async fn versions(
    connection: &impl ConnectionTrait,
    dataset: Option<&str>,
    before: i64,
    page: &Page,
) -> Result<Vec<ReferenceVersion>, DbErr> {
    let chosen = if dataset.is_some() { " AND dataset = $3" } else { "" };
    let statement = format!("SELECT * FROM versions WHERE number < $1{chosen} ORDER BY number DESC LIMIT $2");
    let mut values = vec![before.into(), page.limit().into()];
    values.extend(dataset.map(Into::into));
    sql::all(connection, &statement, values).await?.iter().map(version).collect()
}

fn version(row: &QueryResult) -> Result<ReferenceVersion, DbErr> {
    Ok(ReferenceVersion {
        number: row.try_get("", "number")?,
        dataset: row.try_get("", "dataset")?,
        source: row.try_get("", "source")?,
        sha256: row.try_get("", "sha256")?,
        chain: row.try_get("", "chain")?,
        imported_at: row.try_get("", "imported_at")?,
        imported_by: row.try_get("", "imported_by")?,
        added: row.try_get("", "added")?,
        changed: row.try_get("", "changed")?,
        removed: row.try_get("", "removed")?,
    })
}
