//! A text in both languages.

use serde::{Deserialize, Serialize};

/// What people read, in Vietnamese and in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The text in the language of a tag: English for `en`, else Vietnamese.
    pub fn in_language(&self, tag: &str) -> &str {
        if tag == "en" { &self.en } else { &self.vi }
    }

    /// Whether a language is missing, or a text is longer than `most` characters.
    pub(crate) fn is_unfit(&self, most: usize) -> bool {
        [&self.vi, &self.en].into_iter().any(|text| text.trim().is_empty() || text.chars().count() > most)
    }
}
