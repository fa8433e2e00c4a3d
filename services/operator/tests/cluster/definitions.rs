//! The rules in the definitions of our resources: good objects pass, bad ones do not.

use customs_operator::resource;
use kube_cel::{Validator, compile_schema};
use serde_json::{Value, json};

fn schema(kind: &str) -> Value {
    let all = resource::definitions();
    let definition = all.iter().find(|one| one.spec.names.kind == kind).unwrap();
    serde_json::to_value(&definition.spec.versions[0].schema).unwrap()["openAPIV3Schema"].clone()
}

/// What the rules in the definition say of `new`, which follows on `old`.
fn refusals(kind: &str, new: &Value, old: Option<&Value>) -> Vec<String> {
    match Validator::new().validate(&schema(kind), new, old) {
        Ok(()) => Vec::new(),
        Err(errors) => errors.iter().map(|error| error.message.clone()).collect(),
    }
}

fn object(spec: &Value) -> Value {
    json!({ "apiVersion": "ecustoms.dev/v1alpha1", "kind": "Any", "metadata": { "name": "a" }, "spec": spec })
}

/// `base` with a value put in at a pointer; null takes away.
fn with(base: &Value, pointer: &str, value: Value) -> Value {
    let (above, key) = pointer.rsplit_once('/').unwrap();
    let mut changed = base.clone();
    let above = changed.pointer_mut(above).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        above.remove(key);
    } else {
        above.insert(key.to_owned(), value);
    }
    changed
}

fn anchor() -> Value {
    json!({ "usage": "ParticipantSignature", "sources": [{ "configMapRef": { "name": "root", "key": "ca.pem" } }],
        "activeFrom": "2026-12-01T00:00:00Z", "retireAfter": "2031-12-01T00:00:00Z" })
}

fn dataset() -> Value {
    json!({ "dataset": "Currencies", "source": { "http": { "url": "https://bank.example/rates.csv" } },
        "schedule": "15 6 * * 1-5", "timeZone": "Asia/Almaty", "staleAfter": "36h",
        "activation": { "mode": "Manual", "approvedVersion": "ab" } })
}

fn replay() -> Value {
    json!({ "service": "Guarantees", "reason": "the ledger was locked", "limit": 50,
        "selection": { "messages": ["guarantees.hold"], "kinds": ["Command"], "reasonContains": "locked",
            "parkedAfter": "2026-11-30T06:00:00Z", "parkedBefore": "2026-11-30T07:00:00Z" },
        "approval": { "mode": "Manual", "approvedSelection": "ab" } })
}

#[test]
fn every_rule_can_be_compiled() {
    for definition in resource::definitions() {
        let compiled = compile_schema(&schema(&definition.spec.names.kind));
        assert!(!compiled.has_errors(), "{:?}", compiled.compilation_errors());
    }
}

#[test]
fn good_objects_pass() {
    assert_eq!(refusals("TrustAnchor", &object(&anchor()), None), Vec::<String>::new());
    assert_eq!(refusals("ReferenceDataset", &object(&dataset()), None), Vec::<String>::new());
    assert_eq!(refusals("DeadLetterReplay", &object(&replay()), None), Vec::<String>::new());
    for (kind, spec) in [
        ("TrustAnchor", with(&anchor(), "/activeFrom", Value::Null)),
        (
            "TrustAnchor",
            json!({ "usage": "ParticipantSignature", "sources": [{ "secretRef": { "name": "a", "key": "b" } }] }),
        ),
        (
            "ReferenceDataset",
            json!({ "dataset": "National", "source": { "configMapRef": { "name": "a", "key": "b" } },
            "integrity": { "sha256": "ab" } }),
        ),
        (
            "ReferenceDataset",
            json!({ "dataset": "National", "source": { "volume": { "claimName": "a", "path": "b/..c" } } }),
        ),
        ("DeadLetterReplay", json!({ "service": "WebBroker", "reason": "the catalogue was locked" })),
        (
            "DeadLetterReplay",
            json!({ "service": "WebBroker", "reason": "the catalogue was locked", "limit": 1000 }),
        ),
        ("DeadLetterReplay", with(&replay(), "/selection/ids", json!(["a", "b"]))),
    ] {
        assert_eq!(refusals(kind, &object(&spec), None), Vec::<String>::new(), "{spec}");
    }
}

