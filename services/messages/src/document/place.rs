//! Where something stands in the document that was read.

/// Line and column, both from 1, in characters; zero where nothing was read.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Place {
    /// The first character.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The line, where something was read.
    pub fn line(self) -> Option<u32> {
        (self.line > 0).then_some(self.line)
    }

    /// The column, where something was read.
    pub fn column(self) -> Option<u32> {
        (self.line > 0).then_some(self.column)
    }

    /// The place after this and some more UTF-8 bytes.
    pub(crate) fn after(self, bytes: &[u8]) -> Self {
        let mut place = self;
        let mut last = bytes;
        let lines = bytes.iter().fold(0_usize, |lines, byte| lines + usize::from(*byte == b'\n'));
        if lines > 0 {
            let after = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            last = bytes.get(after..).unwrap_or_default();
            place.line = place.line.saturating_add(super::narrow(lines));
            place.column = 1;
        }
        let characters = last.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        place.column = place.column.saturating_add(super::narrow(characters));
        place
    }
}

/// The places in a text, asked for from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    /// Whether every byte is a character.
    ascii: bool,
    /// The byte that was asked for last, and its place.
    at: usize,
    place: Place,
    /// The next end of a line.
    next: usize,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let next = text.find('\n').unwrap_or(usize::MAX);
        Self { text, ascii: text.is_ascii(), at: 0, place: Place::START, next }
    }

    /// The place of a byte at or after the last one asked for.
    pub(crate) fn place(&mut self, at: usize) -> Place {
        while self.next < at {
            self.at = self.next + 1;
            self.place = Place { line: self.place.line.saturating_add(1), column: 1 };
            let further = self.text.get(self.at..).and_then(|rest| rest.find('\n'));
            self.next = further.map_or(usize::MAX, |length| self.at + length);
        }
        if let Some(passed) = self.text.as_bytes().get(self.at..at) {
            let ascii = || passed.len();
            let characters = || passed.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
            let columns = if self.ascii { ascii() } else { characters() };
            self.place.column = self.place.column.saturating_add(super::narrow(columns));
            self.at = at;
        }
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_asked_for_one_after_the_other_are_those_of_the_whole() {
        for text in ["ab\n\ncd\ne", "аб\nв\r\nг", "", "\n"] {
            let mut lines = Lines::new(text);
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                assert_eq!(lines.place(at), Place::START.after(&text.as_bytes()[..at]), "{text:?} {at}");
            }
        }
        assert_eq!(Lines::new("a\nb").place(9), Place { line: 2, column: 1 });
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(Place::START.after("ab\nқө".as_bytes()), Place { line: 2, column: 3 });
        assert_eq!(Place::START.after("ab\n\nc".as_bytes()), Place { line: 3, column: 2 });
        assert_eq!(Place::START.after("аб".as_bytes()), Place { line: 1, column: 3 });
    }
}
