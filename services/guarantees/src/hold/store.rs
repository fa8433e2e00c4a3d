//! Holds and the last word about each movement, as rows.
#![expect(
    unreachable_pub,
    reason = "the derive of an entity makes public items, the service keeps them private"
)]

use chrono::{DateTime, Utc};
use customs_guarantees_contract::bus;
use customs_kernel::{Currency, Money, id::uuid_at};
use customs_platform::Failure;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    Statement, Value,
};
use uuid::Uuid;

use super::{
    Hold,
    cover::{Cover, Word},
    state::HoldState,
};
use crate::{kind::Kind, writes::Writes};

/// One hold.
pub(crate) mod held {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter,
        PrimaryKeyTrait,
    };
    use uuid::Uuid;

    /// The row.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq)]
    #[sea_orm(table_name = "holds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub guarantee_id: Option<Uuid>,
        pub grn: Option<String>,
        pub kind: String,
        pub other_reference: Option<String>,
        pub holder: String,
        pub mrn: String,
        pub movement: Uuid,
        pub attempt: i64,
        pub currency: Option<String>,
        pub amount_minor: Option<i64>,
        pub paid_minor: i64,
        pub state: String,
        pub placed_at: DateTime<Utc>,
        pub ended_at: Option<DateTime<Utc>>,
        pub end_reason: Option<String>,
    }

    /// It stands alone.
    #[derive(Clone, Copy, Debug, DeriveRelation, EnumIter)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn corrupt(what: &str) -> Failure {
    Failure::Broken(anyhow::anyhow!("a row of holds or covers has no readable {what}"))
}

/// The hold in a row.
pub(crate) fn read(row: held::Model) -> Result<Hold, Failure> {
    let currency: Option<Currency> =
        row.currency.map(|code| code.parse()).transpose().map_err(|_| corrupt("currency"))?;
    Ok(Hold {
        id: row.id,
        guarantee: row.guarantee_id.zip(row.grn),
        kind: Kind::parse(&row.kind).ok_or_else(|| corrupt("type"))?,
        other_reference: row.other_reference,
        holder: row.holder,
        mrn: row.mrn,
        movement: row.movement,
        attempt: row.attempt,
        amount: row.amount_minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency)),
        paid_minor: row.paid_minor,
        state: HoldState::parse(&row.state).ok_or_else(|| corrupt("state"))?,
        placed_at: row.placed_at,
        ended_at: row.ended_at,
        end_reason: row.end_reason,
    })
}

/// Adds to `writes` the new `holds`.
pub(crate) fn write_new(writes: &mut Writes, holds: &[Hold]) {
    let rows = holds.iter().map(|hold| {
        [
            hold.id.into(),
            hold.guarantee.as_ref().map(|(id, _)| *id).into(),
            hold.grn().map(ToOwned::to_owned).into(),
            hold.kind.code().into(),
            hold.other_reference.clone().into(),
            hold.holder.as_str().into(),
            hold.mrn.as_str().into(),
            hold.movement.into(),
            hold.attempt.into(),
            hold.amount.map(|amount| amount.currency.to_string()).into(),
            hold.amount.map(|amount| amount.minor).into(),
            hold.paid_minor.into(),
            hold.state.as_str().into(),
            hold.placed_at.into(),
            hold.ended_at.into(),
            hold.end_reason.clone().into(),
        ]
    });
    let before = "INSERT INTO holds (id, guarantee_id, grn, kind, other_reference, holder, mrn, movement, attempt, \
                  currency, amount_minor, paid_minor, state, placed_at, ended_at, end_reason) VALUES ";
    writes.rows(before, rows, "");
}

/// Adds to `writes` what has changed of `holds`.
pub(crate) fn write_changed(writes: &mut Writes, holds: &[Hold]) {
    let rows = holds.iter().map(|hold| {
        [
            hold.id.into(),
            hold.amount.map(|amount| amount.minor).into(),
            hold.paid_minor.into(),
            hold.state.as_str().into(),
            hold.ended_at.into(),
            hold.end_reason.clone().into(),
        ]
    });
    let before = "UPDATE holds SET amount_minor = v.column2, paid_minor = v.column3, state = v.column4, \
                  ended_at = v.column5, end_reason = v.column6 FROM (VALUES ";
    writes.rows(before, rows, ") AS v WHERE holds.id = v.column1");
}

