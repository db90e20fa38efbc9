//! Why a definition was refused.

/// A definition that cannot be used: which file, which key, which rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {key}: {rule}")]
pub struct DefinitionError {
    /// The file, as it was named to the reader.
    pub file: String,
    /// The key in the file, e.g. `map.attribute[2].unit`.
    pub key: String,
    /// What the key must be, and what it was.
    pub rule: String,
}

impl DefinitionError {
    /// A refusal.
    pub fn new(file: &str, key: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { file: file.to_owned(), key: key.into(), rule: rule.into() }
    }
}
