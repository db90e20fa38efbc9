//! What the store asks inside every commit: does the entity still fit its type, and which changes become history?

use std::sync::Arc;

use dinh_model::{AttributeChange, Entity, Term};
use dinh_store::{Guard, Past};

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

/// Tells of which types every change is kept: of those that ask for it, and of those that no pack describes, as CIM 009 has
/// it. What packs describe keeps what was observed; a dossier has its own steps.
#[derive(Debug)]
pub(crate) struct SchemaPast(Arc<Registry>);

impl SchemaPast {
    pub(crate) fn new(types: Arc<Registry>) -> Self {
        Self(types)
    }
}

impl Past for SchemaPast {
    fn keeps_changes(&self, types: &[Term]) -> bool {
        self.0.of(types).all(|described| described.keeps_changes)
    }
}
