//! What a value that is refused was probably meant to be.

use customs_kernel::Correction;

/// The longest value for which it is worth guessing.
const GUESSED_MAX: usize = 64;

/// The first of the usual ways to write `text` otherwise that `fits`; none for a text that is empty or too long.
///
/// Letter case, blanks, a comma for the point, dates as people write them, and leading noughts too many or too few: what
/// is only written differently. Another value is never guessed.
pub(crate) fn spelling(text: &str, fits: impl Fn(&str) -> bool) -> Option<Correction> {
    if text.is_empty() || text.len() > GUESSED_MAX {
        return None;
    }
    let mut others = others(text).into_iter().filter(|other| other != text);
    others.find(|other| !other.is_empty() && fits(other)).map(Correction::Replace)
}

fn others(text: &str) -> Vec<String> {
    let trimmed = text.trim();
    let upper = trimmed.to_uppercase();
    let close: String =
        trimmed.chars().filter(|one| !one.is_whitespace() && !matches!(one, '-' | '/' | '\u{a0}')).collect();
    let mut others = vec![trimmed.to_owned(), upper.clone()];
    // Without this order a day with dots would lose its dots before it is read as a day.
    others.extend(day(trimmed));
    others.extend(instant(trimmed));
    others.extend([decimal(trimmed), Some(close.clone()), Some(close.to_uppercase())].into_iter().flatten());
    if trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
        let short = trimmed.trim_start_matches('0');
        others.push(if short.is_empty() { "0".to_owned() } else { short.to_owned() });
        others.extend((2..=3).map(|width| format!("{short:0>width$}")));
    }
    others
}

/// A number with a comma for the point, or with blanks between its thousands.
fn decimal(text: &str) -> Option<String> {
    let close: String = text.chars().filter(|one| !one.is_whitespace()).collect();
    let number = close.replace(',', ".");
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (plain && number.bytes().filter(|byte| *byte == b'.').count() <= 1).then_some(number)
}

/// `30.11.2026` as a day of a message; the order of month and day with slashes is not known everywhere and is not guessed.
fn day(text: &str) -> Option<String> {
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = [day, month, year].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let whole = parts.next().is_none() && digits && year.len() == 4 && day.len() <= 2 && month.len() <= 2;
    whole.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// An instant without its seconds or with a blank in the middle, as the messages write it. A zone is not dropped: that would be
/// another instant.
fn instant(text: &str) -> Option<String> {
    let (day, time) = text.split_once(['T', ' '])?;
    let time = match time.len() {
        5 => format!("{time}:00"),
        8 => time.to_owned(),
        _ => return None,
    };
    Some(format!("{}T{time}", self::day(day).unwrap_or_else(|| day.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str, listed: &[&str]) -> Option<String> {
        spelling(text, |other| listed.contains(&other)).map(|one| one.value().unwrap_or_default().to_owned())
    }

    #[test]
    fn what_is_only_written_differently_is_offered() {
        for (text, right) in [
            ("kz", "KZ"),
            (" KZ ", "KZ"),
            ("kzala001", "KZALA001"),
            ("KZ-ALA 001", "KZALA001"),
            ("12,5", "12.5"),
            ("1 250,75", "1250.75"),
            ("30.11.2026", "2026-11-30"),
            ("1.2.2026", "2026-02-01"),
            ("2026-11-30T10:15", "2026-11-30T10:15:00"),
            ("30.11.2026 10:15", "2026-11-30T10:15:00"),
            ("007", "7"),
            ("1", "01"),
            ("000", "0"),
        ] {
            assert_eq!(meant(text, &[right]).as_deref(), Some(right), "{text}");
        }
    }

    #[test]
    fn another_value_is_never_guessed() {
        for (text, listed) in [
            ("KZ", "KG"),
            ("11/30/2026", "2026-11-30"),
            ("2026-11-30T10:15:00Z", "2026-11-30T10:15:00"),
            ("1.250.000", "1250000"),
            ("", "KZ"),
        ] {
            assert_eq!(meant(text, &[listed]), None, "{text}");
        }
        assert_eq!(spelling(&"k".repeat(65), |_| true), None, "too long to be worth it");
    }
}
