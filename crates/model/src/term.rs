//! Names of types, attributes and vocabulary values.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The full IRI of an entity type, an attribute or a vocabulary value, e.g.
/// `https://uri.etsi.org/ngsi-ld/default-context/temperature`. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Term(Arc<str>);

impl Term {
    /// Wraps an IRI that an `@context` has produced. No check: terms from outside go through a context first.
    pub fn new(iri: impl Into<Arc<str>>) -> Self {
        Self(iri.into())
    }

    /// The IRI as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Term {
    fn from(iri: &str) -> Self {
        Self(iri.into())
    }
}

impl From<String> for Term {
    fn from(iri: String) -> Self {
        Self(iri.into())
    }
}

impl AsRef<str> for Term {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Term {
    fn borrow(&self) -> &str {
        &self.0
    }
}
