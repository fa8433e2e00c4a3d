//! The cost guard: what a GraphQL document may cost is known before the library looks at it.
//!
//! First the text is bounded (length, nesting, directives), then it is parsed, then each fragment is weighed once,
//! however often it is used, so that no document takes longer to weigh than to read.

mod tokens;
mod weight;

use async_graphql::{
    Positioned, Value, Variables,
    parser::{
        parse_query,
        types::{ExecutableDocument, OperationType, VariableDefinition},
    },
};
use customs_gateway_contract::problems;
use customs_kernel::{Finding, Problem};

use crate::config::Limits;

/// A document that may be executed.
#[derive(Debug)]
pub(crate) struct Weighed {
    /// The parsed document.
    pub(crate) document: ExecutableDocument,
    /// What the chosen operation is; a query where the choice is left to the library's own error.
    pub(crate) kind: OperationType,
}

/// Weighs `query` and refuses it where it asks for too much.
pub(crate) fn weigh(
    query: &str,
    operation: Option<&str>,
    variables: &Variables,
    limits: &Limits,
) -> Result<Weighed, Problem> {
    tokens::check(query, limits)?;
    let document = parse_query(query).map_err(|error| syntax(&error))?;
    weight::check(&document, variables, limits)?;
    let named = |name: Option<&str>| operation.is_none() || operation == name;
    let mut operations = document.operations.iter();
    let chosen = operations.find(|(name, _)| named(name.map(async_graphql::Name::as_str)));
    if let Some((_, operation)) = chosen {
        required(&operation.node.variable_definitions, variables)?;
    }
    let kind = chosen.map_or(OperationType::Query, |(_, operation)| operation.node.ty);
    Ok(Weighed { document, kind })
}

/// Refuses a request that leaves out a variable which may not be null.
fn required(definitions: &[Positioned<VariableDefinition>], variables: &Variables) -> Result<(), Problem> {
    let missing = definitions.iter().map(|definition| &definition.node).filter(|definition| {
        let given = variables.get(&definition.name.node);
        // Null stands for itself; what is left out may have a default.
        let missing = given.map_or(definition.default_value.is_none(), |value| *value == Value::Null);
        missing && !definition.var_type.node.nullable
    });
    let findings: Vec<Finding> = missing
        .map(|definition| {
            let name = &definition.name.node;
            Finding::new("required", format!("/variables/{name}"), format!("the variable {name} is missing"))
        })
        .collect();
    if findings.is_empty() {
        return Ok(());
    }
    Err(problems::GRAPHQL_INVALID.because("a variable is missing").with_errors(findings))
}

fn syntax(error: &async_graphql::parser::Error) -> Problem {
    let mut finding = Finding::new("graphql-syntax", "/query", error.to_string());
    if let Some(position) = error.positions().next() {
        finding.line = u32::try_from(position.line).ok();
        finding.column = u32::try_from(position.column).ok();
    }
    problems::GRAPHQL_SYNTAX.because(error.to_string()).with_errors(vec![finding])
}

