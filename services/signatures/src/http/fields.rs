//! `Signature-Input` and `Signature` (RFC 9421, 4): the part of structured fields (RFC 8941) that they use, strictly.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Most components of one signature, and most signatures of one message.
const ITEMS_MAX: usize = 64;

/// A field that is not the structure it must be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct NotStructured;

/// One covered component: its name and, of a query parameter, the parameter's name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Component {
    pub(super) name: String,
    pub(super) parameter: Option<String>,
}

/// A parameter's value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Bare {
    Integer(i64),
    Text(String),
}

/// One member of `Signature-Input`.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) label: String,
    pub(super) components: Vec<Component>,
    pub(super) parameters: Vec<(String, Bare)>,
    /// The member's value as it was sent.
    pub(super) raw: String,
}

impl Input {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).and_then(|(_, value)| match value {
            Bare::Text(text) => Some(text.as_str()),
            Bare::Integer(_) => None,
        })
    }

    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.parameters.iter().find(|(known, _)| known == name).and_then(|(_, value)| match value {
            Bare::Integer(number) => Some(*number),
            Bare::Text(_) => None,
        })
    }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn eat(&mut self, what: char) -> bool {
        self.rest.strip_prefix(what).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    fn expect(&mut self, what: char) -> Result<(), NotStructured> {
        if self.eat(what) { Ok(()) } else { Err(NotStructured) }
    }

    fn spaces(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches([' ', '\t']);
        let moved = trimmed.len() != self.rest.len();
        self.rest = trimmed;
        moved
    }

    fn run(&mut self, of: impl Fn(char) -> bool) -> Result<&'a str, NotStructured> {
        let end = self.rest.find(|found| !of(found)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at_checked(end).ok_or(NotStructured)?;
        self.rest = rest;
        if run.is_empty() { Err(NotStructured) } else { Ok(run) }
    }

    fn name(&mut self) -> Result<String, NotStructured> {
        let is_name = |found: char| {
            found.is_ascii_lowercase() || found.is_ascii_digit() || matches!(found, '_' | '-' | '.' | '*')
        };
        let name = self.run(is_name)?;
        let starts = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '*');
        if starts { Ok(name.to_owned()) } else { Err(NotStructured) }
    }

    fn text(&mut self) -> Result<String, NotStructured> {
        self.expect('"')?;
        let mut out = String::new();
        let mut escaped = false;
        // Only printable ASCII is taken, so that characters and octets count alike.
        for (read, found) in self.rest.chars().enumerate() {
            match (escaped, found) {
                (true, '"' | '\\') => {
                    out.push(found);
                    escaped = false;
                }
                (false, '\\') => escaped = true,
                (false, '"') => {
                    self.rest = self.rest.get(read + 1..).ok_or(NotStructured)?;
                    return Ok(out);
                }
                (false, ' '..='~') => out.push(found),
                _ => return Err(NotStructured),
            }
        }
        Err(NotStructured)
    }

    fn bare(&mut self) -> Result<Bare, NotStructured> {
        if self.rest.starts_with('"') {
            return self.text().map(Bare::Text);
        }
        let digits = self.run(|found| found.is_ascii_digit())?;
        if digits.len() > 15 {
            return Err(NotStructured);
        }
        digits.parse().map(Bare::Integer).map_err(|_| NotStructured)
    }

    fn component(&mut self) -> Result<Component, NotStructured> {
        let name = self.text()?;
        let mut parameter = None;
        while self.eat(';') {
            let key = self.name()?;
            if key != "name" || name != "@query-param" || parameter.is_some() {
                return Err(NotStructured);
            }
            self.expect('=')?;
            parameter = Some(self.text()?);
        }
        let is_lower = name.chars().all(|found| !found.is_ascii_uppercase() && found != ' ');
        if name.is_empty() || !is_lower || (name == "@query-param") != parameter.is_some() {
            return Err(NotStructured);
        }
        Ok(Component { name, parameter })
    }
}

/// Reads the value of one member: the covered components and the parameters.
fn input(label: String, cursor: &mut Cursor<'_>) -> Result<Input, NotStructured> {
    let whole = cursor.rest;
    cursor.expect('(')?;
    let mut components: Vec<Component> = Vec::new();
    cursor.spaces();
    while !cursor.eat(')') {
        let component = cursor.component()?;
        if components.contains(&component) || components.len() == ITEMS_MAX {
            return Err(NotStructured);
        }
        components.push(component);
        if !cursor.spaces() && !cursor.rest.starts_with(')') {
            return Err(NotStructured);
        }
    }
    let mut parameters: Vec<(String, Bare)> = Vec::new();
    while cursor.eat(';') {
        let name = cursor.name()?;
        cursor.expect('=')?;
        if parameters.iter().any(|(known, _)| *known == name) {
            return Err(NotStructured);
        }
        parameters.push((name, cursor.bare()?));
    }
    let used = whole.len() - cursor.rest.len();
    let raw = whole.get(..used).ok_or(NotStructured)?.to_owned();
    Ok(Input { label, components, parameters, raw })
}

/// Reads a dictionary whose members `value` reads, each label once.
fn dictionary<T>(
    field: &str,
    mut value: impl FnMut(String, &mut Cursor<'_>) -> Result<T, NotStructured>,
) -> Result<Vec<(String, T)>, NotStructured> {
    let mut cursor = Cursor { rest: field.trim_matches([' ', '\t']) };
    let mut found: Vec<(String, T)> = Vec::new();
    loop {
        let label = cursor.name()?;
        cursor.expect('=')?;
        if found.len() == ITEMS_MAX || found.iter().any(|(known, _)| *known == label) {
            return Err(NotStructured);
        }
        let read = value(label.clone(), &mut cursor)?;
        found.push((label, read));
        cursor.spaces();
        if cursor.rest.is_empty() {
            return Ok(found);
        }
        cursor.expect(',')?;
        cursor.spaces();
    }
}

/// Reads `Signature-Input`.
pub(super) fn inputs(field: &str) -> Result<Vec<Input>, NotStructured> {
    let members = dictionary(field, input)?;
    Ok(members.into_iter().map(|(_, input)| input).collect())
}

/// Reads a dictionary of byte sequences: `Signature`, `Content-Digest`.
pub(super) fn octets(field: &str) -> Result<Vec<(String, Vec<u8>)>, NotStructured> {
    dictionary(field, |_, cursor| {
        cursor.expect(':')?;
        let (encoded, rest) = cursor.rest.split_once(':').ok_or(NotStructured)?;
        cursor.rest = rest;
        STANDARD.decode(encoded).map_err(|_| NotStructured)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_the_structure_is_refused() {
        for bad in [
            "",
            "sig1",
            "sig1=",
            "sig1=(",
            "sig1=(\"a\" \"a\")",
            "sig1=(\"A\")",
            "sig1=(\"a\"\"b\")",
            "sig1=();created=1;created=2",
            "sig1=(\"@query-param\")",
            "sig1=(\"a\";sf)",
            "s=(),s=()",
            "sig1=() x",
        ] {
            assert!(inputs(bad).is_err(), "{bad}");
        }
        let good =
            inputs("a=(\"@method\" \"@query-param\";name=\"x\");created=5;keyid=\"k\\\"\", b=()").unwrap();
        assert_eq!(good.len(), 2);
        assert_eq!(good[0].integer("created"), Some(5));
        assert_eq!(good[0].text("keyid"), Some("k\""));
        assert!(octets("a=:@@@:").is_err());
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_fields_never_panic(field in "\\PC{0,60}") {
            let _ = (inputs(&field).is_ok(), octets(&field).is_ok());
        }
    }
}
