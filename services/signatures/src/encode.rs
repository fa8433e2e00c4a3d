//! Writing of DER, for what the certification authority and the signer produce.

use chrono::{DateTime, Datelike, Utc};

use crate::der;

/// One element of kind `tag` around the concatenated `parts`.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    push_length(&mut out, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

fn push_length(out: &mut Vec<u8>, length: usize) {
    let octets = length.to_be_bytes();
    let significant: Vec<u8> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
    match (u8::try_from(length), u8::try_from(significant.len())) {
        (Ok(short), _) if short < 0x80 => out.push(short),
        (_, Ok(count)) => {
            out.push(0x80 | count);
            out.extend_from_slice(&significant);
        }
        (_, Err(_)) => {}
    }
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(der::SEQUENCE, parts)
}

/// SET OF with its elements in DER order.
pub(crate) fn set_of(mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    tlv(der::SET, &[&elements.concat()])
}

pub(crate) fn oid(content: &[u8]) -> Vec<u8> {
    tlv(der::OID, &[content])
}

pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    tlv(der::OCTET_STRING, &[content])
}

pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    tlv(der::BIT_STRING, &[&[0], content])
}

pub(crate) fn null() -> Vec<u8> {
    tlv(der::NULL, &[])
}

/// INTEGER of an unsigned big-endian number.
pub(crate) fn unsigned(number: &[u8]) -> Vec<u8> {
    let skip = number.iter().take_while(|octet| **octet == 0).count();
    match number.get(skip..) {
        None | Some([]) => tlv(der::INTEGER, &[&[0]]),
        Some(rest @ [0x80..=0xff, ..]) => tlv(der::INTEGER, &[&[0], rest]),
        Some(rest) => tlv(der::INTEGER, &[rest]),
    }
}

pub(crate) fn number(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// `UTCTime` up to 2049, `GeneralizedTime` afterwards (RFC 5280, 4.1.2.5), whole seconds.
pub(crate) fn time(at: DateTime<Utc>) -> Vec<u8> {
    if (1950..2050).contains(&at.year()) {
        tlv(der::UTC_TIME, &[at.format("%y%m%d%H%M%SZ").to_string().as_bytes()])
    } else {
        generalized_time(at)
    }
}

pub(crate) fn generalized_time(at: DateTime<Utc>) -> Vec<u8> {
    tlv(der::GENERALIZED_TIME, &[at.format("%Y%m%d%H%M%SZ").to_string().as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for length in [0, 1, 127, 128, 255, 256, 65_535, 65_536] {
            let content = vec![7; length];
            let written = octets(&content);
            assert_eq!(der::only(&written, der::OCTET_STRING).unwrap().value, content);
        }
        for value in [0, 1, 127, 128, 255, 256, 1 << 30] {
            let written = number(value);
            let element = der::only(&written, der::INTEGER).unwrap();
            assert_eq!(u64::from(der::small_integer(element).unwrap()), value);
        }
    }
}
