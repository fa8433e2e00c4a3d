//! What an API server does with objects: merging, applying, selecting.

use serde_json::{Map, Value};

/// Merges `patch` into `object` (RFC 7396): null removes.
pub(crate) fn merge(object: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        object.clone_from(patch);
        return;
    };
    if !object.is_object() {
        *object = Value::Object(Map::new());
    }
    let Value::Object(object) = object else { return };
    for (key, value) in patch {
        if value.is_null() {
            object.remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// Applies `wanted`: objects field by field, lists of conditions by their type, other lists as a whole.
pub(crate) fn apply(object: &mut Value, wanted: &Value) {
    match wanted {
        Value::Object(wanted) => {
            if !object.is_object() {
                *object = Value::Object(Map::new());
            }
            let Value::Object(object) = object else { return };
            for (key, value) in wanted {
                apply(object.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        Value::Array(wanted) if is_keyed(wanted) => {
            if !object.is_array() {
                *object = Value::Array(Vec::new());
            }
            let Value::Array(object) = object else { return };
            for one in wanted {
                match object.iter_mut().find(|old| old["type"] == one["type"]) {
                    Some(old) => apply(old, one),
                    None => object.push(one.clone()),
                }
            }
        }
        other => object.clone_from(other),
    }
}

/// Takes from `object` what was `applied` and is not `wanted` any more.
pub(crate) fn subtract(object: &mut Value, applied: &Value, wanted: &Value) {
    match (object, applied) {
        (Value::Object(object), Value::Object(applied)) => {
            for (key, value) in applied {
                match wanted.get(key) {
                    None => _ = object.remove(key),
                    Some(wanted) => {
                        if let Some(inner) = object.get_mut(key) {
                            subtract(inner, value, wanted);
                        }
                    }
                }
            }
        }
        (Value::Array(object), Value::Array(applied)) if is_keyed(applied) => {
            let is_wanted = |kind: &Value| {
                wanted.as_array().is_some_and(|all| all.iter().any(|one| one["type"] == *kind))
            };
            object.retain(|one| {
                let was_applied = applied.iter().any(|old| old["type"] == one["type"]);
                !was_applied || is_wanted(&one["type"])
            });
        }
        _ => {}
    }
}

fn is_keyed(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(|one| one["type"].is_string() && one["status"].is_string())
}

/// Whether the labels of `object` are as `selector` wants them: `key`, `key=value`, separated by commas.
pub(crate) fn is_selected(object: &Value, selector: &str) -> bool {
    selector.split(',').filter(|part| !part.is_empty()).all(|part| {
        let (key, value) = part.split_once('=').map_or((part, None), |(key, value)| (key, Some(value)));
        let label = object["metadata"]["labels"][key].as_str();
        label.is_some_and(|label| value.is_none_or(|value| label == value))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_manager_leaves_out_goes_and_what_others_have_set_stays() {
        let mut object = json!({ "data": { "mine": 1, "theirs": 2 }, "status": { "conditions": [
            { "type": "A", "status": "True" }, { "type": "Theirs", "status": "True" } ] } });
        let before = json!({ "data": { "mine": 1, "old": 0 }, "status": { "conditions": [
            { "type": "A", "status": "True" } ] } });
        object["data"]["old"] = 0.into();
        let wanted = json!({ "data": { "mine": 3 }, "status": { "conditions": [ { "type": "B", "status": "False" } ] } });
        subtract(&mut object, &before, &wanted);
        apply(&mut object, &wanted);
        assert_eq!(object["data"], json!({ "mine": 3, "theirs": 2 }));
        let kinds: Vec<&Value> =
            object["status"]["conditions"].as_array().unwrap().iter().map(|one| &one["type"]).collect();
        assert_eq!(kinds, ["Theirs", "B"]);
    }

    #[test]
    fn null_removes_and_selectors_want_what_they_say() {
        let mut object = json!({ "a": { "b": 1, "c": 2 } });
        merge(&mut object, &json!({ "a": { "b": null, "d": 3 } }));
        assert_eq!(object, json!({ "a": { "c": 2, "d": 3 } }));
        let object = json!({ "metadata": { "labels": { "x/y": "1" } } });
        assert!(is_selected(&object, "") && is_selected(&object, "x/y") && is_selected(&object, "x/y=1"));
        assert!(!is_selected(&object, "x/y=2") && !is_selected(&object, "x/y=1,z"));
    }
}
