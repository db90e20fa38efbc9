//! How short names of a definition become the full names that the graph keeps.

use std::fmt;
use std::sync::Arc;

use dinh_model::Term;

/// Turns short names into full ones, as the house's `@context` does.
#[derive(Clone)]
pub struct Vocabulary(Arc<dyn Fn(&str) -> Term + Send + Sync>);

impl Vocabulary {
    /// A vocabulary that expands with `expand`.
    pub fn new(expand: impl Fn(&str) -> Term + Send + Sync + 'static) -> Self {
        Self(Arc::new(expand))
    }

    /// The full name of a short one.
    pub fn term(&self, name: &str) -> Term {
        (self.0)(name)
    }
}

impl fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vocabulary")
    }
}
