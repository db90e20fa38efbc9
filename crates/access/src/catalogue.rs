//! What the schemas say that decisions need: how types and attributes are marked.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use dinh_model::{Attribute, Entity, EntityId, Term, Value};
use serde_json::Value as Json;

use crate::filter::Ties;
use crate::{Mask, Privacy, Relation};

/// How a type and its attributes are marked.
#[derive(Clone, Debug, Default)]
pub struct TypeMarks {
    /// The pack that describes the type.
    pub sector: Arc<str>,
    /// Who may see entities of the type at all.
    pub privacy: Privacy,
    /// Its attributes. Those that are missing here are marked as the type is.
    pub attributes: BTreeMap<Term, AttributeMarks>,
}

/// How an attribute is marked.
#[derive(Clone, Debug, Default)]
pub struct AttributeMarks {
    /// Who may see it.
    pub privacy: Privacy,
    /// How it is shown to those who may know that it is there, but not what it says.
    pub mask: Mask,
    /// What it says of people and units, if it ties the entity to them.
    pub relation: Option<Relation>,
}

/// The marks of all types.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    types: HashMap<Term, TypeMarks>,
    unknown: TypeMarks,
}

impl Catalogue {
    /// A catalogue of `types`. Entities of types that are not in it are `undescribed`.
    pub fn new(types: HashMap<Term, TypeMarks>, undescribed: Privacy) -> Self {
        Self { types, unknown: TypeMarks { privacy: undescribed, ..TypeMarks::default() } }
    }

    /// The described types.
    pub(crate) fn types(&self) -> impl Iterator<Item = (&Term, &TypeMarks)> {
        self.types.iter()
    }

    /// How a type is marked.
    pub(crate) fn marks(&self, entity_type: &Term) -> &TypeMarks {
        self.types.get(entity_type).unwrap_or(&self.unknown)
    }

    /// How types that no pack describes are marked.
    pub(crate) fn unknown(&self) -> &TypeMarks {
        &self.unknown
    }

    /// The strictest mark that one of an entity's types puts on an attribute, with its mask.
    pub(crate) fn strictest(&self, types: &[Term], attribute: &Term) -> (Privacy, Mask) {
        let marks = types.iter().map(|entity_type| {
            let marks = self.marks(entity_type);
            match marks.attributes.get(attribute) {
                Some(own) => (own.privacy.max(marks.privacy), own.mask),
                None => (marks.privacy, Mask::default()),
            }
        });
        marks.max_by_key(|(privacy, _)| *privacy).unwrap_or((self.unknown.privacy, Mask::default()))
    }

    /// The strictest mark that one of an entity's types puts on an attribute.
    pub fn privacy(&self, types: &[Term], attribute: &Term) -> Privacy {
        self.strictest(types, attribute).0
    }

    /// The persons and enterprises that an entity says it is about, each once, sorted; none if it says of none.
    pub fn owners(&self, entity: &Entity) -> Vec<EntityId> {
        let mut ties = Ties::default();
        self.tie(entity, &mut ties);
        let mut owners: Vec<EntityId> = ties.of(Relation::Owner).cloned().map(EntityId::trusted).collect();
        owners.sort_unstable();
        owners
    }

    /// The people and units that an entity is tied to. An entity that is a person or a unit is tied to itself.
    pub(crate) fn ties(&self, entity: &Entity) -> Ties {
        let mut ties = Ties::default();
        ties.add(Relation::Owner, entity.id.as_str());
        ties.add(Relation::Unit, entity.id.as_str());
        self.tie(entity, &mut ties);
        ties
    }

    fn tie(&self, entity: &Entity, ties: &mut Ties) {
        for entity_type in &entity.types {
            for (name, marks) in &self.marks(entity_type).attributes {
                let Some(relation) = marks.relation else { continue };
                for instance in entity.attributes.get(name).into_iter().flatten() {
                    add(ties, relation, instance);
                }
            }
        }
    }
}

fn add(ties: &mut Ties, relation: Relation, instance: &Attribute) {
    match &instance.value {
        Value::Relationship { object, .. } => {
            for to in object.as_slice() {
                ties.add(relation, to.as_str());
            }
        }
        Value::ListRelationship { objects, .. } => {
            for to in objects {
                ties.add(relation, to.as_str());
            }
        }
        // Accounts are no entities, so they are named by a text. Persons and units are pointed at: an index knows who
        // points, and whoever may write a text should not thereby choose whose an entity is.
        Value::Property(Json::String(to)) if relation == Relation::Assignee => ties.add(relation, to),
        _ => {}
    }
}
