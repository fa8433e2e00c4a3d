//! The ISO 6346 check digit of MRN and GRN (NCTS rule R0028).

/// The value of one character: digits as they are, letters from 10 upwards without multiples of 11.
const fn value(byte: u8) -> Option<u32> {
    const LETTERS: [u32; 26] = [
        10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37,
        38,
    ];
    match byte {
        #[expect(clippy::as_conversions, reason = "u8 to u32 widens; From is not const")]
        b'0'..=b'9' => Some((byte - b'0') as u32),
        #[expect(clippy::as_conversions, reason = "u8 to usize widens; From is not const")]
        b'A'..=b'Z' => Some(LETTERS[(byte - b'A') as usize]),
        _ => None,
    }
}

/// The check digit of `text`, or `None` where a character is neither a digit nor a capital letter.
#[must_use]
pub fn of(text: &str) -> Option<char> {
    let mut sum = 0_u32;
    let mut weight = 1_u32;
    for byte in text.bytes() {
        sum = (sum + value(byte)? * weight) % 11;
        weight = (weight * 2) % 11;
    }
    char::from_digit(sum % 11 % 10, 10)
}

/// Whether the last character of `text` is the check digit of what stands before it.
#[must_use]
pub fn holds(text: &str) -> bool {
    text.char_indices().next_back().is_some_and(|(at, last)| text.get(..at).and_then(of) == Some(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_number_of_the_standard_holds() {
        assert_eq!(of("CSQU305438"), Some('3'));
        assert!(holds("CSQU3054383"));
    }

    #[test]
    fn a_changed_character_does_not_hold() {
        assert!(!holds("CSQU3054393"));
        assert!(!holds("CSQU305438a"));
        assert!(!holds(""));
    }
}
