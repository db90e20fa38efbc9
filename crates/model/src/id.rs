//! Identifiers: URIs of entities, datasets and linked things.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Longest identifier accepted, in bytes.
pub(crate) const MAX_LENGTH: usize = 2048;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// No scheme: CIM 009 clause 4.5.1 asks for a URI.
    #[error("{0:?} is not a URI: it needs a scheme, as in urn:ngsi-ld:Type:1")]
    NotAUri(String),
    /// Longer than [`MAX_LENGTH`].
    #[error("the identifier is {0} bytes long; the limit is {MAX_LENGTH}")]
    TooLong(usize),
}

/// An absolute URI (RFC 3986), e.g. a `datasetId` or the object of a relationship. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Iri(Arc<str>);

/// The URI of an entity.
pub type EntityId = Iri;

impl Iri {
    /// Checks that `text` has a scheme, no white space, no control or angle characters, and a bearable length.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        if text.len() > MAX_LENGTH {
            return Err(IdError::TooLong(text.len()));
        }
        if is_uri(text) { Ok(Self(text.into())) } else { Err(IdError::NotAUri(text.to_owned())) }
    }

    /// Wraps a text known to be a URI: read back from the store or built in code.
    pub fn trusted(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// The URI as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// True for an absolute URI in the sense of [`Iri::parse`].
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
        && !rest.is_empty()
        && !text.chars().any(|c| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
        })
}

impl fmt::Debug for Iri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

impl fmt::Display for Iri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Iri {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Iri {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_needs_a_scheme_and_no_spaces() {
        for good in ["urn:ngsi-ld:Station:1", "https://a.vn/x?y=1#z", "a+b:c", "urn:ngsi-ld:Xã:Đông-Hà"] {
            assert!(Iri::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "station", ":x", "urn:", "1a:b", "urn:a b", "urn:<x>", "urn:a\n"] {
            assert!(Iri::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Iri::parse(&format!("urn:{}", "x".repeat(3000))), Err(IdError::TooLong(3004)));
    }
}
