//! Idempotency keys: an effect asked for twice under one key happens once.

use customs_kernel::{Once, Problem, problem};
use openssl::sha::Sha256;

use super::{Call, Operation};

/// The longest key, in characters.
const KEY_CHARS_MAX: usize = 255;

/// The key of the call with the fingerprint of its `input`; none where the operation needs and has none.
pub(crate) fn once(call: &Call, input: &[u8]) -> Result<Option<Once>, Problem> {
    key(call.operation(), call.header("idempotency-key"), call.request.path(), input)
}

fn key(
    operation: &Operation,
    header: Option<&str>,
    path: &str,
    input: &[u8],
) -> Result<Option<Once>, Problem> {
    let Some(key) = header.map(str::trim).filter(|key| !key.is_empty()) else {
        return if operation.needs_key() {
            Err(problem::KEY_REQUIRED.because("send a fresh Idempotency-Key with each new request"))
        } else {
            Ok(None)
        };
    };
    if key.len() > KEY_CHARS_MAX || !key.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        let detail =
            format!("an Idempotency-Key has at most {KEY_CHARS_MAX} printable characters and no spaces");
        return Err(problem::INPUT_INVALID.because(detail).at("/Idempotency-Key"));
    }
    if !operation.effect {
        return Ok(None);
    }
    let mut hash = Sha256::new();
    for part in [operation.verb.method().as_str().as_bytes(), path.as_bytes(), input] {
        hash.update(part);
        hash.update(&[0]);
    }
    Ok(Some(Once { key: key.to_owned(), fingerprint: hex::encode(hash.finish()) }))
}
