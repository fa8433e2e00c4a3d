//! Access codes: four characters known to the owner, kept only as a salted hash.

use openssl::{memcmp, rand::rand_bytes};
use sha2::{Digest, Sha256};

/// Digits and capitals that nobody confuses: 32, so that a random byte picks one evenly.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 4;

/// An access code nobody can read any more, only try.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct SealedCode {
    salt: String,
    hash: String,
}

impl SealedCode {
    /// A fresh random code, once in clear and sealed.
    pub(crate) fn issue() -> anyhow::Result<(String, Self)> {
        let mut dice = [0_u8; LENGTH];
        let mut salt = [0_u8; 16];
        rand_bytes(&mut dice)?;
        rand_bytes(&mut salt)?;
        let code: String = dice
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
            .copied()
            .map(char::from)
            .collect();
        let sealed = Self::seal(hex::encode(salt), &code);
        Ok((code, sealed))
    }

    /// The sealed code of a row.
    pub(crate) const fn of(salt: String, hash: String) -> Self {
        Self { salt, hash }
    }

    /// `code` under `salt`.
    pub(crate) fn seal(salt: String, code: &str) -> Self {
        let hash = digest(&salt, code);
        Self { salt, hash }
    }

    /// A seal that no code opens; trying it takes as long as trying a real one.
    pub(crate) fn nobodys() -> Self {
        Self::of("0".repeat(32), "0".repeat(64))
    }

    /// Whether `code` is the sealed one, in a time that does not depend on how much of it is right.
    pub(crate) fn opens_with(&self, code: &str) -> bool {
        let hash = digest(&self.salt, code);
        hash.len() == self.hash.len() && memcmp::eq(hash.as_bytes(), self.hash.as_bytes())
    }

    /// The salt, in hexadecimal.
    pub(crate) fn salt(&self) -> &str {
        &self.salt
    }

    /// The hash, in hexadecimal.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }
}

fn digest(salt: &str, code: &str) -> String {
    let mut sha = Sha256::new();
    sha.update(salt.as_bytes());
    sha.update(b"/");
    sha.update(code.as_bytes());
    hex::encode(sha.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_issued_code_opens() {
        let (code, sealed) = SealedCode::issue().unwrap();
        assert_eq!(code.len(), 4);
        assert!(sealed.opens_with(&code));
        assert!(!sealed.opens_with(""));
        assert!(!sealed.opens_with(&code[..3]));
        assert!(!sealed.opens_with("****"));
        assert!(!sealed.hash().contains(&code));
    }

    #[test]
    fn the_same_code_under_another_salt_looks_different() {
        let one = SealedCode::seal("aa".to_owned(), "7XK2");
        let other = SealedCode::seal("bb".to_owned(), "7XK2");
        assert_ne!(one.hash(), other.hash());
        assert!(!SealedCode::nobodys().opens_with("7XK2"));
    }
}
