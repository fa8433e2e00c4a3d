//! Use case: authorise the owner of a comprehensive guarantee to insure another share of its reference amount, from a day on.
#![expect(
    unreachable_pub,
    reason = "the derive of an entity makes public items, the service keeps them private"
)]

use chrono::NaiveDate;
use customs_guarantees_contract::{
    GrantGuaranteeLevel, GuaranteeContract, GuaranteeLevel,
    problems::{AMOUNT_BELOW_USE, FOUR_EYES, LEVEL_NOT_POSSIBLE},
};
use customs_kernel::{Caller, id::uuid_at};
use customs_platform::{Acts, Failure, Work};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use uuid::Uuid;

use super::{
    Guarantee, amend, deadline,
    level::Level,
    reject::check_reason,
    review::{keep, load},
    state::{GuaranteeEvent, GuaranteeState},
    store, view,
};
use crate::{App, changes::Changes, input::Findings, ledger};

/// The most characters of the number of an authorisation.
const AUTHORISATION_MAX: usize = 35;
/// Why a guarantee takes no new uses where a level cannot begin on its day.
const NOT_COVERED: &str = "more is in use than the reference amount of the level that should have begun";

/// A level that was granted.
pub(super) mod granted {
    use chrono::{DateTime, NaiveDate, Utc};
    use sea_orm::entity::prelude::{
        ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait, EnumIter,
        PrimaryKeyTrait,
    };
    use uuid::Uuid;

    /// The row.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq)]
    #[sea_orm(table_name = "guarantee_levels")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub guarantee_id: Uuid,
        pub level_percent: i32,
        pub effective_on: NaiveDate,
        pub authorisation: String,
        pub reason: String,
        pub granted_by: String,
        pub granted_at: DateTime<Utc>,
        pub applied_at: Option<DateTime<Utc>>,
        /// Whether another has taken its place before it began.
        pub replaced: bool,
    }

    /// It stands alone.
    #[derive(Clone, Copy, Debug, DeriveRelation, EnumIter)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl Acts<GrantGuaranteeLevel> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: GrantGuaranteeLevel,
    ) -> Result<GuaranteeContract, Failure> {
        check_reason(&ask.reason)?;
        let today = self.today(work.now());
        let level = read(&ask, today)?;
        let mut guarantee = load(work, &ask.reference, ask.version).await?;
        amend::amendable(&guarantee)?;
        if !guarantee.kind.may_be_reduced() {
            let detail = format!("a guarantee of type {} has no level to grant", guarantee.kind.code());
            return Err(LEVEL_NOT_POSSIBLE.because(detail).into());
        }
        if store::terms(work.txn(), guarantee.id).await?.proposed_by == caller.actor.subject {
            return Err(FOUR_EYES.because("who proposed a guarantee cannot decide on it").into());
        }
        replace_pending(work, guarantee.id).await?;
        let mut row = granted::Model {
            id: uuid_at(work.now()),
            guarantee_id: guarantee.id,
            level_percent: level.percent(),
            effective_on: ask.effective_on,
            authorisation: ask.authorisation,
            reason: ask.reason,
            granted_by: caller.actor.subject.clone(),
            granted_at: work.now(),
            applied_at: None,
            replaced: false,
        };
        if ask.effective_on <= today {
            if !begin(work, &mut guarantee, level, &row.authorisation).await? {
                let detail = "more is held, called or paid than the reference amount of that level";
                return Err(AMOUNT_BELOW_USE.because(detail).at("/levelPercent").into());
            }
            row.applied_at = Some(work.now());
        } else {
            let due = store::start_of(ask.effective_on, self.zone);
            work.set_timer(deadline::LEVEL, &guarantee.id.to_string(), due);
        }
        keep(work, &mut guarantee).await?;
        granted::Entity::insert(row.into_active_model()).exec_without_returning(work.txn()).await?;
        view::contract(work.txn(), &guarantee).await
    }
}

fn read(ask: &GrantGuaranteeLevel, today: NaiveDate) -> Result<Level, Failure> {
    let mut findings = Findings::default();
    let level = Level::granted(ask.level_percent);
    findings.require(level.is_some(), "/levelPercent", "must be 100, 50 or 30");
    findings.text(&ask.authorisation, AUTHORISATION_MAX, "/authorisation");
    findings.require(ask.effective_on >= today, "/effectiveOn", "is over already");
    match level {
        Some(level) => findings.done().map(|()| level).map_err(Failure::from),
        None => Err(findings.problem().into()),
    }
}

