//! Organisations as rows.

use customs_kernel::Eori;
use customs_platform::Failure;
use customs_web_broker_contract::NationalNumber;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

use super::Organisation;
use crate::{
    page::Slice,
    words::{list, read_list, read_word, word},
};

mod row {
    //! The rows of organisations.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "organisations")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub eori: String,
        pub name: String,
        pub address_lines: String,
        pub country: String,
        pub number_scheme: String,
        pub number: String,
        pub kinds: String,
        pub active_from: DateTimeUtc,
        pub active_to: Option<DateTimeUtc>,
        pub version: i32,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds `organisation`; `false` where its EORI or national number is in the register already.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    organisation: &Organisation,
) -> Result<bool, Failure> {
    let mut nothing = OnConflict::new();
    nothing.do_nothing();
    let inserted = row::Entity::insert(write(organisation)?.into_active_model())
        .on_conflict(nothing)
        .try_insert()
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

/// Writes `organisation` over its row.
pub(crate) async fn update(
    connection: &impl ConnectionTrait,
    organisation: &Organisation,
) -> Result<(), Failure> {
    write(organisation)?.into_active_model().reset_all().update(connection).await?;
    Ok(())
}

/// The organisation of that id.
pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Organisation>, Failure> {
    row::Entity::find_by_id(id).one(connection).await?.map(read).transpose()
}

/// The organisation of that EORI.
pub(crate) async fn by_eori(
    connection: &impl ConnectionTrait,
    eori: &Eori,
) -> Result<Option<Organisation>, Failure> {
    let row = row::Entity::find().filter(row::Column::Eori.eq(eori.as_str())).one(connection).await?;
    row.map(read).transpose()
}

/// The organisation of that id, kept from others until the transaction ends.
pub(crate) async fn locked(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Organisation>, Failure> {
    row::Entity::find_by_id(id).lock_exclusive().one(connection).await?.map(read).transpose()
}

/// The organisations of these EORIs, at most 200.
pub(crate) async fn by_eoris(
    connection: &impl ConnectionTrait,
    eoris: impl IntoIterator<Item = &str>,
) -> Result<Vec<Organisation>, Failure> {
    let among = row::Column::Eori.is_in(eoris);
    let rows = row::Entity::find().filter(among).limit(200).all(connection).await?;
    rows.into_iter().map(read).collect()
}

/// The organisations of these ids, at most 200.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Organisation>, Failure> {
    let among = row::Column::Id.is_in(ids);
    let rows = row::Entity::find().filter(among).limit(200).all(connection).await?;
    rows.into_iter().map(read).collect()
}

/// A part of the register, newest first.
pub(crate) async fn page(
    connection: &impl ConnectionTrait,
    slice: Slice,
) -> Result<(Vec<Organisation>, Option<String>), Failure> {
    let mut query = row::Entity::find();
    if let Some(after) = slice.after() {
        query = query.filter(row::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(connection).await?;
    let (rows, next) = slice.cut(rows, |row| row.id);
    Ok((rows.into_iter().map(read).collect::<Result<_, _>>()?, next))
}

fn write(organisation: &Organisation) -> Result<row::Model, Failure> {
    Ok(row::Model {
        id: organisation.id,
        eori: organisation.eori.to_string(),
        name: organisation.name.clone(),
        address_lines: list(&organisation.address_lines)?,
        country: organisation.country.clone(),
        number_scheme: word(&organisation.national_number.scheme)?,
        number: organisation.national_number.number.clone(),
        kinds: list(&organisation.kinds)?,
        active_from: organisation.active_from,
        active_to: organisation.active_to,
        version: organisation.version,
    })
}

fn read(row: row::Model) -> Result<Organisation, Failure> {
    let eori = row.eori.parse().map_err(anyhow::Error::new)?;
    let scheme = read_word(&row.number_scheme)?;
    Ok(Organisation {
        id: row.id,
        eori,
        name: row.name,
        address_lines: read_list(&row.address_lines)?,
        country: row.country,
        national_number: NationalNumber { scheme, number: row.number },
        kinds: read_list(&row.kinds)?,
        active_from: row.active_from,
        active_to: row.active_to,
        version: row.version,
    })
}
