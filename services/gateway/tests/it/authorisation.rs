//! The authorisation matrix: every operation of the document, asked by everybody.

use customs_kernel::role;
use customs_web_broker_contract::MemberRole;
use reqwest::Method;
use serde_json::Value;

use crate::stand::Stand;

/// The permission that an operation of the document needs.
fn needs(operation: &Value) -> String {
    let words = operation["description"].as_str().unwrap();
    words.rsplit("needs `").next().unwrap().trim_end_matches(['`', '.']).to_owned()
}

/// Every operation of the document: its method, a path with something in each brace, and the permission it needs.
fn operations() -> Vec<(Method, String, String)> {
    let document = serde_json::to_value(customs_gateway::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let filled: Vec<&str> =
                path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
            found.push((method.to_uppercase().parse().unwrap(), filled.join("/"), needs(operation)));
        }
    }
    found
}

#[actix_web::test]
async fn nobody_reaches_an_operation_that_needs_a_permission() {
    let stand = Stand::plain().await;
    for (method, path, needs) in operations() {
        if needs == role::ANYONE {
            continue;
        }
        let answer = stand.ask(method.clone(), &path).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{method} {path}");
        let forged = stand.ask(method.clone(), &path).bearer_auth("forged").send().await.unwrap();
        assert_eq!(forged.status(), 401, "{method} {path}");
    }
}

#[actix_web::test]
async fn each_role_reaches_what_the_table_of_permissions_gives_it_and_nothing_else() {
    let stand = Stand::plain().await;
    for member in MemberRole::ALL {
        let token = stand.token(&[*member]).await;
        for (method, path, needs) in operations() {
            if needs == role::ANYONE {
                continue;
            }
            let answer = stand.ask(method.clone(), &path).bearer_auth(&token).send().await.unwrap();
            let status = answer.status().as_u16();
            let may = member.role().may(&needs);
            assert_eq!(status != 403, may, "{member:?} {method} {path} needs {needs}: {status}");
            assert!(status < 500, "{member:?} {method} {path}: {status}");
        }
    }
}
