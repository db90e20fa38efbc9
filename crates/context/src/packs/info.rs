//! `pack.toml`.

use serde::{Deserialize, Serialize};

/// A title in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Titles {
    /// The title in `language`, Vietnamese unless it is `en`.
    pub fn in_language(&self, language: &str) -> &str {
        if language == "en" { &self.en } else { &self.vi }
    }
}

/// What a pack says of itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackInfo {
    /// Its name: that of its folder.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What people call it.
    pub title: Titles,
    /// What it is for.
    #[serde(default)]
    pub description: Titles,
    /// Packs whose types it uses.
    #[serde(default)]
    pub depends: Vec<String>,
    /// Where its data come from.
    #[serde(default, rename = "source")]
    pub sources: Vec<PackSource>,
}

/// One source of a pack's data.
#[derive(Clone, Debug, Deserialize)]
pub struct PackSource {
    /// Who made the data.
    pub name: String,
    /// Under which terms they may be used.
    pub licence: String,
    /// Where they were published.
    #[serde(default)]
    pub url: Option<String>,
    /// When they were taken.
    #[serde(default)]
    pub retrieved: Option<String>,
    /// Anything else to know.
    #[serde(default)]
    pub note: Option<String>,
}