/// Lets a level count from now on; says whether it could, as what is in use fits its reference amount.
async fn begin(
    work: &Work,
    guarantee: &mut Guarantee,
    level: Level,
    authorisation: &str,
) -> Result<bool, Failure> {
    let Ok(entry) = guarantee.relevel(level, authorisation) else { return Ok(false) };
    let mut changes = Changes::at(work.now());
    changes.post(guarantee, None, entry);
    ledger::store::append(work.txn(), &changes.into_postings()).await?;
    Ok(true)
}

/// The level that is to come gives way to a new decision.
async fn replace_pending(work: &Work, guarantee: Uuid) -> Result<(), Failure> {
    if let Some(row) = pending(work.txn(), guarantee).await? {
        let mut row = row.into_active_model();
        row.replaced = Set(true);
        row.update(work.txn()).await?;
    }
    Ok(())
}

async fn pending(
    connection: &impl ConnectionTrait,
    guarantee: Uuid,
) -> Result<Option<granted::Model>, Failure> {
    let open = granted::Entity::find()
        .filter(granted::Column::GuaranteeId.eq(guarantee))
        .filter(granted::Column::AppliedAt.is_null())
        .filter(granted::Column::Replaced.eq(false));
    Ok(open.one(connection).await?)
}

impl App {
    /// The day of a level has come. Where what is in use does not fit it, the guarantee takes no new uses until it does.
    pub(super) async fn level_due(&self, work: &mut Work, mut guarantee: Guarantee) -> Result<(), Failure> {
        let today = self.today(work.now());
        let due = pending(work.txn(), guarantee.id).await?.filter(|row| row.effective_on <= today);
        let Some(row) = due else { return Ok(()) };
        let level = Level::granted(row.level_percent)
            .ok_or_else(|| Failure::Broken(anyhow::anyhow!("no level of {} per cent", row.level_percent)))?;
        if amend::amendable(&guarantee).is_err() {
            return Ok(());
        }
        if begin(work, &mut guarantee, level, &row.authorisation).await? {
            let mut row = row.into_active_model();
            row.applied_at = Set(Some(work.now()));
            row.update(work.txn()).await?;
            return self.covered_again(work, &mut guarantee).await;
        }
        let tomorrow = store::start_of(deadline::after(today), self.zone);
        work.set_timer(deadline::LEVEL, &guarantee.id.to_string(), tomorrow);
        if guarantee.happen(GuaranteeEvent::Suspend).is_err() {
            return Ok(());
        }
        keep(work, &mut guarantee).await?;
        let mut terms = store::terms(work.txn(), guarantee.id).await?;
        terms.reason = Some(NOT_COVERED.to_owned());
        store::save_terms(work.txn(), guarantee.id, &terms).await
    }

    /// A guarantee that was suspended for its level alone takes new uses again.
    async fn covered_again(&self, work: &mut Work, guarantee: &mut Guarantee) -> Result<(), Failure> {
        let mut terms = store::terms(work.txn(), guarantee.id).await?;
        if guarantee.state == GuaranteeState::Suspended && terms.reason.as_deref() == Some(NOT_COVERED) {
            guarantee.happen(GuaranteeEvent::Resume)?;
            terms.reason = None;
            store::save_terms(work.txn(), guarantee.id, &terms).await?;
        }
        keep(work, guarantee).await
    }
}

/// The levels of a guarantee that count, counted or are to come, the latest first.
pub(super) async fn levels(
    connection: &impl ConnectionTrait,
    guarantee: Uuid,
) -> Result<Vec<GuaranteeLevel>, Failure> {
    let rows = granted::Entity::find()
        .filter(granted::Column::GuaranteeId.eq(guarantee))
        .order_by_desc(granted::Column::GrantedAt)
        .all(connection)
        .await?;
    let told = rows.into_iter().filter(|row| !row.replaced).map(|row| GuaranteeLevel {
        level_percent: row.level_percent,
        effective_on: row.effective_on,
        authorisation: row.authorisation,
        reason: row.reason,
        granted_at: row.granted_at,
        applied_at: row.applied_at,
    });
    Ok(told.collect())
}
