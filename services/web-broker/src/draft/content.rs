//! The content of a draft: a message in its public JSON form, complete or not.

use std::collections::BTreeMap;

use customs_kernel::{Finding, Problem, problem};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// How many bytes a content has at most.
const BYTES_MAX: usize = 512 * 1024;

type Members = BTreeMap<String, Box<RawValue>>;

/// Refuses a content that is too large or no JSON object.
pub(crate) fn check(content: &str) -> Result<(), Problem> {
    if content.len() > BYTES_MAX {
        let detail = format!("a draft has at most {BYTES_MAX} bytes");
        return Err(problem::TOO_LARGE.because(detail).at("/content"));
    }
    serde_json::from_str::<BTreeMap<String, &RawValue>>(content).map(|_| ()).map_err(|error| {
        let message = format!("is no JSON object: {error}");
        let mut finding = Finding::new(problem::INPUT_INVALID.code, "/content", message);
        finding.line = u32::try_from(error.line()).ok();
        finding.column = u32::try_from(error.column()).ok();
        problem::INPUT_INVALID.because("the content is no JSON object").with_errors(vec![finding])
    })
}

/// The content without its local reference number, which is good for one declaration only.
///
/// Everything else stays as it was written: numbers are not read, so that none of them loses a place.
pub(crate) fn without_lrn(content: &str) -> Result<String, serde_json::Error> {
    let mut root: Members = serde_json::from_str(content)?;
    let mut found = false;
    for message in root.values_mut() {
        let Ok(mut groups) = serde_json::from_str::<Members>(message.get()) else { continue };
        let Some(operation) = groups.get_mut("TransitOperation") else { continue };
        let Ok(mut elements) = serde_json::from_str::<Members>(operation.get()) else { continue };
        if elements.remove("LRN").is_some() {
            *operation = serde_json::value::to_raw_value(&elements)?;
            *message = serde_json::value::to_raw_value(&groups)?;
            found = true;
        }
    }
    if found { serde_json::to_string(&root) } else { Ok(content.to_owned()) }
}

/// SHA-256 of the content, in hexadecimal.
pub(crate) fn sha256(content: &str) -> String {
    hex::encode(Sha256::digest(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_json_object_is_a_content() {
        for content in ["{}", r#"{"n1:CC015C":{}}"#, r#" {"a":[1,2]} "#] {
            assert!(check(content).is_ok(), "{content}");
        }
        for content in ["", "[]", "1", "null", "{", r#"{"a":}"#, "{}{}", r#"{"a":1e}"#] {
            assert!(check(content).unwrap_err().is(problem::INPUT_INVALID), "{content}");
        }
    }

    #[test]
    fn the_place_of_an_error_is_told() {
        let problem = check("{\n  \"a\": ?}").unwrap_err();
        assert_eq!((problem.errors[0].line, problem.errors[0].column), (Some(2), Some(8)));
    }

    #[test]
    fn a_content_may_fill_its_bounds_and_not_more() {
        let fill = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8));
        assert!(check(&fill(BYTES_MAX)).is_ok());
        assert!(check(&fill(BYTES_MAX + 1)).unwrap_err().is(problem::TOO_LARGE));
    }

    #[test]
    fn a_deep_content_breaks_nothing() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        let _ = check(&deep);
        let _ = without_lrn(&deep);
    }

    #[test]
    fn a_copy_loses_its_lrn_and_nothing_else() {
        let content = r#"{"n1:CC015C":{"TransitOperation":{"LRN":"L1","declarationType":"T1"},"mass":1.10}}"#;
        let want = r#"{"n1:CC015C":{"TransitOperation":{"declarationType":"T1"},"mass":1.10}}"#;
        assert_eq!(without_lrn(content).unwrap(), want);
        let without = r#"{ "n1:CC015C" : {"TransitOperation": 7} , "x": 1}"#;
        assert_eq!(without_lrn(without).unwrap(), without);
    }
}
