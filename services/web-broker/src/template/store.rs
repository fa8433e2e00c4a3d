//! Templates and their contents as rows; every finder demands the organisation that owns.

use customs_kernel::problem;
use customs_platform::Failure;
use customs_web_broker_contract::{Template, TemplateHead, TemplateKind};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    page::Slice,
    words::{read_word, word},
};

mod row {
    //! The rows of templates without their contents.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "templates")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub organisation_id: Uuid,
        pub kind: String,
        pub title: String,
        /// The title in small letters, for searches.
        pub folded: String,
        pub saved_by: String,
        pub saved_at: DateTimeUtc,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod content {
    //! The rows of contents.

    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel, Eq, PartialEq)]
    #[sea_orm(table_name = "template_contents")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub content: String,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds a template of `organisation` with its content.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    head: &TemplateHead,
    content: String,
) -> Result<(), Failure> {
    let row = row::Model {
        id: head.id,
        organisation_id: organisation,
        kind: word(&head.kind)?,
        title: head.title.clone(),
        folded: head.title.to_lowercase(),
        saved_by: head.saved_by.clone(),
        saved_at: head.saved_at,
    };
    row.into_active_model().insert(connection).await?;
    let row = content::ActiveModel { id: Set(head.id), content: Set(content) };
    content::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

/// How many templates of `kind` the organisation has.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    kind: TemplateKind,
) -> Result<u64, Failure> {
    let of_kind = row::Column::Kind.eq(word(&kind)?);
    let own = row::Column::OrganisationId.eq(organisation);
    Ok(row::Entity::find().filter(own).filter(of_kind).count(connection).await?)
}

/// A part of the templates of `organisation`, newest first: of one kind, with a text in their titles, or all.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    (kind, search): (Option<TemplateKind>, Option<&str>),
    slice: Slice,
) -> Result<(Vec<TemplateHead>, Option<String>), Failure> {
    let mut query = row::Entity::find().filter(row::Column::OrganisationId.eq(organisation));
    if let Some(kind) = kind {
        query = query.filter(row::Column::Kind.eq(word(&kind)?));
    }
    if let Some(search) = search {
        query = query.filter(row::Column::Folded.contains(search.to_lowercase()));
    }
    if let Some(after) = slice.after() {
        query = query.filter(row::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(row::Column::Id).limit(slice.limit()).all(connection).await?;
    let (rows, next) = slice.cut(rows, |row| row.id);
    Ok((rows.into_iter().map(head).collect::<Result<_, _>>()?, next))
}

/// The template `id` of `organisation` with its content, or that there is none.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<Template, Failure> {
    let own = row::Column::OrganisationId.eq(organisation);
    let row = row::Entity::find_by_id(id).filter(own).one(connection).await?.ok_or_else(missing)?;
    // Neither is ever changed: two statements see the same template, or none.
    let content = content::Entity::find_by_id(id).one(connection).await?.ok_or_else(missing)?;
    Ok(Template { head: head(row)?, content: content.content })
}

/// Throws the template `id` of `organisation` away and tells its kind, or that there is none.
pub(super) async fn delete(
    connection: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
) -> Result<TemplateKind, Failure> {
    let own = row::Column::OrganisationId.eq(organisation);
    let row = row::Entity::find_by_id(id).filter(own).lock_exclusive().one(connection).await?;
    let kind = read_word(&row.ok_or_else(missing)?.kind)?;
    content::Entity::delete_by_id(id).exec(connection).await?;
    row::Entity::delete_by_id(id).exec(connection).await?;
    Ok(kind)
}

fn missing() -> Failure {
    problem::NOT_FOUND.because("your organisation has no such template").at("/id").into()
}

fn head(row: row::Model) -> Result<TemplateHead, Failure> {
    Ok(TemplateHead {
        id: row.id,
        kind: read_word(&row.kind)?,
        title: row.title,
        saved_by: row.saved_by,
        saved_at: row.saved_at,
    })
}
