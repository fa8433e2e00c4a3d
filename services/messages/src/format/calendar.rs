//! Dates and times as the messages write them: no zone, no fraction, a day that exists.

/// Whether `text` is `YYYY-MM-DD` in form.
pub(super) fn looks_like_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && digits(bytes, &[0, 1, 2, 3, 5, 6, 8, 9]) && bytes[4] == b'-' && bytes[7] == b'-'
}

/// Whether `text` is `YYYY-MM-DDThh:mm:ss` in form.
pub(super) fn looks_like_instant(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 19
        && looks_like_date(text.get(..10).unwrap_or_default())
        && bytes[10] == b'T'
        && digits(bytes, &[11, 12, 14, 15, 17, 18])
        && bytes[13] == b':'
        && bytes[16] == b':'
}

/// Whether a text in the form of a date is a day of the calendar.
pub(super) fn is_day(text: &str) -> bool {
    let (year, month, day) = (number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    year > 0 && day > 0 && day <= days_of(year, month)
}

/// Whether a text in the form of an instant is one; 24:00:00 ends a day.
pub(super) fn is_instant(text: &str) -> bool {
    let (hour, minute, second) = (number(text, 11, 13), number(text, 14, 16), number(text, 17, 19));
    is_day(text) && ((hour < 24 && minute < 60 && second < 60) || (hour == 24 && minute == 0 && second == 0))
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

fn digits(bytes: &[u8], places: &[usize]) -> bool {
    places.iter().all(|place| bytes[*place].is_ascii_digit())
}

fn number(text: &str, from: usize, to: usize) -> u32 {
    text.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_must_exist() {
        assert!(looks_like_date("2028-02-29") && is_day("2028-02-29"));
        assert!(looks_like_date("2027-02-29") && !is_day("2027-02-29"));
        assert!(!is_day("2026-14-01") && !is_day("0000-01-01") && !is_day("2026-00-10"));
        assert!(is_day("2000-02-29") && !is_day("2100-02-29"));
    }

    #[test]
    fn an_instant_has_no_zone() {
        assert!(looks_like_instant("2026-05-01T09:00:00") && is_instant("2026-05-01T09:00:00"));
        assert!(!looks_like_instant("2026-05-01T09:00:00Z"));
        assert!(!looks_like_instant("2026-05-01T09:00:00+01:00"));
        assert!(!looks_like_instant("2026-05-01T10: 35: 52"));
        assert!(is_instant("2026-05-01T24:00:00") && !is_instant("2026-05-01T24:00:01"));
        assert!(!is_instant("2026-05-01T23:60:00"));
    }
}
