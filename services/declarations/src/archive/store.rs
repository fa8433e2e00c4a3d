//! Trees of evidence as rows: ordered, filled, stamped, renewed.

use chrono::{DateTime, TimeDelta, Utc};
use customs_kernel::id::uuid_at;
use customs_platform::{Failure, Known, Sheet, Store, Work, sql, store::skip_locked};
use customs_signatures::archive::{ArchiveProof, Hash, leaf, way};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// Most messages of one tree.
pub(super) const LEAVES_MAX: usize = 4_096;
/// For how long a keeper has a tree to itself; longer than an authority may take to answer.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// How far before the newest archived message it is looked for such as were committed late.
const LATE_MS: u128 = 86_400_000;

static LEAVES: Sheet = Sheet {
    table: "archive_leaves",
    columns: &["message", "tree", "position", "leaf"],
    key: &["message"],
    known: Known::Refused,
};

/// A tree that is a keeper's to see to.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) id: Uuid,
    /// The root, once the tree is filled.
    pub(super) root: Option<Hash>,
    /// Tokens (DER), the oldest first.
    pub(super) tokens: Vec<Vec<u8>>,
    /// How often it was tried since the last token, this time included.
    pub(super) attempts: i32,
}

/// A filled place of a tree.
pub(super) struct Leaf {
    pub(super) message: Uuid,
    pub(super) hash: Hash,
}

fn damaged(what: &str) -> Failure {
    Failure::Broken(anyhow::anyhow!("an archive tree has no readable {what}"))
}

fn hash(text: &str) -> Result<Hash, Failure> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).map_err(|_| damaged("hash"))?;
    Ok(hash)
}

fn tokens(text: &str) -> Result<Vec<Vec<u8>>, Failure> {
    let hexed: Vec<String> = serde_json::from_str(text)?;
    hexed.iter().map(|token| hex::decode(token).map_err(|_| damaged("token"))).collect()
}

fn written(tokens: &[Vec<u8>]) -> Result<String, Failure> {
    Ok(serde_json::to_string(&tokens.iter().map(hex::encode).collect::<Vec<_>>())?)
}

/// Orders a tree, unless one waits to be filled; it is due at once, whatever clock its keeper has.
pub(super) async fn order(work: &Work) -> Result<(), Failure> {
    let sql = "INSERT INTO archive_trees (id, root, tokens, created_at, due_at, attempts) \
               SELECT $1, '', '[]', $2, $3, 0 WHERE NOT EXISTS (SELECT 1 FROM archive_trees WHERE root = '')";
    let at_once = DateTime::<Utc>::UNIX_EPOCH;
    sql::execute(work.txn(), sql, vec![uuid_at(work.now()).into(), work.now().into(), at_once.into()])
        .await?;
    Ok(())
}

/// Takes the tree that is due longest for a while.
pub(super) async fn claim(store: &Store, now: DateTime<Utc>) -> Result<Option<Tree>, Failure> {
    let due = "FROM archive_trees WHERE due_at <= $1 ORDER BY due_at LIMIT 1";
    if sql::row(store.reader(), &format!("SELECT id {due}"), vec![now.into()]).await?.is_none() {
        return Ok(None);
    }
    let work = store.begin("archive.claim", "").await?;
    let lock = skip_locked(work.txn().get_database_backend());
    let select = format!("SELECT id, root, tokens, attempts {due}{lock}");
    let Some(row) = sql::row(work.txn(), &select, vec![now.into()]).await? else { return Ok(None) };
    let root: String = row.try_get("", "root")?;
    let attempts: i32 = row.try_get("", "attempts")?;
    let tree = Tree {
        id: row.try_get("", "id")?,
        root: if root.is_empty() { None } else { Some(hash(&root)?) },
        tokens: tokens(&row.try_get::<String>("", "tokens")?)?,
        attempts: attempts.saturating_add(1),
    };
    let update = "UPDATE archive_trees SET due_at = $2, attempts = $3 WHERE id = $1";
    sql::execute(work.txn(), update, vec![tree.id.into(), (now + LEASE).into(), tree.attempts.into()])
        .await?;
    work.commit().await?;
    Ok(Some(tree))
}

/// The signed messages that stand in no tree yet, the oldest first.
pub(super) async fn gather(store: &Store) -> Result<Vec<Leaf>, Failure> {
    let reader = store.reader();
    let newest = "SELECT message FROM archive_leaves ORDER BY message DESC LIMIT 1";
    let newest: Option<Uuid> =
        sql::row(reader, newest, Vec::new()).await?.map(|row| row.try_get("", "message")).transpose()?;
    // Messages are numbered by time, in milliseconds from bit 80 on.
    let since = newest.map_or(0, |newest| (newest.as_u128() >> 80).saturating_sub(LATE_MS)) << 80;
    let select = "SELECT id FROM movement_messages WHERE id >= $1 AND direction = 'received' \
                  AND evidence IS NOT NULL AND NOT EXISTS \
                  (SELECT 1 FROM archive_leaves WHERE archive_leaves.message = movement_messages.id) \
                  ORDER BY id LIMIT $2";
    let most = i64::try_from(LEAVES_MAX).unwrap_or(i64::MAX);
    let rows = sql::rows(reader, select, vec![Uuid::from_u128(since).into(), most.into()]).await?;
    let mut leaves = Vec::with_capacity(rows.len());
    for row in &rows {
        let message: Uuid = row.try_get("", "id")?;
        // One at a time: bodies may be large.
        let select = "SELECT body, evidence FROM movement_messages WHERE id = $1";
        let Some(row) = sql::row(reader, select, vec![message.into()]).await? else { continue };
        let (body, evidence): (String, String) = (row.try_get("", "body")?, row.try_get("", "evidence")?);
        leaves.push(Leaf { message, hash: leaf(body.as_bytes(), evidence.as_bytes()) });
    }
    Ok(leaves)
}