#[test]
fn bad_objects_are_refused_with_the_rule_that_they_break() {
    let two =
        json!([{ "configMapRef": { "name": "a", "key": "b" }, "secretRef": { "name": "a", "key": "b" } }]);
    let map = json!({ "configMapRef": { "name": "a", "key": "b" } });
    let both =
        json!({ "configMapRef": { "name": "a", "key": "b" }, "volume": { "claimName": "a", "path": "b" } });
    let up = json!({ "volume": { "claimName": "a", "path": "b/../c" } });
    let unscheduled = with(&dataset(), "/schedule", Value::Null);
    for (kind, spec, message) in [
        (
            "TrustAnchor",
            with(&anchor(), "/retireAfter", "2026-12-01T00:00:00Z".into()),
            "retireAfter must be after activeFrom",
        ),
        ("TrustAnchor", with(&anchor(), "/sources", two), "exactly one of secretRef, configMapRef"),
        ("TrustAnchor", with(&anchor(), "/sources", json!([{}])), "exactly one of secretRef, configMapRef"),
        ("TrustAnchor", with(&anchor(), "/crls", json!([{}])), "exactly one of secretRef, configMapRef"),
        (
            "ReferenceDataset",
            with(&dataset(), "/source", json!({})),
            "exactly one of configMapRef, http, volume",
        ),
        (
            "ReferenceDataset",
            with(&unscheduled, "/source", both),
            "exactly one of configMapRef, http, volume",
        ),
        (
            "ReferenceDataset",
            with(&dataset(), "/source", map),
            "schedule is for sources that are fetched; a ConfigMap is watched",
        ),
        ("ReferenceDataset", with(&dataset(), "/source", up), "path stays on the volume"),
        ("ReferenceDataset", unscheduled.clone(), "timeZone belongs to a schedule"),
        (
            "ReferenceDataset",
            with(&dataset(), "/integrity", json!({ "sha256": "ab" })),
            "a pinned sha256 lets nothing new in: leave schedule or integrity out",
        ),
        (
            "ReferenceDataset",
            with(&dataset(), "/activation/mode", "Automatic".into()),
            "approvedVersion needs mode Manual",
        ),
        (
            "ReferenceDataset",
            with(&dataset(), "/activation/mode", Value::Null),
            "approvedVersion needs mode Manual",
        ),
        (
            "DeadLetterReplay",
            with(&replay(), "/limit", 101.into()),
            "a second person approves 100 letters at most: lower the limit",
        ),
        (
            "DeadLetterReplay",
            with(&with(&replay(), "/limit", 1.into()), "/selection/ids", json!(["a", "b"])),
            "more ids than the limit allows",
        ),
        (
            "DeadLetterReplay",
            with(&replay(), "/selection/parkedBefore", "2026-11-30T06:00:00Z".into()),
            "parkedBefore must be after parkedAfter",
        ),
        (
            "DeadLetterReplay",
            with(&replay(), "/approval/mode", "Automatic".into()),
            "approvedSelection needs mode Manual",
        ),
        (
            "DeadLetterReplay",
            with(&replay(), "/approval/mode", Value::Null),
            "approvedSelection needs mode Manual",
        ),
    ] {
        let refusals = refusals(kind, &object(&spec), None);
        assert!(refusals.iter().any(|refusal| refusal == message), "{spec}: {refusals:?}");
    }
}

#[test]
fn what_is_immutable_does_not_change() {
    let (before, after) = (object(&dataset()), object(&with(&dataset(), "/dataset", "Countries".into())));
    assert_eq!(refusals("ReferenceDataset", &after, Some(&before)), ["dataset is immutable"]);
    let touched = object(&with(&dataset(), "/suspend", true.into()));
    assert_eq!(refusals("ReferenceDataset", &touched, Some(&before)), Vec::<String>::new());
    let before = object(&with(&replay(), "/approval/approvedSelection", Value::Null));
    for (pointer, value, field) in [
        ("/service", "Declarations".into(), "service"),
        ("/selection/kinds", Value::Null, "selection"),
        ("/limit", 60.into(), "limit"),
        ("/reason", "something else entirely".into(), "reason"),
        ("/approval/mode", "Automatic".into(), "mode"),
    ] {
        let changed = with(&before["spec"], pointer, value);
        let said = refusals("DeadLetterReplay", &object(&changed), Some(&before));
        assert_eq!(said, [format!("{field} is immutable: make another replay")]);
    }
    for touched in
        [with(&replay(), "/suspend", true.into()), with(&replay(), "/ttlSecondsAfterFinished", 0.into())]
    {
        assert_eq!(refusals("DeadLetterReplay", &object(&touched), Some(&before)), Vec::<String>::new());
    }
}

#[test]
fn everything_is_bounded_so_that_rules_stay_cheap() {
    fn walk(schema: &Value, path: &str, unbounded: &mut Vec<String>) {
        let is = |kind: &str| schema["type"] == kind;
        let has = |key: &str| schema.get(key).is_some();
        let text = is("string") && !(has("maxLength") || has("enum") || schema["format"] == "date-time");
        if text
            || is("array") && !has("maxItems")
            || is("object") && !has("properties") && path != ".metadata"
        {
            unbounded.push(path.to_owned());
        }
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            walk(inner, &format!("{path}.{key}"), unbounded);
        }
        if has("items") {
            walk(&schema["items"], &format!("{path}[]"), unbounded);
        }
    }
    for kind in ["DeadLetterReplay", "ReferenceDataset", "TrustAnchor"] {
        let mut unbounded = Vec::new();
        walk(&schema(kind), "", &mut unbounded);
        assert_eq!(unbounded, Vec::<String>::new(), "{kind}");
    }
}

#[test]
fn every_field_is_described() {
    fn walk(schema: &Value, path: &str, bare: &mut Vec<String>) {
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{key}");
            if inner["description"].as_str().is_none_or(str::is_empty) {
                bare.push(path.clone());
            }
            walk(inner, &path, bare);
            walk(&inner["items"], &path, bare);
        }
    }
    for kind in ["DeadLetterReplay", "ReferenceDataset", "TrustAnchor"] {
        let mut bare = Vec::new();
        walk(&schema(kind)["properties"]["spec"], "spec", &mut bare);
        walk(&schema(kind)["properties"]["status"], "status", &mut bare);
        assert_eq!(bare, Vec::<String>::new(), "{kind}");
    }
}
