//! Numbers of the JSON form as the plain decimals of the messages.

/// The most places that an exponent may move the point.
const SHIFT_MAX: usize = 32;

/// A JSON number without exponent and without a fraction of zeros; as it was where that cannot be.
pub(super) fn plain(number: &str, integer: bool) -> String {
    let expanded = expand(number).unwrap_or_else(|| number.to_owned());
    match expanded.split_once('.') {
        Some((whole, part)) if integer && part.bytes().all(|byte| byte == b'0') => whole.to_owned(),
        _ => expanded,
    }
}

fn expand(number: &str) -> Option<String> {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else { return Some(number.to_owned()) };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (left, shift) = match exponent.strip_prefix('-') {
        Some(shift) => (true, shift),
        None => (false, exponent.trim_start_matches('+')),
    };
    let shift: usize = shift.parse().ok().filter(|shift| *shift <= SHIFT_MAX)?;
    let (whole, part) = if left {
        let padded = format!("{}{whole}", "0".repeat(shift));
        let (head, tail) = padded.split_at(padded.len() - shift);
        (head.to_owned(), format!("{tail}{part}"))
    } else {
        let padded = format!("{part}{}", "0".repeat(shift));
        let (head, tail) = padded.split_at(shift);
        (format!("{whole}{head}"), tail.to_owned())
    };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let part = part.trim_end_matches('0');
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_written_out_exactly() {
        for (number, expected) in [
            ("12.50", "12.50"),
            ("1e3", "1000"),
            ("1.5E+2", "150"),
            ("1234.5e-3", "1.2345"),
            ("5e-6", "0.000005"),
            ("-2e1", "-20"),
            ("1e999999", "1e999999"),
        ] {
            assert_eq!(plain(number, false), expected);
        }
        assert_eq!(plain("7.0", true), "7");
        assert_eq!(plain("7.5", true), "7.5");
    }
}
