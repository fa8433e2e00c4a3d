//! Exact decimals of the messages, in millionths.

/// The digits after the point that a message can have.
const FRACTION: usize = 6;

/// The text of a decimal as a number of millionths.
pub(super) fn read(text: &str) -> Option<i128> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    let digits = !whole.is_empty() && whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if !digits || part.len() > FRACTION || whole.len() > 24 {
        return None;
    }
    let mut number: i128 = 0;
    for byte in whole.bytes().chain(part.bytes()) {
        number = number * 10 + i128::from(byte - b'0');
    }
    for _ in part.len()..FRACTION {
        number *= 10;
    }
    Some(number)
}

/// A number of millionths as the text of a decimal.
pub(super) fn write(number: i128) -> String {
    let (whole, part) = (number / 1_000_000, (number % 1_000_000).unsigned_abs());
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:06}").trim_end_matches('0').to_owned() }
}

/// A count as a number of millionths.
pub(super) fn count(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX / 1_000_000) * 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(read("0.1").zip(read("0.2")).map(|(one, two)| one + two), read("0.3"));
        assert_eq!(read("7"), Some(count(7)));
        assert_eq!(read("1.50"), read("1.5"));
        for text in ["0", "7", "1.5", "120", "0.000001", "1234567.25"] {
            assert_eq!(read(text).map(write).as_deref(), Some(text));
        }
        for wrong in ["", "x", "1.0000001", "-1", "1e3", ".5"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
