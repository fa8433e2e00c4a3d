//! Guarantee contracts as rows: the hot one with the running balance, and the words beside it.
#![expect(
    unreachable_pub,
    reason = "the derive of an entity makes public items, the service keeps them private"
)]

use chrono::{DateTime, NaiveDate, Utc};
use customs_kernel::{Currency, Grn, Money, problem};
use customs_platform::{Failure, writes::Writes};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select, Statement, Value,
};
use uuid::Uuid;

use super::{Guarantee, Terms, level::Level, state::GuaranteeState};
use crate::{
    access::SealedCode,
    kind::Kind,
    ledger::{Account, Book, Thresholds},
};

/// The hot row of a guarantee.
pub(crate) mod hot {
    use chrono::NaiveDate;
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter,
        PrimaryKeyTrait,
    };
    use uuid::Uuid;

    /// The row.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq)]
    #[sea_orm(table_name = "guarantees")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub grn: Option<String>,
        pub kind: String,
        pub guarantor: String,
        pub owner: String,
        pub state: String,
        pub currency: String,
        pub insured_minor: i64,
        pub level_percent: i32,
        pub authorisation: Option<String>,
        pub warn_at: String,
        pub limit_minor: i64,
        pub held_minor: i64,
        pub called_minor: i64,
        pub paid_minor: i64,
        pub open_uses: i32,
        pub spent: bool,
        pub valid_from: NaiveDate,
        pub valid_until: NaiveDate,
        pub cancelled_on: Option<NaiveDate>,
        pub not_valid_in: String,
        pub access_salt: Option<String>,
        pub access_hash: Option<String>,
        pub version: i32,
    }

    /// It stands alone.
    #[derive(Clone, Copy, Debug, DeriveRelation, EnumIter)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The words of a guarantee.
pub(crate) mod words {
    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter,
        PrimaryKeyTrait,
    };
    use uuid::Uuid;

    /// The row.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq)]
    #[sea_orm(table_name = "guarantee_terms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub guarantee_id: Uuid,
        pub guarantor_kind: Option<String>,
        pub office_of_guarantee: String,
        pub payment_terms: String,
        pub liabilities: String,
        pub proposed_by: String,
        pub proposed_at: DateTime<Utc>,
        pub decided_by: Option<String>,
        pub decided_at: Option<DateTime<Utc>>,
        pub reason: Option<String>,
    }

    /// It stands alone.
    #[derive(Clone, Copy, Debug, DeriveRelation, EnumIter)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn corrupt(id: Uuid, what: &str) -> Failure {
    Failure::Broken(anyhow::anyhow!("the row of guarantee {id} has no readable {what}"))
}

/// The contract in a hot row.
pub(crate) fn read(row: hot::Model) -> Result<Guarantee, Failure> {
    let id = row.id;
    let currency: Currency = row.currency.parse().map_err(|_| corrupt(id, "currency"))?;
    let grn = row.grn.map(|grn| grn.parse::<Grn>()).transpose().map_err(|_| corrupt(id, "GRN"))?;
    let state = GuaranteeState::parse(&row.state).ok_or_else(|| corrupt(id, "state"))?;
    let book = Book::of(currency, [row.limit_minor, row.held_minor, row.called_minor, row.paid_minor]);
    let kind = Kind::parse(&row.kind).ok_or_else(|| corrupt(id, "type"))?;
    let thresholds = Thresholds::parse(&row.warn_at).ok_or_else(|| corrupt(id, "thresholds"))?;
    Ok(Guarantee {
        id,
        grn,
        kind,
        guarantor: row.guarantor.parse().map_err(|_| corrupt(id, "guarantor"))?,
        owner: row.owner.parse().map_err(|_| corrupt(id, "owner"))?,
        state,
        insured: Money::new(row.insured_minor, currency),
        level: Level::of(kind, row.level_percent).ok_or_else(|| corrupt(id, "level"))?,
        authorisation: row.authorisation,
        book,
        open_uses: row.open_uses,
        spent: row.spent,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        cancelled_on: row.cancelled_on,
        not_valid_in: row.not_valid_in.split_whitespace().map(ToOwned::to_owned).collect(),
        access: row.access_salt.zip(row.access_hash).map(|(salt, hash)| SealedCode::of(salt, hash)),
        version: row.version,
        told: (state, book.reached(&thresholds)),
        thresholds,
    })
}

fn row(guarantee: &Guarantee) -> hot::Model {
    hot::Model {
        id: guarantee.id,
        grn: guarantee.grn.as_ref().map(ToString::to_string),
        kind: guarantee.kind.code().to_owned(),
        guarantor: guarantee.guarantor.to_string(),
        owner: guarantee.owner.to_string(),
        state: guarantee.state.as_str().to_owned(),
        currency: guarantee.book.currency().to_string(),
        insured_minor: guarantee.insured.minor,
        level_percent: if guarantee.kind.may_be_reduced() { guarantee.level.percent() } else { 100 },
        authorisation: guarantee.authorisation.clone(),
        warn_at: guarantee.thresholds.text(),
        limit_minor: guarantee.minor(Account::Limit),
        held_minor: guarantee.minor(Account::Held),
        called_minor: guarantee.minor(Account::Called),
        paid_minor: guarantee.minor(Account::Paid),
        open_uses: guarantee.open_uses,
        spent: guarantee.spent,
        valid_from: guarantee.valid_from,
        valid_until: guarantee.valid_until,
        cancelled_on: guarantee.cancelled_on,
        not_valid_in: guarantee.not_valid_in.join(" "),
        access_salt: guarantee.access.as_ref().map(|access| access.salt().to_owned()),
        access_hash: guarantee.access.as_ref().map(|access| access.hash().to_owned()),
        version: guarantee.version,
    }
}

