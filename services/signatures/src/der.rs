//! Strict, zero-copy reading of DER (X.690): definite minimal lengths, low tag numbers, nothing trailing.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Constructed context tag `[number]`.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// Primitive context tag `[number]`.
pub(crate) const fn context_primitive(number: u8) -> u8 {
    0x80 | number
}

/// Why octets are not the DER that was expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DerError {
    /// The element runs past the end of its container.
    #[error("element is cut short")]
    Truncated,
    /// Indefinite, over-long or non-minimal length octets.
    #[error("length is not in its shortest definite form")]
    Length,
    /// A tag number above 30.
    #[error("tag number is out of the profile")]
    Tag,
    /// An element of another kind than the structure asks for.
    #[error("element is of another kind than expected")]
    Unexpected,
    /// Octets after the last element.
    #[error("octets follow the last element")]
    Trailing,
    /// A value that breaks the rules of its type.
    #[error("value breaks the rules of its type")]
    Value,
    /// More elements than the limits allow.
    #[error("more elements than the limits allow")]
    TooMany,
}

/// One element: its tag, its content octets and the whole encoding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) raw: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// Reader over the content octets.
    pub(crate) fn inside(&self) -> Reader<'a> {
        Reader::new(self.value)
    }

    /// The element itself when it carries `tag`.
    pub(crate) fn expect(self, tag: u8) -> Result<Self, DerError> {
        if self.tag == tag { Ok(self) } else { Err(DerError::Unexpected) }
    }
}

/// Forward reader over a run of elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn element(&mut self) -> Result<Tlv<'a>, DerError> {
        let (&tag, after_tag) = self.rest.split_first().ok_or(DerError::Truncated)?;
        if tag & 0x1f == 0x1f {
            return Err(DerError::Tag);
        }
        let (length, after_length) = length(after_tag)?;
        let value = after_length.get(..length).ok_or(DerError::Truncated)?;
        let rest = after_length.get(length..).ok_or(DerError::Truncated)?;
        let raw = self.rest.get(..self.rest.len() - rest.len()).ok_or(DerError::Truncated)?;
        self.rest = rest;
        Ok(Tlv { tag, value, raw })
    }

    /// The next element, which must carry `tag`.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Tlv<'a>, DerError> {
        self.element()?.expect(tag)
    }

    /// The next element when it carries `tag`, otherwise nothing is consumed.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, DerError> {
        if self.rest.first() == Some(&tag) { self.element().map(Some) } else { Ok(None) }
    }

    pub(crate) const fn end(&self) -> Result<(), DerError> {
        if self.rest.is_empty() { Ok(()) } else { Err(DerError::Trailing) }
    }

    /// All remaining elements, refused above `most`.
    pub(crate) fn elements(&mut self, most: usize) -> Result<Vec<Tlv<'a>>, DerError> {
        let mut found = Vec::new();
        while !self.is_empty() {
            if found.len() == most {
                return Err(DerError::TooMany);
            }
            found.push(self.element()?);
        }
        Ok(found)
    }
}

/// The one element of kind `tag` that `bytes` holds, with nothing after it.
pub(crate) fn only(bytes: &[u8], tag: u8) -> Result<Tlv<'_>, DerError> {
    let mut reader = Reader::new(bytes);
    let element = reader.take(tag)?;
    reader.end()?;
    Ok(element)
}

fn length(bytes: &[u8]) -> Result<(usize, &[u8]), DerError> {
    let (&first, rest) = bytes.split_first().ok_or(DerError::Truncated)?;
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return Err(DerError::Length);
    }
    let octets = rest.get(..count).ok_or(DerError::Truncated)?;
    let length = octets.iter().fold(0_usize, |sum, octet| (sum << 8) | usize::from(*octet));
    let shortest = octets.first() != Some(&0) && (count > 1 || length >= 0x80);
    if !shortest {
        return Err(DerError::Length);
    }
    Ok((length, rest.get(count..).ok_or(DerError::Truncated)?))
}

