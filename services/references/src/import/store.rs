//! Rows of imports: what was announced and the chunks that arrived.

use chrono::{DateTime, Utc};
use customs_kernel::{Caller, Problem};
use customs_platform::{Failure, Work};
use customs_references_contract::problems::IMPORT_UNKNOWN;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql;

/// An announced import.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) id: Uuid,
    pub(crate) dataset: Option<String>,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) size: i64,
    pub(crate) received: i64,
    pub(crate) chunks: i32,
    pub(crate) begun_at: DateTime<Utc>,
    pub(crate) begun_by: String,
}

impl Import {
    pub(crate) async fn insert(&self, connection: &impl ConnectionTrait) -> Result<(), DbErr> {
        let statement = "INSERT INTO imports (id, dataset, file_name, sha256, size, received, chunks, \
             begun_at, begun_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vec![
            self.id.into(),
            self.dataset.clone().into(),
            self.file_name.as_str().into(),
            self.sha256.as_str().into(),
            self.size.into(),
            self.received.into(),
            self.chunks.into(),
            self.begun_at.into(),
            self.begun_by.as_str().into(),
        ];
        sql::run(connection, statement, values).await.map(|_| ())
    }

    /// The import `id`, if `caller` began it.
    pub(crate) async fn find(
        connection: &impl ConnectionTrait,
        id: Uuid,
        caller: &Caller,
        hold: &str,
    ) -> Result<Self, Failure> {
        let import = Self::of_anybody(connection, id, hold).await?;
        if import.begun_by != caller.actor.subject {
            return Err(unknown(id).into());
        }
        Ok(import)
    }

    /// The import `id`, whoever began it.
    pub(crate) async fn of_anybody(
        connection: &impl ConnectionTrait,
        id: Uuid,
        hold: &str,
    ) -> Result<Self, Failure> {
        let statement = format!("SELECT * FROM imports WHERE id = $1{hold}");
        let row = sql::one(connection, &statement, vec![id.into()]).await?.ok_or_else(|| unknown(id))?;
        Ok(Self {
            id,
            dataset: row.try_get("", "dataset")?,
            file_name: row.try_get("", "file_name")?,
            sha256: row.try_get("", "sha256")?,
            size: row.try_get("", "size")?,
            received: row.try_get("", "received")?,
            chunks: row.try_get("", "chunks")?,
            begun_at: row.try_get("", "begun_at")?,
            begun_by: row.try_get("", "begun_by")?,
        })
    }

    /// Keeps the next chunk.
    pub(crate) async fn append(
        &mut self,
        connection: &impl ConnectionTrait,
        bytes: Vec<u8>,
    ) -> Result<(), DbErr> {
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let statement = "INSERT INTO import_chunks (import, position, bytes) VALUES ($1, $2, $3)";
        sql::run(connection, statement, vec![self.id.into(), self.chunks.into(), bytes.into()]).await?;
        self.chunks += 1;
        self.received += size;
        let statement = "UPDATE imports SET received = $2, chunks = $3 WHERE id = $1";
        let values = vec![self.id.into(), self.received.into(), self.chunks.into()];
        sql::run(connection, statement, values).await.map(|_| ())
    }

    /// The bytes of the chunk `position`, if it is here.
    pub(crate) async fn chunk(
        &self,
        connection: &impl ConnectionTrait,
        position: i32,
    ) -> Result<Option<Vec<u8>>, DbErr> {
        let statement = "SELECT bytes FROM import_chunks WHERE import = $1 AND position = $2";
        let row = sql::one(connection, statement, vec![self.id.into(), position.into()]).await?;
        row.map(|row| row.try_get("", "bytes")).transpose()
    }

    /// The whole file, chunk after chunk.
    pub(crate) async fn file(&self, connection: &impl ConnectionTrait) -> Result<Vec<u8>, DbErr> {
        let mut file = Vec::with_capacity(usize::try_from(self.received).unwrap_or_default());
        for position in 0..self.chunks {
            file.extend(self.chunk(connection, position).await?.unwrap_or_default());
        }
        Ok(file)
    }
}

/// Forgets the import `id` and its chunks.
pub(crate) async fn forget(work: &mut Work, id: &str) -> Result<(), Failure> {
    let id: Uuid = id.parse().map_err(|_| anyhow::anyhow!("an import is known by a UUID"))?;
    sql::run(work.txn(), "DELETE FROM import_chunks WHERE import = $1", vec![id.into()]).await?;
    sql::run(work.txn(), "DELETE FROM imports WHERE id = $1", vec![id.into()]).await?;
    work.cancel_timer(super::ABANDONED, &id.to_string());
    Ok(())
}

pub(crate) fn unknown(id: Uuid) -> Problem {
    IMPORT_UNKNOWN.because(format!("no import {id} of yours awaits anything")).at("/import")
}
