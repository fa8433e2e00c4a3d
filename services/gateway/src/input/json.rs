//! JSON read strictly: bounded nesting, no key twice, nothing after the end.

use std::{cell::RefCell, fmt};

use customs_kernel::{Finding, Problem, problem};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads `bytes` as one JSON value, nested at most `depth_max` deep.
pub(crate) fn read(bytes: &[u8], depth_max: usize) -> Result<Value, Problem> {
    if nesting(bytes) > depth_max {
        let detail = format!("the JSON is nested deeper than {depth_max}");
        return Err(problem::INPUT_INVALID.because(detail).at(""));
    }
    let reading = Reading::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict(&reading).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    let value = value.map_err(|error| {
        let mut finding = Finding::new("json", reading.pointer(), error.to_string());
        finding.line = u32::try_from(error.line()).ok();
        finding.column = u32::try_from(error.column()).ok();
        problem::INPUT_INVALID.because("the body is not JSON").with_errors(vec![finding])
    })?;
    let twice = reading.twice.into_inner();
    if twice.is_empty() {
        return Ok(value);
    }
    Err(problem::INPUT_INVALID.because("a key stands twice").with_errors(twice))
}

/// A key as one segment of a JSON Pointer (RFC 6901).
pub(crate) fn segment(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// How deep brackets are nested outside of strings.
fn nesting(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut text, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        if text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => text = true,
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[derive(Default)]
struct Reading {
    path: RefCell<Vec<String>>,
    twice: RefCell<Vec<Finding>>,
}

impl Reading {
    fn pointer(&self) -> String {
        self.path.borrow().iter().fold(String::new(), |pointer, part| pointer + "/" + &segment(part))
    }

    fn within<T, E>(&self, part: String, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.path.borrow_mut().push(part);
        let read = read()?;
        self.path.borrow_mut().pop();
        Ok(read)
    }
}

struct Strict<'a>(&'a Reading);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) =
            self.0.within(items.len().to_string(), || seq.next_element_seed(Strict(self.0)))?
        {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = self.0.within(key.clone(), || entries.next_value_seed(Strict(self.0)))?;
            if object.contains_key(&key) {
                let pointer = format!("{}/{}", self.0.pointer(), segment(&key));
                self.0.twice.borrow_mut().push(Finding::new("key-twice", pointer, "this key stands twice"));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Problem {
        read(text.as_bytes(), 4).unwrap_err()
    }

    #[test]
    fn plain_json_is_read_as_it_is() {
        let value = read(br#"{"a":[1,-2,1.5,"x",null,true]}"#, 4).unwrap();
        assert_eq!(value, serde_json::json!({"a": [1, -2, 1.5, "x", null, true]}));
    }

    #[test]
    fn every_key_that_stands_twice_is_named() {
        let problem = refusal(r#"{"a":1,"b":{"c/d":1,"c/d":2},"a":2}"#);
        let pointers: Vec<_> = problem.errors.iter().map(|finding| finding.pointer.as_str()).collect();
        assert_eq!(pointers, ["/b/c~1d", "/a"]);
    }

    #[test]
    fn nesting_is_bounded_before_anything_is_parsed() {
        assert!(read(b"[[[[1]]]]", 4).is_ok());
        assert_eq!(refusal("[[[[[1]]]]]").code, "input-invalid");
        assert_eq!(refusal(&"[".repeat(200_000)).code, "input-invalid");
        assert!(read(br#"["[[[[[[[\"[[["]"#, 4).is_ok());
    }

    #[test]
    fn what_is_not_json_is_refused_at_its_place() {
        for text in ["", "{", "{\"a\":}", "NaN", "[1e400]", "\"\\ud800\"", "1 2", "{\"a\":1}x", "\u{feff}{}"]
        {
            let problem = refusal(text);
            assert_eq!((problem.status, problem.errors.len()), (400, 1), "{text}");
        }
        let problem = refusal(r#"{"a":[1,tru]}"#);
        assert_eq!(problem.errors[0].pointer, "/a/1");
    }
}
