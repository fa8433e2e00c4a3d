//! Operations of GraphQL made from the schema: the shortest that ask for a field.

use serde_json::{Value, json};

use crate::client::Door;

/// An introspected type by name.
fn kind<'a>(schema: &'a Value, name: &str) -> &'a Value {
    let types = schema["types"].as_array().unwrap();
    types.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no type {name}"))
}

/// A value of the right form for `of`, and nothing more than it must have.
fn value(schema: &Value, of: &Value) -> String {
    match (of["kind"].as_str().unwrap(), of["name"].as_str().unwrap_or_default()) {
        ("NON_NULL", _) => value(schema, &of["ofType"]),
        ("LIST", _) => format!("[{}]", value(schema, &of["ofType"])),
        ("ENUM", name) => kind(schema, name)["enumValues"][0]["name"].as_str().unwrap().to_owned(),
        ("INPUT_OBJECT", name) => {
            let fields = kind(schema, name)["inputFields"].as_array().unwrap();
            let needed = fields
                .iter()
                .filter(|field| field["type"]["kind"] == "NON_NULL" && field["defaultValue"].is_null());
            let parts = needed.map(|field| {
                format!("{}: {}", field["name"].as_str().unwrap(), value(schema, &field["type"]))
            });
            format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
        }
        (_, "Int") => "1".to_owned(),
        (_, "Boolean") => "true".to_owned(),
        (_, "UUID" | "ID") => "\"01a00000-0000-7000-8000-000000000000\"".to_owned(),
        (_, "NaiveDate") => "\"2026-11-20\"".to_owned(),
        (_, "DateTime") => "\"2026-11-20T10:00:00Z\"".to_owned(),
        _ => "\"x\"".to_owned(),
    }
}

/// The shortest operation that asks for the field `name` of `root`.
pub(crate) fn operation(schema: &Value, root: &str, name: &str) -> String {
    let fields = kind(schema, root)["fields"].as_array().unwrap();
    let field =
        fields.iter().find(|field| field["name"] == name).unwrap_or_else(|| panic!("no {name} in {root}"));
    let arguments = field["args"].as_array().unwrap();
    let needed = arguments
        .iter()
        .filter(|argument| argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null());
    let parts: Vec<_> = needed
        .map(|argument| {
            format!("{}: {}", argument["name"].as_str().unwrap(), value(schema, &argument["type"]))
        })
        .collect();
    let arguments = if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
    format!("{} {{ {name}{arguments} {{ __typename }} }}", root.to_lowercase())
}

const INTROSPECTION: &str = "{ __schema { types { name enumValues { name } inputFields { name defaultValue type { ...T } } \
    fields { name args { name defaultValue type { ...T } } } } } } \
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The schema as the suite tells it.
pub(crate) fn schema(door: &Door) -> Value {
    door.post("/graphql", &json!({ "query": INTROSPECTION })).json()["data"]["__schema"].clone()
}
