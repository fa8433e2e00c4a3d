//! The table of operations as a document: what GraphQL has, REST has, and who may.

use std::fmt::Write as _;

use customs_kernel::role;

use crate::{
    doors,
    rest::{Face, Operation},
};

/// The table of operations with their GraphQL fields, REST paths and permissions, as Markdown.
pub(crate) fn markdown() -> String {
    let mut text = String::from(
        "# Operations\n\nEvery public operation, once: its use case, the permission it needs with the roles that \
         have it, its GraphQL field and its REST path. This table is written from the code; `UPDATE=1 cargo test -p \
         customs-gateway` writes it anew.\n",
    );
    for (tag, words) in doors::TAGS {
        let _ = write!(
            text,
            "\n## {tag}\n\n{words}\n\n| use case | needs | GraphQL | REST |\n|---|---|---|---|\n"
        );
        for operation in doors::operations().iter().filter(|operation| operation.tag == *tag) {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | `{} {}` |",
                operation.use_case,
                needs(operation),
                operation.face.map_or_else(|| "—".to_owned(), |face| format!("`{}`", field(face))),
                operation.verb.method(),
                operation.path,
            );
        }
    }
    text
}

/// A field as a person reads it.
fn field(face: Face) -> String {
    match face {
        Face::Query(name) => format!("query {name}"),
        Face::Mutation(name) => format!("mutation {name}"),
        Face::Subscription(name) => format!("subscription {name}"),
    }
}

fn needs(operation: &Operation) -> String {
    if operation.needs == role::ANYONE {
        return "anyone".to_owned();
    }
    let roles =
        role::table().iter().find(|(name, _)| *name == operation.needs).map_or(&[][..], |(_, roles)| roles);
    let names = roles.iter().filter_map(|role| serde_json::to_value(role).ok());
    let names: Vec<String> = names.filter_map(|name| name.as_str().map(str::to_owned)).collect();
    format!("`{}`: {}", operation.needs, names.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use async_graphql::parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    };

    use super::*;
    use crate::rest::Table;

    /// The fields of the type `name` in the schema.
    fn fields(name: &str) -> BTreeSet<String> {
        let document = parse_schema(crate::schema_sdl()).unwrap();
        let types = document.definitions.iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(of) if of.node.name.node == name => Some(&of.node.kind),
            _ => None,
        });
        let kinds = types.filter_map(|kind| match kind {
            TypeKind::Object(object) => Some(object),
            _ => None,
        });
        kinds.flat_map(|object| &object.fields).map(|field| field.node.name.node.to_string()).collect()
    }

    fn faces(pick: impl Fn(Face) -> Option<&'static str>) -> BTreeSet<String> {
        let operations = doors::operations();
        operations.iter().filter_map(|operation| pick(operation.face?)).map(str::to_owned).collect()
    }

    #[test]
    fn graphql_has_what_rest_has() {
        let mut queries = faces(|face| if let Face::Query(name) = face { Some(name) } else { None });
        // Relay's way to any object by its id; REST has an address for each.
        queries.insert("node".to_owned());
        assert_eq!(fields("Query"), queries);
        let mutations = faces(|face| if let Face::Mutation(name) = face { Some(name) } else { None });
        assert_eq!(fields("Mutation"), mutations);
    }

    /// Compares a committed contract with what the code says; `UPDATE=1` rewrites it.
    fn committed(path: &str, said: &str) {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        let said = format!("{}\n", said.trim_end());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, &said).unwrap();
        }
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(known == said, "{path} is not what the code says; UPDATE=1 rewrites it");
    }

    #[test]
    fn the_committed_table_and_schema_are_what_the_code_says() {
        committed("docs/operations.md", &markdown());
        committed("gql-schema/schema.graphql", &crate::schema_sdl());
    }

    #[test]
    fn what_can_be_followed_can_be_read_by_rest() {
        let followed = faces(|face| if let Face::Subscription(name) = face { Some(name) } else { None });
        let queries = faces(|face| if let Face::Query(name) = face { Some(name) } else { None });
        for field in fields("Subscription") {
            assert!(followed.contains(&field) || queries.contains(&field), "{field}");
        }
    }

    #[test]
    fn only_the_public_keys_have_no_field() {
        let without = doors::operations().into_iter().filter(|operation| operation.face.is_none());
        assert_eq!(without.map(|operation| operation.id).collect::<Vec<_>>(), ["publicKeys"]);
    }

    #[test]
    fn every_permission_stands_in_the_table_of_roles() {
        for operation in doors::operations() {
            let known = operation.needs == role::ANYONE
                || role::table().iter().any(|(name, _)| *name == operation.needs);
            assert!(known, "{} needs {}", operation.id, operation.needs);
        }
    }

    #[test]
    fn every_operation_has_its_own_name_and_place_and_a_known_tag() {
        let table = Table::new(doors::operations());
        let mut places = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for row in &table.rows {
            let operation = &row.operation;
            assert!(
                places.insert((operation.path, operation.verb.method().to_string())),
                "{}",
                operation.path
            );
            assert!(ids.insert(operation.id), "{}", operation.id);
            assert!(doors::TAGS.iter().any(|(tag, _)| *tag == operation.tag), "{}", operation.tag);
            assert!(!row.description.is_empty(), "{} says nothing of itself", operation.id);
            for name in operation.path_names() {
                assert!(row.path.schema.properties.contains_key(name), "{} has no {name}", operation.id);
            }
        }
    }
}
