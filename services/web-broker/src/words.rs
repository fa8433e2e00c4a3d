//! Words of the contract as columns: one word, or a list of words as JSON text.

use customs_platform::Failure;
use serde::{Serialize, de::DeserializeOwned};

/// The word as it is written in JSON, without quotes.
pub(crate) fn word(value: &impl Serialize) -> Result<String, Failure> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(text) => Ok(text),
        other => Err(anyhow::anyhow!("{other} is not a word").into()),
    }
}

/// The word written as `text`.
pub(crate) fn read_word<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    Ok(serde_json::from_value(serde_json::Value::String(text.to_owned()))?)
}

/// The list as JSON text.
pub(crate) fn list<T: Serialize>(values: &[T]) -> Result<String, Failure> {
    Ok(serde_json::to_string(values)?)
}

/// The list written as JSON text.
pub(crate) fn read_list<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, Failure> {
    Ok(serde_json::from_str(text)?)
}

#[cfg(test)]
mod tests {
    use customs_web_broker_contract::{MemberRole, NumberScheme};

    use super::*;

    #[test]
    fn a_word_is_read_as_it_was_written() {
        assert_eq!(word(&NumberScheme::KzIin).unwrap(), "kz-iin");
        assert_eq!(read_word::<NumberScheme>("kz-iin").unwrap(), NumberScheme::KzIin);
        assert!(read_word::<NumberScheme>("xx").is_err());
        assert!(word(&1).is_err());
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let roles = vec![MemberRole::Broker, MemberRole::Carrier];
        assert_eq!(read_list::<MemberRole>(&list(&roles).unwrap()).unwrap(), roles);
    }
}
