//! What is kept of a receiver's answer: little, and nothing that names a person or opens a door.

const CHARACTERS_MAX: usize = 200;
/// Words longer than this are keys or tokens rather than words.
const WORD_MAX: usize = 32;
/// A word with this many digits is a number of somebody or something.
const DIGITS_MAX: usize = 8;
const HIDDEN: &str = "[…]";

/// The first 200 characters of `answer` in plain words.
pub(crate) fn scrub(answer: &str) -> String {
    let plain: String =
        answer.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let words: Vec<&str> =
        plain.split_whitespace().map(|word| if hides(word) { HIDDEN } else { word }).collect();
    words.join(" ").chars().take(CHARACTERS_MAX).collect()
}

fn hides(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    word.contains('@') || digits >= DIGITS_MAX || word.chars().count() > WORD_MAX
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_numbers_and_tokens_are_hidden() {
        let answer =
            "stored for a.b@broker.example (870101300123)\n\ttoken abcdefghijklmnopqrstuvwxyz0123456789 ok";
        assert_eq!(scrub(answer), "stored for […] […] token […] ok");
    }

    proptest! {
        #[test]
        fn the_answer_is_short_and_printable(answer in "\\PC{0,400}|[\\x00-\\x7f]{0,400}") {
            let kept = scrub(&answer);
            prop_assert!(kept.chars().count() <= 200);
            prop_assert!(!kept.chars().any(char::is_control));
        }
    }
}
