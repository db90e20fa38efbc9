//! The full names of types and attributes of the pack `privacy`.

use dinh_context::fields;
use dinh_model::Term;

/// The names, expanded once.
pub(crate) struct Names {
    pub(crate) consent: Term,
    pub(crate) request: Term,
    pub(crate) restricted: Term,
    pub(crate) all: fields::Names,
}

impl Names {
    pub(crate) fn new() -> Self {
        let all = fields::Names::default();
        Self {
            consent: all.of("Consent"),
            request: all.of("DataRequest"),
            restricted: all.of("RestrictedProcessing"),
            all,
        }
    }

    /// The full name of an attribute.
    pub(crate) fn of(&self, name: &str) -> Term {
        self.all.of(name)
    }
}
