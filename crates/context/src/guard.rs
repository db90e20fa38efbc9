//! The check that the store makes inside every commit: does the entity still fit its type?

use std::sync::Arc;

use dinh_model::{AttributeChange, Entity};
use dinh_store::Guard;

use crate::schema::Registry;

/// Checks entities against the types of the packs.
#[derive(Debug)]
pub(crate) struct SchemaGuard(Arc<Registry>);

impl SchemaGuard {
    pub(crate) fn new(types: Arc<Registry>) -> Self {
        Self(types)
    }
}

impl Guard for SchemaGuard {
    fn check(&self, after: &Entity, changes: &[AttributeChange], created: bool) -> Result<(), String> {
        self.0.check(after, changes, created).map_err(|violation| violation.to_string())
    }
}
