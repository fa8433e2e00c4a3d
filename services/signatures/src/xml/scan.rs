//! Tokens of an XML document: tags, text with its references resolved, comments, instructions; nothing lax.

use super::parse::{Token, XmlError};

/// Forward scanner over text whose line ends are already normalised.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// Starts after the XML declaration, if there is one.
    pub(super) fn new(text: &'a str) -> Result<Self, XmlError> {
        if !text.chars().all(is_char) {
            return Err(XmlError::Malformed);
        }
        let Some(after) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with([' ', '\t', '\n']))
        else {
            return Ok(Self { rest: text });
        };
        let (declaration, rest) = after.split_once("?>").ok_or(XmlError::Malformed)?;
        let mut scanner = Scanner { rest: declaration };
        let pairs = scanner.attributes()?;
        if !scanner.rest.trim().is_empty() {
            return Err(XmlError::Malformed);
        }
        for (position, (name, value)) in pairs.iter().enumerate() {
            match (position, name.as_str()) {
                (0, "version") if value == "1.0" => {}
                (1, "encoding") if value.eq_ignore_ascii_case("utf-8") => {}
                (1, "encoding") => return Err(XmlError::Refused),
                (1 | 2, "standalone") if value == "yes" || value == "no" => {}
                _ => return Err(XmlError::Malformed),
            }
        }
        if pairs.is_empty() { Err(XmlError::Malformed) } else { Ok(Self { rest }) }
    }

    /// The next token, `None` at the end.
    pub(super) fn next_token(&mut self, inside: bool) -> Result<Option<Token>, XmlError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        if self.eat("<!--") {
            let comment = self.until("-->")?;
            if comment.contains("--") || comment.ends_with('-') {
                return Err(XmlError::Malformed);
            }
            return Ok(Some(Token::Comment));
        }
        if self.rest.starts_with("<![CDATA[") && inside {
            self.eat("<![CDATA[");
            return Ok(Some(Token::Text(self.until("]]>")?.to_owned())));
        }
        if self.rest.starts_with("<!DOCTYPE") {
            return Err(XmlError::Refused);
        }
        if self.eat("<?") {
            return self.instruction().map(Some);
        }
        if self.eat("</") {
            let name = self.name()?.to_owned();
            self.space();
            return if self.eat(">") { Ok(Some(Token::End(name))) } else { Err(XmlError::Malformed) };
        }
        if self.eat("<") {
            let name = self.name()?.to_owned();
            let attributes = self.attributes()?;
            let empty = self.eat("/");
            return if self.eat(">") {
                Ok(Some(Token::Start { name, attributes, empty }))
            } else {
                Err(XmlError::Malformed)
            };
        }
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at_checked(end).ok_or(XmlError::Malformed)?;
        self.rest = rest;
        if text.contains("]]>") || (!inside && text.contains('&')) {
            return Err(XmlError::Malformed);
        }
        resolve(text, false).map(|text| Some(Token::Text(text)))
    }

    fn instruction(&mut self) -> Result<Token, XmlError> {
        let target = self.name()?.to_owned();
        if target.eq_ignore_ascii_case("xml") || target.contains(':') {
            return Err(XmlError::Malformed);
        }
        let spaced = self.space();
        let data = self.until("?>")?.to_owned();
        if spaced || data.is_empty() {
            Ok(Token::Instruction { target, data })
        } else {
            Err(XmlError::Malformed)
        }
    }

    fn attributes(&mut self) -> Result<Vec<(String, String)>, XmlError> {
        let mut found: Vec<(String, String)> = Vec::new();
        loop {
            let spaced = self.space();
            if self.rest.is_empty() || self.rest.starts_with(['/', '>']) {
                return Ok(found);
            }
            let name = self.name()?.to_owned();
            self.space();
            if !spaced || !self.eat("=") || found.len() > 1_024 {
                return Err(XmlError::Malformed);
            }
            self.space();
            let quote = if self.eat("\"") {
                "\""
            } else if self.eat("'") {
                "'"
            } else {
                return Err(XmlError::Malformed);
            };
            let value = self.until(quote)?;
            if value.contains('<') || found.iter().any(|(known, _)| *known == name) {
                return Err(XmlError::Malformed);
            }
            found.push((name, resolve(value, true)?));
        }
    }

    fn name(&mut self) -> Result<&'a str, XmlError> {
        let end = self.rest.find(|found| !is_name_char(found)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).ok_or(XmlError::Malformed)?;
        self.rest = rest;
        if name.chars().next().is_some_and(is_name_start) { Ok(name) } else { Err(XmlError::Malformed) }
    }

    fn eat(&mut self, what: &str) -> bool {
        self.rest.strip_prefix(what).is_some_and(|rest| {
            self.rest = rest;
            true
        })
    }

    fn space(&mut self) -> bool {
        let trimmed = self.rest.trim_start_matches([' ', '\t', '\n']);
        let moved = trimmed.len() != self.rest.len();
        self.rest = trimmed;
        moved
    }

    fn until(&mut self, end: &str) -> Result<&'a str, XmlError> {
        let (found, rest) = self.rest.split_once(end).ok_or(XmlError::Malformed)?;
        self.rest = rest;
        Ok(found)
    }
}

