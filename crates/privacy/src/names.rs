//! The full names of types and attributes of the pack `privacy`.

use dinh_context::Context;
use dinh_model::Term;

/// The names, expanded once.
pub(crate) struct Names {
    pub(crate) consent: Term,
    pub(crate) request: Term,
    pub(crate) restricted: Term,
    expand: Box<dyn Fn(&str) -> Term + Send + Sync>,
}

impl Names {
    pub(crate) fn new(context: &Context) -> Self {
        let core = context.ld_contexts().core();
        let expand = move |name: &str| core.expand(name);
        Self {
            consent: expand("Consent"),
            request: expand("DataRequest"),
            restricted: expand("RestrictedProcessing"),
            expand: Box::new(expand),
        }
    }

    /// The full name of an attribute.
    pub(crate) fn of(&self, name: &str) -> Term {
        (self.expand)(name)
    }
}
