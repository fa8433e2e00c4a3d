//! Templates: whole declarations, parties and goods that an organisation fills in again and again.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use customs_kernel::UseCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a template fills in.
#[derive(Clone, Copy, Debug, Deserialize, Enum, Eq, Hash, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateKind {
    /// A whole declaration to begin with.
    Declaration,
    /// A consignor, consignee, carrier or another party: an entry of the address book.
    Party,
    /// Goods with their packaging: an entry of the catalogue.
    Goods,
}

/// Keep something as a template; an organisation has at most 1000 of each kind.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveTemplate {
    /// What it fills in.
    pub kind: TemplateKind,
    /// How the people of the organisation call it.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What is filled in, in the public JSON form of messages: a JSON object of at most 512 KiB.
    #[schema(min_length = 2, max_length = 524_288)]
    pub content: String,
}

impl UseCase for SaveTemplate {
    type Output = TemplateHead;
    const NAME: &'static str = "web-broker.save-template";
    const NEEDS: &'static str = "draft:write";
}

/// See the templates of one's own organisation, newest first.
#[derive(Clone, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListTemplates {
    /// Only of this kind.
    #[serde(default)]
    pub kind: Option<TemplateKind>,
    /// Only those whose title contains this, whatever the case.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub search: Option<String>,
    /// How many at most, 1 to 100; 50 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100)]
    pub first: Option<i32>,
    /// Where the page before ended.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub after: Option<String>,
}

impl UseCase for ListTemplates {
    type Output = TemplatePage;
    const NAME: &'static str = "web-broker.list-templates";
    const NEEDS: &'static str = "draft:write";
}

/// Read a template with its content.
#[derive(Clone, Copy, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenTemplate {
    /// The template.
    pub id: Uuid,
}

impl UseCase for OpenTemplate {
    type Output = Template;
    const NAME: &'static str = "web-broker.open-template";
    const NEEDS: &'static str = "draft:write";
}

/// Throw a template away.
#[derive(Clone, Copy, Debug, Deserialize, InputObject, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteTemplate {
    /// The template.
    pub id: Uuid,
}

impl UseCase for DeleteTemplate {
    type Output = TemplateDeleted;
    const NAME: &'static str = "web-broker.delete-template";
    const NEEDS: &'static str = "draft:write";
}

/// A template without its content.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateHead {
    /// The template.
    pub id: Uuid,
    /// What it fills in.
    pub kind: TemplateKind,
    /// How the people of the organisation call it.
    pub title: String,
    /// Who has saved it, an opaque id.
    pub saved_by: String,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
}

/// A template with its content.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// The template without its content.
    pub head: TemplateHead,
    /// What is filled in, in the public JSON form of messages.
    pub content: String,
}

/// A part of the templates.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplatePage {
    /// The templates.
    pub items: Vec<TemplateHead>,
    /// Where this page ended, if there is more.
    pub next: Option<String>,
}

/// That a template is gone.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplateDeleted {
    /// The template that was.
    pub id: Uuid,
}
