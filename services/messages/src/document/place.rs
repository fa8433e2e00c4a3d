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
        for byte in bytes {
            if *byte == b'\n' {
                place.line += 1;
                place.column = 1;
            } else if byte & 0xc0 != 0x80 {
                place.column += 1;
            }
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(Place::START.after("ab\nқө".as_bytes()), Place { line: 2, column: 3 });
    }
}