/// Content octets of an INTEGER in shortest form.
pub(crate) fn integer(tlv: Tlv<'_>) -> Result<&[u8], DerError> {
    let value = tlv.expect(INTEGER)?.value;
    match value {
        [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(DerError::Value),
        _ => Ok(value),
    }
}

/// A non-negative INTEGER that fits 32 bits.
pub(crate) fn small_integer(tlv: Tlv<'_>) -> Result<u32, DerError> {
    let value = integer(tlv)?;
    if value.len() > 4 || value.first().is_some_and(|octet| octet & 0x80 != 0) {
        return Err(DerError::Value);
    }
    Ok(value.iter().fold(0, |sum, octet| (sum << 8) | u32::from(*octet)))
}

/// A BOOLEAN in DER: 0x00 or 0xff.
pub(crate) fn boolean(tlv: Tlv<'_>) -> Result<bool, DerError> {
    match tlv.expect(BOOLEAN)?.value {
        [0x00] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(DerError::Value),
    }
}

/// The octets of a BIT STRING without unused bits.
pub(crate) fn whole_bits(tlv: Tlv<'_>) -> Result<&[u8], DerError> {
    match tlv.expect(BIT_STRING)?.value.split_first() {
        Some((0, bits)) => Ok(bits),
        _ => Err(DerError::Value),
    }
}

/// The first 16 named bits of a BIT STRING, bit 0 being the most significant one.
pub(crate) fn named_bits(tlv: Tlv<'_>) -> Result<u16, DerError> {
    match tlv.expect(BIT_STRING)?.value {
        [0] => Ok(0),
        [unused @ 0..=7, first] => Ok(u16::from_be_bytes([first & mask(*unused), 0])),
        [unused @ 0..=7, first, second] => Ok(u16::from_be_bytes([*first, second & mask(*unused)])),
        _ => Err(DerError::Value),
    }
}

const fn mask(unused: u8) -> u8 {
    0xff << unused
}

/// `UTCTime` or `GeneralizedTime` in the forms RFC 5280 allows; fractions of a second only in `GeneralizedTime`.
pub(crate) fn time(tlv: Tlv<'_>) -> Result<DateTime<Utc>, DerError> {
    let text = std::str::from_utf8(tlv.value).map_err(|_| DerError::Value)?;
    let text = text.strip_suffix('Z').ok_or(DerError::Value)?;
    let (date, fraction) = match tlv.tag {
        UTC_TIME if text.len() == 12 => {
            let century = if text < "50" { "20" } else { "19" };
            (format!("{century}{text}"), "")
        }
        GENERALIZED_TIME => match text.split_once('.') {
            Some((date, fraction)) if !fraction.is_empty() && !fraction.ends_with('0') => {
                (date.to_owned(), fraction)
            }
            Some(_) => return Err(DerError::Value),
            None => (text.to_owned(), ""),
        },
        _ => return Err(DerError::Unexpected),
    };
    instant(&date, fraction).ok_or(DerError::Value)
}

fn instant(date: &str, fraction: &str) -> Option<DateTime<Utc>> {
    let digits = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    if date.len() != 14 || fraction.len() > 9 || !digits(date) || !digits(fraction) {
        return None;
    }
    let part = |from: usize, to: usize| date.get(from..to).and_then(|text| text.parse::<u32>().ok());
    let year = i32::try_from(part(0, 4)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, part(4, 6)?, part(6, 8)?)?;
    let second = day.and_hms_opt(part(8, 10)?, part(10, 12)?, part(12, 14)?)?.and_utc();
    let nanos = format!("{fraction:0<9}").parse::<i64>().ok()?;
    second.checked_add_signed(TimeDelta::nanoseconds(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_must_be_definite_and_shortest() {
        assert_eq!(only(&[0x04, 0x80, 0, 0], OCTET_STRING).unwrap_err(), DerError::Length);
        assert_eq!(only(&[0x04, 0x81, 0x01, 9], OCTET_STRING).unwrap_err(), DerError::Length);
        assert_eq!(only(&[0x04, 0x82, 0x00, 0x80], OCTET_STRING).unwrap_err(), DerError::Length);
        assert_eq!(only(&[0x04, 0x02, 9], OCTET_STRING).unwrap_err(), DerError::Truncated);
        assert_eq!(only(&[0x04, 0x01, 9, 9], OCTET_STRING).unwrap_err(), DerError::Trailing);
        assert_eq!(only(&[0x1f, 0x01, 9], 0x1f).unwrap_err(), DerError::Tag);
        assert_eq!(only(&[0x04, 0x01, 9], OCTET_STRING).unwrap().value, [9]);
    }

    #[test]
    fn times_are_read_in_both_forms() {
        let utc = Tlv { tag: UTC_TIME, value: b"260601120000Z", raw: &[] };
        let general = Tlv { tag: GENERALIZED_TIME, value: b"20260601120000.25Z", raw: &[] };
        assert_eq!(time(utc).unwrap().to_rfc3339(), "2026-06-01T12:00:00+00:00");
        assert_eq!(time(general).unwrap().timestamp_subsec_millis(), 250);
        for wrong in [&b"260601120000"[..], b"261301120000Z", b"2606011200Z", b"26060112000+Z"] {
            assert!(time(Tlv { tag: UTC_TIME, value: wrong, raw: &[] }).is_err());
        }
    }

    #[test]
    fn integers_must_be_shortest() {
        let number = |value| Tlv { tag: INTEGER, value, raw: &[] };
        assert!(integer(number(&[0x00, 0x7f])).is_err());
        assert!(integer(number(&[0x00, 0x80])).is_ok());
        assert_eq!(small_integer(number(&[3])), Ok(3));
        assert!(small_integer(number(&[0x80])).is_err());
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_octets_never_panic(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            while let Ok(element) = reader.element() {
                let _ = (integer(element), boolean(element), named_bits(element), time(element));
            }
        }
    }
}
