//! Money in minor units: never a float, never without its currency.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// An amount of one currency, counted in hundredths (NCTS amounts are `n..16,2` in every currency).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Money {
    /// How many hundredths.
    pub minor: i64,
    /// The currency counted.
    pub currency: Currency,
}

/// A currency by its ISO 4217 letter code.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Currency([u8; 3]);

/// Why an amount could not be read or combined.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum MoneyError {
    /// The two amounts are in different currencies.
    #[error("cannot combine two currencies")]
    CurrencyMismatch,
    /// The result does not fit.
    #[error("amount out of range")]
    OutOfRange,
    /// Not a decimal number with at most two places.
    #[error("not an amount with at most two decimal places")]
    NotAnAmount,
    /// Not three capital letters.
    #[error("not a currency code of three capital letters")]
    NotACurrency,
}

impl Currency {
    /// Euro, the currency guarantee uses are told in between offices (R0267).
    pub const EUR: Self = Self(*b"EUR");
    /// Tenge.
    pub const KZT: Self = Self(*b"KZT");

    /// The letter code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(MoneyError::NotACurrency),
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Money {
    /// An amount of `minor` hundredths of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The amount written as a decimal number, such as `10000.00` or `7`.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || cents.len() > 2 || !digits(whole) || !digits(cents) {
            return Err(MoneyError::NotAnAmount);
        }
        let minor = format!("{whole}{cents:0<2}").parse().map_err(|_| MoneyError::OutOfRange)?;
        Ok(Self { minor, currency })
    }

    /// The sum, or why there is none.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { minor, ..self })
    }

    /// The difference, or why there is none.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { minor, ..self })
    }

    /// The amount as a decimal number without its currency, such as `10000.00`.
    #[must_use]
    pub fn decimal(self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        format!("{sign}{}.{:02}", minor / 100, minor % 100)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency { Ok(()) } else { Err(MoneyError::CurrencyMismatch) }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn currencies_never_mix() {
        let eur = Money::new(100, Currency::EUR);
        let kzt = Money::new(100, Currency::KZT);
        assert_eq!(eur.plus(kzt), Err(MoneyError::CurrencyMismatch));
    }

    #[test]
    fn an_amount_is_read_exactly_or_not_at_all() {
        for (text, want) in [
            ("10000.00", Ok(1_000_000)),
            ("7", Ok(700)),
            ("0.5", Ok(50)),
            ("1.234", Err(MoneyError::NotAnAmount)),
            ("-1", Err(MoneyError::NotAnAmount)),
            ("", Err(MoneyError::NotAnAmount)),
            ("1e3", Err(MoneyError::NotAnAmount)),
            ("99999999999999999999", Err(MoneyError::OutOfRange)),
        ] {
            assert_eq!(Money::parse(text, Currency::EUR).map(|money| money.minor), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(minor in 0_i64..i64::MAX) {
            let money = Money::new(minor, Currency::EUR);
            prop_assert_eq!(Money::parse(&money.decimal(), Currency::EUR), Ok(money));
        }
    }
}