fn terms_row(id: Uuid, terms: &Terms) -> words::Model {
    words::Model {
        guarantee_id: id,
        guarantor_kind: terms.guarantor_kind.clone(),
        office_of_guarantee: terms.office_of_guarantee.clone(),
        payment_terms: terms.payment.clone(),
        liabilities: terms.liabilities.clone(),
        proposed_by: terms.proposed_by.clone(),
        proposed_at: terms.proposed_at,
        decided_by: terms.decided_by.clone(),
        decided_at: terms.decided_at,
        reason: terms.reason.clone(),
    }
}

/// The contract that `reference`, a contract id or a GRN, names.
fn named(reference: &str) -> Select<hot::Entity> {
    match reference.parse::<Uuid>() {
        Ok(id) => hot::Entity::find_by_id(id),
        Err(_) => hot::Entity::find().filter(hot::Column::Grn.eq(reference)),
    }
}

/// The contract `reference` names, whoever asks.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    reference: &str,
) -> Result<Option<Guarantee>, Failure> {
    named(reference).one(connection).await?.map(read).transpose()
}

/// The contract `reference` names, locked until the transaction ends.
pub(crate) async fn lock(txn: &DatabaseTransaction, reference: &str) -> Result<Guarantee, Failure> {
    let row = named(reference).lock_exclusive().one(txn).await?;
    row.map(read).transpose()?.ok_or_else(|| unknown().into())
}

/// The contracts of `grns`, locked in the order of their numbers, so that no two wait for each other.
pub(crate) async fn lock_all(txn: &DatabaseTransaction, grns: &[String]) -> Result<Vec<Guarantee>, Failure> {
    if grns.is_empty() {
        return Ok(Vec::new());
    }
    let rows = hot::Entity::find()
        .filter(hot::Column::Grn.is_in(grns.iter().map(String::as_str)))
        .order_by_asc(hot::Column::Grn)
        .lock_exclusive()
        .all(txn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// There is no such guarantee, or none the caller may see: told alike.
pub(crate) fn unknown() -> customs_kernel::Problem {
    problem::NOT_FOUND.because("there is no such guarantee")
}

/// The words of contract `id`.
pub(super) async fn terms(connection: &impl ConnectionTrait, id: Uuid) -> Result<Terms, Failure> {
    let row = words::Entity::find_by_id(id).one(connection).await?.ok_or_else(|| corrupt(id, "terms"))?;
    Ok(Terms {
        guarantor_kind: row.guarantor_kind,
        office_of_guarantee: row.office_of_guarantee,
        payment: row.payment_terms,
        liabilities: row.liabilities,
        proposed_by: row.proposed_by,
        proposed_at: row.proposed_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
        reason: row.reason,
    })
}

/// Keeps a new contract.
pub(super) async fn insert(
    txn: &DatabaseTransaction,
    guarantee: &Guarantee,
    terms: &Terms,
) -> Result<(), Failure> {
    hot::Entity::insert(row(guarantee).into_active_model()).exec_without_returning(txn).await?;
    let terms = terms_row(guarantee.id, terms).into_active_model();
    words::Entity::insert(terms).exec_without_returning(txn).await?;
    Ok(())
}

/// Keeps a decision about a contract.
pub(super) async fn save(txn: &DatabaseTransaction, guarantee: &Guarantee) -> Result<(), Failure> {
    row(guarantee).into_active_model().reset_all().update(txn).await?;
    Ok(())
}

/// Keeps the words of a contract.
pub(super) async fn save_terms(txn: &DatabaseTransaction, id: Uuid, terms: &Terms) -> Result<(), Failure> {
    terms_row(id, terms).into_active_model().reset_all().update(txn).await?;
    Ok(())
}

/// Adds to `writes` what use has changed of `guarantees`.
pub(crate) fn write_balances<'a>(writes: &mut Writes, guarantees: impl IntoIterator<Item = &'a Guarantee>) {
    let rows = guarantees.into_iter().map(|guarantee| {
        [
            guarantee.id.into(),
            guarantee.state.as_str().into(),
            guarantee.minor(Account::Held).into(),
            guarantee.minor(Account::Called).into(),
            guarantee.minor(Account::Paid).into(),
            guarantee.open_uses.into(),
            guarantee.spent.into(),
        ]
    });
    let before = "UPDATE guarantees SET state = v.column2, held_minor = v.column3, called_minor = v.column4, \
                  paid_minor = v.column5, open_uses = v.column6, spent = v.column7 FROM (VALUES ";
    writes.rows(before, rows, ") AS v WHERE guarantees.id = v.column1");
}

/// The next number of the series `name`, from 1.
pub(super) async fn next_number(txn: &DatabaseTransaction, name: &str) -> Result<i64, Failure> {
    let sql = "INSERT INTO number_series (name, last) VALUES ($1, 1) \
               ON CONFLICT (name) DO UPDATE SET last = number_series.last + 1 RETURNING last";
    let statement = Statement::from_sql_and_values(txn.get_database_backend(), sql, [Value::from(name)]);
    let row = txn.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| Failure::Broken(anyhow::anyhow!("the series {name} gave no number")))?;
    Ok(row.try_get("", "last")?)
}

/// The instant at which `day` begins in the zone of the offices.
pub(super) fn start_of(day: NaiveDate, zone: chrono::FixedOffset) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    (midnight - zone).and_utc()
}
