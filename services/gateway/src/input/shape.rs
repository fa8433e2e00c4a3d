//! The shape of input: a schema made ready for checking, which names everything that is wrong at once.

use std::collections::BTreeMap;

use customs_kernel::Finding;
use serde_json::{Map, Number, Value};

use super::{
    json::segment,
    schema::referred,
    texts::{Patterns, Texts},
};

/// How deep schemas may name each other; what lies deeper is judged by the service.
const DEPTH_MAX: u32 = 32;
/// How many findings one answer carries at most.
const FINDINGS_MAX: usize = 100;
/// How many characters of a refused value are repeated in a finding.
const VALUE_CHARS_MAX: usize = 64;

/// What a JSON value must look like.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Anything.
    Any,
    /// Nothing but null.
    Null,
    /// True or false.
    Bool,
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A number.
    Number,
    /// A text.
    Text(Box<Texts>),
    /// A list.
    List(Box<Self>, usize, usize),
    /// An object.
    Object(Box<Fields>),
    /// Something of one of several shapes.
    OneOf(Vec<Self>),
}

/// What shapes are made from: the schemas that others name, and the patterns that were met so far.
pub(super) struct Source {
    components: Value,
    patterns: Patterns,
}

impl Source {
    /// Shapes from `components`, by name.
    pub(super) fn new(components: Value) -> Self {
        Self { components, patterns: Patterns::default() }
    }
}

/// The fields of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    known: BTreeMap<String, Shape>,
    required: Vec<String>,
    closed: bool,
}

impl Shape {
    /// The shape that `schema` describes, with what it refers to in `source`.
    pub(super) fn compile(schema: &Value, source: &Source) -> Self {
        compile(schema, source, 0)
    }

    /// Everything that is wrong with `value`, at most 100 findings.
    pub(crate) fn findings(&self, value: &Value) -> Vec<Finding> {
        let mut findings = Vec::new();
        check(self, value, "", &mut findings);
        findings.truncate(FINDINGS_MAX);
        findings
    }

    /// Writes whole numbers that came as `1.0` as what they are: to JSON Schema they are the same.
    pub(crate) fn settle(&self, value: &mut Value) {
        match (self, value) {
            (Self::Integer(..), Value::Number(number)) => {
                if let Some(settled) = whole(number) {
                    *number = settled.into();
                }
            }
            (Self::List(item, ..), Value::Array(entries)) => {
                for entry in entries {
                    item.settle(entry);
                }
            }
            (Self::Object(fields), Value::Object(object)) => {
                for (name, entry) in object {
                    if let Some(shape) = fields.known.get(name) {
                        shape.settle(entry);
                    }
                }
            }
            (Self::OneOf(shapes), value) => {
                let fits = shapes.iter().find(|shape| shape.findings(value).is_empty());
                if let Some(shape) = fits {
                    shape.settle(value);
                }
            }
            _ => {}
        }
    }

    /// The shape of the field `name` of an object.
    pub(crate) fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.known.get(name),
            _ => None,
        }
    }

    /// The value that `text` of an address means for this shape; what does not fit stays text and is refused later.
    pub(crate) fn read(&self, text: &str) -> Value {
        match self {
            Self::Integer(..) | Self::Number => {
                text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
            }
            Self::Bool => text.parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
            Self::List(item, ..) => text.split(',').map(|part| item.read(part)).collect(),
            Self::OneOf(shapes) => shapes
                .iter()
                .find(|shape| !matches!(shape, Self::Null))
                .map_or_else(|| Value::from(text), |shape| shape.read(text)),
            Self::Any | Self::Null | Self::Text(_) | Self::Object(_) => Value::from(text),
        }
    }
}

