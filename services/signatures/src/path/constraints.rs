//! Name constraints (RFC 5280, 4.2.1.10): which names the authorities of a path let the certificates below bear.

use super::general_name::{GeneralName, host_of, is_host};
use crate::certificate::Certificate;
use crate::der::{self, DerError, Tlv};
use crate::name::{self, Canonical};
use crate::oid;

/// Most subtrees of one certificate, and most alternative names of one.
const NAMES_MAX: usize = 2_048;
/// Most comparisons of names with subtrees on one path.
const COMPARISONS_MAX: usize = 1 << 18;

/// Why names are refused.
#[derive(Debug)]
pub(super) enum Refused {
    Malformed(DerError),
    Permitted,
    Excluded,
    TooMany,
}

impl From<DerError> for Refused {
    fn from(error: DerError) -> Self {
        Self::Malformed(error)
    }
}

/// The constraints gathered from the anchor down.
#[derive(Debug, Default)]
pub(super) struct Constraints {
    /// One list per certificate: a name must fit each that speaks of its kind.
    permitted: Vec<Vec<GeneralName>>,
    excluded: Vec<GeneralName>,
    comparisons: usize,
}

impl Constraints {
    /// Adds the constraints of an authority's certificate.
    pub(super) fn add(&mut self, content: &[u8]) -> Result<(), DerError> {
        let mut parts = der::only(content, der::SEQUENCE)?.inside();
        let permitted = parts.optional(der::context(0))?.map(subtrees).transpose()?;
        let excluded = parts.optional(der::context(1))?.map(subtrees).transpose()?;
        parts.end()?;
        if permitted.is_none() && excluded.is_none() {
            return Err(DerError::Value);
        }
        self.permitted.extend(permitted);
        self.excluded.extend(excluded.into_iter().flatten());
        Ok(())
    }

    /// Whether every name of `certificate` keeps the constraints.
    pub(super) fn check(&mut self, certificate: &Certificate<'_>) -> Result<(), Refused> {
        let alternative = alternative_names(certificate)?;
        let subject = name::canonical(certificate.subject)?;
        let mut names = Vec::new();
        if !alternative.iter().any(|name| matches!(name, GeneralName::Email(_))) {
            let emails = subject.iter().flatten().filter(|(kind, _)| kind == oid::EMAIL_ADDRESS);
            names.extend(emails.map(|(_, address)| GeneralName::Email(address.clone())));
        }
        if !subject.is_empty() {
            names.push(GeneralName::Directory(subject));
        }
        names.extend(alternative);
        for name in &names {
            self.check_name(name)?;
        }
        Ok(())
    }

    fn check_name(&mut self, name: &GeneralName) -> Result<(), Refused> {
        let size = self.excluded.len() + self.permitted.iter().map(Vec::len).sum::<usize>();
        self.comparisons += size;
        if self.comparisons > COMPARISONS_MAX {
            return Err(Refused::TooMany);
        }
        let kind = name.kind();
        for list in &self.permitted {
            let mut same = list.iter().filter(|tree| tree.kind() == kind).peekable();
            if same.peek().is_some() && !same.any(|tree| within(name, tree)) {
                return Err(Refused::Permitted);
            }
        }
        let mut same = self.excluded.iter().filter(|tree| tree.kind() == kind);
        if same.any(|tree| touches(name, tree)) { Err(Refused::Excluded) } else { Ok(()) }
    }
}

/// The alternative names of the subject, each well formed.
pub(super) fn alternative_names(certificate: &Certificate<'_>) -> Result<Vec<GeneralName>, DerError> {
    let Some(content) = certificate.extensions.content(oid::EXT_SUBJECT_ALT_NAME) else {
        return Ok(Vec::new());
    };
    let names = GeneralName::read_all(der::only(content, der::SEQUENCE)?, NAMES_MAX)?;
    if names.iter().all(GeneralName::is_well_formed) { Ok(names) } else { Err(DerError::Value) }
}

fn subtrees(list: Tlv<'_>) -> Result<Vec<GeneralName>, DerError> {
    let elements = list.inside().elements(NAMES_MAX)?;
    if elements.is_empty() {
        return Err(DerError::Value);
    }
    elements.into_iter().map(subtree).collect()
}

/// One `GeneralSubtree`: minimum zero, no maximum, a base as its kind is written.
fn subtree(element: Tlv<'_>) -> Result<GeneralName, DerError> {
    let mut parts = element.expect(der::SEQUENCE)?.inside();
    let base = GeneralName::read(parts.element()?)?;
    parts.end()?;
    let good = match &base {
        GeneralName::Dns(name) => name.is_empty() || is_host(name),
        GeneralName::Email(name) => match name.split_once('@') {
            Some((local, host)) => !local.is_empty() && is_host(host),
            None => is_host(name.strip_prefix('.').unwrap_or(name)),
        },
        GeneralName::Uri(name) => is_host(name.strip_prefix('.').unwrap_or(name)),
        GeneralName::Ip(octets) => match octets.len() {
            8 | 32 => is_prefix(octets.split_at(octets.len() / 2).1),
            _ => false,
        },
        GeneralName::Directory(_) | GeneralName::Other(_) => true,
    };
    if good { Ok(base) } else { Err(DerError::Value) }
}

