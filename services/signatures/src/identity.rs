//! Who a certificate names: person and organisation identifiers read from the subject by a national scheme.

use serde::{Deserialize, Serialize};

use crate::name::Name;
use crate::oid;

/// Who a certificate names.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Person's identification number (IIN, PIN), digits only.
    pub iin: Option<String>,
    /// Organisation's identification number (BIN, TIN), digits only.
    pub bin: Option<String>,
    /// Organisation's name.
    pub org: Option<String>,
    /// Common name.
    pub common_name: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Roles that the certificate's extended key usage states, dotted.
    pub roles: Vec<String>,
    /// Identifiers whose check digit is wrong, as the subject writes them.
    pub wrong_check_digits: Vec<String>,
}

impl Identity {
    /// Identifier acted for: the organisation's, and the person's own where the certificate names no organisation.
    pub fn acts_for(&self) -> Option<&str> {
        self.bin.as_deref().or(self.iin.as_deref())
    }
}

/// Subject attribute that carries an identifier.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdAttribute {
    /// `serialNumber` (2.5.4.5).
    SerialNumber,
    /// `organizationalUnitName` (2.5.4.11).
    OrganisationalUnit,
}

/// Check digit of an identifier.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckDigit {
    /// None is defined.
    None,
    /// Kazakhstan IIN/BIN: weights 1..11 modulo 11, and 3..11, 1, 2 when the first remainder is 10.
    Kazakhstan,
}

/// How one identifier is written in a subject.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdRule {
    /// The attribute.
    pub attribute: IdAttribute,
    /// Text before the digits; a value without it is no identifier.
    pub prefix: String,
    /// Fewest digits.
    pub digits_min: usize,
    /// Most digits.
    pub digits_max: usize,
    /// The check digit.
    pub check_digit: CheckDigit,
}

/// What a wrong check digit means.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongCheckDigit {
    /// The identifier is read and reported as wrong; it cannot equal a registered one, whose digits were checked.
    Reported,
    /// The identifier is reported and not read.
    Refused,
}

/// A country's pair of identifiers.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityScheme {
    /// Person.
    pub person: IdRule,
    /// Organisation.
    pub organisation: IdRule,
    /// What a wrong check digit means.
    pub wrong_check_digit: WrongCheckDigit,
}

impl IdentityScheme {
    /// Kazakhstan: `serialNumber=IIN` and `OU=BIN`, each with 12 digits and a check digit.
    pub fn kazakhstan() -> Self {
        Self {
            person: IdRule::new(IdAttribute::SerialNumber, "IIN", (12, 12), CheckDigit::Kazakhstan),
            organisation: IdRule::new(
                IdAttribute::OrganisationalUnit,
                "BIN",
                (12, 12),
                CheckDigit::Kazakhstan,
            ),
            wrong_check_digit: WrongCheckDigit::Reported,
        }
    }

    /// Personal and taxpayer numbers: `serialNumber=PIN` with 14 digits and `OU=TIN` with 9 to 14, no check digit.
    pub fn pin_tin() -> Self {
        Self {
            person: IdRule::new(IdAttribute::SerialNumber, "PIN", (14, 14), CheckDigit::None),
            organisation: IdRule::new(IdAttribute::OrganisationalUnit, "TIN", (9, 14), CheckDigit::None),
            wrong_check_digit: WrongCheckDigit::Reported,
        }
    }

    /// The same scheme, not reading identifiers with a wrong check digit.
    pub fn refusing_wrong_check_digits(mut self) -> Self {
        self.wrong_check_digit = WrongCheckDigit::Refused;
        self
    }

    fn read(&self, rule: &IdRule, subject: &Name<'_>, identity: &mut Identity) -> Option<String> {
        let mut found: Vec<String> = Vec::new();
        for value in subject.values(rule.attribute.oid()) {
            let Some(digits) =
                value.strip_prefix(rule.prefix.as_str()).filter(|digits| rule.has_form(digits))
            else {
                continue;
            };
            let right = rule.check_digit.holds(digits);
            if !right {
                identity.wrong_check_digits.push(value.to_owned());
            }
            if right || self.wrong_check_digit == WrongCheckDigit::Reported {
                found.push(digits.to_owned());
            }
        }
        found.dedup();
        // Several different identifiers name nobody.
        if found.len() > 1 { None } else { found.pop() }
    }
}

impl IdAttribute {
    const fn oid(self) -> &'static [u8] {
        match self {
            Self::SerialNumber => oid::SERIAL_NUMBER,
            Self::OrganisationalUnit => oid::ORGANISATIONAL_UNIT,
        }
    }
}

impl IdRule {
    fn new(attribute: IdAttribute, prefix: &str, digits: (usize, usize), check_digit: CheckDigit) -> Self {
        Self { attribute, prefix: prefix.to_owned(), digits_min: digits.0, digits_max: digits.1, check_digit }
    }

    /// The identifier as it is written in a subject.
    pub fn written(&self, digits: &str) -> String {
        format!("{}{digits}", self.prefix)
    }

    /// Whether `digits` keep the rule's length and check digit.
    pub fn admits(&self, digits: &str) -> bool {
        self.has_form(digits) && self.check_digit.holds(digits)
    }

    fn has_form(&self, digits: &str) -> bool {
        (self.digits_min..=self.digits_max).contains(&digits.len())
            && digits.bytes().all(|octet| octet.is_ascii_digit())
    }
}

