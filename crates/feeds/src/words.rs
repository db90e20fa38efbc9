//! A text in both languages of the house.

use serde::{Deserialize, Serialize};

/// A text that people see: Vietnamese first, English second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Words {
    /// A text in both languages.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }
}

/// At most `most` characters of a text that somebody else wrote, for messages and logs.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let mut letters = text.chars();
    let mut short: String =
        letters.by_ref().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
