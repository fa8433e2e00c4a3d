//! What a file is, told by its octets: a name can say anything.

/// The media type of `octets`, where it is one that is taken: documents and pictures that carry out nothing by themselves.
pub(super) fn media_type(octets: &[u8]) -> Option<&'static str> {
    match octets {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

/// The last part of `name`, as a person gave it, without what no system of files would take.
pub(super) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last
        .chars()
        .filter(|one| !one.is_control() && !matches!(one, '<' | '>' | ':' | '"' | '|' | '?' | '*'));
    kept.collect::<String>().trim().trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_by_octets() {
        for (octets, kind) in [
            (b"%PDF-1.7\n".as_slice(), Some("application/pdf")),
            (&[0xFF, 0xD8, 0xFF, 0xE0], Some("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n....", Some("image/png")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"RIFF\x10\0\0\0WAVEfmt ", None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
            (b"<!doctype html><script>", None),
            (b"MZ\x90\0", None),
            (b"PK\x03\x04", None),
            (b"", None),
        ] {
            assert_eq!(media_type(octets), kind, "{octets:?}");
        }
    }

    #[test]
    fn a_name_leads_nowhere() {
        for (name, plain) in [
            ("seal.jpg", "seal.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\пломба 1.jpg", "пломба 1.jpg"),
            (" .hidden\u{0}\r\n", "hidden"),
            ("a\"b<c>.pdf", "abc.pdf"),
            ("///", ""),
        ] {
            assert_eq!(plain_name(name), plain, "{name}");
        }
    }
}
