//! What is wrong with a message, told so that person and program can mend it.

use std::borrow::Cow;

use customs_kernel::Correction;
use serde::Serialize;

use crate::code::ErrorCode;
use crate::texts;

/// One sentence in the three languages of the system.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Text {
    /// English.
    pub en: Cow<'static, str>,
    /// Russian.
    pub ru: Cow<'static, str>,
    /// Kazakh.
    pub kk: Cow<'static, str>,
}

impl Text {
    /// A fixed sentence.
    pub const fn fixed(en: &'static str, ru: &'static str, kk: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), ru: Cow::Borrowed(ru), kk: Cow::Borrowed(kk) }
    }

    /// A sentence made for the occasion.
    pub fn of(en: impl Into<String>, ru: impl Into<String>, kk: impl Into<String>) -> Self {
        Self { en: Cow::Owned(en.into()), ru: Cow::Owned(ru.into()), kk: Cow::Owned(kk.into()) }
    }

    /// The sentence in a language given as `en`, `ru` or `kk`; English for any other.
    pub fn in_language(&self, language: &str) -> &str {
        match language {
            "ru" => &self.ru,
            "kk" => &self.kk,
            _ => &self.en,
        }
    }
}

/// One error in a message.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule that is broken, such as `C0030`; none for an error of structure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The code of CL030 or CL180.
    pub code: ErrorCode,
    /// Where, as a path of elements: `/CC015C/Consignment/HouseConsignment[2]`.
    pub pointer: String,
    /// Where, as a JSON Pointer into the JSON form.
    pub json_pointer: String,
    /// The value found there, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// What would mend it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Text>,
    /// The same for a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// Line in the document as sent, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the document as sent, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// The most characters of a value that a finding repeats; the width of `originalAttributeValue`.
pub const VALUE_MAX: usize = 512;

impl Finding {
    /// The finding as the other services know it, in one language.
    pub fn in_language(&self, language: &str) -> customs_kernel::Finding {
        customs_kernel::Finding {
            code: self.code.number().to_owned(),
            rule: self.rule.map(str::to_owned),
            pointer: self.pointer.clone(),
            value: self.value.clone(),
            message: self.message.in_language(language).to_owned(),
            fix: self.fix.as_ref().map(|fix| fix.in_language(language).to_owned()),
            correction: self.correction.clone(),
            line: self.line,
            column: self.column,
        }
    }
}

impl Finding {
    /// The same with what would mend it, in words and for a program.
    #[must_use]
    pub(crate) fn mended_by(mut self, correction: Option<Correction>) -> Self {
        self.fix = correction.as_ref().map(texts::correction);
        self.correction = correction;
        self
    }
}

impl From<&Finding> for customs_kernel::Finding {
    fn from(finding: &Finding) -> Self {
        finding.in_language("en")
    }
}

/// A value as a finding repeats it.
pub(crate) fn shortened(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.chars().take(VALUE_MAX).collect())
}