/// Fills `tree` with `leaves`, whose root is `root`.
pub(super) async fn fill(store: &Store, tree: Uuid, root: &Hash, leaves: &[Leaf]) -> Result<(), Failure> {
    let work = store.begin("archive.fill", "").await?;
    let update = "UPDATE archive_trees SET root = $2 WHERE id = $1 AND root = ''";
    if sql::execute(work.txn(), update, vec![tree.into(), hex::encode(root).into()]).await? == 0 {
        return Err(damaged("claim: another keeper was faster"));
    }
    for (position, leaf) in leaves.iter().enumerate() {
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        let row = vec![leaf.message.into(), tree.into(), position.into(), hex::encode(leaf.hash).into()];
        work.write(&LEAVES, leaf.message.to_string(), row);
    }
    work.commit().await
}

/// Strikes off a tree for which there was nothing.
pub(super) async fn strike(store: &Store, tree: Uuid) -> Result<(), Failure> {
    let work = store.begin("archive.strike", "").await?;
    let delete = "DELETE FROM archive_trees WHERE id = $1 AND root = ''";
    sql::execute(work.txn(), delete, vec![tree.into()]).await?;
    work.commit().await
}

/// Orders the next tree at once: there was more than one tree holds.
pub(super) async fn order_more(store: &Store) -> Result<(), Failure> {
    let work = store.begin("archive.order", "").await?;
    order(&work).await?;
    work.commit().await
}

/// Adds `token`, which was made over the tree with its tokens so far; the tree is due again at `due_at`.
pub(super) async fn stamped(
    store: &Store,
    tree: &Tree,
    token: &[u8],
    (stamped_at, due_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), Failure> {
    let mut all = tree.tokens.clone();
    all.push(token.to_vec());
    let work = store.begin("archive.stamped", "").await?;
    let update = "UPDATE archive_trees SET tokens = $2, stamped_at = $3, due_at = $4, attempts = 0, failure = NULL \
                  WHERE id = $1 AND tokens = $5";
    let values = vec![
        tree.id.into(),
        written(&all)?.into(),
        stamped_at.into(),
        due_at.into(),
        written(&tree.tokens)?.into(),
    ];
    // Another keeper that was faster has added a token as good as this one.
    sql::execute(work.txn(), update, values).await?;
    work.commit().await
}

/// Notes why `tree` got no token; it is due again at `due_at`.
pub(super) async fn failed(
    store: &Store,
    tree: &Tree,
    why: &str,
    due_at: DateTime<Utc>,
) -> Result<(), Failure> {
    let work = store.begin("archive.failed", "").await?;
    let update = "UPDATE archive_trees SET failure = $2, due_at = $3 WHERE id = $1";
    sql::execute(work.txn(), update, vec![tree.id.into(), why.into(), due_at.into()]).await?;
    work.commit().await
}

/// Lets every tree be renewed now whose last token is older than `before`.
pub(super) async fn hasten(store: &Store, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Failure> {
    let work = store.begin("archive.hasten", "").await?;
    let update = "UPDATE archive_trees SET due_at = $2 WHERE stamped_at < $1 AND due_at > $2";
    sql::execute(work.txn(), update, vec![before.into(), now.into()]).await?;
    work.commit().await
}

/// How many trees wait for a token, and since when the oldest of them does.
pub(super) async fn waiting(store: &Store) -> Result<(i64, Option<DateTime<Utc>>), Failure> {
    let select = "SELECT COUNT(*) AS waiting, MIN(created_at) AS oldest FROM archive_trees \
                  WHERE stamped_at IS NULL AND root <> ''";
    let row: Option<QueryResult> = sql::row(store.reader(), select, Vec::new()).await?;
    let Some(row) = row else { return Ok((0, None)) };
    Ok((row.try_get("", "waiting")?, row.try_get("", "oldest")?))
}

/// The proof that `message` was archived, if it has been stamped.
pub(super) async fn proof(
    reader: &impl ConnectionTrait,
    message: Uuid,
) -> Result<Option<ArchiveProof>, Failure> {
    let select = "SELECT archive_leaves.tree, archive_leaves.position, archive_trees.tokens FROM archive_leaves \
                  JOIN archive_trees ON archive_trees.id = archive_leaves.tree WHERE archive_leaves.message = $1";
    let Some(row) = sql::row(reader, select, vec![message.into()]).await? else { return Ok(None) };
    let (tree, position): (Uuid, i32) = (row.try_get("", "tree")?, row.try_get("", "position")?);
    let tokens: Vec<String> = serde_json::from_str(&row.try_get::<String>("", "tokens")?)?;
    if tokens.is_empty() {
        return Ok(None);
    }
    let select = "SELECT leaf FROM archive_leaves WHERE tree = $1 ORDER BY position";
    let rows = sql::rows(reader, select, vec![tree.into()]).await?;
    let leaves: Result<Vec<Hash>, Failure> =
        rows.iter().map(|row| hash(&row.try_get::<String>("", "leaf")?)).collect();
    let position = usize::try_from(position).map_err(|_| damaged("position"))?;
    Ok(Some(ArchiveProof { way: way(&leaves?, position), tokens }))
}
