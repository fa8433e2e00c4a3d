//! Drafts and their contents as rows; every finder demands the organisation that owns.

use customs_kernel::problem;
use customs_platform::Failure;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Draft, aggregate::Lock};
use crate::{
    page::Slice,
    words::{read_word, word},
};

mod row {
    //! The rows of drafts without their contents.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "drafts")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Uuid,
        pub kind: String,
        pub title: String,
        pub version: i32,
        pub keeper: String,
        pub lock_holder: Option<String>,
        pub lock_until: Option<DateTimeUtc>,
        pub copied_from: Option<Uuid>,
        pub created_at: DateTimeUtc,
        pub saved_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {
        #[sea_orm(has_one = "super::content::Entity")]
        Content,
    }

    impl Related<super::content::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Content.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod content {
    //! The rows of contents.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "draft_contents")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub content: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {
        #[sea_orm(belongs_to = "super::row::Entity", from = "Column::Id", to = "super::row::Column::Id")]
        Draft,
    }

    impl Related<super::row::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Draft.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds `draft` with its content.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    draft: &Draft,
    content: String,
) -> Result<(), Failure> {
    write(draft)?.into_active_model().insert(connection).await?;
    let row = content::ActiveModel { id: Set(draft.id), content: Set(content) };
    content::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// Writes `draft` over its row.
pub(super) async fn update(connection: &impl ConnectionTrait, draft: &Draft) -> Result<(), Failure> {
    write(draft)?.into_active_model().reset_all().update(connection).await?;
    Ok(())
}

/// Writes the content of the draft `id` over its row.
pub(super) async fn update_content(
    connection: &impl ConnectionTrait,
    id: Uuid,
    content: String,
) -> Result<(), Failure> {
    content::Entity::update_many()
        .set(content::ActiveModel { content: Set(content), ..Default::default() })
        .filter(content::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Throws the draft `id` and its content away.
pub(super) async fn delete(connection: &impl ConnectionTrait, id: Uuid) -> Result<(), Failure> {
    content::Entity::delete_by_id(id).exec(connection).await?;
    row::Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}

/// The draft `id` of `organisation` with its content, or that there is none.
pub(super) async fn find_whole(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<(Draft, String), Failure> {
    let own = row::Column::OrganisationId.eq(organisation);
    // One statement, so that version and content belong together while a colleague saves.
    let whole =
        row::Entity::find_by_id(id).filter(own).find_also_related(content::Entity).one(connection).await?;
    let (row, content) = whole.ok_or_else(missing)?;
    Ok((read(row)?, content.ok_or_else(missing)?.content))
}

/// The draft `id` of `organisation`, kept from others until the transaction ends; or that there is none.
pub(super) async fn locked(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<Draft, Failure> {
    let own = row::Column::OrganisationId.eq(organisation);
    let row = row::Entity::find_by_id(id).filter(own).lock_exclusive().one(connection).await?;
    read(row.ok_or_else(missing)?)
}

/// The draft `id` with its organisation, whoever owns it, for deadlines.
pub(super) async fn due(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Draft>, Failure> {
    row::Entity::find_by_id(id).lock_exclusive().one(connection).await?.map(read).transpose()
}

/// A part of the drafts of `organisation`, newest first.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    slice: Slice,
) -> Result<(Vec<Draft>, Option<String>), Failure> {
    let mut query = row::Entity::find().filter(row::Column::OrganisationId.eq(organisation));
    if let Some(after) = slice.after() {
        query = query.filter(row::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(connection).await?;
    let (rows, next) = slice.cut(rows, |row| row.id);
    Ok((rows.into_iter().map(read).collect::<Result<_, _>>()?, next))
}

fn missing() -> Failure {
    problem::NOT_FOUND.because("your organisation has no such draft").at("/id").into()
}

fn write(draft: &Draft) -> Result<row::Model, Failure> {
    Ok(row::Model {
        id: draft.id,
        organisation_id: draft.organisation_id,
        kind: word(&draft.kind)?,
        title: draft.title.clone(),
        version: draft.version,
        keeper: draft.keeper.clone(),
        lock_holder: draft.lock.as_ref().map(|lock| lock.holder.clone()),
        lock_until: draft.lock.as_ref().map(|lock| lock.until),
        copied_from: draft.copied_from,
        created_at: draft.created_at,
        saved_at: draft.saved_at,
        expires_at: draft.expires_at,
    })
}

fn read(row: row::Model) -> Result<Draft, Failure> {
    Ok(Draft {
        id: row.id,
        organisation_id: row.organisation_id,
        kind: read_word(&row.kind)?,
        title: row.title,
        version: row.version,
        keeper: row.keeper,
        lock: row.lock_holder.zip(row.lock_until).map(|(holder, until)| Lock { holder, until }),
        copied_from: row.copied_from,
        created_at: row.created_at,
        saved_at: row.saved_at,
        expires_at: row.expires_at,
    })
}
