//! Applications as rows; a person has at most one that is open.

use customs_kernel::problem;
use customs_platform::Failure;
use customs_web_broker_contract::{ApplicationState, NationalNumber};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

use super::Application;
use crate::{
    page::Slice,
    words::{list, read_list, read_word, word},
};

mod row {
    //! The rows of applications.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "applications")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub state: String,
        /// Scheme and number of the person while it is open, nothing afterwards; unique.
        pub open: Option<String>,
        pub person_scheme: String,
        pub person_number: String,
        pub person_name: String,
        pub organisation_scheme: String,
        pub organisation_number: String,
        pub organisation_name: String,
        pub eori: String,
        pub address_lines: String,
        pub kinds: String,
        pub received_at: DateTimeUtc,
        pub decided_at: Option<DateTimeUtc>,
        pub reason: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds `application`; `false` where an earlier one of the person is open.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    application: &Application,
) -> Result<bool, Failure> {
    let mut nothing = OnConflict::new();
    nothing.do_nothing();
    let inserted = row::Entity::insert(write(application)?.into_active_model())
        .on_conflict(nothing)
        .try_insert()
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

/// Writes `application` over its row.
pub(super) async fn update(
    connection: &impl ConnectionTrait,
    application: &Application,
) -> Result<(), Failure> {
    write(application)?.into_active_model().reset_all().update(connection).await?;
    Ok(())
}

/// The application `id`, kept from others until the transaction ends; or that there is none.
pub(super) async fn locked(connection: &impl ConnectionTrait, id: Uuid) -> Result<Application, Failure> {
    let row = row::Entity::find_by_id(id).lock_exclusive().one(connection).await?;
    let missing = || problem::NOT_FOUND.because("no such application").at("/applicationId");
    read(row.ok_or_else(missing)?)
}

/// A part of the applications in `state`, or of all, newest first.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    state: Option<ApplicationState>,
    slice: Slice,
) -> Result<(Vec<Application>, Option<String>), Failure> {
    let mut query = row::Entity::find();
    if let Some(state) = state {
        query = query.filter(row::Column::State.eq(word(&state)?));
    }
    if let Some(after) = slice.after() {
        query = query.filter(row::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(connection).await?;
    let (rows, next) = slice.cut(rows, |row| row.id);
    Ok((rows.into_iter().map(read).collect::<Result<_, _>>()?, next))
}

fn write(application: &Application) -> Result<row::Model, Failure> {
    let person = (word(&application.person.scheme)?, application.person.number.clone());
    let open = application.state == ApplicationState::Submitted;
    Ok(row::Model {
        id: application.id,
        state: word(&application.state)?,
        open: open.then(|| format!("{}:{}", person.0, person.1)),
        person_scheme: person.0,
        person_number: person.1,
        person_name: application.person_name.clone(),
        organisation_scheme: word(&application.organisation.scheme)?,
        organisation_number: application.organisation.number.clone(),
        organisation_name: application.organisation_name.clone(),
        eori: application.eori.clone(),
        address_lines: list(&application.address_lines)?,
        kinds: list(&application.kinds)?,
        received_at: application.received_at,
        decided_at: application.decided_at,
        reason: application.reason.clone(),
    })
}

fn read(row: row::Model) -> Result<Application, Failure> {
    let organisation =
        NationalNumber { scheme: read_word(&row.organisation_scheme)?, number: row.organisation_number };
    Ok(Application {
        id: row.id,
        state: read_word(&row.state)?,
        person: NationalNumber { scheme: read_word(&row.person_scheme)?, number: row.person_number },
        person_name: row.person_name,
        organisation,
        organisation_name: row.organisation_name,
        eori: row.eori,
        address_lines: read_list(&row.address_lines)?,
        kinds: read_list(&row.kinds)?,
        received_at: row.received_at,
        decided_at: row.decided_at,
        reason: row.reason,
    })
}
