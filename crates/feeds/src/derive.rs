//! Derivations: attributes computed from others and written beside them (`[[derive]]`).
//!
//! The algorithms live in floors above; the binary registers them here by name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::Timestamp;
use serde_json::Value as Json;

/// The numbers of one entity that a derivation may read, under short names.
pub trait Readings {
    /// The present value of an attribute, if it is a number.
    fn present(&self, name: &str) -> Option<f64>;

    /// The values of an attribute observed after `from` and not after `to`, in any order.
    fn between(&self, name: &str, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, f64)>;
}

/// One computed attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedAttribute {
    /// Its short name.
    pub name: String,
    /// Its value.
    pub value: Json,
    /// UN/CEFACT Common Code of its unit.
    pub unit: Option<String>,
}

/// An algorithm that computes attributes from others.
pub trait Derivation: Send + Sync {
    /// The name that feeds use in `[[derive]] rule = "…"`.
    fn name(&self) -> &str;

    /// Short names of the attributes it reads. It runs for fragments that carry at least one of them.
    fn reads(&self) -> Vec<String>;

    /// How far back it looks.
    fn window(&self) -> Duration {
        Duration::from_hours(24)
    }

    /// What follows at instant `at`; empty if the readings do not suffice.
    fn derive(&self, at: Timestamp, readings: &dyn Readings) -> Vec<DerivedAttribute>;
}

/// The derivations of the program, by name.
#[derive(Clone, Default)]
pub struct Derivations(BTreeMap<String, Arc<dyn Derivation>>);

impl Derivations {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Builder: adds one, in the place of one with the same name.
    #[must_use]
    pub fn with(mut self, derivation: Arc<dyn Derivation>) -> Self {
        self.0.insert(derivation.name().to_owned(), derivation);
        self
    }

    /// One by its name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Derivation>> {
        self.0.get(name)
    }

    /// The names known.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl fmt::Debug for Derivations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
