//! Versions of resources: entity tags out, `If-Match` and `If-None-Match` in.

use customs_kernel::{Problem, problem};
use openssl::sha::sha256;
use serde_json::Value;

/// The tag of `output`, whose JSON is `body`: its version where it has one, and a digest.
pub(super) fn tag(output: &Value, body: &[u8]) -> String {
    let digest = hex::encode(&sha256(body)[..8]);
    let version = ["/version", "/head/version"].iter().find_map(|at| output.pointer(at)?.as_i64());
    version.map_or_else(|| format!("\"{digest}\""), |version| format!("\"{version}.{digest}\""))
}

/// The version that `If-Match` names, or the problem that none is named.
pub(super) fn wanted(header: Option<&str>) -> Result<i64, Problem> {
    let header = header.map(str::trim).filter(|header| !header.is_empty() && *header != "*");
    let header = header.ok_or_else(|| {
        problem::VERSION_REQUIRED.because("send If-Match with the ETag of what you have seen")
    })?;
    let tag = header.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(header);
    let version =
        tag.split('.').next().and_then(|version| version.parse().ok()).filter(|version| *version > 0);
    // A tag that was never given matches no version.
    version.ok_or_else(|| problem::VERSION_STALE.because("the ETag is none of this thing"))
}

/// Whether the client has seen `tag` already.
pub(super) fn seen(header: Option<&str>, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header.is_some_and(|tags| tags.trim() == "*" || tags.split(',').any(|known| plain(known) == tag))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tag_names_the_version_it_was_made_of() {
        let output = json!({"id": 1, "version": 7});
        let tag = tag(&output, b"x");
        assert!(tag.starts_with("\"7."), "{tag}");
        assert_eq!(wanted(Some(&tag)), Ok(7));
        assert_eq!(wanted(Some("7")), Ok(7));
        assert!(seen(Some(&format!("\"a\", W/{tag}")), &tag));
        assert!(!seen(Some("\"7\""), &tag));
        assert!(!seen(None, &tag));
    }

    #[test]
    fn no_version_is_required_and_a_foreign_one_is_stale() {
        for (header, status) in [(None, 428), (Some(""), 428), (Some("*"), 428), (Some("\"abc\""), 412)] {
            assert_eq!(wanted(header).unwrap_err().status, status, "{header:?}");
        }
    }
}
