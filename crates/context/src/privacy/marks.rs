//! What the store seals, as the schemas of the packs mark it.

use std::collections::{HashMap, HashSet};

use dinh_access::{Catalogue, Privacy};
use dinh_model::{Entity, EntityId, Term};
use dinh_store::Marks;

use crate::schema::Registry;

/// Personal and sensitive attributes are sealed; an entity is about those whom its relation `owner` names.
#[derive(Debug)]
pub(crate) struct SealMarks {
    catalogue: Catalogue,
    /// Whether anything of a type is sealed: the quick first question.
    types: HashMap<Term, bool>,
    undescribed: bool,
    /// Types and their sealed attributes that full text looks into all the same.
    searched: HashSet<(Term, Term)>,
}

impl SealMarks {
    pub(crate) fn new(types: &Registry, catalogue: Catalogue, undescribed: Privacy) -> Self {
        let mut any = HashMap::new();
        let mut searched = HashSet::new();
        for entity_type in types.types() {
            let attributes = &entity_type.attributes;
            let sealed = entity_type.privacy.is_of_a_person()
                || attributes.iter().any(|attribute| attribute.privacy.is_of_a_person());
            any.insert(entity_type.term.clone(), sealed);
            let found = attributes.iter().filter(|attribute| attribute.search);
            searched.extend(found.map(|attribute| (entity_type.term.clone(), attribute.term.clone())));
        }
        Self { catalogue, types: any, undescribed: undescribed.is_of_a_person(), searched }
    }
}

impl Marks for SealMarks {
    fn any_sealed(&self, types: &[Term]) -> bool {
        types.iter().any(|entity_type| self.types.get(entity_type).copied().unwrap_or(self.undescribed))
    }

    fn sealed(&self, types: &[Term], attribute: &Term) -> bool {
        self.catalogue.privacy(types, attribute).is_of_a_person()
    }

    fn searched(&self, types: &[Term], attribute: &Term) -> bool {
        // Another type of the same entity may mark as sensitive what this one lets be searched.
        self.catalogue.privacy(types, attribute) < Privacy::Sensitive
            && types.iter().any(|of| self.searched.contains(&(of.clone(), attribute.clone())))
    }

    fn subjects(&self, entity: &Entity) -> Vec<EntityId> {
        self.catalogue.owners(entity)
    }
}
