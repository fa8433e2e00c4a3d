//! A set of codes that takes a few bytes a code and answers like a hash set.

/// A set of codes in one piece of text with an index beside it: a few bytes a code.
#[derive(Clone, Debug, Default)]
pub struct CodeSet {
    text: String,
    ends: Vec<u32>,
    slots: Vec<u32>,
}

/// Marks a slot of the index that holds no code.
const FREE: u32 = u32::MAX;

impl CodeSet {
    /// The codes of `lines`, one a line; an empty line is no code, one that comes twice counts once.
    ///
    /// What lies beyond 4 GiB of text is left out: no list is that long.
    #[must_use]
    pub fn from_lines(lines: &str) -> Self {
        let count = lines.lines().count();
        let mut set = Self {
            text: String::with_capacity(lines.len()),
            ends: Vec::with_capacity(count),
            slots: vec![FREE; (count.max(1) * 2).next_power_of_two()],
        };
        for code in lines.lines().filter(|line| !line.is_empty()) {
            set.insert(code);
        }
        set
    }

    fn insert(&mut self, code: &str) {
        let slot = self.slot(code);
        let (Ok(number), Ok(end)) =
            (u32::try_from(self.ends.len()), u32::try_from(self.text.len() + code.len()))
        else {
            return;
        };
        if let Some(place) = self.slots.get_mut(slot)
            && *place == FREE
        {
            *place = number;
            self.text.push_str(code);
            self.ends.push(end);
        }
    }

    /// The slot where `code` stands, or the free one where it would.
    fn slot(&self, code: &str) -> usize {
        let mask = self.slots.len().saturating_sub(1);
        let mut slot = hash(code) & mask;
        while let Some(&number) = self.slots.get(slot)
            && number != FREE
            && self.at(number) != Some(code)
        {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn at(&self, number: u32) -> Option<&str> {
        let number = usize::try_from(number).ok()?;
        let end = usize::try_from(*self.ends.get(number)?).ok()?;
        let start = match number.checked_sub(1) {
            Some(before) => usize::try_from(*self.ends.get(before)?).ok()?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// Whether `code` is in the set.
    #[must_use]
    pub fn contains(&self, code: &str) -> bool {
        self.slots.get(self.slot(code)).is_some_and(|number| *number != FREE)
    }

    /// How many codes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The codes, in the order in which they were put in, one a line.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut lines = String::with_capacity(self.text.len() + self.ends.len());
        for code in self.iter() {
            if !lines.is_empty() {
                lines.push('\n');
            }
            lines.push_str(code);
        }
        lines
    }

    /// The codes, in the order in which they were put in.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).filter_map(|number| self.at(u32::try_from(number).ok()?))
    }
}

/// Mixes the bytes of a code, eight at a time; good enough for codes that nobody chooses to collide.
fn hash(code: &str) -> usize {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = 0_u64;
    for part in code.as_bytes().chunks(8) {
        let mut word = [0_u8; 8];
        word.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        state = (state.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(MIX);
    }
    usize::try_from(state >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_set_knows_no_code() {
        assert!(!CodeSet::default().contains("A"));
        assert!(!CodeSet::from_lines("").contains(""));
        assert!(CodeSet::from_lines("\n\n").is_empty());
    }

    #[test]
    fn a_code_that_comes_twice_counts_once() {
        let set = CodeSet::from_lines("A\nB\nA");
        assert_eq!((set.len(), set.lines().as_str()), (2, "A\nB"));
    }

    proptest! {
        #[test]
        fn a_code_set_answers_like_a_hash_set(codes in prop::collection::hash_set("[A-Z0-9]{1,9}", 0..200), other in "[A-Z0-9]{0,9}") {
            let lines = codes.iter().cloned().collect::<Vec<_>>().join("\n");
            let set = CodeSet::from_lines(&lines);
            prop_assert_eq!(set.len(), codes.len());
            prop_assert!(codes.iter().all(|code| set.contains(code)));
            prop_assert_eq!(set.contains(&other), codes.contains(&other));
            prop_assert_eq!(set.iter().map(ToOwned::to_owned).collect::<HashSet<_>>(), codes);
        }
    }
}
