//! What a bundle of trust is known by: one hash over its files, the same for who hands it out and who has it.

use openssl::sha::Sha256;

/// The folders of a bundle, in the order in which they are read: authorities come before the lists that they sign.
pub const BUNDLE_FOLDERS: [&str; 4] = ["anchors", "intermediates", "crls", "timestampers"];

/// Takes the files of a bundle one after the other.
#[derive(Default)]
pub struct BundleHash(Sha256);

impl BundleHash {
    /// Takes the next file: folder after folder, and names in a folder in the order of their octets.
    pub fn add(&mut self, folder: &str, name: &[u8], octets: &[u8]) {
        for part in [folder.as_bytes(), name, octets] {
            self.0.update(&u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
            self.0.update(part);
        }
    }

    /// SHA-256 over all of them, in hexadecimal.
    #[must_use]
    pub fn finish(self) -> String {
        hex::encode(self.0.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(files: &[(&str, &[u8], &[u8])]) -> String {
        let mut hash = BundleHash::default();
        for (folder, name, octets) in files {
            hash.add(folder, name, octets);
        }
        hash.finish()
    }

    #[test]
    fn folder_name_and_content_all_count_and_none_runs_into_the_next() {
        let one = hash(&[("anchors", b"a.der", b"x")]);
        assert_eq!(one, hash(&[("anchors", b"a.der", b"x")]));
        assert_ne!(one, hash(&[("intermediates", b"a.der", b"x")]));
        assert_ne!(one, hash(&[("anchors", b"b.der", b"x")]));
        assert_ne!(one, hash(&[("anchors", b"a.der", b"y")]));
        assert_ne!(hash(&[("anchors", b"a", b"bc")]), hash(&[("anchors", b"ab", b"c")]));
        assert_eq!(hash(&[]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}
