//! Documents of a case.

use serde::{Deserialize, Serialize};

/// A document that a case has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// In which form.
    pub held_as: HeldAs,
    /// Its files, by their URIs; none for paper alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The document of the locker that serves for it, by its URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused: Option<String>,
}

/// In which form a document is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldAs {
    /// The original, on paper.
    Original,
    /// A copy, on paper.
    Copy,
    /// Files.
    Electronic,
    /// A document of the applicant's locker, which nobody had to hand in again.
    Reused,
}

impl Held {
    /// True if something is there.
    pub fn is_there(&self) -> bool {
        match self.held_as {
            HeldAs::Original | HeldAs::Copy => true,
            HeldAs::Electronic => !self.files.is_empty(),
            HeldAs::Reused => self.reused.is_some(),
        }
    }
}