/// Text with its character references and the five named entities resolved; white space of attributes is a space.
fn resolve(text: &str, attribute: bool) -> Result<String, XmlError> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let plain = |out: &mut String, part: &str| {
        if attribute { out.push_str(&part.replace(['\t', '\n'], " ")) } else { out.push_str(part) }
    };
    while let Some((before, after)) = rest.split_once('&') {
        plain(&mut out, before);
        let (name, after) = after.split_once(';').ok_or(XmlError::Malformed)?;
        out.push(entity(name)?);
        rest = after;
    }
    plain(&mut out, rest);
    Ok(out)
}

fn entity(name: &str) -> Result<char, XmlError> {
    let number = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
            (Some(hex), _) if hex.bytes().all(|octet| octet.is_ascii_hexdigit()) => {
                u32::from_str_radix(hex, 16)
            }
            (None, Some(digits)) if digits.bytes().all(|octet| octet.is_ascii_digit()) => digits.parse(),
            (None, None) => return Err(XmlError::Refused),
            _ => return Err(XmlError::Malformed),
        },
    };
    let number = number.map_err(|_| XmlError::Malformed)?;
    char::from_u32(number).filter(|found| is_char(*found)).ok_or(XmlError::Malformed)
}

const fn is_char(found: char) -> bool {
    matches!(found, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

fn is_name_start(found: char) -> bool {
    found.is_ascii_alphabetic()
        || matches!(found, ':' | '_')
        || (!found.is_ascii() && !matches!(found, '\u{d7}' | '\u{f7}' | '\u{2000}'..='\u{206f}'))
}

fn is_name_char(found: char) -> bool {
    is_name_start(found) || found.is_ascii_digit() || matches!(found, '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::super::parse::Document;
    use super::*;

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for bad in [
            "",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            "<a b='<'/>",
            "<a>&x;</a>",
            "<a>]]></a>",
            "<p:a/>",
            "<a xmlns:p=''/>",
            "<a p:b='1'/>",
            "x<a/>",
            "<a/>x",
            "<!-- -- --><a/>",
            "<?xml version='1.0' encoding='latin1'?><a/>",
            "<!DOCTYPE a><a/>",
            "<a>&#0;</a>",
            "<a b='1'c='2'/>",
            "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>",
            "<?xml?><a/>",
            "<a><?XML x?></a>",
        ] {
            assert!(Document::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Document::parse("<a>\u{1}</a>".as_bytes()).is_err());
        assert!(Document::parse(b"<a>\xff</a>").is_err());
        let deep = "<a>".repeat(300) + &"</a>".repeat(300);
        assert_eq!(Document::parse(deep.as_bytes()).unwrap_err(), XmlError::TooLarge);
    }

    #[test]
    fn what_is_well_formed_is_read() {
        for good in [
            "<a/>",
            "<?xml version='1.0' encoding='UTF-8'?>\n<a b='1' c=\"2\"><![CDATA[<]]>&amp;&#x41;</a>\n",
        ] {
            assert!(Document::parse(good.as_bytes()).is_ok(), "{good}");
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "[<>/a-c:='\"&;#x0-9 !?\\[\\]-]{0,60}") {
            let _ = Document::parse(text.as_bytes());
        }
    }
}