fn compile(schema: &Value, source: &Source, depth: u32) -> Shape {
    if depth > DEPTH_MAX {
        return Shape::Any;
    }
    let inner = |schema: &Value| compile(schema, source, depth + 1);
    let one = |kind: &str| one(kind, schema, &source.patterns, &inner);
    if let Some(name) = referred(schema) {
        return source.components.get(name).map_or(Shape::Any, inner);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(all) = schema.get(key).and_then(Value::as_array) {
            return Shape::OneOf(all.iter().map(inner).collect());
        }
    }
    match schema.get("type") {
        Some(Value::String(kind)) => one(kind),
        Some(Value::Array(kinds)) => Shape::OneOf(kinds.iter().filter_map(Value::as_str).map(one).collect()),
        _ => Shape::Any,
    }
}

fn one(kind: &str, schema: &Value, patterns: &Patterns, inner: &dyn Fn(&Value) -> Shape) -> Shape {
    let whole = |key: &str| schema.get(key).and_then(Value::as_i64);
    let count = |key: &str| whole(key).and_then(|count| usize::try_from(count).ok());
    match kind {
        "null" => Shape::Null,
        "boolean" => Shape::Bool,
        "number" => Shape::Number,
        "integer" => {
            let narrow = schema.get("format").and_then(Value::as_str) == Some("int32");
            let (least, most) =
                if narrow { (i64::from(i32::MIN), i64::from(i32::MAX)) } else { (i64::MIN, i64::MAX) };
            Shape::Integer(whole("minimum").unwrap_or(least), whole("maximum").unwrap_or(most))
        }
        "string" => Shape::Text(Box::new(Texts::compile(schema, patterns))),
        "array" => {
            let item = schema.get("items").map_or(Shape::Any, inner);
            let (least, most) = (count("minItems").unwrap_or_default(), count("maxItems"));
            Shape::List(Box::new(item), least, most.unwrap_or(usize::MAX))
        }
        "object" => Shape::Object(Box::new(fields(schema, inner))),
        _ => Shape::Any,
    }
}

fn fields(schema: &Value, inner: &dyn Fn(&Value) -> Shape) -> Fields {
    let known = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array);
    Fields {
        known: known
            .map(|known| known.iter().map(|(name, schema)| (name.clone(), inner(schema))).collect())
            .unwrap_or_default(),
        required: required
            .map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default(),
        closed: schema.get("additionalProperties") == Some(&Value::Bool(false)),
    }
}

fn check(shape: &Shape, value: &Value, at: &str, findings: &mut Vec<Finding>) {
    match (shape, value) {
        (Shape::Any, _)
        | (Shape::Null, Value::Null)
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Number, Value::Number(_)) => {}
        (Shape::Integer(least, most), Value::Number(number)) => match whole(number) {
            Some(whole) if (*least..=*most).contains(&whole) => {}
            Some(_) => findings.push(wrong("range", at, value, format!("must be from {least} to {most}"))),
            None => findings.push(wrong("type", at, value, "must be a whole number".to_owned())),
        },
        (Shape::Text(texts), Value::String(text)) => {
            findings.extend(texts.refusal(text).map(|(code, sentence)| wrong(code, at, value, sentence)));
        }
        (Shape::List(item, least, most), Value::Array(items)) => {
            if items.len() < *least || items.len() > *most {
                let sentence = format!("must hold {least} to {most} entries, holds {}", items.len());
                findings.push(Finding::new("items", at, sentence));
                return;
            }
            for (index, entry) in items.iter().enumerate() {
                check(item, entry, &format!("{at}/{index}"), findings);
            }
        }
        (Shape::Object(fields), Value::Object(object)) => check_fields(fields, object, at, findings),
        (Shape::OneOf(shapes), _) => findings.extend(nearest(shapes, value, at)),
        (expected, _) => {
            findings.push(wrong("type", at, value, format!("must be {}", expected.noun())));
        }
    }
}

/// The whole number that `number` is, also where it is written with a fraction of zero.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| number.to_string().strip_suffix(".0")?.parse().ok())
}