/// What movement `mrn` holds now.
pub(super) async fn open(txn: &DatabaseTransaction, mrn: &str) -> Result<Vec<Hold>, Failure> {
    let rows = held::Entity::find()
        .filter(held::Column::Mrn.eq(mrn))
        .filter(held::Column::EndedAt.is_null())
        .order_by_asc(held::Column::Id)
        .all(txn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The latest hold of movement `mrn` on contract `guarantee`.
pub(super) async fn latest(
    txn: &DatabaseTransaction,
    guarantee: Uuid,
    mrn: &str,
) -> Result<Option<Hold>, Failure> {
    let row = held::Entity::find()
        .filter(held::Column::Mrn.eq(mrn))
        .filter(held::Column::GuaranteeId.eq(guarantee))
        .order_by_desc(held::Column::Attempt)
        .one(txn)
        .await?;
    row.map(read).transpose()
}

/// Waits for its turn with movement `mrn`; whoever changes its holds waits here first.
pub(super) async fn lock(txn: &DatabaseTransaction, mrn: &str) -> Result<(), Failure> {
    let backend = txn.get_database_backend();
    let lock = if backend == DbBackend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT attempt FROM covers WHERE mrn = $1{lock}");
    txn.query_one_raw(Statement::from_sql_and_values(backend, sql, [Value::from(mrn)])).await?;
    Ok(())
}

/// Waits for its turn with the movement of `ask` and notes it as held; what was known before, if anything.
pub(super) async fn claim(
    txn: &DatabaseTransaction,
    ask: &bus::Hold,
    at: DateTime<Utc>,
) -> Result<Option<Cover>, Failure> {
    let sql = "INSERT INTO covers (mrn, movement, attempt, word, claim, changed_at) \
               VALUES ($1, $2, $3, 'held', $4, $5) ON CONFLICT (mrn) DO UPDATE SET mrn = excluded.mrn \
               RETURNING attempt, word, reasons, freed_at, claim";
    let token = uuid_at(at);
    let values: [Value; 5] = [
        ask.mrn.as_str().into(),
        ask.movement.into(),
        i64::from(ask.attempt).into(),
        token.into(),
        at.into(),
    ];
    cover(txn, sql, values, token).await
}

/// Notes that an order to free movement `ask`, given at `said_at`, was obeyed; what was known before, if anything.
pub(super) async fn free(
    txn: &DatabaseTransaction,
    ask: &bus::Free,
    said_at: DateTime<Utc>,
    at: DateTime<Utc>,
) -> Result<Option<Cover>, Failure> {
    let sql = "INSERT INTO covers (mrn, movement, attempt, word, freed_at, claim, changed_at) \
               VALUES ($1, $2, 0, 'freed', $3, $4, $5) ON CONFLICT (mrn) DO UPDATE SET word = 'freed', \
               freed_at = CASE WHEN covers.freed_at > excluded.freed_at THEN covers.freed_at \
               ELSE excluded.freed_at END, changed_at = excluded.changed_at \
               RETURNING attempt, word, reasons, freed_at, claim";
    let token = uuid_at(at);
    let values: [Value; 5] =
        [ask.mrn.as_str().into(), ask.movement.into(), said_at.into(), token.into(), at.into()];
    cover(txn, sql, values, token).await
}

/// The row that `sql` wrote or found; none where it is the one of `token`, new.
async fn cover(
    txn: &DatabaseTransaction,
    sql: &str,
    values: [Value; 5],
    token: Uuid,
) -> Result<Option<Cover>, Failure> {
    let statement = Statement::from_sql_and_values(txn.get_database_backend(), sql, values);
    let row = txn.query_one_raw(statement).await?.ok_or_else(|| corrupt("claim"))?;
    if row.try_get::<Uuid>("", "claim")? == token {
        return Ok(None);
    }
    let word: String = row.try_get("", "word")?;
    Ok(Some(Cover {
        attempt: row.try_get("", "attempt")?,
        word: Word::parse(&word).ok_or_else(|| corrupt("word"))?,
        reasons: row.try_get("", "reasons")?,
        freed_at: row.try_get("", "freed_at")?,
    }))
}

/// Keeps the answer to attempt `attempt` of movement `mrn`.
pub(super) async fn answered(
    txn: &DatabaseTransaction,
    mrn: &str,
    attempt: u32,
    word: Word,
    reasons: Option<String>,
) -> Result<(), Failure> {
    let sql = "UPDATE covers SET attempt = $2, word = $3, reasons = $4 WHERE mrn = $1";
    let values: [Value; 4] = [mrn.into(), i64::from(attempt).into(), word.as_str().into(), reasons.into()];
    txn.execute_raw(Statement::from_sql_and_values(txn.get_database_backend(), sql, values)).await?;
    Ok(())
}
