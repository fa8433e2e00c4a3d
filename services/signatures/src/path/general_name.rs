//! General names (RFC 5280, 4.2.1.6) in the form in which they are compared, strictly read.

use crate::der::{self, DerError, Tlv};
use crate::name::{self, Canonical};

/// A general name; kinds without rules of comparison keep only their tag.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum GeneralName {
    Email(String),
    Dns(String),
    Directory(Canonical),
    Uri(String),
    Ip(Vec<u8>),
    Other(u8),
}

/// What is compared with what: the kind of a general name.
pub(super) type Kind = u8;

const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const DIRECTORY: u8 = 0xa4;
const URI: u8 = 0x86;
const IP: u8 = 0x87;

impl GeneralName {
    /// Reads one element of `GeneralNames`.
    pub(super) fn read(element: Tlv<'_>) -> Result<Self, DerError> {
        let text = || -> Result<String, DerError> {
            let text = std::str::from_utf8(element.value).map_err(|_| DerError::Value)?;
            if text.is_ascii() { Ok(text.to_owned()) } else { Err(DerError::Value) }
        };
        match element.tag {
            EMAIL => text().map(Self::Email),
            DNS => text().map(Self::Dns),
            URI => text().map(Self::Uri),
            IP => Ok(Self::Ip(element.value.to_vec())),
            DIRECTORY => {
                let raw = der::only(element.value, der::SEQUENCE)?.raw;
                name::canonical(raw).map(Self::Directory)
            }
            other @ (0xa0 | 0xa3 | 0xa5 | 0x88) => Ok(Self::Other(other)),
            _ => Err(DerError::Unexpected),
        }
    }

    /// Reads all of `GeneralNames`, given its elements' container.
    pub(super) fn read_all(list: Tlv<'_>, most: usize) -> Result<Vec<Self>, DerError> {
        let elements = list.inside().elements(most)?;
        if elements.is_empty() {
            return Err(DerError::Value);
        }
        elements.into_iter().map(Self::read).collect()
    }

    /// The kind of the name.
    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Email(_) => EMAIL,
            Self::Dns(_) => DNS,
            Self::Directory(_) => DIRECTORY,
            Self::Uri(_) => URI,
            Self::Ip(_) => IP,
            Self::Other(tag) => *tag,
        }
    }

    /// Whether the name is written as names of its kind are; a wildcard only as the whole first label.
    pub(super) fn is_well_formed(&self) -> bool {
        match self {
            Self::Email(address) => {
                address.split_once('@').is_some_and(|(local, host)| !local.is_empty() && is_host(host))
            }
            Self::Dns(name) => is_host(name.strip_prefix("*.").unwrap_or(name)),
            Self::Ip(octets) => matches!(octets.len(), 4 | 16),
            Self::Uri(uri) => uri.contains(':'),
            Self::Directory(_) | Self::Other(_) => true,
        }
    }
}

/// Labels of letters, digits, hyphens and underscores, none empty.
pub(super) fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_')
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// The host of a URI with an authority part, `None` when it has none or it is an address.
pub(super) fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let is_address = host.bytes().all(|octet| octet.is_ascii_digit() || octet == b'.');
    (is_host(host) && !is_address).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_taken_out_of_addresses() {
        assert_eq!(host_of("http://user@www.example.com:80/x"), Some("www.example.com"));
        assert_eq!(host_of("http://10.0.0.1/"), None);
        assert_eq!(host_of("urn:isbn:1"), None);
        assert_eq!(host_of("http://[::1]/"), None);
    }

    #[test]
    fn names_with_empty_labels_or_inner_wildcards_are_not_well_formed() {
        for good in ["a.example", "*.example.com", "x"] {
            assert!(GeneralName::Dns(good.to_owned()).is_well_formed(), "{good}");
        }
        for bad in ["", ".a", "a..b", "a.*.b", "*", "f*.a"] {
            assert!(!GeneralName::Dns(bad.to_owned()).is_well_formed(), "{bad}");
        }
    }
}