/// Whether a mask is ones followed by zeros.
fn is_prefix(mask: &[u8]) -> bool {
    let ones = mask.iter().take_while(|octet| **octet == 0xff).count();
    let rest = mask.get(ones..).unwrap_or_default();
    match rest.split_first() {
        None => true,
        Some((first, after)) => {
            first.leading_ones() + first.trailing_zeros() >= 8 && after.iter().all(|octet| *octet == 0)
        }
    }
}

/// Whether all that `name` stands for lies inside `tree`; kinds that cannot be compared never do.
fn within(name: &GeneralName, tree: &GeneralName) -> bool {
    match (name, tree) {
        (GeneralName::Dns(name), GeneralName::Dns(tree)) => is_domain_within(name, tree),
        (GeneralName::Email(address), GeneralName::Email(tree)) => email_within(address, tree),
        (GeneralName::Directory(name), GeneralName::Directory(tree)) => directory_within(name, tree),
        (GeneralName::Uri(uri), GeneralName::Uri(tree)) => {
            host_of(uri).is_some_and(|host| host_within(host, tree))
        }
        (GeneralName::Ip(address), GeneralName::Ip(tree)) => address_within(address, tree),
        _ => false,
    }
}

/// Whether anything that `name` may stand for lies inside `tree`; kinds that cannot be compared always may.
fn touches(name: &GeneralName, tree: &GeneralName) -> bool {
    match (name, tree) {
        (GeneralName::Dns(name), GeneralName::Dns(tree)) => match name.strip_prefix("*.") {
            Some(base) => is_domain_within(base, tree) || is_domain_within(tree, base),
            None => is_domain_within(name, tree),
        },
        (GeneralName::Uri(uri), GeneralName::Uri(_)) => host_of(uri).is_none() || within(name, tree),
        (GeneralName::Other(_), GeneralName::Other(_)) => true,
        _ => within(name, tree),
    }
}

fn is_domain_within(name: &str, tree: &str) -> bool {
    tree.is_empty() || name.eq_ignore_ascii_case(tree) || is_below(name, tree)
}

fn is_below(name: &str, tree: &str) -> bool {
    let at = name.len().checked_sub(tree.len());
    at.and_then(|at| name.split_at_checked(at))
        .is_some_and(|(labels, end)| labels.ends_with('.') && end.eq_ignore_ascii_case(tree))
}

fn host_within(host: &str, tree: &str) -> bool {
    tree.strip_prefix('.').map_or_else(|| host.eq_ignore_ascii_case(tree), |domain| is_below(host, domain))
}

fn email_within(address: &str, tree: &str) -> bool {
    let Some((local, host)) = address.split_once('@') else { return false };
    match tree.split_once('@') {
        Some((only, at)) => local == only && host.eq_ignore_ascii_case(at),
        None => host_within(host, tree),
    }
}

fn directory_within(name: &Canonical, tree: &Canonical) -> bool {
    name.starts_with(tree)
}

fn address_within(address: &[u8], tree: &[u8]) -> bool {
    let (base, mask) = tree.split_at(tree.len() / 2);
    address.len() == base.len()
        && address.iter().zip(base).zip(mask).all(|((octet, base), mask)| octet & mask == base & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_constraints_name_a_mailbox_a_host_or_a_domain() {
        assert!(email_within("a@example.com", "example.com"));
        assert!(!email_within("a@x.example.com", "example.com"));
        assert!(email_within("a@x.example.com", ".example.com"));
        assert!(email_within("a@Example.com", "a@example.com"));
        assert!(!email_within("A@example.com", "a@example.com"));
    }

    #[test]
    fn a_wildcard_touches_an_excluded_name_below_it() {
        let name = |text: &str| GeneralName::Dns(text.to_owned());
        assert!(touches(&name("*.example.com"), &name("secret.example.com")));
        assert!(!touches(&name("a.example.com"), &name("secret.example.com")));
        assert!(!is_domain_within("badexample.com", "example.com"));
    }

    #[test]
    fn masks_are_prefixes() {
        assert!(is_prefix(&[255, 255, 240, 0]));
        assert!(is_prefix(&[255; 4]));
        assert!(is_prefix(&[0; 4]));
        assert!(!is_prefix(&[255, 0, 255, 0]));
        assert!(!is_prefix(&[0x0f, 0, 0, 0]));
        assert!(address_within(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]));
    }
}