impl CheckDigit {
    /// Whether the last digit is right; `digits` must be digits only.
    pub fn holds(self, digits: &str) -> bool {
        match self {
            Self::None => true,
            Self::Kazakhstan => kazakhstan_check_digit(digits)
                .is_some_and(|check| digits.bytes().last() == Some(b'0' + check)),
        }
    }
}

/// Check digit of the first eleven digits, `None` when the number series has none.
pub fn kazakhstan_check_digit(digits: &str) -> Option<u8> {
    const WEIGHTS: [[u32; 11]; 2] =
        [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]];
    let values: Vec<u32> = digits.chars().take(11).map(|digit| digit.to_digit(10)).collect::<Option<_>>()?;
    if values.len() < 11 {
        return None;
    }
    for weights in WEIGHTS {
        let sum: u32 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        if sum % 11 < 10 {
            return u8::try_from(sum % 11).ok();
        }
    }
    None
}

/// Who the subject names by the first scheme that recognises it.
pub(crate) fn identify(subject: &Name<'_>, usages: &[&[u8]], schemes: &[IdentityScheme]) -> Identity {
    let first = |attribute| subject.values(attribute).next().map(str::to_owned);
    let mut identity = Identity {
        org: first(oid::ORGANISATION),
        common_name: first(oid::COMMON_NAME),
        country: first(oid::COUNTRY),
        roles: usages
            .iter()
            .filter(|usage| !usage.starts_with(oid::PKIX_PURPOSES))
            .map(|usage| oid::dotted(usage))
            .collect(),
        ..Identity::default()
    };
    for scheme in schemes {
        identity.iin = scheme.read(&scheme.person, subject, &mut identity);
        identity.bin = scheme.read(&scheme.organisation, subject, &mut identity);
        if identity.iin.is_some() || identity.bin.is_some() {
            break;
        }
    }
    identity
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{der, encode};

    #[test]
    fn check_digits_take_the_second_row_when_the_first_gives_ten() {
        let mut second_row = 0;
        for series in 0..2_000_u32 {
            let digits = format!("9912400{series:04}");
            let Some(check) = kazakhstan_check_digit(&digits) else { continue };
            let first_row: u32 =
                digits.bytes().zip(1..).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
            second_row += u32::from(first_row % 11 == 10);
            assert!(CheckDigit::Kazakhstan.holds(&format!("{digits}{check}")));
            assert!(!CheckDigit::Kazakhstan.holds(&format!("{digits}{}", (check + 1) % 10)));
        }
        assert!(second_row > 0);
    }

    fn subject(parts: &[(&[u8], &str)]) -> Vec<u8> {
        let attributes = parts.iter().map(|(kind, value)| {
            let value = encode::tlv(0x0c, &[value.as_bytes()]);
            encode::tlv(der::SET, &[&encode::sequence(&[&encode::oid(kind), &value])])
        });
        encode::sequence(&[&attributes.collect::<Vec<_>>().concat()])
    }

    fn identified(parts: &[(&[u8], &str)], scheme: IdentityScheme) -> Identity {
        let raw = subject(parts);
        identify(&Name::parse(&raw).unwrap(), &[], &[scheme, IdentityScheme::pin_tin()])
    }

    #[test]
    fn a_unit_without_the_prefix_is_no_organisation() {
        let parts = [(oid::ORGANISATIONAL_UNIT, "991240000122"), (oid::SERIAL_NUMBER, "IIN800101300125")];
        let identity = identified(&parts, IdentityScheme::kazakhstan());
        assert_eq!((identity.iin.as_deref(), identity.bin.as_deref()), (Some("800101300125"), None));
        assert_eq!(identity.acts_for(), Some("800101300125"));
    }

    #[test]
    fn a_wrong_check_digit_is_reported_or_refused() {
        let parts = [(oid::ORGANISATIONAL_UNIT, "BIN991240000123")];
        let reported = identified(&parts, IdentityScheme::kazakhstan());
        assert_eq!(reported.bin.as_deref(), Some("991240000123"));
        assert_eq!(reported.wrong_check_digits, ["BIN991240000123"]);
        let refused = identified(&parts, IdentityScheme::kazakhstan().refusing_wrong_check_digits());
        assert_eq!(refused.bin, None);
    }

    #[test]
    fn two_organisations_in_one_subject_are_none() {
        let parts =
            [(oid::ORGANISATIONAL_UNIT, "BIN991240000122"), (oid::ORGANISATIONAL_UNIT, "BIN050540000998")];
        assert_eq!(identified(&parts, IdentityScheme::kazakhstan()).bin, None);
    }

    #[test]
    fn another_country_is_read_by_its_own_scheme() {
        let parts = [(oid::ORGANISATIONAL_UNIT, "TIN123456789"), (oid::SERIAL_NUMBER, "PIN20101199900011")];
        let identity = identified(&parts, IdentityScheme::kazakhstan());
        assert_eq!(
            (identity.iin.as_deref(), identity.bin.as_deref()),
            (Some("20101199900011"), Some("123456789"))
        );
    }

    #[test]
    fn rules_admit_only_their_own_form() {
        let scheme = IdentityScheme::kazakhstan();
        assert!(scheme.organisation.admits("991240000122"));
        assert!(!scheme.organisation.admits("991240000123"));
        assert!(!scheme.organisation.admits("99124000012"));
        assert!(!scheme.organisation.admits("99124000012x"));
        assert!(IdentityScheme::pin_tin().organisation.admits("123456789"));
    }
}