fn check_fields(fields: &Fields, object: &Map<String, Value>, at: &str, findings: &mut Vec<Finding>) {
    for name in fields.required.iter().filter(|name| !object.contains_key(name.as_str())) {
        findings.push(Finding::new("required", format!("{at}/{}", segment(name)), "is missing"));
    }
    for (name, value) in object {
        let pointer = format!("{at}/{}", segment(name));
        match fields.known.get(name) {
            Some(shape) => check(shape, value, &pointer, findings),
            None if fields.closed => findings.push(Finding::new("unknown", pointer, "is not known here")),
            None => {}
        }
    }
}

/// No finding if one of `shapes` fits; otherwise those of the shape that is not null.
fn nearest(shapes: &[Shape], value: &Value, at: &str) -> Vec<Finding> {
    let mut told = Vec::new();
    for shape in shapes {
        let mut findings = Vec::new();
        check(shape, value, at, &mut findings);
        if findings.is_empty() {
            return findings;
        }
        if told.is_empty() || !matches!(shape, Shape::Null) {
            told = findings;
        }
    }
    told
}

impl Shape {
    const fn noun(&self) -> &'static str {
        match self {
            Self::Any | Self::OneOf(_) => "something else",
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Integer(..) => "a whole number",
            Self::Number => "a number",
            Self::Text(_) => "a text",
            Self::List(..) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

fn wrong(code: &str, at: &str, value: &Value, sentence: String) -> Finding {
    let shown = match value {
        Value::String(text) => text.chars().take(VALUE_CHARS_MAX).collect(),
        Value::Number(_) | Value::Bool(_) | Value::Null => value.to_string(),
        Value::Array(_) | Value::Object(_) => return Finding::new(code, at, sentence),
    };
    Finding::new(code, at, sentence).with_value(shown)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape() -> Shape {
        let components = json!({"Kind": {"type": "string", "enum": ["one", "two"]}});
        let schema = json!({
            "type": "object", "additionalProperties": false, "required": ["id", "kind"],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "kind": {"$ref": "#/components/schemas/Kind"},
                "first": {"type": ["integer", "null"], "format": "int32", "minimum": 1, "maximum": 100},
                "cap": {"oneOf": [{"type": "null"}, {"type": "object", "required": ["amount"],
                    "properties": {"amount": {"type": "string", "pattern": "^[0-9]+$"}}}]},
                "names": {"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
            },
        });
        Shape::compile(&schema, &Source::new(components))
    }

    #[test]
    fn what_fits_has_no_findings() {
        let value = json!({"id": "0193a6f0-0000-7000-8000-000000000000", "kind": "two", "first": null,
            "cap": {"amount": "12"}, "names": ["abc"]});
        assert_eq!(shape().findings(&value), []);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let value = json!({"kind": "three", "first": 101, "cap": {"amount": "1a"}, "names": ["abcd", 1],
            "more": true});
        let told: Vec<_> = shape().findings(&value).into_iter().map(|f| (f.code, f.pointer)).collect();
        let expected = [
            ("required", "/id"),
            ("pattern", "/cap/amount"),
            ("range", "/first"),
            ("choice", "/kind"),
            ("unknown", "/more"),
            ("length", "/names/0"),
            ("type", "/names/1"),
        ];
        assert_eq!(told, expected.map(|(code, at)| (code.to_owned(), at.to_owned())));
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        let mut value = json!({"id": "0193a6f0-0000-7000-8000-000000000000", "kind": "one", "first": 7.0});
        assert_eq!(shape().findings(&value), []);
        shape().settle(&mut value);
        assert_eq!(value["first"], json!(7));
        value["first"] = json!(7.5);
        assert_eq!(shape().findings(&value)[0].code, "type");
    }

    #[test]
    fn texts_of_an_address_become_what_the_schema_wants() {
        let shape = shape();
        assert_eq!(shape.field("first").unwrap().read("7"), json!(7));
        assert_eq!(shape.field("first").unwrap().read("x"), json!("x"));
        assert_eq!(shape.field("names").unwrap().read("a,b"), json!(["a", "b"]));
    }
}
