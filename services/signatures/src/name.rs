//! Distinguished names: their attributes as text, and one line for reports.

use crate::der::{self, DerError, Reader, Tlv};
use crate::oid;

/// A parsed distinguished name.
#[derive(Clone, Debug)]
pub(crate) struct Name<'a> {
    attributes: Vec<(&'a [u8], String)>,
}

impl<'a> Name<'a> {
    /// Reads the whole encoding of a name (`RDNSequence`).
    pub(crate) fn parse(raw: &'a [u8]) -> Result<Self, DerError> {
        let mut attributes = Vec::new();
        for set in der::only(raw, der::SEQUENCE)?.inside().elements(64)? {
            for attribute in set.expect(der::SET)?.inside().elements(8)? {
                let mut parts = attribute.expect(der::SEQUENCE)?.inside();
                let kind = parts.take(der::OID)?.value;
                let value = text(parts.element()?)?;
                parts.end()?;
                attributes.push((kind, value));
            }
        }
        Ok(Self { attributes })
    }

    /// Values of one attribute, in their order.
    pub(crate) fn values(&self, kind: &'a [u8]) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(move |(found, _)| *found == kind).map(|(_, value)| value.as_str())
    }

    /// `C=…, CN=…` in the order of the certificate, separators escaped.
    pub(crate) fn line(&self) -> String {
        let parts = self.attributes.iter().map(|(kind, value)| {
            let label = label(kind).map_or_else(|| oid::dotted(kind), str::to_owned);
            format!("{label}={}", value.replace('\\', "\\\\").replace(',', "\\,"))
        });
        parts.collect::<Vec<_>>().join(", ")
    }
}

fn label(kind: &[u8]) -> Option<&'static str> {
    [
        (oid::COMMON_NAME, "CN"),
        (oid::SURNAME, "SN"),
        (oid::SERIAL_NUMBER, "serialNumber"),
        (oid::COUNTRY, "C"),
        (oid::LOCALITY, "L"),
        (oid::STATE, "ST"),
        (oid::ORGANISATION, "O"),
        (oid::ORGANISATIONAL_UNIT, "OU"),
        (oid::GIVEN_NAME, "GN"),
    ]
    .into_iter()
    .find_map(|(known, label)| (known == kind).then_some(label))
}

fn text(value: Tlv<'_>) -> Result<String, DerError> {
    let bytes = value.value;
    match value.tag {
        0x0c => std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| DerError::Value),
        0x12 | 0x13 | 0x16 | 0x1a if bytes.is_ascii() => Ok(bytes.iter().copied().map(char::from).collect()),
        0x14 => Ok(bytes.iter().copied().map(char::from).collect()),
        0x1e if bytes.len().is_multiple_of(2) => {
            let units = bytes.chunks_exact(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0,
            });
            char::decode_utf16(units).collect::<Result<_, _>>().map_err(|_| DerError::Value)
        }
        _ => Err(DerError::Value),
    }
}

/// A name in the form in which names are compared (RFC 5280, 7.1): sets of attributes, texts folded.
pub(crate) type Canonical = Vec<Relative>;
/// One relative distinguished name: its attributes in order of their encoding.
pub(crate) type Relative = Vec<(Vec<u8>, String)>;

/// Reads a whole name into its comparable form.
pub(crate) fn canonical(raw: &[u8]) -> Result<Canonical, DerError> {
    let sets = der::only(raw, der::SEQUENCE)?.inside().elements(64)?;
    sets.into_iter().map(|set| relative(set.expect(der::SET)?.inside())).collect()
}

/// Reads the attributes of one relative name into its comparable form.
pub(crate) fn relative(mut attributes: Reader<'_>) -> Result<Relative, DerError> {
    let mut read = Vec::new();
    for attribute in attributes.elements(16)? {
        let mut parts = attribute.expect(der::SEQUENCE)?.inside();
        let kind = parts.take(der::OID)?.value.to_vec();
        let value = parts.element()?;
        parts.end()?;
        let folded = text(value).map_or_else(
            |_| format!("#{}", hex::encode(value.raw)),
            |text| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
        );
        read.push((kind, folded));
    }
    read.sort();
    Ok(read)
}

/// Whether `bytes` are one well-formed name without anything after it.
pub(crate) fn is_name(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    reader.take(der::SEQUENCE).is_ok() && reader.is_empty()
}
