//! Scopes (CIM 009 clause 4.18): places of an entity in hierarchies such as `/Hue/PhongDien`.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One scope, with its leading slash and without a trailing one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(Arc<str>);

/// Why a text is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a scope: write levels of letters, digits and '_' separated by '/', as in /Hue/PhongDien"
)]
pub struct ScopeError(pub String);

impl Scope {
    /// Checks and normalises: a missing leading slash is added (clause 4.18 allows both spellings).
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let levels = text.strip_prefix('/').unwrap_or(text);
        let good = |level: &str| {
            let mut letters = level.chars();
            letters.next().is_some_and(char::is_alphabetic)
                && letters.all(|c| c.is_alphanumeric() || c == '_')
        };
        if levels.len() <= 1024 && levels.split('/').all(good) {
            Ok(Self(format!("/{levels}").into()))
        } else {
            Err(ScopeError(text.to_owned()))
        }
    }

    /// Wraps a text known to be a scope: read back from the store.
    pub fn trusted(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The scope with its leading slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The levels, outermost first.
    pub fn levels(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').skip(1)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
