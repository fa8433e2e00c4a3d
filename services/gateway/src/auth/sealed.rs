//! A small text that only this installation can read again: AES-256-GCM under a derived key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openssl::{
    error::ErrorStack,
    rand::rand_bytes,
    symm::{Cipher, decrypt_aead, encrypt_aead},
};

const NONCE_OCTETS: usize = 12;
const TAG_OCTETS: usize = 16;

/// Seals `text` so that it can be opened only with `key` and together with `about`.
pub(super) fn seal(key: &[u8; 32], about: &str, text: &str) -> Result<String, ErrorStack> {
    let (mut nonce, mut tag) = ([0; NONCE_OCTETS], [0; TAG_OCTETS]);
    rand_bytes(&mut nonce)?;
    let cipher = Cipher::aes_256_gcm();
    let body = encrypt_aead(cipher, key, Some(&nonce), about.as_bytes(), text.as_bytes(), &mut tag)?;
    Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &tag, &body].concat()))
}

/// Opens what [`seal`] made with the same key and `about`.
pub(super) fn open(key: &[u8; 32], about: &str, sealed: &str) -> Option<String> {
    let octets = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, rest) = octets.split_at_checked(NONCE_OCTETS)?;
    let (tag, body) = rest.split_at_checked(TAG_OCTETS)?;
    let opened = decrypt_aead(Cipher::aes_256_gcm(), key, Some(nonce), about.as_bytes(), body, tag).ok()?;
    String::from_utf8(opened).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_its_subject() {
        let key = [7; 32];
        let sealed = seal(&key, "person-1", "990101300123").unwrap();
        assert_eq!(open(&key, "person-1", &sealed).as_deref(), Some("990101300123"));
        assert_eq!(open(&key, "person-2", &sealed), None);
        assert_eq!(open(&[8; 32], "person-1", &sealed), None);
        assert_eq!(open(&key, "person-1", "AAAA"), None);
        assert!(!sealed.contains("990101300123"));
    }
}
