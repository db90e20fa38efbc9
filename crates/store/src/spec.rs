//! Which attributes have an index of values, and which are searchable. Declared by the packs.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use dinh_model::Term;

use crate::names::NameId;

/// An attribute whose values are indexed for the entities of a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndexSpec {
    /// The type.
    pub entity_type: Term,
    /// The attribute.
    pub attribute: Term,
}

/// What is declared.
#[derive(Clone, Default)]
pub(crate) struct Specs {
    /// Type and attribute; true once every entity is in the index, so that queries may rely on it.
    pub(crate) indexes: HashMap<(NameId, NameId), bool>,
    /// The attributes of `indexes`, whatever the type: a quick first question.
    pub(crate) indexed: HashSet<NameId>,
    /// Attributes whose text is searchable beside those that always are.
    pub(crate) searchable: HashSet<Term>,
}

impl Specs {
    pub(crate) fn declare(&mut self, entity_type: NameId, attribute: NameId, ready: bool) {
        self.indexes.insert((entity_type, attribute), ready);
        self.indexed.insert(attribute);
    }

    pub(crate) fn is_ready(&self, entity_type: NameId, attribute: NameId) -> bool {
        self.indexes.get(&(entity_type, attribute)).copied().unwrap_or(false)
    }
}

/// The declarations, shared by the writer, which changes them, and the readers.
#[derive(Clone, Default)]
pub(crate) struct SharedSpecs(Arc<RwLock<Arc<Specs>>>);

impl SharedSpecs {
    pub(crate) fn get(&self) -> Arc<Specs> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set(&self, specs: Specs) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(specs);
    }
}
