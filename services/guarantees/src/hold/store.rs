//! Holds and the last word about each movement, as rows.
#![expect(
    unreachable_pub,
    reason = "the derive of an entity makes public items, the service keeps them private"
)]

use std::{collections::BTreeMap, fmt::Write};

use chrono::{DateTime, Utc};
use customs_kernel::{Currency, Money, id::uuid_at};
use customs_platform::{Failure, writes::Writes};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, QueryResult, Statement, Value,
};
use uuid::Uuid;

use super::{
    Hold,
    cover::{Cover, Word},
    orders::Order,
    state::HoldState,
};
use crate::kind::Kind;

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
pub(crate) fn write_new<'a>(writes: &mut Writes, holds: impl IntoIterator<Item = &'a Hold>) {
    let rows = holds.into_iter().map(|hold| {
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
pub(crate) fn write_changed<'a>(writes: &mut Writes, holds: impl IntoIterator<Item = &'a Hold>) {
    let rows = holds.into_iter().map(|hold| {
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

/// What the movements `mrns` hold now, and the holds for which their guarantors are called.
pub(super) async fn open_or_called(txn: &DatabaseTransaction, mrns: &[&str]) -> Result<Vec<Hold>, Failure> {
    if mrns.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = Condition::any()
        .add(held::Column::EndedAt.is_null())
        .add(held::Column::State.eq(HoldState::Called.as_str()));
    let rows = held::Entity::find()
        .filter(held::Column::Mrn.is_in(mrns.iter().copied()))
        .filter(wanted)
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

/// What is kept of one movement, beside what is known of it.
#[derive(Debug)]
pub(super) struct Slot {
    /// What was answered; nothing while its first order is not decided.
    pub(super) known: Option<Cover>,
    kept: Cover,
}

/// Waits for its turn with the movements of `firsts`, in the order of their numbers; a new one is kept as if its
/// first order succeeded, which is what mostly happens and then needs no other word.
pub(super) async fn claim(
    txn: &DatabaseTransaction,
    firsts: &BTreeMap<&str, &Order<'_>>,
    at: DateTime<Utc>,
) -> Result<BTreeMap<String, Slot>, Failure> {
    let token = uuid_at(at);
    let mut slots = BTreeMap::new();
    let mut sql =
        "INSERT INTO covers (mrn, movement, attempt, word, freed_at, claim, changed_at) VALUES ".to_owned();
    let mut values: Vec<Value> = vec![token.into(), at.into()];
    for (mrn, order) in firsts {
        let (movement, kept) = hoped(order);
        let first = values.len() + 1;
        let _ = write!(
            sql,
            "{}(${first}, ${}, ${}, ${}, ${}, $1, $2)",
            if slots.is_empty() { "" } else { ", " },
            first + 1,
            first + 2,
            first + 3,
            first + 4
        );
        values.extend([
            (*mrn).into(),
            movement.into(),
            kept.attempt.into(),
            kept.word.as_str().into(),
            kept.freed_at.into(),
        ]);
        slots.insert((*mrn).to_owned(), Slot { known: None, kept });
    }
    sql.push_str(
        " ON CONFLICT (mrn) DO UPDATE SET mrn = excluded.mrn \
         RETURNING mrn, attempt, word, reasons, freed_at, claim",
    );
    let statement = Statement::from_sql_and_values(txn.get_database_backend(), sql, values);
    for row in txn.query_all_raw(statement).await? {
        if row.try_get::<Uuid>("", "claim")? != token {
            let (mrn, kept) = (row.try_get::<String>("", "mrn")?, cover(&row)?);
            slots.insert(mrn, Slot { known: Some(kept.clone()), kept });
        }
    }
    Ok(slots)
}

/// What is kept of a movement if its first order succeeds.
fn hoped(order: &Order<'_>) -> (Uuid, Cover) {
    let (movement, attempt, word, freed_at) = match order {
        Order::Hold(_, ask) => (ask.movement, i64::from(ask.attempt), Word::Held, None),
        Order::Free(message, ask) => (ask.movement, 0, Word::Freed, Some(message.occurred_at)),
        Order::Call(_, ask) => (ask.movement, 0, Word::Freed, None),
    };
    (movement, Cover { attempt, word, reasons: None, freed_at })
}

fn cover(row: &QueryResult) -> Result<Cover, Failure> {
    let word: String = row.try_get("", "word")?;
    Ok(Cover {
        attempt: row.try_get("", "attempt")?,
        word: Word::parse(&word).ok_or_else(|| corrupt("word"))?,
        reasons: row.try_get("", "reasons")?,
        freed_at: row.try_get("", "freed_at")?,
    })
}

/// Adds to `writes` what is known of movements and not kept yet.
pub(super) fn write_covers(writes: &mut Writes, slots: &BTreeMap<String, Slot>) {
    let rows = slots.iter().filter_map(|(mrn, slot)| {
        let known = slot.known.as_ref().filter(|known| **known != slot.kept)?;
        Some([
            mrn.as_str().into(),
            known.attempt.into(),
            known.word.as_str().into(),
            known.reasons.clone().into(),
            known.freed_at.into(),
        ])
    });
    let before = "UPDATE covers SET attempt = v.column2, word = v.column3, reasons = v.column4, \
                  freed_at = v.column5 FROM (VALUES ";
    writes.rows(before, rows, ") AS v WHERE covers.mrn = v.column1");
}
