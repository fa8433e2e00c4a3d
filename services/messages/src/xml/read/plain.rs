//! The plain case of markup: tags without attributes and texts without references, as most messages have nothing else.
//!
//! Whatever is not plain is left to the reader of everything that XML allows.

/// A piece of plain markup.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Plain<'x> {
    /// White space before it, in bytes.
    pub(super) before: usize,
    /// The name of the element.
    pub(super) name: &'x str,
    pub(super) mark: Mark<'x>,
    /// White space and markup, in bytes.
    pub(super) length: usize,
}

/// What a piece of plain markup is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark<'x> {
    /// A start tag.
    Start,
    /// An end tag.
    End,
    /// Start tag, text and end tag.
    Whole(&'x str),
}

/// The piece of plain markup that stands at the beginning of `rest`, if one does.
pub(super) fn plain(rest: &str) -> Option<Plain<'_>> {
    let bytes = rest.as_bytes();
    let before = bytes.iter().position(|byte| !is_space(*byte))?;
    let tag = bytes.get(before..)?.strip_prefix(b"<")?;
    let at = before + 1;
    if let Some(end) = tag.strip_prefix(b"/") {
        let name = name(rest, end, at + 1)?;
        return Some(Plain { before, name, mark: Mark::End, length: at + 1 + name.len() + 1 });
    }
    let name = name(rest, tag, at)?;
    let inside = at + name.len() + 1;
    let start = Plain { before, name, mark: Mark::Start, length: inside };
    let text = bytes.get(inside..)?;
    let length = text.iter().position(|byte| matches!(byte, b'<' | b'&' | b']'))?;
    let Some(end) = text.get(length..)?.strip_prefix(b"</") else { return Some(start) };
    let closed = end.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'>'));
    if !closed {
        return Some(start);
    }
    let text = rest.get(inside..inside + length)?;
    let length = inside + length + 2 + name.len() + 1;
    Some(Plain { mark: Mark::Whole(text), length, ..start })
}

/// A name of letters and digits that ends the tag; `bytes` stand at `from` of the text.
fn name<'x>(text: &'x str, bytes: &[u8], from: usize) -> Option<&'x str> {
    let length = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric())?;
    if length == 0 || bytes.get(length) != Some(&b'>') {
        return None;
    }
    text.get(from..from + length)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_whole_values_are_plain() {
        let whole = plain("\n  <a>x y</a><b>").unwrap();
        assert_eq!((whole.before, whole.name, whole.mark, whole.length), (3, "a", Mark::Whole("x y"), 13));
        let start = plain("<A><b>").unwrap();
        assert_eq!((start.name, start.mark, start.length), ("A", Mark::Start, 3));
        let end = plain(" </A>").unwrap();
        assert_eq!((end.before, end.name, end.mark, end.length), (1, "A", Mark::End, 5));
        assert_eq!(plain("<a></a>").unwrap().mark, Mark::Whole(""));
        assert_eq!(plain("<a>&lt;</a>").unwrap().mark, Mark::Start);
        assert_eq!(plain("<a>x</b>").unwrap().mark, Mark::Start);
        assert_eq!(plain("<a>x</aa>").unwrap().mark, Mark::Start);
        assert_eq!(plain("<a>қ</a>").unwrap().mark, Mark::Whole("қ"));
    }

    #[test]
    fn everything_else_is_not() {
        for other in [
            "",
            "x",
            "<",
            "<a",
            "<a ",
            "<a b='1'>",
            "<a/>",
            "<n:a>",
            "<!--x-->",
            "<?x?>",
            "</a >",
            "< a>",
            "<a>x",
        ] {
            assert_eq!(plain(other), None, "{other}");
        }
    }
}
