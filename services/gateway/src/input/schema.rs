//! The schemas of the contracts: collected once, shown in the document, and enforced on input.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::{
    ToSchema,
    openapi::{Ref, RefOr, Schema},
};

use super::shape::{Shape, Source};

/// Every named schema that some operation uses.
#[derive(Clone, Default)]
pub(crate) struct Schemas(BTreeMap<String, RefOr<Schema>>);

impl Schemas {
    /// Takes `T` and all it names, and tells how to refer to it.
    pub(crate) fn named<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.parts::<T>();
        let name = T::name().into_owned();
        self.0.insert(name.clone(), T::schema());
        RefOr::Ref(Ref::from_schema_name(name))
    }

    /// Takes all that `T` names, and tells the schema of `T` itself.
    pub(crate) fn parts<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        self.0.extend(parts);
        T::schema()
    }

    /// Adds a schema under `name`.
    pub(crate) fn add(&mut self, name: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
        self.0.insert(name.to_owned(), schema);
        RefOr::Ref(Ref::from_schema_name(name))
    }

    /// The shapes of what is made of these schemas.
    pub(crate) fn shapes(&self) -> Shapes {
        Shapes(Source::new(serde_json::to_value(&self.0).unwrap_or_default()))
    }

    /// The schemas by name.
    pub(crate) fn into_components(self) -> BTreeMap<String, RefOr<Schema>> {
        self.0
    }
}

/// What the shapes of one table are made from, made once for all of them.
pub(crate) struct Shapes(Source);

impl Shapes {
    /// What input must look like to fit `schema`.
    pub(crate) fn shape(&self, schema: &RefOr<Schema>) -> Shape {
        let schema = serde_json::to_value(schema).unwrap_or_default();
        Shape::compile(&schema, &self.0)
    }
}

/// The name at the end of a reference, such as `#/components/schemas/Movement`.
pub(super) fn referred(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}
