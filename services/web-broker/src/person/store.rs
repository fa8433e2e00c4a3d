//! People as rows.

use std::collections::HashMap;

use customs_platform::Failure;
use customs_web_broker_contract::NationalNumber;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    TryInsertResult, sea_query::OnConflict,
};
use uuid::Uuid;

use super::Person;
use crate::words::{read_word, word};

mod row {
    //! The rows of people.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "people")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub number_scheme: String,
        pub number: String,
        pub active: bool,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds `person`; `false` where the number is in the register already.
pub(crate) async fn insert(connection: &impl ConnectionTrait, person: &Person) -> Result<bool, Failure> {
    let mut nothing = OnConflict::new();
    nothing.do_nothing();
    let inserted = row::Entity::insert(write(person)?.into_active_model())
        .on_conflict(nothing)
        .try_insert()
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

/// Writes `person` over their row.
pub(crate) async fn update(connection: &impl ConnectionTrait, person: &Person) -> Result<(), Failure> {
    write(person)?.into_active_model().reset_all().update(connection).await?;
    Ok(())
}

/// The person of that id, kept from others until the transaction ends.
pub(crate) async fn locked(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Person>, Failure> {
    row::Entity::find_by_id(id).lock_exclusive().one(connection).await?.map(read).transpose()
}

/// The person of that national number.
pub(crate) async fn by_number(
    connection: &impl ConnectionTrait,
    number: &NationalNumber,
) -> Result<Option<Person>, Failure> {
    let row = row::Entity::find()
        .filter(row::Column::NumberScheme.eq(word(&number.scheme)?))
        .filter(row::Column::Number.eq(number.number.as_str()))
        .one(connection)
        .await?;
    row.map(read).transpose()
}

/// The people of these ids, at most 200, by id.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Person>, Failure> {
    let among = row::Column::Id.is_in(ids);
    let rows = row::Entity::find().filter(among).limit(200).all(connection).await?;
    rows.into_iter().map(|row| Ok((row.id, read(row)?))).collect()
}

/// The names of those among the opaque ids `subjects` that are people.
pub(crate) async fn names(
    connection: &impl ConnectionTrait,
    subjects: impl IntoIterator<Item = &str>,
) -> Result<HashMap<String, String>, Failure> {
    let mut ids: Vec<Uuid> = subjects.into_iter().filter_map(|subject| subject.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let people = by_ids(connection, ids).await?;
    Ok(people.into_iter().map(|(id, person)| (id.to_string(), person.name)).collect())
}

fn write(person: &Person) -> Result<row::Model, Failure> {
    Ok(row::Model {
        id: person.id,
        name: person.name.clone(),
        number_scheme: word(&person.national_number.scheme)?,
        number: person.national_number.number.clone(),
        active: person.active,
    })
}

fn read(row: row::Model) -> Result<Person, Failure> {
    let scheme = read_word(&row.number_scheme)?;
    let national_number = NationalNumber { scheme, number: row.number };
    Ok(Person { id: row.id, name: row.name, national_number, active: row.active })
}
