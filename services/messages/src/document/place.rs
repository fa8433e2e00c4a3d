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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(Place::START.after("ab\nқө".as_bytes()), Place { line: 2, column: 3 });
        assert_eq!(Place::START.after("ab\n\nc".as_bytes()), Place { line: 3, column: 2 });
        assert_eq!(Place::START.after("аб".as_bytes()), Place { line: 1, column: 3 });
    }
}
