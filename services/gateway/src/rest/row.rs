//! The table of operations, made ready: which part of the input comes from where, and what it must look like.

use std::sync::Arc;

use utoipa::openapi::{
    RefOr, Schema,
    schema::{AdditionalProperties, ArrayItems, Object, SchemaType, Type},
};

use super::{Operation, Verb};
use crate::input::{Schemas, Shape, Shapes};

/// An operation with the parts of its input.
pub(crate) struct Row {
    /// The operation.
    pub(crate) operation: Operation,
    /// What the input says of itself.
    pub(crate) description: String,
    /// What stands in the path.
    pub(crate) path: Part,
    /// What stands behind the question mark.
    pub(crate) query: Part,
    /// What stands in the body.
    pub(crate) body: Part,
}

/// A part of an input.
pub(crate) struct Part {
    /// Its schema.
    pub(crate) schema: Object,
    /// The same for checking.
    pub(crate) shape: Shape,
}

/// Every operation, ready to be served and described.
pub(crate) struct Table {
    /// The rows, in the order of the table.
    pub(crate) rows: Vec<Arc<Row>>,
    /// Every schema that is named.
    pub(crate) schemas: Schemas,
}

impl Table {
    /// Makes `operations` ready.
    pub(crate) fn new(operations: Vec<Operation>) -> Self {
        let mut schemas = Schemas::default();
        let inputs: Vec<Object> =
            operations.iter().map(|operation| object((operation.input)(&mut schemas))).collect();
        let shapes = schemas.shapes();
        let rows = operations.into_iter().zip(inputs);
        let rows = rows.map(|(operation, input)| Arc::new(Row::new(operation, &input, &shapes))).collect();
        Self { rows, schemas }
    }
}

impl Row {
    fn new(operation: Operation, input: &Object, shapes: &Shapes) -> Self {
        let in_path = |name: &str| operation.path_names().any(|known| known == name);
        let elsewhere =
            |name: &str| in_path(name) || operation.hidden.contains(&name) || operation.version == Some(name);
        let has_body = operation.verb.has_body();
        let part = |keeps: &dyn Fn(&str) -> bool| part(input, keeps);
        let description = operation.words.map(str::to_owned).or_else(|| input.description.clone());
        Self {
            path: Part::new(addressed(part(&in_path)), shapes),
            query: Part::new(addressed(part(&|name| !has_body && !elsewhere(name))), shapes),
            body: Part::new(part(&|name| has_body && !elsewhere(name)), shapes),
            description: description.unwrap_or_default(),
            operation,
        }
    }

    /// Whether a body is expected at all.
    pub(crate) fn has_body(&self) -> bool {
        self.operation.verb != Verb::Get && !self.body.schema.properties.is_empty()
    }
}

impl Part {
    fn new(schema: Object, shapes: &Shapes) -> Self {
        let shape = shapes.shape(&RefOr::T(Schema::Object(schema.clone())));
        Self { schema, shape }
    }
}

/// What `keeps` wants of `input`, and nothing else.
fn part(input: &Object, keeps: &dyn Fn(&str) -> bool) -> Object {
    let mut schema = Object::new();
    let properties = input.properties.iter().filter(|(name, _)| keeps(name));
    schema.properties = properties.map(|(name, schema)| (name.clone(), schema.clone())).collect();
    schema.required = input.required.iter().filter(|name| keeps(name)).cloned().collect();
    schema.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    schema
}

/// No control characters: what a text in an address is unless its schema says more.
const PLAIN: &str = "^[^\\x00-\\x1f\\x7f-\\x9f]*$";

/// `part` as it stands in an address: texts are plain, entries of lists not empty.
fn addressed(mut part: Object) -> Object {
    for schema in part.properties.values_mut() {
        match schema {
            RefOr::T(Schema::Object(text)) => plain(text),
            RefOr::T(Schema::Array(array)) => {
                if let ArrayItems::RefOrSchema(item) = &mut array.items
                    && let RefOr::T(Schema::Object(text)) = item.as_mut()
                {
                    plain(text);
                    text.min_length = text.min_length.or(text.pattern.as_ref().map(|_| 1));
                }
            }
            RefOr::T(_) | RefOr::Ref(_) => {}
        }
    }
    part
}

fn plain(text: &mut Object) {
    let is_text = match &text.schema_type {
        SchemaType::Type(kind) => *kind == Type::String,
        SchemaType::Array(kinds) => kinds.contains(&Type::String),
        SchemaType::AnyValue => false,
    };
    if is_text && text.pattern.is_none() && text.format.is_none() && text.enum_values.is_none() {
        text.pattern = Some(PLAIN.to_owned());
    }
}

/// The object that an input is; anything else has no fields.
fn object(schema: RefOr<Schema>) -> Object {
    match schema {
        RefOr::T(Schema::Object(object)) => object,
        RefOr::T(_) | RefOr::Ref(_) => Object::new(),
    }
}