/// The refusal of a document that asks for too much.
fn costly(detail: impl Into<String>) -> Problem {
    problems::GRAPHQL_COST.because(detail).at("/query")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(query: &str) -> Result<OperationType, String> {
        verdict_with(query, &serde_json::json!({"many": 5000, "few": 2}))
    }

    fn verdict_with(query: &str, variables: &serde_json::Value) -> Result<OperationType, String> {
        let variables = Variables::from_json(variables.clone());
        weigh(query, None, &variables, &Limits::default())
            .map(|weighed| weighed.kind)
            .map_err(|problem| problem.code.into_owned())
    }

    fn aliases(count: usize) -> String {
        let fields: Vec<_> = (0..count).map(|n| format!("a{n}: b")).collect();
        fields.join(" ")
    }

    fn costly(query: &str) {
        assert_eq!(verdict(query), Err("graphql-too-costly".to_owned()), "{query:.200}");
    }

    #[test]
    fn an_ordinary_document_passes() {
        let query = "query Q { movements(first: 50) { edges { node { id mrn offices { office } } } } }";
        assert_eq!(verdict(query), Ok(OperationType::Query));
        assert_eq!(verdict("mutation { a(input: {b: \"}\"}) { c } }"), Ok(OperationType::Mutation));
        assert_eq!(verdict("subscription { n { id } }"), Ok(OperationType::Subscription));
        assert_eq!(verdict("{"), Err("graphql-syntax".to_owned()));
        assert_eq!(verdict(""), Err("graphql-syntax".to_owned()));
    }

    #[test]
    fn a_variable_that_may_not_be_null_is_required() {
        let verdict = |query: &str, variables| verdict_with(query, &variables);
        let query = "query Q($id: ID!) { a(id: $id) }";
        assert_eq!(verdict(query, serde_json::json!({})), Err("graphql-invalid".to_owned()));
        assert_eq!(verdict(query, serde_json::json!({"id": null})), Err("graphql-invalid".to_owned()));
        assert!(verdict(query, serde_json::json!({"id": "1"})).is_ok());
        assert!(verdict("query Q($id: ID! = 1) { a(id: $id) }", serde_json::json!({})).is_ok());
        assert!(verdict("query Q($id: ID) { a(id: $id) }", serde_json::json!({})).is_ok());
    }

    #[test]
    fn the_usual_introspection_query_passes() {
        let of_type = "ofType { kind name ".repeat(9) + &"}".repeat(9);
        let reference = format!("kind name {of_type}");
        let query = format!(
            "query IntrospectionQuery {{ __schema {{ queryType {{ name }} mutationType {{ name }} \
             subscriptionType {{ name }} types {{ ...FullType }} directives {{ name description locations \
             args {{ ...InputValue }} }} }} }} \
             fragment FullType on __Type {{ kind name description fields(includeDeprecated: true) {{ name \
             description args {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason }} \
             inputFields {{ ...InputValue }} interfaces {{ ...TypeRef }} enumValues(includeDeprecated: true) \
             {{ name description isDeprecated deprecationReason }} possibleTypes {{ ...TypeRef }} }} \
             fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue }} \
             fragment TypeRef on __Type {{ {reference} }}"
        );
        assert_eq!(verdict(&query), Ok(OperationType::Query));
    }

    #[test]
    fn fragments_that_multiply_are_refused_in_no_time() {
        for (width, depth) in [(4, 8), (4, 14), (10, 30), (2, 64)] {
            let level = |level: usize| {
                let uses: Vec<_> = (0..width).map(|n| format!("x{n}: b {{ ...F{} }}", level + 1)).collect();
                format!("fragment F{level} on T {{ {} }}", uses.join(" "))
            };
            let levels: Vec<_> = (0..depth).map(level).collect();
            let leaf = format!("fragment F{depth} on T {{ id }}");
            costly(&format!("{{ a {{ ...F0 }} }} {} {leaf}", levels.join(" ")));
        }
        let spreads = (0..12).fold("{ ...F0 }".to_owned(), |query, n| {
            query + &format!(" fragment F{n} on Q {{ {} }}", format!("...F{} ", n + 1).repeat(8))
        });
        costly(&(spreads + " fragment F12 on Q { a }"));
    }

    #[test]
    fn fragments_that_name_themselves_are_refused() {
        costly("{ ...A } fragment A on Q { ...B } fragment B on Q { ...A }");
        costly("{ a } fragment A on Q { b { ...A } }");
    }

    #[test]
    fn every_way_to_make_a_document_large_is_bounded() {
        costly(&format!("{{ {} }}", aliases(20_000)));
        costly(&format!("{{ {} }}", aliases(60)));
        costly(&format!("{{ {} }}", "a ".repeat(30_000)));
        costly(&format!("{{ a {} }}", "@skip(if: false) ".repeat(60)));
        costly(&format!("{}{}", "{ a ".repeat(2_000), "}".repeat(2_000)));
        costly(&format!("{}id{}", "{ a ".repeat(16), "}".repeat(16)));
        costly(&format!("{{ a(b: {}1{}) }}", "[".repeat(1_000), "]".repeat(1_000)));
        costly(&format!("{{ a(b: [{}]) }}", "1 ".repeat(5_000)));
        costly(&format!("{{ a }} #{}", "x".repeat(8_000_000)));
        costly(&format!("{{ a(b: \"{}\") }}", "x".repeat(70_000)));
        costly("{ a(first: 101) { edges { node { id } } } }");
        costly("query Q($many: Int) { a(first: $many) { edges { node { id } } } }");
        costly("query Q($n: Int = 5000) { a(first: $n) { edges { node { id } } } }");
        let long = serde_json::json!({"list": vec![0; 3_000]});
        assert!(verdict_with("query Q($list: [Int]) { a(ids: $list) }", &long).is_err());
        costly("{ a(first: 100) { edges { node { b(first: 100) { edges { node { id mrn } } } } } } }");
        costly("{ a { edges { node { b { edges { node { c { edges { node { id } } } } } } } } } }");
        let many: Vec<_> = (0..100).map(|n| format!("query Q{n} {{ a }}")).collect();
        costly(&many.join(" "));
    }

    #[test]
    fn brackets_inside_texts_and_comments_do_not_count() {
        let nested = "[".repeat(500);
        assert!(verdict(&format!("{{ a(b: \"{nested}\") }} # {nested}")).is_ok());
        assert!(verdict(&format!("{{ a(b: \"\"\" {nested} \\\"\"\" {nested} \"\"\") }}")).is_ok());
    }
}
