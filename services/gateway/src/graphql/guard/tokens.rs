//! A look at the bare text of a document: length, nesting and directives, before any parser sees it.

use customs_kernel::Problem;

use super::costly;
use crate::config::Limits;

/// How deep brackets of any kind may be nested; selections are bounded more tightly later.
const NESTING_MAX: u32 = 50;

/// Refuses a text that is too long, too deeply nested or holds too many directives.
pub(super) fn check(query: &str, limits: &Limits) -> Result<(), Problem> {
    if query.len() > limits.query_octets_max {
        return Err(costly(format!("the document is longer than {} octets", limits.query_octets_max)));
    }
    let (mut depth, mut directives) = (0_u32, 0_u32);
    let mut rest = query.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'#' => rest = past_line(rest),
            b'"' => rest = past_text(rest),
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'@' => directives += 1,
            _ => {}
        }
        if depth > NESTING_MAX {
            return Err(costly(format!("the document is nested deeper than {NESTING_MAX}")));
        }
        if directives > limits.query_directives_max {
            return Err(costly(format!("there are more than {} directives", limits.query_directives_max)));
        }
    }
    Ok(())
}

fn past_line(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    rest.get(end..).unwrap_or_default()
}

/// What stands behind a text whose first quotation mark was read.
fn past_text(rest: &[u8]) -> &[u8] {
    if let Some(block) = rest.strip_prefix(b"\"\"") {
        return past_block(block);
    }
    let mut escaped = false;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' | b'\n' | b'\r' => return rest.get(at + 1..).unwrap_or_default(),
            _ => {}
        }
    }
    &[]
}

fn past_block(rest: &[u8]) -> &[u8] {
    let ends = |at: &usize| {
        rest.get(*at..).is_some_and(|text| text.starts_with(b"\"\"\""))
            && (*at == 0 || rest.get(at - 1) != Some(&b'\\'))
    };
    (0..rest.len()).find(ends).and_then(|at| rest.get(at + 3..)).unwrap_or_default()
}
