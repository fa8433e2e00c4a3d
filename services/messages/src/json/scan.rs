//! Reading JSON strictly: no duplicate keys, no depth without end, nothing that the standard does not have.

use std::collections::HashSet;

use super::value::{Kind, Member, Value};
use crate::document::Place;

/// Why the text is not JSON, and where.
#[derive(Debug)]
pub(super) struct ScanError {
    pub(super) reason: String,
    pub(super) place: Place,
    /// JSON Pointer of the value that was being read.
    pub(super) pointer: String,
}

/// A reader of one JSON document.
pub(super) struct Scanner<'j> {
    text: &'j str,
    at: usize,
    counted: usize,
    place: Place,
    depth_max: usize,
    values_max: usize,
    values: usize,
    path: Vec<String>,
}

type Scanned<T> = Result<T, ScanError>;

impl<'j> Scanner<'j> {
    pub(super) fn new(text: &'j str, depth_max: usize, values_max: usize) -> Self {
        Self {
            text,
            at: 0,
            counted: 0,
            place: Place::START,
            depth_max,
            values_max,
            values: 0,
            path: Vec::new(),
        }
    }

    /// The one value of the document.
    pub(super) fn document(&mut self) -> Scanned<Value> {
        let value = self.value(0)?;
        self.space();
        if self.at < self.text.len() {
            return self.fail("something follows the document");
        }
        Ok(value)
    }

    fn value(&mut self, depth: usize) -> Scanned<Value> {
        self.space();
        let place = self.here();
        self.values += 1;
        if depth > self.depth_max {
            return self.fail(&format!("values are nested deeper than {}", self.depth_max));
        }
        if self.values > self.values_max {
            return self.fail(&format!("there are more than {} values", self.values_max));
        }
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => self.word()?,
            None => return self.fail("the document ends where a value is expected"),
        };
        Ok(Value { place, kind })
    }

    fn object(&mut self, depth: usize) -> Scanned<Kind> {
        self.at += 1;
        let mut members: Vec<Member> = Vec::new();
        let mut keys: HashSet<String> = HashSet::new();
        self.space();
        if self.eat(b'}') {
            return Ok(Kind::Object(members));
        }
        loop {
            self.space();
            let place = self.here();
            if self.peek() != Some(b'"') {
                return self.fail("a key is expected");
            }
            let key = self.string()?;
            self.path.push(key.clone());
            if !keys.insert(key.clone()) {
                return self.fail(&format!("the key {key} occurs twice"));
            }
            self.space();
            if !self.eat(b':') {
                return self.fail("a colon is expected");
            }
            let value = self.value(depth + 1)?;
            self.path.pop();
            members.push(Member { key, place, value });
            self.space();
            if self.eat(b'}') {
                return Ok(Kind::Object(members));
            }
            if !self.eat(b',') {
                return self.fail("a comma or a closing brace is expected");
            }
        }
    }

    fn array(&mut self, depth: usize) -> Scanned<Kind> {
        self.at += 1;
        let mut values = Vec::new();
        self.space();
        if self.eat(b']') {
            return Ok(Kind::Array(values));
        }
        loop {
            self.path.push(values.len().to_string());
            values.push(self.value(depth + 1)?);
            self.path.pop();
            self.space();
            if self.eat(b']') {
                return Ok(Kind::Array(values));
            }
            if !self.eat(b',') {
                return self.fail("a comma or a closing bracket is expected");
            }
        }
    }

    fn string(&mut self) -> Scanned<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(step) = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < 0x20)
            else {
                return self.fail("a string is not closed");
            };
            out.push_str(rest.get(..step).unwrap_or_default());
            self.at += step;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return self.fail("a control character stands in a string"),
            }
        }
    }

    fn escape(&mut self) -> Scanned<char> {
        self.at += 1;
        let kind = self.peek();
        self.at += 1;
        Ok(match kind {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return self.fail("an escape is not known"),
        })
    }

    fn unicode(&mut self) -> Scanned<char> {
        let first = self.four()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            if !(self.eat(b'\\') && self.eat(b'u')) {
                return self.fail("half of a surrogate pair");
            }
            let second = self.four()?;
            if !(0xdc00..0xe000).contains(&second) {
                return self.fail("half of a surrogate pair");
            }
            0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        match char::from_u32(code) {
            Some(character) => Ok(character),
            None => self.fail("half of a surrogate pair"),
        }
    }

    fn four(&mut self) -> Scanned<u32> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|one| one.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|one| u32::from_str_radix(one, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fail("four hexadecimal digits are expected"),
        }
    }

    fn number(&mut self) -> Scanned<Kind> {
        let from = self.at;
        self.eat(b'-');
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0')) {
            return self.fail("a number is not written as JSON has it");
        }
        if self.eat(b'.') && self.digits() == 0 {
            return self.fail("a number is not written as JSON has it");
        }
        if self.eat(b'e') || self.eat(b'E') {
            _ = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return self.fail("a number is not written as JSON has it");
            }
        }
        Ok(Kind::Number(self.text.get(from..self.at).unwrap_or_default().to_owned()))
    }

    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    fn word(&mut self) -> Scanned<Kind> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for word in ["true", "false", "null"] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(Kind::Word(word));
            }
        }
        if rest.starts_with("NaN") || rest.starts_with("Infinity") {
            return self.fail("NaN and Infinity are not numbers of JSON");
        }
        self.fail("a value is expected")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn here(&mut self) -> Place {
        let at = self.at.min(self.text.len());
        if let Some(passed) = self.text.as_bytes().get(self.counted..at) {
            self.place = self.place.after(passed);
            self.counted = at;
        }
        self.place
    }

    fn fail<T>(&mut self, reason: &str) -> Scanned<T> {
        let mut pointer = String::new();
        for step in &self.path {
            pointer.push('/');
            pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        }
        Err(ScanError { reason: reason.to_owned(), place: self.here(), pointer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Scanned<Value> {
        Scanner::new(text, 8, 100).document()
    }

    #[test]
    fn what_is_not_json_is_refused_with_a_pointer() {
        for (text, pointer, column) in [
            ("{\"a\":{\"b\":1,\"b\":2}}", "/a/b", 16),
            ("{\"a\":[1,NaN]}", "/a/1", 9),
            ("{\"a\":01}", "/a", 8),
            ("{\"a\":1.}", "/a", 8),
            ("{\"a\":\"\\ud800x\"}", "/a", 13),
            ("{\"a\":+1}", "/a", 6),
            ("{\"a\":1,}", "", 8),
            ("[1] 2", "", 5),
            ("[\"a", "/0", 3),
            ("", "", 1),
        ] {
            let error = scan(text).unwrap_err();
            assert_eq!((error.pointer.as_str(), error.place.column), (pointer, column), "{text}: {error:?}");
        }
        assert!(scan(&"[".repeat(10_000)).is_err());
    }

    #[test]
    fn escapes_are_read() {
        let value = scan(r#""A\n\u0041\ud83d\ude00\/""#).unwrap();
        assert_eq!(value.show(), "A\nA😀/");
    }
}
